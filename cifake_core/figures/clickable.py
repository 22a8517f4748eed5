"""Clickable charts: each mark stands for pictures, a click on it tells which.

Each mark carries its text of `marks` as custom data; the chosen one stands out.
Bars stand in for the squares of a matrix: a heat map returns no click.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from cifake_core.basics.arrays import Floats
from cifake_core.basics.labels import LABELS, Label
from cifake_core.evaluation.comparison import Agreement, Cell
from cifake_core.evaluation.operating_points import EDGES, Curves, OperatingPoint
from cifake_core.evaluation.records import EvalReport
from cifake_core.figures.style import ACCENT, DARK_TEXT, LABEL_COLORS, styled, text_size

#: Each carries the dark text at 8:1 or better; neither right nor wrong is a label's
#: colour. Source: ColorBrewer 2.0, PRGn with 7 classes.
_RIGHT: Final = "#D9F0D3"
_WRONG: Final = "#E7D4E8"
_SPLIT: Final = "#E5E7EB"
_CURVE: Final = "#7B6FD0"
_FADED: Final = 0.35
#: A square and the gap beside it make 1.
_SQUARE: Final = 0.97
#: The corner in which the curves of good networks lie.
_CORNER: Final = 0.2
#: The point of the threshold on both curves.
_POINT: Final = {
    "size": 16,
    "color": ACCENT,
    "symbol": "diamond",
    "line": {"width": 2, "color": "#FFFFFF"},
}


def matrix_figure(
    point: OperatingPoint, *, marks: Sequence[Sequence[str]], chosen: str
) -> go.Figure:
    """Return the confusion matrix as four squares with counts and shares of the row.

    Args:
        point: what comes of one threshold.
        marks: 2x2, those of the squares; rows are the truth.
        chosen: the mark whose pictures are looked at; it is framed.
    """
    words = [
        [
            f"<b>{count:,}</b><br>{count / max(sum(counts), 1):.1%} of {truth}<br>"
            + ("right" if truth == called else "wrong")
            for called, count in zip(LABELS, counts, strict=True)
        ]
        for truth, counts in zip(LABELS, point.confusion, strict=True)
    ]
    return _squares(
        words,
        ((_RIGHT, _WRONG), (_WRONG, _RIGHT)),
        marks=marks,
        chosen=chosen,
        columns=[f"called {label}" for label in LABELS],
        rows=[f"is {label}" for label in LABELS],
    )


def agreement_figure(
    table: Agreement, *, title_a: str, title_b: str, chosen: str
) -> go.Figure:
    """Return on how many pictures two networks are right, alone or together.

    Args:
        table: of networks A and B; the mark of a square is the name of its cell.
        title_a: of network A, the rows.
        title_b: of network B, the columns.
        chosen: the cell whose pictures are looked at.
    """
    cells: tuple[tuple[Cell, Cell], tuple[Cell, Cell]] = (
        ("both_right", "only_a"),
        ("only_b", "both_wrong"),
    )
    names = {
        "both_right": "both right",
        "only_a": f"only the {title_a} is right",
        "only_b": f"only the {title_b} is right",
        "both_wrong": "both wrong",
    }
    words = [
        [
            f"<b>{getattr(table, cell):,}</b><br>"
            f"{getattr(table, cell) / table.n:.1%}<br>{names[cell]}"
            for cell in row
        ]
        for row in cells
    ]
    return _squares(
        words,
        ((_RIGHT, _SPLIT), (_SPLIT, _WRONG)),
        marks=cells,
        chosen=chosen,
        columns=[f"{title_b} right", f"{title_b} wrong"],
        rows=[f"{title_a} right", f"{title_a} wrong"],
    )


def scatter_figure(
    cells: Mapping[Cell, npt.NDArray[np.int64]],
    logits_a: Floats,
    logits_b: Floats,
    *,
    title_a: str,
    title_b: str,
) -> go.Figure:
    """Return the scatter of two networks' scores, with a lasso to pick pictures.

    Args:
        cells: the positions of the pictures to draw, by cell.
        logits_a: (N,) the scores of network A for REAL; above 0 it says REAL.
        logits_b: (N,) those of network B.
        title_a: of network A.
        title_b: of network B.
    """
    looks: Mapping[Cell, tuple[str, str, str]] = {
        "both_right": ("both right", "#767676", "circle"),
        "only_a": (f"only the {title_a} right", "#009E73", "triangle-up"),
        "only_b": (f"only the {title_b} right", "#7B6FD0", "square"),
        "both_wrong": ("both wrong", ACCENT, "x"),
    }
    figure = go.Figure()
    for cell, positions in cells.items():
        name, color, symbol = looks[cell]
        figure.add_scatter(
            x=logits_a[positions],
            y=logits_b[positions],
            customdata=[[each] for each in positions.tolist()],
            name=name,
            mode="markers",
            marker={"color": color, "symbol": symbol, "size": 7, "opacity": 0.8},
            hovertemplate="%{x:.1f}, %{y:.1f}<extra></extra>",
        )
    middle = {"dash": "dot", "width": 1, "color": LABEL_COLORS["UNSURE"]}
    figure.add_hline(y=0, line=middle)
    figure.add_vline(x=0, line=middle)
    figure.update_xaxes(title_text=f"score of the {title_a}: above 0 it says REAL")
    figure.update_yaxes(title_text=f"score of the {title_b}: above 0 it says REAL")
    return styled(figure, height=560, legend_lines=2).update_layout(dragmode="lasso")


def curves_figure(
    report: EvalReport, curves: Curves, point: OperatingPoint
) -> go.Figure:
    """Return the ROC and precision-recall curves with the point of one threshold.

    Only the corner in which good networks lie is drawn, larger if the point lies
    outside it.
    """
    figure = make_subplots(
        rows=1,
        cols=2,
        horizontal_spacing=0.16,
        subplot_titles=("ROC curve", "Precision and recall"),
    )
    panels = (
        (report.roc_fpr, report.roc_tpr, point.fake_missed, point.recall),
        (curves.recall, curves.precision, point.recall, point.precision),
    )
    for panel, (x, y, here_x, here_y) in enumerate(panels, start=1):
        line = {"color": _CURVE, "width": 3}
        figure.add_scatter(x=x, y=y, mode="lines", line=line, row=1, col=panel)
        figure.add_scatter(
            x=[here_x.value],
            y=[here_y.value],
            mode="markers",
            marker=_POINT,
            row=1,
            col=panel,
        )
    missed, found = point.fake_missed.value, point.recall.value
    span = _corner(missed, 1 - found)
    figure.update_xaxes(range=[-span / 50, span], title_text="FAKE called REAL", col=1)
    top = [1 - span, 1 + span / 50]
    figure.update_yaxes(range=top, title_text="REAL found", col=1)
    span = _corner(1 - found, 1 - point.precision.value)
    top = [1 - span, 1 + span / 50]
    figure.update_xaxes(range=top, title_text="recall: REAL found", col=2)
    figure.update_yaxes(range=top, title_text="precision", col=2)
    figure.update_xaxes(tickformat=".0%").update_yaxes(tickformat=".0%")
    return styled(figure)


def _corner(*errors: float) -> float:
    """Return the side of the drawn corner: the usual one, or one with the point."""
    return max(_CORNER, *(1.1 * error for error in errors))


def histogram_figure(
    curves: Curves,
    *,
    threshold: float,
    marks: Mapping[Label, Sequence[str]],
    chosen: str,
) -> go.Figure:
    """Return the histogram of the probability of REAL, by label.

    Counts are on a logarithmic scale: nearly all lie at the two ends.

    Args:
        curves: with the counts of both labels.
        threshold: drawn as a line, 0 to 1.
        marks: those of the bars, by label.
        chosen: the mark whose pictures are looked at.
    """
    figure = make_subplots(
        rows=2,
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.12,
        subplot_titles=[f"{label} pictures" for label in reversed(LABELS)],
    )
    both: Mapping[Label, Sequence[int]] = {
        "FAKE": curves.fake.tolist(),
        "REAL": curves.real.tolist(),
    }
    among = chosen in {each for row in marks.values() for each in row}
    for row, label in enumerate(reversed(LABELS), start=1):
        opacity = [_FADED if among and m != chosen else 1 for m in marks[label]]
        figure.add_bar(
            x=[(low + high) / 2 for low, high in pairwise(EDGES)],
            y=both[label],
            width=EDGES[1],
            marker={"color": LABEL_COLORS[label], "opacity": opacity},
            customdata=[[each] for each in marks[label]],
            hovertemplate="P(REAL) about %{x:.2f}: %{y:,} pictures<extra></extra>",
            row=row,
            col=1,
        )
    highest = max(10, *(max(counts) for counts in both.values()))
    # from under 1, so that a single picture has a bar too
    extent = [math.log10(0.6), math.log10(1.5 * highest)]
    figure.update_yaxes(type="log", dtick=1, range=extent, title_text="pictures")
    figure.update_xaxes(range=[0, 1], tickformat=".0%")
    figure.update_xaxes(title_text="probability of REAL", row=2)
    figure.add_vline(x=threshold, line={"width": 3, "dash": "dash", "color": ACCENT})
    return clickable(styled(figure))


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
        marker_opacity=[_FADED if among and each != chosen else 1 for each in marks],
        selector=_is_marks,
    )
    return clickable(figure)


def _squares(  # noqa: PLR0913 - a table and its five parts
    words: Sequence[Sequence[str]],
    colors: Sequence[Sequence[str]],
    *,
    marks: Sequence[Sequence[str]],
    chosen: str,
    columns: Sequence[str],
    rows: Sequence[str],
) -> go.Figure:
    """Return 2x2 squares with words in them, the first row above."""
    flat = [each for row in marks for each in row]
    squares = _bars(words, colors, marks=flat, chosen=chosen)
    figure = go.Figure(squares)
    figure.update_xaxes(tickvals=[0, 1], ticktext=columns, showgrid=False)
    figure.update_yaxes(
        tickvals=[_SQUARE / 2, 1 + _SQUARE / 2],
        ticktext=list(reversed(rows)),
        tickangle=-90,
        showgrid=False,
        zeroline=False,
    )
    size = text_size(15)
    figure.update_layout(barmode="overlay", xaxis_tickfont_size=size)
    clickable(styled(figure, left=48)).update_yaxes(tickfont_size=size)
    return figure.update_layout(margin_b=text_size(48))


def _bars(
    words: Sequence[Sequence[str]],
    colors: Sequence[Sequence[str]],
    *,
    marks: Sequence[str],
    chosen: str,
) -> go.Bar:
    """Return four bars as squares, the first row above, the chosen one framed."""
    return go.Bar(
        x=[0, 1, 0, 1],
        y=[_SQUARE] * 4,
        base=[1, 1, 0, 0],
        width=_SQUARE,
        text=[each for row in words for each in row],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"size": text_size(17), "color": DARK_TEXT},
        constraintext="none",
        marker={
            "color": [each for row in colors for each in row],
            "line": {
                "width": [6 if each == chosen else 0 for each in marks],
                "color": _CURVE,
            },
        },
        customdata=[[each] for each in marks],
        hovertemplate="%{text}<extra></extra>",
    )


def clickable(figure: go.Figure) -> go.Figure:
    """Return `figure` without zoom; what a click fades is told by the marks alone."""
    same = {"marker": {"opacity": 1}, "textfont": {"color": DARK_TEXT}}
    figure.update_traces(selected=same, unselected=same, selector=_is_marks)
    figure.update_xaxes(fixedrange=True)
    return figure.update_yaxes(fixedrange=True)


def _is_marks(trace: go.Bar | go.Scatter) -> bool:
    """Say if a trace has bars or points, and is no mere line."""
    return trace.type == "bar" or "markers" in trace.mode
