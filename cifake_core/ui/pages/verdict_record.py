"""How the product's verdicts fare: when it abstains, and how often it is right."""

import streamlit as st

from cifake_core import figures
from cifake_core.basics.errors import CifakeError
from cifake_core.evaluation.selection import Selection
from cifake_core.generators.catalogue import GENERATORS
from cifake_core.networks import NETWORKS
from cifake_core.ui.pages import set_verdicts
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards, scope_lines
from cifake_core.ui.widgets.components import chart_width, show_on_request
from cifake_core.ui.widgets.computing import show_chart
from cifake_core.ui.widgets.texts import interval, percent, table
from cifake_core.verdicts.card import GeneratorRow, OutOfDistributionRow, PolicyCard
from cifake_core.verdicts.rule import EXPERT, TOGETHER
from cifake_core.verdicts.stability import VARIANTS

_ABSTAIN_REASONS = {
    "origin": "not saved as CIFAKE's pictures were",
    "unlike": "not like what the networks learnt from",
    "kernel": "the answer follows how it was shrunk",
    "weak": "not sure enough",
    "split": "networks that disagree",
    "unstable": "small changes that tip the answer",
    "trace": "REAL, but a trace for the expert",
    "alone": "FAKE, but nothing for the expert",
}
_SETS = {
    "validation": "Held out of training",
    "official": "Official test set",
    "leak_free": "Leak-free test set",
}


def show(selection: Selection) -> None:
    """Coverage and accuracy of the verdicts, on CIFAKE or on a set of one's own."""
    try:
        card = bench().policy_card()
    except CifakeError as error:
        st.info(f"{error} Until then pictures can't be filtered by their verdict.")
        return
    if selection.of_cifake:
        _show_fare(card)
    else:
        with guards.told():
            set_verdicts.show(bench().own_sets.find(selection.pictures))


def _show_fare(card: PolicyCard) -> None:
    """Coverage and accuracy of the verdicts on CIFAKE."""
    with guards.told():
        scope_lines.show(bench().scope.of_verdicts())
    limits = card.thresholds
    st.markdown(
        "A picture is called REAL or FAKE only if it bears the marks of how CIFAKE's "
        "pictures were saved, if what the networks see in it lies where they learnt, "
        f"and if the {NETWORKS[TOGETHER].title.lower()} is at least "
        f"{limits.min_confidence:.0%} sure. Below {limits.clear_confidence:.0%} its "
        f"members must agree, and {limits.min_kept} of {len(VARIANTS)} small changes "
        "must leave the answer as it is."
    )
    st.markdown(
        f"The expert, the {NETWORKS[EXPERT].title}, has learnt more generators. Above "
        f"{limits.expert_fake:.1%} FAKE by it the verdict is FAKE, whatever the others "
        f"say; above {limits.expert_doubt:.1%} their REAL does not stand, and below "
        f"{limits.expert_veto:.1%} their FAKE does not."
    )
    scope_lines.show_networks((TOGETHER, EXPERT))
    _show_tables(card)
    show_on_request(
        "How right verdicts would be if more or fewer pictures got one",
        lambda: _show_curve(card),
        key="test_set_curve",
    )


def _show_curve(card: PolicyCard) -> None:
    """Risk-coverage curve."""
    official = card.of_set("official")
    show_chart(
        "risk_figure",
        figures.risk_figure(card.curve, official),
        key="test_set_risk",
        alt="Share of right verdicts against the share of pictures that get one. "
        f"The product gives {percent(official.coverage.value)} of the pictures a "
        f"verdict, of which {percent(official.accuracy.value)} are right.",
        width=chart_width(),
    )


def _show_tables(card: PolicyCard) -> None:
    """Figures on each set, and what pictures from elsewhere get."""
    rows = [
        {
            "Set": _SETS[row.name],
            "Pictures": f"{row.n:,}",
            "Get a verdict": interval(row.coverage),
            "Right": interval(row.accuracy),
        }
        for row in card.sets
    ]
    st.markdown(table(rows))
    abstain_reasons = card.of_set("official").abstain_reasons
    reasons = [
        f"{_ABSTAIN_REASONS[name]} {count:,}"
        for name, count in abstain_reasons.items()
        if count
    ]
    st.caption(
        "In brackets the 95 % interval. The thresholds were chosen on the first line "
        f"alone. UNSURE on the official set: {', '.join(reasons)}."
    )
    show_on_request(
        "Pictures from elsewhere that get a verdict all the same",
        lambda: _show_outside(card),
        key="test_set_outside",
    )
    if card.generators:
        show_on_request(
            "Verdicts on fakes of our own generators",
            lambda: _show_generators(card),
            key="test_set_fakes",
        )
    show_on_request(
        "What a tighter guard against pictures from elsewhere would cost",
        lambda: _show_guard(card),
        key="test_set_guard",
    )


def _show_outside(card: PolicyCard) -> None:
    """Table of out-of-distribution pictures that get a verdict."""
    rows = (*card.out_of_distribution, card.ordinary, card.strangers)
    st.markdown(table([_outside(row) for row in rows]))
    st.caption(
        "Those marked * were looked at while the product was built and don't count in "
        "the last two lines. What was saved as CIFAKE's pictures were counts in the "
        "last: between these and CIFAKE little is left to tell by. The labels are what "
        "the ensemble and the expert would say if they never abstained."
    )


def _show_generators(card: PolicyCard) -> None:
    """Table of the verdicts on the fakes of our own generators."""
    st.markdown(table([_fakes(row) for row in card.generators]))
    st.caption(
        "The thresholds were chosen on the validation lines, among others; the test "
        "lines are of seeds that nothing was chosen by."
    )


def _fakes(row: GeneratorRow) -> dict[str, str]:
    """One line of the table of fakes."""
    return {
        "Fakes by": GENERATORS[row.generator].title,
        "Part": row.part,
        "Number": f"{row.n:,}",
        **{name: f"{count:,}" for name, count in row.verdicts.items()},
        "FAKE to the ensemble": interval(row.labelled_fake),
        "To the expert": interval(row.expert_fake),
    }


def _show_guard(card: PolicyCard) -> None:
    """Chart of what a tighter or looser guard comes to."""
    guard = card.guard
    coverage, strangers, fake = (
        percent(shares[guard.chosen])
        for shares in (guard.coverage, guard.strangers, guard.strangers_fake)
    )
    show_chart(
        "guard_figure",
        figures.guard_figure(guard),
        key="test_set_guard_chart",
        alt="Share of photographs from elsewhere that get a verdict against the share "
        f"of CIFAKE's validation pictures that does. As it is, {coverage} of CIFAKE "
        f"and {strangers} of the {guard.n_strangers:,} photographs from elsewhere get "
        f"one; {fake} of these photographs are called FAKE.",
        width=chart_width(),
    )
    st.caption(
        "The photographs are those marked * that were saved as CIFAKE's pictures are. "
        "Each point is a limit on how far from training the networks' features may "
        "lie. The one in use lets the fewest of these photographs, and of our "
        "generators' fakes called REAL, get a verdict at a coverage of at least "
        f"{card.settings['coverage']:.1%} and at most "
        f"{card.settings['strangers_fake']:.0%} called FAKE."
    )


def _outside(row: OutOfDistributionRow) -> dict[str, str]:
    """One line of the table of pictures from elsewhere."""
    return {
        "Pictures": f"{row.kind} *" if row.tuned else row.kind,
        "Number": f"{row.n:,}",
        "Get a verdict": interval(row.judged),
        "Are called FAKE": interval(row.called_fake),
        "FAKE to the ensemble": interval(row.labelled_fake),
        "To the expert": interval(row.expert_fake),
    }
