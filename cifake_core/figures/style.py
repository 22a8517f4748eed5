"""Style of all charts: colours, error bars, sizes of text, room for words.

Figures have no background of their own and take their fonts from the page's
theme, light or dark. Words, dashes and markers tell what the colours tell.
"""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Final

import plotly.graph_objects as go

from cifake_core.basics.estimates import Estimate
from cifake_core.basics.labels import Decision

#: Source: Okabe & Ito 2008, "Color Universal Design" (blue, vermilion), and a grey;
#: each stands out 3:1 on white and near-black.
LABEL_COLORS: Final[Mapping[Decision, str]] = {
    "REAL": "#0072B2",
    "FAKE": "#D55E00",
    "UNSURE": "#767676",
}

#: None of them is a label's colour, each stands out 3:1 on white and near-black.
CURVE_COLORS: Final = ("#009E73", "#C06090", "#A57C00", "#7B6FD0", "#7F7F7F")
#: Points and lines that stand out: a threshold, a chosen point, the player.
ACCENT: Final = CURVE_COLORS[1]
#: From purple over neutral to green, neither a label's colour, safe for the
#: colour-blind. Source: ColorBrewer 2.0, PRGn with 7 classes.
PURPLE_GREEN: Final = (
    "#762a83",
    "#af8dc3",
    "#e7d4e8",
    "#f7f7f7",
    "#d9f0d3",
    "#7fbf7b",
    "#1b7837",
)
DASHES: Final = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
DARK_TEXT: Final = "#111111"
#: How much larger than usual the charts' text is for whoever is looking now. Every
#: session runs in a context of its own, and no page need hand this on.
TEXT_SCALE: Final[ContextVar[float]] = ContextVar("text_scale", default=1.0)
#: Room in pixels: beside a plot, below it for its axis, and for a legend below that.
_LEFT, _RIGHT, _BELOW = 90, 28, 70
_LEGEND_ROOM, _LEGEND_LINE = 24, 21


def error_bars(
    estimates: Sequence[Estimate], *, thickness: float = 2
) -> dict[str, object]:
    """Return Plotly's `error_x` or `error_y`: the 95 % interval of each estimate."""
    return {
        "array": [each.high - each.value for each in estimates],
        "arrayminus": [each.value - each.low for each in estimates],
        "thickness": thickness,
    }


def values(estimates: Sequence[Estimate]) -> list[float]:
    """Return the value of each estimate."""
    return [each.value for each in estimates]


def text_size(pixels: int) -> int:
    """Return the size of text that usually has so many pixels."""
    return round(pixels * TEXT_SCALE.get())


def styled(  # noqa: PLR0913 - a figure and what its room depends on
    figure: go.Figure,
    *,
    title: str = "",
    subtitle: str = "",
    height: int = 460,
    left: int = _LEFT,
    legend_lines: int = 0,
) -> go.Figure:
    """Return `figure` without background, its legend below, large enough to project.

    Where words need more room than they are given, Plotly finds out by drawing the
    chart, and draws it again.

    Args:
        figure: it is changed.
        title: above it.
        subtitle: below the title.
        height: of all of it, in pixels.
        left: room for the vertical axis, in pixels.
        legend_lines: of its legend in a wide window, 0 for none.
    """
    size = text_size(14)
    if TEXT_SCALE.get() != 1:  # else the theme's sizes are right
        axes = {"tickfont_size": text_size(13), "title_font_size": text_size(15)}
        figure.update_xaxes(axes).update_yaxes(axes)
        figure.update_annotations(font_size=text_size(16))
    font = {"size": size}
    above, axis = 80 if title else 40, text_size(_BELOW)
    below = axis
    if legend_lines:
        below += text_size(_LEGEND_ROOM + _LEGEND_LINE * legend_lines)
    return figure.update_layout(
        overwrite=True,  # a fifth of the time that merging takes
        title={"text": title, "subtitle": {"text": subtitle, "font": font}},
        height=height,
        margin={"t": above, "b": below, "l": text_size(left), "r": _RIGHT},
        showlegend=legend_lines > 0,
        legend={
            "orientation": "h",
            "y": -axis / (height - above - below),
            "yanchor": "top",
            "font": font,
        },
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
