"""Charts of evaluation: ROC, learning, reliability, confusion, risk and coverage."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Final

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from cifake_core.basics.estimates import Estimate
from cifake_core.basics.labels import OBJECT_CLASSES
from cifake_core.evaluation.records import EvalReport, ObjectReport, ReliabilityBin
from cifake_core.figures.style import (
    CURVE_COLORS,
    DARK_TEXT,
    DASHES,
    LABEL_COLORS,
    error_bars,
    styled,
    text_size,
    values,
)
from cifake_core.verdicts.card import RiskCurve, SetRow

#: Both shades carry the dark text at 8:1 or better.
_SHARE_SCALE: Final = ((0.0, "#F4F4F4"), (1.0, "#7DB9DE"))
#: The ROC curve's upper left corner, drawn five times larger.
_CORNER: Final = 0.2
_MEASURES: Final = ("loss", "accuracy")
#: Where the curve of risk and coverage begins: before, it is flat.
_LEAST_COVERAGE: Final = 0.7
#: Height of charts with a line for each object class, or two panels, in pixels.
_TALL: Final = 600


def roc_figure(reports: Mapping[str, EvalReport]) -> go.Figure:
    """Return the ROC curves, whole on the left, their upper left corner on the right.

    Good networks differ only in that corner, 0 to 0.2 by 0.8 to 1. Curves differ by
    dash as well as by colour; the legend gives each area with its interval and n.

    Args:
        reports: the name to show (a network and its short hash) and its figures.
    """
    figure = make_subplots(
        rows=1,
        cols=2,
        horizontal_spacing=0.12,
        subplot_titles=("The whole curve", "Its upper left corner, enlarged"),
    )
    for (name, report), color, dash in zip(
        reports.items(), cycle(CURVE_COLORS), cycle(DASHES), strict=False
    ):
        figure.add_scatter(
            x=report.roc_fpr,
            y=report.roc_tpr,
            name=f"{name}: {_area_text(report)}",
            line={"color": color, "dash": dash, "width": 3},
            mode="lines",
            legendgroup=name,
            row="all",
            col="all",
        )
    chance = {"color": LABEL_COLORS["UNSURE"], "dash": "dot", "width": 1}
    figure.add_scatter(
        x=[0, 1], y=[0, 1], name="chance", mode="lines", line=chance, row=1, col=1
    )
    figure.update_traces(showlegend=False, col=2)
    figure.update_xaxes(title_text="FAKE pictures wrongly called REAL")
    figure.update_yaxes(title_text="REAL pictures rightly called REAL")
    for panel, extent in enumerate((1, _CORNER), start=1):
        figure.update_xaxes(range=[0, extent], tickformat=".0%", col=panel)
        top = 1 + extent / 100
        figure.update_yaxes(range=[1 - extent, top], tickformat=".0%", col=panel)
    return styled(figure, legend_lines=1)


def history_figure(history: Mapping[str, Sequence[float]]) -> go.Figure:
    """Return the learning curves: loss, then accuracy, then that of the object class.

    Args:
        history: the columns `epoch`, `loss`, `accuracy`, `validation_loss` and
            `validation_accuracy`, one value an epoch; with `object_accuracy`, of
            validation, there is a third panel. Others are ignored.

    Raises:
        ValueError: If one of these columns is missing.
    """
    columns = ("epoch", *_MEASURES, *(f"validation_{name}" for name in _MEASURES))
    if not set(columns) <= set(history):
        msg = (
            f"Expected a training history with the columns {', '.join(columns)}. "
            f"Received {', '.join(history) or 'none'}."
        )
        raise ValueError(msg)
    looks = {
        "training": ("", CURVE_COLORS[0], "dash", "circle"),
        "validation": ("validation_", CURVE_COLORS[3], "solid", "square"),
    }
    panels = [
        {name: prefix + measure for name, (prefix, *_) in looks.items()}
        for measure in _MEASURES
    ]
    if "object_accuracy" in history:
        panels.append({"validation": "object_accuracy"})
    titles = ("Loss", "Accuracy", "Accuracy in naming the object")[: len(panels)]
    figure = make_subplots(rows=1, cols=len(panels), subplot_titles=titles)
    for panel, curves in enumerate(panels, start=1):
        for name, column in curves.items():
            _, color, dash, symbol = looks[name]
            figure.add_scatter(
                x=list(history["epoch"]),
                y=list(history[column]),
                name=name,
                mode="lines+markers",
                line={"color": color, "dash": dash},
                marker={"symbol": symbol, "size": 7},
                legendgroup=name,
                showlegend=panel == 1,
                row=1,
                col=panel,
            )
    figure.update_xaxes(title_text="epoch")
    for panel in range(2, len(panels) + 1):
        figure.update_yaxes(tickformat=".0%", col=panel)
    return styled(figure, left=50, legend_lines=1)


def reliability_figure(
    bins: Sequence[ReliabilityBin],
    *,
    title: str,
    ece: float,
) -> go.Figure:
    """Return the reliability diagram: accuracy by confidence, and counts below.

    Above, a point for each bin with its interval, and the diagonal on which a
    perfectly calibrated network would lie; below, the pictures in each bin.

    Args:
        bins: those with pictures in them.
        title: what was evaluated.
        ece: the expected calibration error, 0 to 1.
    """
    shares = [each.accuracy for each in bins]
    figure = make_subplots(
        rows=2, cols=1, shared_xaxes=True, row_heights=(0.7, 0.3), vertical_spacing=0.06
    )
    perfect = {"color": LABEL_COLORS["UNSURE"], "dash": "dot", "width": 2}
    figure.add_scatter(
        x=[0, 1], y=[0, 1], name="perfectly calibrated", mode="lines", line=perfect
    )
    figure.add_scatter(
        x=[each.confidence for each in bins],
        y=values(shares),
        error_y=error_bars(shares),
        name="this network, with 95% intervals",
        mode="markers",
        marker={"color": CURVE_COLORS[3], "symbol": "square", "size": 9},
    )
    _add_counts(figure, bins)
    lowest = min(each.low for each in bins)
    figure.update_xaxes(range=[lowest, 1.01], tickformat=".0%")
    figure.update_xaxes(title_text="how sure the network is", row=2)
    figure.update_yaxes(title_text="rightly called", tickformat=".0%", row=1)
    lowest = min(lowest, *(share.low for share in shares)) - 0.03
    figure.update_yaxes(range=[lowest, 1.03], row=1)
    figure.update_yaxes(title_text="pictures", row=2, rangemode="tozero")
    n = sum(each.n for each in bins)
    subtitle = f"expected calibration error {ece:.3f}, n = {n:,}"
    return styled(figure, title=title, subtitle=subtitle, height=_TALL, legend_lines=1)


def _add_counts(figure: go.Figure, bins: Sequence[ReliabilityBin]) -> None:
    """Draw how many pictures each bin has, in the second row."""
    figure.add_bar(
        x=[(each.low + each.high) / 2 for each in bins],
        y=[each.n for each in bins],
        width=[0.9 * (each.high - each.low) for each in bins],
        text=[f"{each.n:,}" for each in bins],
        textposition="outside",
        cliponaxis=False,
        marker_color=CURVE_COLORS[3],
        showlegend=False,
        row=2,
        col=1,
    )


def object_confusion_figure(report: ObjectReport, *, title: str) -> go.Figure:
    """Return the confusion matrix of object classes, with counts in the squares.

    Args:
        report: how one network names objects; a darker square is a larger share of
            its row, the counts of rightly named pictures are bold.
        title: what was evaluated; n and the accuracy are written below it.
    """
    squares = go.Heatmap(
        x=OBJECT_CLASSES,
        y=OBJECT_CLASSES,
        z=[[count / max(sum(row), 1) for count in row] for row in report.confusion],
        zmin=0,
        zmax=1,
        text=[
            [
                f"<b>{count:,}</b>" if seen == truth else f"{count:,}"
                for seen, count in enumerate(row)
            ]
            for truth, row in enumerate(report.confusion)
        ],
        texttemplate="%{text}",
        textfont={"size": text_size(13), "color": DARK_TEXT},
        hovertemplate="%{y}, seen as %{x}: %{text} (%{z:.1%})<extra></extra>",
        colorscale=_SHARE_SCALE,
        showscale=False,
        xgap=2,
        ygap=2,
    )
    accuracy = f"accuracy {_in_percent(report.accuracy)}, n = {report.n:,}"
    figure = go.Figure(squares)
    figure.update_xaxes(title_text="seen as", tickangle=-45, showgrid=False)
    figure.update_yaxes(title_text="truth", autorange="reversed", showgrid=False)
    size = text_size(14)
    figure.update_layout(xaxis_tickfont_size=size, yaxis_tickfont_size=size)
    styled(figure, title=title, subtitle=accuracy, height=_TALL, left=134)
    return figure.update_layout(margin_b=text_size(126))


def _in_percent(estimate: Estimate) -> str:
    """Return an estimate as a sentence takes it, with its 95 % interval."""
    interval = f"{estimate.low:.1%} to {estimate.high:.1%}"
    return f"{estimate.value:.1%} (95% interval {interval})"


def risk_figure(curve: RiskCurve, given: SetRow) -> go.Figure:
    """Return the risk-coverage curve: accuracy if only the surest verdicts are given.

    The curve goes by the networks' confidence alone; the diamond is what all reasons
    to abstain together come to, with its 95 % intervals.

    Args:
        curve: of the official test set.
        given: how the verdicts fare on it.
    """
    coverage, accuracy = given.coverage, given.accuracy
    figure = go.Figure()
    figure.add_scatter(
        x=curve.coverage,
        y=curve.accuracy,
        name="the surest answers alone",
        mode="lines",
        line={"color": CURVE_COLORS[3], "width": 3},
    )
    figure.add_scatter(
        x=[coverage.value],
        y=[accuracy.value],
        error_x=error_bars([coverage]),
        error_y=error_bars([accuracy]),
        name=f"the verdicts, n = {given.n:,}",
        mode="markers",
        marker={"color": CURVE_COLORS[1], "symbol": "diamond", "size": 14},
    )
    figure.update_xaxes(
        range=[_LEAST_COVERAGE, 1.005], tickformat=".0%", title_text="get a verdict"
    )
    shown = [
        a
        for c, a in zip(curve.coverage, curve.accuracy, strict=True)
        if c >= _LEAST_COVERAGE
    ]
    figure.update_yaxes(
        range=[min((*shown, accuracy.low)) - 0.002, 1.001],
        tickformat=".1%",
        title_text="of these verdicts are right",
    )
    return styled(figure, left=100, legend_lines=1)


def _area_text(report: EvalReport) -> str:
    """Return the area under the curve with interval and n, for a legend."""
    area = report.roc_auc
    interval = f"{area.low:.4f} to {area.high:.4f}"
    return f"AUC {area.value:.4f} (95% interval {interval}, n = {report.n:,})"
