"""How the product's verdicts fare: when it abstains, and how often it is right."""

import numpy as np
import numpy.typing as npt
import streamlit as st

from cifake_core import figures
from cifake_core.basics.errors import CifakeError
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets.components import CHART, PLOT_CONFIG, show_on_request
from cifake_core.ui.widgets.texts import interval, percent, table
from cifake_core.verdicts.card import OutOfDistributionRow, PolicyCard
from cifake_core.verdicts.stability import VARIANTS

_ABSTAIN_REASONS = {
    "origin": "not saved as CIFAKE's pictures were",
    "unlike": "not like what the networks learnt from",
    "kernel": "the answer follows how it was shrunk",
    "weak": "not sure enough",
    "split": "networks that disagree",
    "unstable": "small changes that tip the answer",
}
_SETS = {
    "validation": "Held out of training",
    "official": "Official test set",
    "leak_free": "Leak-free test set",
}


def test_decisions() -> npt.NDArray[np.int64] | None:
    """Stored decision on each test picture, by its number in `DECISIONS`, if known.

    They are those of the official test set, in the order of every network's scores.
    """
    try:
        return bench().policy_card().numbers()
    except CifakeError:
        return None


def show_fare() -> None:
    """Coverage and accuracy of the verdicts."""
    try:
        card = bench().policy_card()
    except CifakeError as error:
        st.info(f"{error} Until then pictures can't be filtered by their verdict.")
        return
    limits = card.thresholds
    st.markdown(
        "A picture is called REAL or FAKE only if it bears the marks of how CIFAKE's "
        "pictures were saved, if what the networks see in it lies where they learnt, "
        "and if they are together at least "
        f"{limits.min_confidence:.0%} sure. Below {limits.clear_confidence:.0%} they "
        f"must also agree, and {limits.min_kept} of {len(VARIANTS)} small "
        "changes must leave the answer as it is."
    )
    _show_tables(card)
    show_on_request(
        "How right verdicts would be if more or fewer pictures got one",
        lambda: _show_curve(card),
        key="test_set_curve",
    )


def _show_curve(card: PolicyCard) -> None:
    """Risk-coverage curve."""
    official = card.of_set("official")
    st.plotly_chart(
        figures.risk_figure(card.curve, official),
        key="test_set_risk",
        alt="Share of right verdicts against the share of pictures that get one. "
        f"The product gives {percent(official.coverage.value)} of the pictures a "
        f"verdict, of which {percent(official.accuracy.value)} are right.",
        width=CHART,
        config=PLOT_CONFIG,
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


def _show_outside(card: PolicyCard) -> None:
    """Table of out-of-distribution pictures that get a verdict."""
    st.markdown(
        table([_outside(row) for row in (*card.out_of_distribution, card.ordinary)])
    )
    st.caption(
        "Those marked * were looked at while the product was built and don't count in "
        "the last line, nor do those saved as CIFAKE's pictures were: between these "
        "and CIFAKE little is left to tell by."
    )


def _outside(row: OutOfDistributionRow) -> dict[str, str]:
    """One line of the table of pictures from elsewhere."""
    return {
        "Pictures": f"{row.kind} *" if row.tuned else row.kind,
        "Number": f"{row.n:,}",
        "Get a verdict": interval(row.judged),
    }
