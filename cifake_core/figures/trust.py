"""Charts of trust in explanations: deletion and insertion curves, channel values."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from cifake_core.basics.text import signed
from cifake_core.explain.records import ChannelValues
from cifake_core.figures.style import LABEL_COLORS, styled, text_size
from cifake_core.pictures.filters import FILTER_TEXTS
from cifake_core.trust.measure import Trust

#: Neither is a label's colour; each stands out 3:1 on white and near-black.
_MAP: Final = "#7B6FD0"
_BLANKED: Final = "#A57C00"
_RANDOM: Final = LABEL_COLORS["UNSURE"]


def trust_figure(trust: Trust, *, replacement: str) -> go.Figure:
    """Return the deletion and insertion curves of a map, and of its random maps.

    Args:
        trust: how far the map is to be trusted.
        replacement: a name of `PIXEL_REPLACEMENTS`: what stands where pixels are
            taken away.
    """
    curves = trust.curves[replacement]
    panels = {"taken away": curves.deletion, "put back": curves.insertion}
    figure = make_subplots(
        rows=1,
        cols=2,
        shared_yaxes=True,
        horizontal_spacing=0.1,
        subplot_titles=[f"Pixels {way}" for way in panels],
    )
    for panel, (of_map, *of_random) in enumerate(panels.values(), start=1):
        share = np.linspace(0, 1, len(of_map))
        figure.add_scatter(
            x=_joined([share] * len(of_random)),
            y=_joined(of_random),
            name=f"in {len(of_random)} random places",
            line={"color": _RANDOM, "width": 1, "dash": "dot"},
            mode="lines",
            hoverinfo="skip",
            showlegend=panel == 1,
            row=1,
            col=panel,
        )
        figure.add_scatter(
            x=share,
            y=of_map,
            name="this map",
            line={"color": _MAP, "width": 4},
            mode="lines",
            hovertemplate="%{x:.0%} of the pixels: %{y:.1f}<extra></extra>",
            showlegend=panel == 1,
            row=1,
            col=panel,
        )
    figure.update_xaxes(tickvals=(0, 0.5, 1), ticktext=("none", "half", "all"))
    figure.update_yaxes(title_text=f"score for {trust.label}", col=1)
    styled(figure, height=300, left=74, legend_lines=1)
    return figure.update_layout(  # without words at the axis, the legend is nearer
        margin_b=text_size(84), legend_y=-0.22, legend_font_size=text_size(13)
    )


def channels_figure(values: ChannelValues) -> go.Figure:
    """Return the Shapley values of the channels, and the loss without each.

    The bars on the left add up to the difference that is written above them.
    """
    names = [text.title for text in FILTER_TEXTS.values()]
    difference = values.full - values.baseline
    figure = make_subplots(
        rows=1,
        cols=2,
        shared_xaxes="all",
        shared_yaxes=True,
        horizontal_spacing=0.06,
        subplot_titles=(
            f"What it adds (sum {signed(difference)})",
            "What is lost if it alone is left out",
        ),
    )
    panels = ((values.values, _MAP, ""), (values.drops, _BLANKED, "/"))
    for panel, (amounts, color, pattern) in enumerate(panels, start=1):
        figure.add_bar(
            x=amounts,
            y=names,
            orientation="h",
            text=[signed(amount) for amount in amounts],
            textposition="outside",
            textfont_size=text_size(15),
            cliponaxis=False,
            marker={"color": color, "pattern": {"shape": pattern, "fgopacity": 1}},
            hovertemplate="%{y}: %{text}<extra></extra>",
            row=1,
            col=panel,
        )
    reach = 1.35 * max(np.abs(amounts).max() for amounts, *_ in panels) or 1.0
    figure.update_xaxes(
        range=[-reach, reach],
        title_text=f"← against {values.label} · for {values.label} →",
        zeroline=True,
        zerolinewidth=2,
        zerolinecolor=_RANDOM,
    )
    figure.update_yaxes(autorange="reversed")
    styled(figure, height=380, left=110).update_yaxes(tickfont_size=text_size(15))
    return figure.update_layout(bargap=0.35)


def _joined(
    lines: Sequence[npt.NDArray[np.float64]],
) -> npt.NDArray[np.float64]:
    """Return several lines as one, with a gap after each."""
    return np.concatenate([np.append(line, np.nan) for line in lines])
