"""Chart of how the mean spectra of generators differ from that of photographs."""

from collections.abc import Mapping, Sequence
from typing import Final

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from cifake_core.basics.arrays import SIDE, Floats
from cifake_core.basics.estimates import Estimate
from cifake_core.figures.style import (
    ACCENT,
    CURVE_COLORS,
    PURPLE_GREEN,
    error_bars,
    styled,
    text_size,
    values,
)

#: Frequencies of the rows and columns of a spectrum, in cycles a pixel.
_FREQUENCIES: Final = [(step - SIDE // 2) / SIDE for step in range(SIDE)]


def spectrum_gap_figure(
    rings: Mapping[str, Sequence[Estimate]],
    decibels: Floats,
    *,
    chosen: str,
    extent: float,
) -> go.Figure:
    """Return what fakes have more or less of than photographs, by frequency.

    On the right the frequency 0 is in the middle; to the right are horizontal ones,
    upwards vertical ones.

    Args:
        rings: of each generator, by its title, less those of photographs.
        decibels: (32, 32), the spectrum of the chosen one less that of photographs.
        chosen: the title of the generator that stands out; the others are faint.
        extent: the difference in decibels that has the full colour, either way.
    """
    figure = make_subplots(
        rows=1,
        cols=2,
        column_widths=[0.58, 0.42],
        horizontal_spacing=0.1,
        subplot_titles=("In any direction", "By direction"),
    )
    for title, each in sorted(rings.items(), key=lambda ring: ring[0] == chosen):
        figure.add_trace(_line(title, each, stands_out=title == chosen), row=1, col=1)
    zero = {"width": 2, "dash": "dash", "color": CURVE_COLORS[4]}
    figure.add_hline(y=0, line=zero, row=1, col=1)
    figure.add_heatmap(
        z=decibels.tolist(),
        x=_FREQUENCIES,
        y=_FREQUENCIES,
        colorscale=PURPLE_GREEN,
        zmin=-extent,
        zmax=extent,
        colorbar={"title": "decibels", "thickness": 12},
        hovertemplate="%{x:.2f}, %{y:.2f}: %{z:+.1f} dB<extra></extra>",
        showlegend=False,
        row=1,
        col=2,
    )
    figure.update_xaxes(title_text="cycles a pixel")
    figure.update_yaxes(
        title_text="decibels more than photographs", zeroline=False, col=1
    )
    figure.update_xaxes(showgrid=False, zeroline=False, constrain="domain", col=2)
    figure.update_yaxes(
        showgrid=False, zeroline=False, scaleanchor="x2", constrain="domain", col=2
    )
    return styled(figure, legend_lines=1).update_layout(margin_r=text_size(110))


def _line(title: str, rings: Sequence[Estimate], *, stands_out: bool) -> go.Scatter:
    """Line of one generator: with points and intervals if it is the chosen one."""
    line = go.Scatter(
        x=[number / SIDE for number in range(1, len(rings) + 1)],
        y=values(rings),
        name=f"{title}, less photographs" if stands_out else title,
        mode="lines",
        line={"color": CURVE_COLORS[4], "width": 1},
        opacity=0.6,
        showlegend=False,
        hovertemplate="%{x:.3f} cycles a pixel: %{y:+.2f} dB<extra>"
        + title
        + "</extra>",
    )
    if stands_out:
        line.update(
            mode="lines+markers",
            line={"color": ACCENT, "width": 3},
            marker={"size": 8},
            opacity=1,
            showlegend=True,
            error_y=error_bars(rings),
        )
    return line
