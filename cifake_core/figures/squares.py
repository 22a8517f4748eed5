"""Matrix of squares with words in them: the size is written, colour only repeats it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go
from plotly.colors import hex_to_rgb

from cifake_core.figures.clickable import CURVE, clickable
from cifake_core.figures.style import DARK_TEXT, PURPLE_GREEN, styled, text_size

#: The palest colours of the scale carry the dark text at 6:1 or better.
_AGAINST, _NEUTRAL, _FOR = (PURPLE_GREEN[index] for index in (1, 3, 5))
#: A square and the gap beside it make 1.
_SIDE: Final = 0.96
#: Pixels of a line of words, above and below them in a square, and beside the squares
#: for the titles of the rows.
_LINE, _AROUND, _LEFT = 18, 14, 130
#: Pixels of the lowest chart.
_LEAST: Final = 250


@dataclass(frozen=True, kw_only=True, slots=True)
class Square:
    """One square: its words, what is clicked, and its amount, in any unit.

    That of a square in which there is nothing is None.
    """

    words: str
    mark: str
    amount: float | None


def squares_figure(
    squares: Sequence[Sequence[Square]],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    chosen: str,
    most: float = 1.0,
) -> go.Figure:
    """Return the squares, the first row above; the chosen one is framed.

    Args:
        squares: by row and column.
        rows: their titles.
        columns: their titles.
        chosen: the mark whose pictures are looked at.
        most: the amount that has the full colour, either way.
    """
    last = len(rows) - 1
    figure = go.Figure(_bars(squares, chosen=chosen, most=most))
    figure.update_xaxes(
        tickvals=list(range(len(columns))),
        ticktext=columns,
        side="top",
        showgrid=False,
        zeroline=False,
    )
    figure.update_yaxes(
        tickvals=[last - row + _SIDE / 2 for row in range(len(rows))],
        ticktext=rows,
        showgrid=False,
        zeroline=False,
    )
    size = text_size(14)
    num_lines = max(each.words.count("<br>") for row in squares for each in row) + 1
    row_height = text_size(_LINE * num_lines + _AROUND)
    height = max(_LEAST, row_height * len(rows) + 60)
    clickable(styled(figure, height=height, left=_LEFT))
    figure.update_yaxes(tickfont_size=size).update_xaxes(tickfont_size=size)
    return figure.update_layout(
        barmode="overlay", margin_b=text_size(10), margin_t=text_size(44)
    )


def _bars(squares: Sequence[Sequence[Square]], *, chosen: str, most: float) -> go.Bar:
    """Return bars as squares, the first row above, the chosen one framed."""
    flat = [each for row in squares for each in row]
    places = [
        (row, column) for row, line in enumerate(squares) for column in range(len(line))
    ]
    return go.Bar(
        x=[column for _, column in places],
        y=[_SIDE] * len(flat),
        base=[len(squares) - 1 - row for row, _ in places],
        width=_SIDE,
        text=[each.words for each in flat],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"size": text_size(14), "color": DARK_TEXT},
        constraintext="none",
        marker={
            "color": [_color((each.amount or 0) / most) for each in flat],
            "line": {
                "width": [6 if each.mark == chosen else 0 for each in flat],
                "color": CURVE,
            },
        },
        customdata=[[each.mark] for each in flat],
        hovertemplate="%{text}<extra></extra>",
    )


def _color(amount: float) -> str:
    """Colour of an amount, -1 to 1: purple below 0, green above."""
    end = _FOR if amount > 0 else _AGAINST
    share = min(1.0, abs(amount))
    ends = zip(hex_to_rgb(_NEUTRAL), hex_to_rgb(end), strict=True)
    return "rgb({},{},{})".format(*(round(a + share * (b - a)) for a, b in ends))
