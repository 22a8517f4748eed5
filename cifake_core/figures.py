"""A record in, a Plotly figure or an RGB array out; nothing is computed here.

Figures have no background of their own and take their fonts from the page's
theme, light or dark. Words, dashes and markers tell what the colours tell.
"""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from cifake_core.arrays import Floats, Plane, Rgb, check_rgb
from cifake_core.results import LABELS, Estimate, EvalReport, Explanation, Ruling

#: Source: Okabe & Ito 2008, "Color Universal Design" (blue, vermilion), and a grey;
#: each stands out 3:1 on white and near-black.
LABEL_COLORS: Final[Mapping[Ruling, str]] = {
    "REAL": "#0072B2",
    "FAKE": "#D55E00",
    "UNSURE": "#767676",
}

#: None of them is a label's colour, each stands out 3:1 on white and near-black.
_CURVE_COLORS: Final = ("#009E73", "#C06090", "#A57C00", "#7B6FD0", "#7F7F7F")
_DASHES: Final = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
#: Both shades carry the dark text at 8:1 or better.
_SHARE_SCALE: Final = ((0.0, "#F4F4F4"), (1.0, "#7DB9DE"))
_DARK_TEXT: Final = "#111111"
#: The ROC curve's upper left corner, drawn five times larger.
_CORNER: Final = 0.2
_MEASURES: Final = ("loss", "accuracy")
#: From "against" (purple) over neutral to "for" (green), neither a label's colour.
#: Source: ColorBrewer 2.0, PRGn with 7 classes, safe for the colour-blind.
_DIVERGING_ANCHORS: Final = "762a83 af8dc3 e7d4e8 f7f7f7 d9f0d3 7fbf7b 1b7837"


def confusion_figure(report: EvalReport, *, title: str) -> go.Figure:
    """Return the confusion matrix as four squares with counts and shares of the row.

    Args:
        report: the figures of one network.
        title: what was evaluated; n and the accuracy are written below it.
    """
    shares = [[count / max(sum(row), 1) for count in row] for row in report.confusion]
    text = [
        [
            f"<b>{count:,}</b><br>{share:.1%} of {truth}<br>"
            + ("right" if truth == called else "wrong")
            for called, count, share in zip(LABELS, counts, row, strict=True)
        ]
        for truth, counts, row in zip(LABELS, report.confusion, shares, strict=True)
    ]
    squares = go.Heatmap(
        x=[f"called {label}" for label in LABELS],
        y=[f"is {label}" for label in LABELS],
        z=shares,
        zmin=0,
        zmax=1,
        text=text,
        texttemplate="%{text}",
        textfont={"size": 18, "color": _DARK_TEXT},
        hovertemplate="%{y}, %{x}<br>%{text}<extra></extra>",
        colorscale=_SHARE_SCALE,
        showscale=False,
        xgap=4,
        ygap=4,
    )
    accuracy = f"accuracy {_in_percent(report.accuracy)}, n = {report.n:,}"
    figure = go.Figure(squares)
    figure.update_xaxes(tickfont_size=16, showgrid=False)
    figure.update_yaxes(autorange="reversed", tickfont_size=16, showgrid=False)
    return _styled(figure, title=title, subtitle=accuracy)


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
        reports.items(), cycle(_CURVE_COLORS), cycle(_DASHES), strict=False
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
    return _styled(figure)


def history_figure(history: Mapping[str, Sequence[float]]) -> go.Figure:
    """Return the learning curves: loss on the left, accuracy on the right.

    Args:
        history: the columns `epoch`, `loss`, `accuracy`, `validation_loss` and
            `validation_accuracy`, one value an epoch; others are ignored.

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
    figure = make_subplots(rows=1, cols=2, subplot_titles=("Loss", "Accuracy"))
    looks = {
        "training": ("", _CURVE_COLORS[0], "dash", "circle"),
        "validation": ("validation_", _CURVE_COLORS[3], "solid", "square"),
    }
    for panel, measure in enumerate(_MEASURES, start=1):
        for name, (prefix, color, dash, symbol) in looks.items():
            figure.add_scatter(
                x=list(history["epoch"]),
                y=list(history[prefix + measure]),
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
    figure.update_yaxes(tickformat=".0%", col=2)
    return _styled(figure)


def colorize(heatmap: Floats, *, signed: bool) -> Rgb:
    """Return a map in colours: viridis, or purple (against) to green (for).

    Args:
        heatmap: (H, W) float, 0 to 1, or -1 to 1 if `signed`.
        signed: whether negative values speak against the label.

    Returns:
        (H, W, 3) uint8, RGB; a signed 0 is the neutral near-white.

    Raises:
        ValueError: If `heatmap` has another shape or leaves that range.
    """
    low = -1 if signed else 0
    if heatmap.ndim != 2 or not (heatmap.min() >= low and heatmap.max() <= 1):
        msg = (
            f"Expected a map of shape (H, W) with values from {low} to 1. Received "
            f"shape {heatmap.shape} with {heatmap.min()} to {heatmap.max()}."
        )
        raise ValueError(msg)
    if signed:
        return _DIVERGING[np.rint((heatmap + 1) * 127).astype(int)]
    steps = np.rint(heatmap * 255).astype(np.uint8)
    colors = cv2.applyColorMap(steps, cv2.COLORMAP_VIRIDIS)
    return np.asarray(cv2.cvtColor(colors, cv2.COLOR_BGR2RGB), np.uint8)


def emphasize(heatmap: Floats) -> Floats:
    """Return a map, -1 to 1, with its weak evidence raised: the signed square root."""
    return np.asarray(np.sign(heatmap) * np.sqrt(np.abs(heatmap)), np.float32)


def colorbar(*, signed: bool) -> Rgb:
    """Return the colours of `colorize` from lowest to highest, (12, 255, 3) uint8."""
    values = np.linspace(-1 if signed else 0, 1, 255, dtype=np.float32)
    return colorize(np.tile(values, (12, 1)), signed=signed)


def overlay(image: Rgb, explanation: Explanation, *, opacity: float, size: int) -> Rgb:
    """Return `image` enlarged, with the map laid over it where there is evidence.

    A pixel is covered by `opacity` times the strength of its evidence: where the map
    is 0 the picture stays as it is. Signed maps keep their pixels and pieces sharp,
    others are enlarged bilinearly.

    Args:
        image: (S, S, 3) uint8, RGB, the picture that was explained.
        explanation: its `heatmap` is (S, S).
        opacity: 0 to 1, how far the strongest evidence covers the picture.
        size: height and width of the result in pixels, a multiple of S.

    Returns:
        (size, size, 3) uint8, RGB.

    Raises:
        InvalidImageError: If `image` is not an RGB picture.
        ValueError: If map and picture differ in shape, or the opacity or size is not
            as said above.
    """
    check_rgb(image)
    if explanation.heatmap.shape != image.shape[:2]:
        msg = (
            "Expected a map on the pixels of the picture. Received a map of shape "
            f"{explanation.heatmap.shape} for a picture of shape {image.shape}."
        )
        raise ValueError(msg)
    if not 0 <= opacity <= 1:
        msg = f"Expected an opacity from 0 to 1. Received {opacity}."
        raise ValueError(msg)
    pixels = enlarge(image, size=size)
    kernel = cv2.INTER_NEAREST if explanation.signed else cv2.INTER_LINEAR
    resized = cv2.resize(explanation.heatmap, (size, size), interpolation=kernel)
    heatmap = resized.astype(np.float32, copy=False)
    colors = colorize(heatmap, signed=explanation.signed)
    alpha = opacity * np.abs(heatmap)[:, :, np.newaxis]
    return np.rint((1 - alpha) * pixels + alpha * colors).astype(np.uint8)


def enlarge(image: Rgb | Plane, *, size: int) -> Rgb | Plane:
    """Return a square picture with each pixel as a block, nothing in between.

    Args:
        image: (S, S, 3) or (S, S) uint8.
        size: height and width of the result in pixels, a multiple of S.

    Raises:
        ValueError: If the picture is not square or `size` is no multiple of S.
    """
    height, width = image.shape[:2]
    if height != width or size < height or size % height:
        msg = (
            "Expected a square picture and a multiple of its side. "
            f"Received shape {image.shape} and size {size}."
        )
        raise ValueError(msg)
    return image.repeat(size // height, axis=0).repeat(size // height, axis=1)


def png_bytes(image: Rgb | Plane) -> bytes:
    """Return `image`, (H, W, 3) RGB or (H, W) uint8, as a PNG file."""
    pixels = cv2.cvtColor(image, cv2.COLOR_RGB2BGR) if image.ndim == 3 else image
    return cv2.imencode(".png", pixels)[1].tobytes()


def _diverging_table() -> npt.NDArray[np.uint8]:
    """Return 255 colours through the anchors, evenly in Lab; number 127 is neutral."""
    anchors = np.frombuffer(bytes.fromhex(_DIVERGING_ANCHORS), np.uint8)
    colors = anchors.reshape(1, -1, 3).astype(np.float32) / 255
    lab = cv2.cvtColor(colors, cv2.COLOR_RGB2Lab)[0]
    steps = np.linspace(0, len(lab) - 1, 255)
    between = [np.interp(steps, np.arange(len(lab)), channel) for channel in lab.T]
    table = np.stack(between, axis=-1)[np.newaxis].astype(np.float32)
    rgb = cv2.cvtColor(table, cv2.COLOR_Lab2RGB)[0]
    return np.rint(rgb * 255).clip(0, 255).astype(np.uint8)


_DIVERGING: Final = _diverging_table()


def _in_percent(estimate: Estimate) -> str:
    """Return an estimate as a sentence takes it, with its 95 % interval."""
    interval = f"{estimate.low:.1%} to {estimate.high:.1%}"
    return f"{estimate.value:.1%} (95% interval {interval})"


def _area_text(report: EvalReport) -> str:
    """Return the area under the curve with interval and n, for a legend."""
    area = report.roc_auc
    interval = f"{area.low:.4f} to {area.high:.4f}"
    return f"AUC {area.value:.4f} (95% interval {interval}, n = {report.n:,})"


def _styled(figure: go.Figure, *, title: str = "", subtitle: str = "") -> go.Figure:
    """Return `figure` without background, its legend below, large enough to project."""
    return figure.update_layout(
        title={"text": title, "subtitle": {"text": subtitle, "font_size": 14}},
        height=460,
        margin={"t": 80 if title else 40, "b": 40, "l": 40, "r": 20},
        legend={"orientation": "h", "y": -0.2, "yanchor": "top", "font_size": 14},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
