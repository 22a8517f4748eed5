"""Clickable charts: each mark stands for pictures, a click on it tells which.

Each mark carries its text of `marks` as custom data; the chosen one stands out.
Bars stand in for the squares of a matrix: a heat map returns no click.
"""

from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go

from cifake_core.figures.style import DARK_TEXT

CURVE: Final = "#7B6FD0"
FADED: Final = 0.35


def marked(figure: go.Figure, *, marks: Sequence[str], chosen: str) -> go.Figure:
    """Return `figure` with these marks on each of its rows of bars or points.

    Args:
        figure: each of its bars and points is that of one mark; it is changed.
        marks: one for each bar, in the figure's order.
        chosen: the mark whose pictures are looked at.
    """
    among = chosen in marks
    figure.update_traces(
        customdata=[[each] for each in marks],
        marker_opacity=[FADED if among and each != chosen else 1 for each in marks],
        selector=_is_marks,
    )
    return clickable(figure)


def clickable(figure: go.Figure) -> go.Figure:
    """Return `figure` without zoom; what a click fades is told by the marks alone."""
    same = {"marker": {"opacity": 1}, "textfont": {"color": DARK_TEXT}}
    figure.update_traces(selected=same, unselected=same, selector=_is_marks)
    figure.update_xaxes(fixedrange=True)
    return figure.update_yaxes(fixedrange=True)


def _is_marks(trace: go.Bar | go.Scatter) -> bool:
    """Say if a trace has bars or points, and is no mere line."""
    return trace.type == "bar" or "markers" in trace.mode
