"""Charts of a data set: colour spread, spectra, radial spectra."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from cifake_core.basics.arrays import SIDE, Floats
from cifake_core.basics.labels import LABELS, Label
from cifake_core.figures.style import (
    ACCENT,
    LABEL_COLORS,
    PURPLE_GREEN,
    error_bars,
    styled,
    text_size,
    values,
)
from cifake_core.pictures.statistics import Spectrum

_LOOKS: Final[Mapping[Label, tuple[str, str]]] = {
    "REAL": ("solid", "circle"),
    "FAKE": ("dash", "square"),
}
#: Frequencies of the rows and columns of a spectrum, in cycles a pixel.
_FREQUENCIES: Final = [(step - SIDE // 2) / SIDE for step in range(SIDE)]


def spread_figure(
    counts: Mapping[Label, npt.NDArray[np.int64]],
    edges: Sequence[float],
    *,
    grey_below: float,
) -> go.Figure:
    """Return the histogram of colour spread by label, REAL above FAKE.

    Args:
        counts: (B,) pictures of each label between two edges.
        edges: (B + 1,) of the colour spread, of 255.
        grey_below: a line is drawn there.
    """
    figure = make_subplots(
        rows=2,
        cols=1,
        shared_xaxes=True,
        shared_yaxes="all",
        vertical_spacing=0.12,
        subplot_titles=[f"{label} pictures" for label in reversed(LABELS)],
    )
    for row, label in enumerate(reversed(LABELS), start=1):
        figure.add_bar(
            x=[(low + high) / 2 for low, high in pairwise(edges)],
            y=counts[label].tolist(),
            width=edges[1] - edges[0],
            marker={"color": LABEL_COLORS[label], "line": {"width": 0}},
            hovertemplate="spread about %{x:.0f}: %{y:,} pictures<extra></extra>",
            row=row,
            col=1,
        )
    figure.add_vline(x=grey_below, line={"width": 3, "dash": "dash", "color": ACCENT})
    figure.add_annotation(
        text="← almost grey",
        x=grey_below,
        y=1,
        yref="y domain",
        xanchor="left",
        showarrow=False,
        row=1,
        col=1,
    )
    figure.update_yaxes(title_text="pictures")
    figure.update_xaxes(title_text="colour spread, of 255", row=2)
    return styled(figure).update_layout(bargap=0)


def spectrum_figure(spectra: Mapping[Label, Spectrum], difference: Floats) -> go.Figure:
    """Return the mean spectra of REAL and of FAKE, and FAKE less REAL.

    The frequency 0 is in the middle; to the right are horizontal ones, upwards
    vertical ones.

    Args:
        spectra: by label.
        difference: (32, 32), the spectrum of FAKE less that of REAL.
    """
    real, fake = spectra["REAL"].decibels, spectra["FAKE"].decibels
    figure = make_subplots(
        rows=1,
        cols=3,
        horizontal_spacing=0.07,
        subplot_titles=("REAL", "FAKE", "FAKE less REAL"),
    )
    for column, decibels in enumerate((real, fake), start=1):
        figure.add_heatmap(
            z=decibels,
            coloraxis="coloraxis",
            hovertemplate="%{x:.2f}, %{y:.2f}: %{z:.1f} dB<extra></extra>",
            row=1,
            col=column,
        )
    figure.add_heatmap(
        z=difference,
        coloraxis="coloraxis2",
        hovertemplate="%{x:.2f}, %{y:.2f}: %{z:+.1f} dB<extra></extra>",
        row=1,
        col=3,
    )
    figure.update_traces(x=_FREQUENCIES, y=_FREQUENCIES)
    _scale_colors(
        figure,
        highest=float(max(real.max(), fake.max())),
        extent=float(np.abs(difference).max()),
    )
    figure.update_xaxes(title_text="cycles a pixel", showgrid=False, zeroline=False)
    figure.update_yaxes(showgrid=False, zeroline=False)
    for column, name in enumerate(("x", "x2", "x3"), start=1):
        figure.update_yaxes(scaleanchor=name, constrain="domain", col=column)
        figure.update_xaxes(constrain="domain", col=column)
    return styled(figure, left=48).update_layout(margin_b=text_size(156))


def _scale_colors(figure: go.Figure, *, highest: float, extent: float) -> None:
    """Give both spectra one scale of colours, and their difference its own.

    Args:
        figure: it is changed.
        highest: the most decibels of a spectrum.
        extent: the largest difference either way; less in FAKE is purple, more green.
    """
    bars = {"orientation": "h", "thickness": 12, "y": -0.32, "yanchor": "top"}
    figure.update_layout(
        coloraxis={
            "colorscale": "Viridis",
            "cmin": 0,
            "cmax": highest,
            "colorbar": bars | {"x": 0.31, "len": 0.6, "title": "decibels"},
        },
        coloraxis2={
            "colorscale": PURPLE_GREEN,
            "cmin": -extent,
            "cmax": extent,
            "colorbar": bars | {"x": 0.86, "len": 0.28, "title": "decibels"},
        },
    )


def rings_figure(spectra: Mapping[Label, Spectrum]) -> go.Figure:
    """Return the radial spectrum of either label: how strong each frequency is."""
    figure = go.Figure()
    for label, (dash, symbol) in _LOOKS.items():
        rings = spectra[label].rings
        figure.add_scatter(
            x=[number / SIDE for number in range(1, len(rings) + 1)],
            y=values(rings),
            error_y=error_bars(rings),
            name=f"{label} (n = {spectra[label].n:,})",
            mode="lines+markers",
            line={"color": LABEL_COLORS[label], "dash": dash, "width": 3},
            marker={"symbol": symbol, "size": 8},
            hovertemplate="%{x:.3f} cycles a pixel: %{y:.2f} dB<extra></extra>",
        )
    figure.update_xaxes(title_text="cycles a pixel, in any direction")
    figure.update_yaxes(title_text="decibels", rangemode="tozero")
    return styled(figure, legend_lines=1)
