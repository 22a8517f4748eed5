"""Charts of scores: scatter of two networks, ROC and precision-recall, histogram."""

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
from cifake_core.evaluation.comparison import Cell
from cifake_core.evaluation.operating_points import EDGES, Curves, OperatingPoint
from cifake_core.evaluation.records import EvalReport
from cifake_core.figures.clickable import CURVE, FADED, clickable
from cifake_core.figures.style import ACCENT, LABEL_COLORS, styled

#: The corner in which the curves of good networks lie.
_CORNER: Final = 0.2
#: Area under the ROC curve from which on a network is one of these.
_GOOD_AREA: Final = 0.95


#: The point of the threshold on both curves.
_POINT: Final = {
    "size": 16,
    "color": ACCENT,
    "symbol": "diamond",
    "line": {"width": 2, "color": "#FFFFFF"},
}


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

    Of a good network only the corner in which its curves lie is drawn, larger if the
    point lies outside it.
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
        line = {"color": CURVE, "width": 3}
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
    is_good = report.roc_auc.value >= _GOOD_AREA
    span = _corner(missed, 1 - found) if is_good else 1.0
    figure.update_xaxes(range=[-span / 50, span], title_text="FAKE called REAL", col=1)
    top = [1 - span, 1 + span / 50]
    figure.update_yaxes(range=top, title_text="REAL found", col=1)
    span = _corner(1 - found, 1 - point.precision.value) if is_good else 1.0
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
        opacity = [FADED if among and m != chosen else 1 for m in marks[label]]
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
