"""Calibration of players: who was how sure, and how often right."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Final

import plotly.graph_objects as go

from cifake_core.evaluation.records import ReliabilityBin
from cifake_core.figures.style import ACCENT, LABEL_COLORS, error_bars, styled, values

#: The player and then the networks; none of the colours is a label's.
_LOOKS: Final = (
    (ACCENT, "star"),
    ("#009E73", "circle"),
    ("#7B6FD0", "square"),
    ("#A57C00", "diamond"),
)
#: Points of one confidence stand so far beside each other.
_APART: Final = 0.006


def players_figure(
    bins: Mapping[str, Sequence[ReliabilityBin]],
) -> go.Figure:
    """Return the reliability diagram of players and networks, with intervals.

    Who lies on the diagonal is right as often as they say. The number of pictures
    stands beside each point.

    Args:
        bins: by player, the ranges of confidence that occur.
    """
    figure = go.Figure()
    perfect = {"color": LABEL_COLORS["UNSURE"], "dash": "dot", "width": 2}
    figure.add_scatter(
        x=[0.5, 1], y=[0.5, 1], name="as right as sure", mode="lines", line=perfect
    )
    for place, ((name, found), (color, symbol)) in enumerate(
        zip(bins.items(), cycle(_LOOKS), strict=False)
    ):
        shares = [each.accuracy for each in found]
        figure.add_scatter(
            x=[each.confidence + place * _APART for each in found],
            y=values(shares),
            error_y=error_bars(shares),
            text=[f"{each.n}" for each in found],
            textposition="middle right",
            name=name,
            mode="markers+text",
            marker={"color": color, "symbol": symbol, "size": 13},
            hovertemplate="%{y:.0%} of %{text} right<extra>" + name + "</extra>",
        )
    figure.update_xaxes(
        title_text="how sure", range=[0.48, 1.06], tickformat=".0%", fixedrange=True
    )
    figure.update_yaxes(
        title_text="rightly called", range=[-0.03, 1.05], tickformat=".0%"
    )
    return styled(figure.update_yaxes(fixedrange=True), legend_lines=1)
