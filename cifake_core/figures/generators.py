"""Charts of generators: their family tree, what is found of them, the study."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import plotly.graph_objects as go
from plotly.colors import hex_to_rgb

from cifake_core.basics.estimates import Estimate
from cifake_core.evaluation.fakes import GeneratorReport
from cifake_core.evaluation.leave_one_out import StudyCard, StudyRow
from cifake_core.figures.clickable import CURVE, clickable
from cifake_core.figures.style import (
    CURVE_COLORS,
    DARK_TEXT,
    error_bars,
    styled,
    text_size,
    values,
)

Measure: TypeAlias = Literal["recall", "roc_auc"]

MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
#: Symbols of what a fake is made from, and of networks, one after the other.
_MADE_FROM: Final = {"noise": "circle", "photograph": "square"}
_NETWORKS: Final = ("circle", "square", "diamond", "star")
#: A grey that is seen on a light page and on a dark one.
_FRAME: Final = "#808080"
#: From nothing found to all of it; each carries the dark text at 7:1 or better.
_NOTHING, _ALL = "#F7F7F7", "#7FBF7B"
_LEAST: Final[Mapping[Measure, float]] = {"roc_auc": 0.5, "recall": 0.0}
#: Title and form of the axis of a measure.
_AXES: Final[Mapping[Measure, tuple[str, str]]] = {
    "roc_auc": ("area under the ROC curve", ".1f"),
    "recall": ("share found", ".0%"),
}
_ROW: Final = 36
_CELL: Final = 72
#: A square and the gap beside it make 1.
_SQUARE: Final = 0.96


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """A generator at the end of a branch: `kind` is what it makes pictures from."""

    name: str
    title: str
    family: str
    kind: Literal["noise", "photograph"]


def tree_figure(leaves: Sequence[Leaf], *, chosen: str) -> go.Figure:
    """Return the family tree; the mark of a leaf is its generator's name.

    Args:
        leaves: those of one family one after the other.
        chosen: the name of the one whose pictures are looked at.
    """
    heights = {each.name: float(-row) for row, each in enumerate(leaves)}
    families: dict[str, list[float]] = {}
    for each in leaves:
        families.setdefault(each.family, []).append(heights[each.name])
    middles = {name: sum(ys) / len(ys) for name, ys in families.items()}
    root = sum(middles.values()) / len(middles)
    figure = go.Figure(_branches(families, middles, root))
    for kind, symbol in _MADE_FROM.items():
        those = [each for each in leaves if each.kind == kind]
        figure.add_scatter(
            x=[2] * len(those),
            y=[heights[each.name] for each in those],
            mode="markers",
            name=f"from {kind}s" if kind == "photograph" else f"from {kind}",
            marker={
                "symbol": symbol,
                "size": [18 if each.name == chosen else 13 for each in those],
                "color": CURVE_COLORS[0],
                "opacity": 1,
                "line": {
                    "width": [4 if each.name == chosen else 0 for each in those],
                    "color": CURVE,
                },
            },
            customdata=[[each.name] for each in those],
            hovertext=[each.title for each in those],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    words = {each.title: (2.08, heights[each.name]) for each in leaves}
    figure.add_trace(_words(words, "middle right"))
    forks = {name: (0.54, height) for name, height in middles.items()}
    figure.add_trace(_words({"fakes": (0.04, root), **forks}, "top right"))
    figure.update_xaxes(visible=False, range=[-0.1, 5])
    figure.update_yaxes(visible=False, range=[0.7 - len(leaves), 0.7])
    clickable(figure)
    return styled(figure, height=_ROW * len(leaves) + 150, left=12, legend_lines=1)


def study_figure(
    card: StudyCard, *, titles: Mapping[str, str], measure: Measure, chosen: str
) -> go.Figure:
    """Return the matrix of the study: a column a network, a row a tested generator.

    What a network never met is framed and says so; the mark of a cell is the family
    that was left out and the generator, with a colon between.

    Args:
        card: the study.
        titles: of the generators, by name, in order; those not tested are left out.
        measure: which of its figures to write in the cells.
        chosen: the mark whose pictures are looked at.
    """
    names = [name for name in titles if name in card.rows[0].tested]
    figure = go.Figure(
        [
            _column(row, column, names, measure=measure, chosen=chosen)
            for column, row in enumerate(card.rows)
        ]
    )
    size = text_size(14)
    figure.update_xaxes(
        tickvals=list(range(len(card.rows))),
        ticktext=[
            f"all but<br>{r.left_out}" if r.left_out else "all" for r in card.rows
        ],
        side="top",
        showgrid=False,
        range=[-0.5, len(card.rows) - 0.5],
    )
    figure.update_yaxes(
        tickvals=[_SQUARE / 2 - row for row in range(len(names))],
        ticktext=[_wrapped(titles[name]) for name in names],
        showgrid=False,
        zeroline=False,
        range=[1 - len(names) - 0.02, 1],
    )
    figure.update_layout(barmode="overlay")
    clickable(styled(figure, height=_CELL * len(names) + 130, left=176))
    figure.update_xaxes(tickfont_size=size).update_yaxes(tickfont_size=size)
    return figure.update_layout(margin_t=text_size(64), margin_b=text_size(16))


def found_figure(
    found: Mapping[str, Mapping[str, GeneratorReport]],
    *,
    learnt: Mapping[str, Sequence[str]],
    titles: Mapping[str, str],
    measure: Measure,
) -> go.Figure:
    """Return what each network finds of each generator, with intervals.

    A full symbol is a generator that the network learnt from, an open one was never
    met.

    Args:
        found: by the network's title, then the generator's name.
        learnt: names of the generators that a network learnt from, by its title.
        titles: of the generators, by name, in order.
        measure: which of the figures to draw.
    """
    figure = go.Figure()
    names = [name for name in titles if any(name in each for each in found.values())]
    for number, (network, reports) in enumerate(found.items()):
        there = [name for name in names if name in reports]
        estimates = [getattr(reports[name], measure) for name in there]
        shift = 0.16 * (number - (len(found) - 1) / 2)
        figure.add_scatter(
            x=values(estimates),
            y=[-names.index(name) - shift for name in there],
            error_x=error_bars(estimates),
            mode="markers",
            name=network,
            marker=_look(number, [name in learnt[network] for name in there]),
            customdata=[[titles[name]] for name in there],
            hovertemplate="%{customdata[0]}: %{x:.3f}<extra>" + network + "</extra>",
        )
    title, form = _AXES[measure]
    figure.update_xaxes(title_text=title, tickformat=form, range=[-0.03, 1.03])
    figure.update_yaxes(
        tickvals=[-row for row in range(len(names))],
        ticktext=[_wrapped(titles[name]) for name in names],
        zeroline=False,
        range=[0.5 - len(names), 0.5],
    )
    height = 56 * len(names) + 150
    return styled(figure, height=height, left=176, legend_lines=1)


def _look(number: int, met: Sequence[bool]) -> dict[str, object]:
    """Look of a network's points: full where it met the generator, else open."""
    symbol = _NETWORKS[number % len(_NETWORKS)]
    return {
        "symbol": [symbol if each else f"{symbol}-open" for each in met],
        "size": 11,
        "line": {"width": 2},
        "color": CURVE_COLORS[number % len(CURVE_COLORS)],
    }


def _branches(
    families: Mapping[str, Sequence[float]],
    middles: Mapping[str, float],
    root: float,
) -> go.Scatter:
    """Return the lines from the root over each family to its leaves."""
    xs: list[float | None] = [0, 0.5, None]
    ys: list[float | None] = [root, root, None]
    for name, heights in families.items():
        xs += [0.5, 0.5, 1.5, None]
        ys += [root, middles[name], middles[name], None]
        for height in heights:
            xs += [1.5, 1.5, 2, None]
            ys += [middles[name], height, height, None]
    return go.Scatter(
        x=xs,
        y=ys,
        mode="lines",
        line={"color": CURVE_COLORS[4], "width": 2},
        hoverinfo="skip",
        showlegend=False,
    )


def _words(places: Mapping[str, tuple[float, float]], position: str) -> go.Scatter:
    """Return words that begin at these places."""
    return go.Scatter(
        x=[x for x, _ in places.values()],
        y=[y for _, y in places.values()],
        text=list(places),
        mode="text",
        textposition=position,
        textfont_size=text_size(15),
        hoverinfo="skip",
        showlegend=False,
    )


def _column(
    row: StudyRow, column: int, names: Sequence[str], *, measure: Measure, chosen: str
) -> go.Bar:
    """Return the cells of one network of the study, the first generator above."""
    marks = [f"{row.left_out}:{name}" for name in names]
    found: list[Estimate] = [getattr(row.tested[name], measure) for name in names]
    met = [name in row.learnt for name in names]
    return go.Bar(
        x=[column] * len(names),
        y=[_SQUARE] * len(names),
        base=[-number for number in range(len(names))],
        width=_SQUARE,
        text=[
            _in_cell(each, measure, met=m) for each, m in zip(found, met, strict=True)
        ],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"size": text_size(13), "color": DARK_TEXT},
        constraintext="none",
        marker={
            "color": [_shade(each.value, least=_LEAST[measure]) for each in found],
            "line": {
                "width": [
                    6 if mark == chosen else 0 if m else 2
                    for mark, m in zip(marks, met, strict=True)
                ],
                "color": [CURVE if mark == chosen else _FRAME for mark in marks],
            },
        },
        customdata=[[mark] for mark in marks],
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
    )


def _in_cell(found: Estimate, measure: Measure, *, met: bool) -> str:
    """Words in a cell: the figure, its interval, and if the generator was met."""
    form = "{:.2f}" if measure == "roc_auc" else "{:.0%}"
    value, low, high = map(form.format, (found.value, found.low, found.high))
    return f"<b>{value}</b><br>{low} to {high}<br>" + ("learnt" if met else "never met")


def _shade(value: float, *, least: float) -> str:
    """Colour of a share between the least and 1."""
    part = min(1.0, max(0.0, (value - least) / (1 - least)))
    ends = zip(hex_to_rgb(_NOTHING), hex_to_rgb(_ALL), strict=True)
    return "rgb({},{},{})".format(*(round(a + part * (b - a)) for a, b in ends))


def _wrapped(title: str) -> str:
    """Title in lines of about twenty letters."""
    lines = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + len(word) > 20:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)
