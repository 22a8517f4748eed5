"""What a verdict or a network knows, in the words that go with it."""

from collections.abc import Iterable

import streamlit as st

from cifake_core.basics.errors import CifakeError, NotMadeError
from cifake_core.basics.labels import DECISIONS
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets.texts import interval, plain, table
from cifake_core.verdicts.records import Verdict
from cifake_core.verdicts.scope import Scope, ScopeCard
from cifake_core.verdicts.scope_words import described, networks_know


def show(scope: Scope) -> None:
    """The sentences that go with a verdict; a question mark names the generators."""
    st.markdown(" ".join(in_markdown(scope)), help=_list(scope))


def in_markdown(scope: Scope) -> tuple[str, str]:
    """The sentences, with names that other people gave to generators as they are."""
    known, unseen = scope.sentences
    return plain(known), unseen


def say(verdict: Verdict, *, reasons: bool) -> None:
    """A verdict in one paragraph: its headline, its scope, and its reasons if asked."""
    words = [f"**{verdict.headline}.**", *in_markdown(verdict.scope)]
    if reasons:
        words += verdict.reasons
    st.markdown(" ".join(words), help=_list(verdict.scope))


def show_networks(networks: Iterable[str]) -> None:
    """What networks know whose answers stand side by side, as a caption."""
    try:
        known = {name: bench().scope.known(name) for name in dict.fromkeys(networks)}
    except CifakeError as error:
        st.caption(str(error))
    else:
        if known:
            st.caption(plain(networks_know(known)))


def show_table() -> None:
    """What the verdicts know and what they find of other generators, as measured."""
    if not bench().names():
        st.info("There are no trained networks yet. README says how to train them.")
        return
    try:
        scope = bench().scope.of_verdicts()
    except CifakeError as error:
        st.info(str(error))
        return
    known, unseen = in_markdown(scope)
    st.markdown(known)
    st.markdown(_list(scope))
    st.markdown(unseen)
    try:
        card = bench().scope.card()
    except NotMadeError:  # as the sentence says
        return
    except CifakeError as error:
        st.info(str(error))
        return
    st.markdown(table([_row(card, name) for name in card.unseen]))
    st.caption(
        "Generators from which no network has learnt. Found: the share of their "
        "fakes that is flagged where 2 % of CIFAKE's photographs are, too. AUC: the "
        "area under the ROC curve, where 50 % is chance. In brackets the 95 % "
        "interval. On the right, what the product says of so many of them; REAL is "
        "told as: no trace of the generators it knows."
    )


def _row(card: ScopeCard, name: str) -> dict[str, str]:
    """One generator's line in the table."""
    row = card.unseen[name]
    return {
        "Never met": plain(name),
        "Fakes": f"{row.n:,}",
        "Found": interval(row.recall),
        "AUC": interval(row.roc_auc),
        **{decision: f"{row.verdicts.get(decision, 0):,}" for decision in DECISIONS},
    }


def _list(scope: Scope) -> str:
    """The generators that a verdict knows, a line each."""
    lines = [f"- **{plain(title)}**: {what}" for title, what in described(scope.known)]
    return "\n".join(lines)
