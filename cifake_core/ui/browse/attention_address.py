"""View of the attention page: what the address says, and what it selects."""

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from cifake_core.attention import summary
from cifake_core.attention.pieces import NUM_KINDS
from cifake_core.attention.records import Attention
from cifake_core.basics.labels import LABELS, Label
from cifake_core.data.datasets.records import OFFICIAL
from cifake_core.evaluation.operating_points import EVEN
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import Selection, matching
from cifake_core.pictures.filters import FILTERS
from cifake_core.ui.browse import chart_filters, views
from cifake_core.ui.browse.address import fault, whole

PAGE: Final = "attention"
FILTERS_ASKED: Final = ("object_class", "label", "called", "right", "verdict")
#: How many parts there are of each kind: an address says "channel-3".
_NUM_PARTS: Final[dict[str, int]] = {
    "channel": len(FILTERS),
    "kind": NUM_KINDS,
    "region": summary.NUM_REGIONS**2,
    **dict.fromkeys(summary.LIES, summary.NUM_PARTS),
}
_BETWEEN: Final = "|"


def current() -> tuple[Selection, tuple[str, ...]]:
    """View, and a sentence for each bad value in the address."""
    selection, faults = views.current(PAGE)
    said = views.query(PAGE).get("part", "")
    if said and not part():
        expected = ", ".join(f"{name}-0" for name in _NUM_PARTS)
        faults += (fault("part", said, expected=f"one such as: {expected}"),)
    return replace(selection, threshold=EVEN, pictures=OFFICIAL), faults


def evidence() -> Label:
    """Label that the evidence on the page is for."""
    said = views.query(PAGE).get("evidence")
    return next((label for label in LABELS if label == said), LABELS[0])


def part() -> str:
    """Part of the pictures that a mark chose, "" if it is all of them."""
    said = views.query(PAGE).get("part", "")
    name, _, number = said.rpartition("-")
    most = _NUM_PARTS.get(name, 0) - 1
    return said if whole(number, least=0, most=most) is not None else ""


def group(
    found: Attention, scores: Scores, selection: Selection
) -> npt.NDArray[np.bool_]:
    """Pictures of the study that pass the filters, (N,)."""
    return np.isin(found.positions, _matching(found, scores, selection))


def positions(
    found: Attention, scores: Scores, selection: Selection
) -> npt.NDArray[np.int64]:
    """Pictures of the study that pass the filters and are of the part, in order."""
    chosen = _matching(found, scores, selection)
    return chosen[np.isin(chosen, found.positions[_of_part(found)])]


def _matching(
    found: Attention, scores: Scores, selection: Selection
) -> npt.NDArray[np.int64]:
    """Positions of the study's pictures that pass the filters, in order.

    Decisions are those of the time of the study, as in its maps.
    """
    decisions = np.full(len(scores.labels), -1)
    decisions[found.positions] = found.decisions
    chosen = matching(scores, selection, decisions=decisions)
    return chosen[np.isin(chosen, found.positions)]


def _of_part(found: Attention) -> npt.NDArray[np.bool_]:
    """Pictures of the study that are of the part, (N,)."""
    name, _, number = part().rpartition("-")
    if not name or (name == "channel" and not found.sees_channels):
        return np.ones(len(found.positions), np.bool_)
    if name == "kind":
        return found.num_pieces[:, int(number)] > 0
    if name == "channel":
        return summary.leading(found, evidence()) == int(number)
    if name == "region":
        return summary.regions(found) == int(number)
    lie = next(each for each in summary.LIES if each == name)
    return summary.thirds(found, lie) == int(number)


def mark(selection: Selection, chosen: str = "") -> str:
    """Mark of the pictures that pass the filters of a view and are of a part."""
    return f"{chart_filters.mark(selection)}{_BETWEEN}{chosen}"


def choose(clicked: str) -> None:
    """Show the first page of a mark's pictures; the mark on show is let go."""
    selection, _ = current()
    filters, _, chosen = clicked.partition(_BETWEEN)
    if clicked == mark(selection, part()):
        filters, chosen = (filters, "") if chosen else ("", "")
    if filters == chart_filters.mark(selection):
        views.change(PAGE)
    else:
        views.go(PAGE, chart_filters.pick(selection, filters))
    views.put(PAGE, part=chosen or None, picture=None)


def clicked(key: str) -> None:
    """Show the pictures of the square of a chart that was clicked."""
    for point in st.session_state[key]["selection"]["points"][:1]:
        choose(point["customdata"][0])
