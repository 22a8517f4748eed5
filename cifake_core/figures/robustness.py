"""Robustness curves: accuracy against the strength of a corruption, clickable."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Final

import plotly.graph_objects as go

from cifake_core.basics.estimates import Estimate
from cifake_core.evaluation.records import RobustnessReport
from cifake_core.figures.clickable import clickable
from cifake_core.figures.style import (
    CURVE_COLORS,
    DASHES,
    LABEL_COLORS,
    error_bars,
    styled,
    values,
)
from cifake_core.pictures.corruptions import CORRUPTION_KINDS, Corruption

_SYMBOLS: Final = ("circle", "square", "diamond", "triangle-up", "x", "star")
_CLEAN: Final = "none"
_SIZE, _CHOSEN_SIZE = 10, 20


def robustness_figure(
    clean: Mapping[str, Estimate],
    reports: Mapping[str, RobustnessReport],
    *,
    kind: str,
    lowest: float,
    chosen: tuple[str, Corruption],
) -> go.Figure:
    """Return accuracy against the strength of one kind of corruption, a line a network.

    Lines differ by dash and marker as well as by colour; each point has its
    interval. The mark of a point is "<network> <name of the corruption>"; the points of
    pictures as they are, the first of each line, have none.

    Args:
        clean: each network's accuracy on the pictures as they are, by its title.
        reports: those on corrupted ones, by the network's name, in the same order.
        kind: a name of `CORRUPTION_KINDS`.
        lowest: where the axis begins, 0 to 1: alike for charts side by side.
        chosen: the network and corruption whose pictures are looked at.
    """
    corruption_kind = CORRUPTION_KINDS[kind]
    strengths = corruption_kind.strengths
    looks = zip(cycle(CURVE_COLORS), cycle(DASHES), cycle(_SYMBOLS), strict=False)
    figure = go.Figure()
    for (title, untouched), (network, report), look in zip(
        clean.items(), reports.items(), looks, strict=False
    ):
        estimates = [untouched, *report.accuracy[kind].values()]
        points = [Corruption(kind=kind, strength=each) for each in strengths]
        is_chosen = [False, *((network, each) == chosen for each in points)]
        figure.add_scatter(
            x=[_CLEAN, *(f"{strength:g}" for strength in strengths)],
            y=values(estimates),
            error_y=error_bars(estimates, thickness=1.5),
            customdata=[[""], *([f"{network} {each.name}"] for each in points)],
            name=title,
            hovertemplate="%{y:.2%} right<extra>%{fullData.name}</extra>",
            **_line(look, is_chosen),
        )
    figure.update_xaxes(title_text=corruption_kind.measure, type="category")
    figure.update_yaxes(
        range=[lowest, 1], tickformat=".0%", title_text="rightly called"
    )
    return clickable(styled(figure, height=420, legend_lines=2))


def _line(look: tuple[str, str, str], is_chosen: Sequence[bool]) -> dict[str, object]:
    """Return the colour, dash and symbols of a line; chosen points are larger."""
    color, dash, symbol = look
    return {
        "mode": "lines+markers",
        "line": {"color": color, "dash": dash, "width": 2},
        "marker": {
            "symbol": symbol,
            "size": [_CHOSEN_SIZE if each else _SIZE for each in is_chosen],
            "line": {
                "width": [3 if each else 0 for each in is_chosen],
                "color": LABEL_COLORS["UNSURE"],
            },
        },
    }
