"""Chart of the guard: what strangers get for the coverage that is given up."""

from typing import Final

import plotly.graph_objects as go

from cifake_core.figures.style import ACCENT, CURVE_COLORS, DASHES, styled
from cifake_core.verdicts.card import GuardCurve

_SYMBOLS: Final = ("circle", "square", "triangle-up")


def guard_figure(guard: GuardCurve) -> go.Figure:
    """Return the shares of strangers and fakes with a verdict against the coverage.

    A point is a limit on how far features may lie from training; the vertical line is
    the one in use. Coverage is that of CIFAKE's validation pictures.

    Args:
        guard: of the card on verdicts.
    """
    lines = {f"photographs from elsewhere, n = {guard.n_strangers:,}": guard.strangers}
    lines["of these called FAKE"] = guard.strangers_fake
    if guard.n_fakes:
        called_real = f"our generators' fakes called REAL, n = {guard.n_fakes:,}"
        lines[called_real] = guard.fakes_real
    figure = go.Figure()
    for place, (name, shares) in enumerate(lines.items()):
        figure.add_scatter(
            x=guard.coverage,
            y=shares,
            name=name,
            mode="lines+markers",
            line={"color": CURVE_COLORS[2 * place % 5], "dash": DASHES[place]},
            marker={"symbol": _SYMBOLS[place], "size": 6},
        )
    figure.add_vline(
        x=guard.coverage[guard.chosen],
        line={"color": ACCENT, "width": 2},
        annotation={"text": "in use", "font": {"color": ACCENT}},
    )
    figure.update_xaxes(tickformat=".0%", title_text="of CIFAKE get a verdict")
    figure.update_yaxes(
        tickformat=".0%", rangemode="tozero", title_text="get one all the same"
    )
    return styled(figure, left=100, legend_lines=len(lines))
