"""Embedding map: every test picture a point, with a place picked out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from cifake_core.basics.arrays import Floats
from cifake_core.basics.labels import OBJECT_CLASSES
from cifake_core.evaluation.regions import Region
from cifake_core.figures.style import LABEL_COLORS, styled, text_size

_REAL, _FAKE = LABEL_COLORS["REAL"], LABEL_COLORS["FAKE"]
_GREY: Final = "#8A8A8A"
_MARK: Final = "#C0408A"
#: Source of the ten: Paul Tol, "Colour schemes", 2021, muted, the darkest lightened.
_CLASS_LOOKS: Final = (
    ("#CC6677", "circle"),
    ("#6A5BD0", "square"),
    ("#B8A13A", "diamond"),
    ("#117733", "triangle-up"),
    ("#56A8DC", "triangle-down"),
    ("#A8324A", "cross"),
    ("#44AA99", "x"),
    ("#8A8A2B", "pentagon"),
    ("#AA4499", "star"),
    ("#8A8A8A", "hexagon"),
)
#: Colour and symbol of each group of points.
_LOOKS: Final[Mapping[str, tuple[str, str]]] = {
    "FAKE": (_FAKE, "diamond"),
    "REAL": (_REAL, "circle"),
    "right": (_GREY, "circle"),
    "wrong": (_MARK, "x"),
    **dict(zip(OBJECT_CLASSES, _CLASS_LOOKS, strict=True)),
}
#: From clearly FAKE over undecided to clearly REAL.
_SCALE: Final = ((0.0, _FAKE), (0.5, "#C9C9C9"), (1.0, _REAL))
#: Scores beyond this, either way, have the same colour.
_MOST: Final = 8
_SCORE_AXIS: Final[Mapping[str, object]] = {
    "colorscale": _SCALE,
    "cmin": -_MOST,
    "cmax": _MOST,
    "colorbar": {"title": {"text": "score for REAL"}, "thickness": 14},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Pin:
    """A picture on the map: its place, and the places of its neighbours."""

    name: str
    place: tuple[float, float]
    neighbours: Sequence[tuple[float, float]]


def map_figure(
    places: Floats,
    groups: Mapping[str, npt.NDArray[np.int64]],
    *,
    scores: Floats | None = None,
    region: Region = (),
    pin: Pin | None = None,
) -> go.Figure:
    """Return the map; each group of pictures has its colour and symbol.

    Args:
        places: (N, 2) float32, where the pictures stand.
        groups: positions of pictures under "FAKE" and "REAL", "right" and "wrong",
            or the object classes; the last are drawn on top.
        scores: (N,) float32, colour the points in place of their group.
        region: the part that is looked at, outlined.
        pin: a picture to pick out.
    """
    figure = go.Figure()
    for name, positions in groups.items():
        color, symbol = _LOOKS[name]
        marker: dict[str, object] = {"symbol": symbol, "size": 4, "opacity": 0.6}
        marker |= {"color": color} if scores is None else _shades(scores[positions])
        figure.add_scattergl(
            x=places[positions, 0],
            y=places[positions, 1],
            name=name,
            mode="markers",
            marker=marker,
            hovertemplate=f"{name}<extra></extra>",
        )
    if scores is not None:
        figure.update_layout(coloraxis=_SCORE_AXIS)
    if region:
        x, y = zip(*region, region[0], strict=True)
        _add_line(figure, x=x, y=y)
    if pin is not None:
        _add_pin(figure, pin)
    hidden = {"showticklabels": False, "showgrid": False, "zeroline": False}
    figure.update_xaxes(fixedrange=True, title_text="", **hidden)
    figure.update_yaxes(fixedrange=True, title_text="", **hidden)
    # large in the legend, where a symbol has to be told from the next
    styled(figure, height=640, left=48, legend_lines=1)
    return figure.update_layout(
        legend_itemsizing="constant",
        legend_y=-0.04,
        margin={"t": 20, "b": text_size(70)},
    )


def _shades(scores: Floats) -> dict[str, object]:
    """Return the part of a marker that colours by the score."""
    return {"color": scores, "coloraxis": "coloraxis"}


def _add_line(figure: go.Figure, *, x: Sequence[float], y: Sequence[float]) -> None:
    """Draw the outline of a region."""
    figure.add_scattergl(
        x=x,
        y=y,
        name="chosen region",
        mode="lines",
        line={"color": _MARK, "width": 2, "dash": "dash"},
        hoverinfo="skip",
    )


def _add_pin(figure: go.Figure, pin: Pin) -> None:
    """Draw a picture as a star, its neighbours as rings around their places."""
    x, y = zip(*pin.neighbours, strict=True)
    figure.add_scattergl(
        x=x,
        y=y,
        name="its neighbours in training",
        mode="markers",
        marker={
            "symbol": "circle-open",
            "size": 13,
            "color": _MARK,
            "line": {"width": 3, "color": _MARK},
        },
        hovertemplate="a neighbour in training<extra></extra>",
    )
    figure.add_scattergl(
        x=[pin.place[0]],
        y=[pin.place[1]],
        name=pin.name,
        mode="markers",
        marker={
            "symbol": "star",
            "size": 22,
            "color": "#F0C419",
            "line": {"width": 2, "color": "#222222"},
        },
        hovertemplate=f"{pin.name}<extra></extra>",
    )
