"""Charts of earlier systems: accuracy against cost, learning, Bird & Lotfi's search."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Final

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from cifake_core.basics.estimates import Estimate
from cifake_core.figures.labels import place_labels
from cifake_core.figures.style import (
    CURVE_COLORS,
    DASHES,
    error_bars,
    styled,
    text_size,
    values,
)
from cifake_core.networks import NETWORKS
from cifake_core.papers.bird_lotfi_search import Ranking
from cifake_core.papers.bird_lotfi_trial import Topology
from cifake_core.papers.claims import SYSTEMS, Claim
from cifake_core.papers.leaderboard import LeaderboardEntry

#: Of the systems in their order; the last is ours.
_SYMBOLS: Final = ("circle", "square", "diamond", "triangle-up", "cross", "pentagon")
#: One more than there are dashes, so that no two of 42 lines look alike.
_LINE_SYMBOLS: Final = (*_SYMBOLS, "star")
_OURS: Final = ""
_LOOKS: Final = dict(
    zip((*SYSTEMS, _OURS), zip(_LINE_SYMBOLS, cycle(CURVE_COLORS)), strict=False)
)
_SIZE: Final = 13
_COSTS: Final = (1e6, 2e6, 5e6, 1e7, 2e7, 5e7, 1e8, 2e8, 5e8, 1e9)
#: Room for names left of the cheapest and right of the dearest network, in decades.
_LEFT, _RIGHT = 0.7, 0.3
#: Room above the best and below the worst, a share of all pictures.
_AROUND: Final = 0.015
#: Pixels between the axes, on a screen of usual width.
_WIDTH, _HEIGHT = 1000, 400


def cost_figure(
    entries: Mapping[str, LeaderboardEntry], claims: Sequence[Claim]
) -> go.Figure:
    """Return accuracy against cost: claims hollow, what we measured filled.

    A mark's symbol and colour are its system's; a dotted line leads from a claim to
    what the same network came to here. Each network is named once, at its first
    claim if there is one.

    Args:
        entries: what networks cost and came to; one of unknown cost has no mark.
        claims: those on CIFAKE; one without an accuracy has no mark.
    """
    costs = {n: s.multiply_adds for n, s in entries.items() if s.multiply_adds}
    shown = [each for each in claims if each.accuracy and each.network in costs]
    first = {claim.network: claim for claim in reversed(shown)}
    figure = go.Figure()
    for claim in first.values():
        found = entries[claim.network or ""]
        if found.accuracy is not None:
            _add_path(figure, found, claim)
    for system, (symbol, color) in _LOOKS.items():
        marker = {"symbol": symbol, "color": color, "size": _SIZE}
        of_system = [claim for claim in shown if claim.system == system]
        measured = [
            found
            for name, found in entries.items()
            if NETWORKS[name].paper == system and name in costs and found.accuracy
        ]
        if of_system:
            hollow = marker | {"symbol": f"{symbol}-open", "line": {"width": 3}}
            _add_claims(figure, of_system, costs, list(first.values()), hollow)
        if measured:
            named = [each for each in measured if each.network not in first]
            _add_measured(figure, measured, named, marker, legend=not of_system)
    ends = [math.log10(cost) for cost in costs.values()] or [6.0, 9.0]
    figure.update_xaxes(
        type="log",
        range=[min(ends) - _LEFT, max(ends) + _RIGHT],
        tickvals=_COSTS,
        tickformat="~s",
        title_text="multiply-adds a picture (each step to the right costs more)",
    )
    heights = [y for trace in figure.data for y in trace.y] or [0.5, 1.0]
    figure.update_yaxes(
        range=[min(heights) - _AROUND, max(heights) + _AROUND],
        tickformat=".0%",
        title_text="rightly called",
    )
    place_labels(figure, width=_WIDTH, height=_HEIGHT)
    subtitle = "hollow: claimed; filled: measured here, with 95% intervals"
    return styled(figure, title=" ", subtitle=subtitle, height=600, legend_lines=1)


def _add_path(figure: go.Figure, found: LeaderboardEntry, claim: Claim) -> None:
    """Draw a line from what is claimed of a network to what we measured."""
    figure.add_scatter(
        x=[found.multiply_adds] * 2,
        y=[(claim.accuracy or 0) / 100, found.accuracy.value if found.accuracy else 0],
        mode="lines",
        line={"dash": "dot", "width": 2, "color": _LOOKS[claim.system][1]},
        hoverinfo="skip",
        showlegend=False,
    )


def _add_claims(
    figure: go.Figure,
    claims: Sequence[Claim],
    costs: Mapping[str, int],
    named: Sequence[Claim],
    marker: Mapping[str, object],
) -> None:
    """Draw what one system claims; some of the marks are named."""
    figure.add_scatter(
        x=[costs[claim.network or ""] for claim in claims],
        y=[(claim.accuracy or 0) / 100 for claim in claims],
        text=[
            NETWORKS[claim.network or ""].title if claim in named else ""
            for claim in claims
        ],
        customdata=[[f"{claim.name}, {_accuracy(claim)}"] for claim in claims],
        textfont_size=text_size(13),
        mode="markers+text",
        marker=marker,
        name=SYSTEMS[claims[0].system].title,
        hovertemplate="claimed: %{customdata[0]}<extra>%{fullData.name}</extra>",
    )


def _accuracy(claim: Claim) -> str:
    """Return the claimed accuracy in percent."""
    prefix = "at least " if claim.at_least else ""
    return f"{prefix}{claim.accuracy:g}%"


def _add_measured(
    figure: go.Figure,
    found: Sequence[LeaderboardEntry],
    named: Sequence[LeaderboardEntry],
    marker: Mapping[str, object],
    *,
    legend: bool,
) -> None:
    """Draw what the networks of one system came to; some of the marks are named."""
    accuracies = [each.accuracy for each in found if each.accuracy]
    figure.add_scatter(
        x=[each.multiply_adds for each in found],
        y=values(accuracies),
        error_y=error_bars(accuracies),
        text=[NETWORKS[each.network].title if each in named else "" for each in found],
        customdata=[[NETWORKS[each.network].title] for each in found],
        textfont_size=text_size(13),
        mode="markers+text",
        marker=marker,
        name="this product" if legend else "measured here",
        showlegend=legend,
        hovertemplate="%{customdata[0]}: %{y:.2%} measured here<extra></extra>",
    )


def learning_figure(
    histories: Mapping[str, Mapping[str, Sequence[float]]],
) -> go.Figure:
    """Return the learning curves of networks: loss and accuracy on held-out pictures.

    Args:
        histories: by the network's title, with the columns `epoch`,
            `validation_loss` and `validation_accuracy`.
    """
    panels = {
        "Loss on held-out pictures": "validation_loss",
        "Accuracy on held-out pictures": "validation_accuracy",
    }
    figure = make_subplots(rows=1, cols=2, subplot_titles=tuple(panels))
    looks = zip(cycle(CURVE_COLORS), cycle(DASHES), cycle(_LINE_SYMBOLS), strict=False)
    for (title, history), (color, dash, symbol) in zip(
        histories.items(), looks, strict=False
    ):
        for panel, column in enumerate(panels.values(), start=1):
            figure.add_scatter(
                x=list(history["epoch"]),
                y=list(history[column]),
                name=title,
                mode="lines+markers",
                line={"color": color, "dash": dash, "width": 2},
                marker={"symbol": symbol, "size": 7},
                legendgroup=title,
                showlegend=panel == 1,
                row=1,
                col=panel,
            )
    figure.update_xaxes(title_text="epoch")
    figure.update_yaxes(tickformat=".0%", col=2)
    return styled(figure, left=50, legend_lines=3)


def search_figure(
    ranking: Ranking, accuracies: Mapping[Topology, Estimate]
) -> go.Figure:
    """Return Bird & Lotfi's networks: first without a dense layer, then with some.

    Args:
        ranking: of the search.
        accuracies: each network's on the validation pictures, with its interval.
    """
    figure = make_subplots(
        rows=1,
        cols=2,
        shared_yaxes=True,
        horizontal_spacing=0.05,
        subplot_titles=("Convolutions alone", "The best of these with dense layers"),
    )
    looks = zip(cycle(CURVE_COLORS), DASHES, _SYMBOLS, strict=False)
    for line, look in zip(_lines(ranking), looks, strict=False):
        estimates = [accuracies[each] for each in line.topologies]
        color, dash, symbol = look
        figure.add_scatter(
            x=[str(getattr(each, line.width)) for each in line.topologies],
            y=values(estimates),
            error_y=error_bars(estimates, thickness=1.5),
            customdata=[[str(each)] for each in line.topologies],
            name=line.name,
            mode="lines+markers",
            line={"color": color, "dash": dash, "width": 2},
            marker={"symbol": symbol, "size": 10},
            hovertemplate="%{customdata[0]}: %{y:.2%}<extra></extra>",
            row=1,
            col=line.panel,
        )
    figure.update_xaxes(type="category")
    figure.update_xaxes(title_text="filters of each convolution", col=1)
    figure.update_xaxes(title_text="units of each dense layer", col=2)
    figure.update_yaxes(tickformat=".0%")
    figure.update_yaxes(title_text="rightly called", col=1)
    return styled(figure, legend_lines=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    """Networks of one depth in the search, by the `width` that rises along the line."""

    panel: int
    name: str
    width: str
    topologies: Sequence[Topology]


def _lines(ranking: Ranking) -> Iterator[_Line]:
    """Yield the lines of the search, those of networks without dense layers first."""
    found = [trial.topology for trial in ranking.trials]
    for panel, depth, width in (
        (1, "convolutions", "filters"),
        (2, "dense_layers", "units"),
    ):
        here = [each for each in found if bool(each.units) == (panel == 2)]
        for count in sorted({getattr(each, depth) for each in here}):
            kind = depth.replace("_", " ")
            yield _Line(
                panel=panel,
                name=f"1 {kind.removesuffix('s')}" if count == 1 else f"{count} {kind}",
                width=width,
                topologies=sorted(
                    (each for each in here if getattr(each, depth) == count),
                    key=lambda each: int(getattr(each, width)),
                ),
            )
