"""Confusion matrix of a threshold and agreement table of two networks, clickable."""

from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go

from cifake_core.basics.labels import LABELS
from cifake_core.evaluation.comparison import Agreement, Cell
from cifake_core.evaluation.operating_points import OperatingPoint
from cifake_core.figures.clickable import CURVE, clickable
from cifake_core.figures.style import DARK_TEXT, styled, text_size

#: Each carries the dark text at 8:1 or better; neither right nor wrong is a label's
#: colour. Source: ColorBrewer 2.0, PRGn with 7 classes.
_RIGHT: Final = "#D9F0D3"


_WRONG: Final = "#E7D4E8"


_SPLIT: Final = "#E5E7EB"


#: A square and the gap beside it make 1.
_SQUARE: Final = 0.97


def matrix_figure(
    point: OperatingPoint, *, marks: Sequence[Sequence[str]], chosen: str
) -> go.Figure:
    """Return the confusion matrix as four squares with counts and shares of the row.

    Args:
        point: what comes of one threshold.
        marks: 2x2, those of the squares; rows are the truth.
        chosen: the mark whose pictures are looked at; it is framed.
    """
    words = [
        [
            f"<b>{count:,}</b><br>{count / max(sum(counts), 1):.1%} of {truth}<br>"
            + ("right" if truth == called else "wrong")
            for called, count in zip(LABELS, counts, strict=True)
        ]
        for truth, counts in zip(LABELS, point.confusion, strict=True)
    ]
    return _squares(
        words,
        ((_RIGHT, _WRONG), (_WRONG, _RIGHT)),
        marks=marks,
        chosen=chosen,
        columns=[f"called {label}" for label in LABELS],
        rows=[f"is {label}" for label in LABELS],
    )


def agreement_figure(
    table: Agreement, *, title_a: str, title_b: str, chosen: str
) -> go.Figure:
    """Return on how many pictures two networks are right, alone or together.

    Args:
        table: of networks A and B; the mark of a square is the name of its cell.
        title_a: of network A, the rows.
        title_b: of network B, the columns.
        chosen: the cell whose pictures are looked at.
    """
    cells: tuple[tuple[Cell, Cell], tuple[Cell, Cell]] = (
        ("both_right", "only_a"),
        ("only_b", "both_wrong"),
    )
    names = {
        "both_right": "both right",
        "only_a": f"only the {title_a} is right",
        "only_b": f"only the {title_b} is right",
        "both_wrong": "both wrong",
    }
    words = [
        [
            f"<b>{getattr(table, cell):,}</b><br>"
            f"{getattr(table, cell) / table.n:.1%}<br>{names[cell]}"
            for cell in row
        ]
        for row in cells
    ]
    return _squares(
        words,
        ((_RIGHT, _SPLIT), (_SPLIT, _WRONG)),
        marks=cells,
        chosen=chosen,
        columns=[f"{title_b} right", f"{title_b} wrong"],
        rows=[f"{title_a} right", f"{title_a} wrong"],
    )


def _squares(  # noqa: PLR0913 - a table and its five parts
    words: Sequence[Sequence[str]],
    colors: Sequence[Sequence[str]],
    *,
    marks: Sequence[Sequence[str]],
    chosen: str,
    columns: Sequence[str],
    rows: Sequence[str],
) -> go.Figure:
    """Return 2x2 squares with words in them, the first row above."""
    flat = [each for row in marks for each in row]
    squares = _bars(words, colors, marks=flat, chosen=chosen)
    figure = go.Figure(squares)
    figure.update_xaxes(tickvals=[0, 1], ticktext=columns, showgrid=False)
    figure.update_yaxes(
        tickvals=[_SQUARE / 2, 1 + _SQUARE / 2],
        ticktext=list(reversed(rows)),
        tickangle=-90,
        showgrid=False,
        zeroline=False,
    )
    size = text_size(15)
    figure.update_layout(barmode="overlay", xaxis_tickfont_size=size)
    clickable(styled(figure, left=48)).update_yaxes(tickfont_size=size)
    return figure.update_layout(margin_b=text_size(48))


def _bars(
    words: Sequence[Sequence[str]],
    colors: Sequence[Sequence[str]],
    *,
    marks: Sequence[str],
    chosen: str,
) -> go.Bar:
    """Return four bars as squares, the first row above, the chosen one framed."""
    return go.Bar(
        x=[0, 1, 0, 1],
        y=[_SQUARE] * 4,
        base=[1, 1, 0, 0],
        width=_SQUARE,
        text=[each for row in words for each in row],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"size": text_size(17), "color": DARK_TEXT},
        constraintext="none",
        marker={
            "color": [each for row in colors for each in row],
            "line": {
                "width": [6 if each == chosen else 0 for each in marks],
                "color": CURVE,
            },
        },
        customdata=[[each] for each in marks],
        hovertemplate="%{text}<extra></extra>",
    )
