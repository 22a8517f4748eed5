"""Drawings of a network's inside: kernels, feature maps, weights, LIME's fit."""

from typing import Final

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from cifake_core.basics.arrays import Floats, Rgb
from cifake_core.explain.methods.cam import CamSteps
from cifake_core.explain.methods.lime import LineFit
from cifake_core.figures.heat_maps import colorize, enlarge
from cifake_core.figures.style import ACCENT, LABEL_COLORS, styled

#: What lies between two tiles: a grey that is on neither scale of colours.
_GAP: Final = 128
_STRONG, _WEAK = ACCENT, "#7F7F7F"


def montage(tiles: Floats, *, columns: int, side: int, signed: bool) -> Rgb:
    """Return square maps beside and below each other, in the colours of `colorize`.

    Args:
        tiles: (N, S, S) float32, 0 to 1, or -1 to 1 if `signed`.
        columns: how many stand side by side.
        side: of a tile in pixels, a multiple of S.
        signed: whether there are negative values.

    Returns:
        (rows * (side + 4) - 4, columns * (side + 4) - 4, 3) uint8, RGB; what is left
        of the last row has the colour of the gaps.
    """
    rows, step = -(-len(tiles) // columns), side + 4
    picture = np.full((rows * step - 4, columns * step - 4, 3), _GAP, np.uint8)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        top, left = row * step, column * step
        colors = enlarge(colorize(tile, signed=signed), size=side)
        picture[top : top + side, left : left + side] = colors
    return picture


def outlined(image: Rgb, pieces: npt.NDArray[np.int64], *, size: int) -> Rgb:
    """Return a picture enlarged in blocks, with a line around each of its pieces.

    Args:
        image: (S, S, 3) uint8, RGB.
        pieces: (S, S) int64, numbered.
        size: height and width of the result in pixels, a multiple of S.

    Returns:
        (size, size, 3) uint8; the line is black and one pixel wide on either side.
    """
    step = size // len(pieces)
    numbers = pieces.repeat(step, axis=0).repeat(step, axis=1)
    edge = np.zeros(numbers.shape, np.bool_)
    across, down = np.diff(numbers, axis=1) != 0, np.diff(numbers, axis=0) != 0
    edge[:, :-1] |= across
    edge[:, 1:] |= across
    edge[:-1] |= down
    edge[1:] |= down
    return np.where(edge[..., None], np.uint8(0), enlarge(image, size=size))


def channel_weights_figure(steps: CamSteps, *, num_strong: int) -> go.Figure:
    """Return the weights of Grad-CAM's channels, the largest first; some stand out.

    Args:
        steps: how a map was made.
        num_strong: how many of the largest sizes to mark.
    """
    order = np.argsort(-steps.weights)
    strong = set(np.argsort(-np.abs(steps.weights))[:num_strong].tolist())
    colors = [_STRONG if each in strong else _WEAK for each in order.tolist()]
    bars = go.Bar(
        x=np.arange(1, len(order) + 1),
        y=steps.weights[order],
        marker={"color": colors, "line": {"width": 0}},
        customdata=order + 1,
        hovertemplate="map %{customdata}: %{y:.3g}<extra></extra>",
    )
    figure = go.Figure(bars)
    figure.update_xaxes(title_text="maps, by weight", fixedrange=True)
    figure.update_yaxes(title_text=f"weight for {steps.label}", fixedrange=True)
    return styled(figure, height=360).update_layout(bargap=0.1)


def line_figure(fit: LineFit, *, label: str) -> go.Figure:
    """Return LIME's fit: the network's scores of changed pictures against the line's.

    The nearer to the whole picture a changed one is, the larger its point. On the
    diagonal, line and network agree; the picture itself is the star.

    Args:
        fit: the pictures and the line.
        label: what the scores are for.
    """
    figure = go.Figure()
    ends = [float(fit.fitted.min()), float(fit.fitted.max())]
    line = {"color": LABEL_COLORS["UNSURE"], "dash": "dot", "width": 2}
    figure.add_scatter(x=ends, y=ends, mode="lines", name="the line", line=line)
    nearness = fit.nearness[1:]
    figure.add_scatter(
        x=fit.fitted[1:],
        y=fit.scores[1:],
        mode="markers",
        name="changed pictures, the nearer the larger",
        marker={
            "color": "#7B6FD0",
            "size": 4 + 12 * nearness / max(float(nearness.max()), 1e-9),
            "opacity": 0.6,
        },
        hovertemplate="line %{x:.1f}, network %{y:.1f}<extra></extra>",
    )
    figure.add_scatter(
        x=fit.fitted[:1],
        y=fit.scores[:1],
        mode="markers",
        name="the whole picture",
        marker={"color": ACCENT, "symbol": "star", "size": 18},
        hovertemplate="line %{x:.1f}, network %{y:.1f}<extra></extra>",
    )
    figure.update_xaxes(title_text="score by the line", fixedrange=True)
    figure.update_yaxes(title_text=f"score for {label} by the network", fixedrange=True)
    return styled(figure, legend_lines=1)
