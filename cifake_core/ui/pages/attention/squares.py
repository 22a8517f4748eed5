"""The matrices of *Attention*: drawn, told in words, and clicked."""

from collections.abc import Sequence

from cifake_core import figures
from cifake_core.attention.summary import Push
from cifake_core.basics.text import signed
from cifake_core.figures import Square
from cifake_core.ui.browse.attention_address import PAGE, clicked
from cifake_core.ui.widgets import computing


def show(  # noqa: PLR0913 - a matrix, and what is said of it: by keyword
    key: str,
    squares: Sequence[Sequence[Square]],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    chosen: str,
    alt: str,
) -> None:
    """Squares by row and column; a click on one shows its pictures.

    Args:
        key: of the chart on its page.
        squares: their amounts are in any unit; the largest has the full colour.
        rows: their titles.
        columns: their titles.
        chosen: the mark whose pictures are looked at.
        alt: what the squares show, to which they are added in words.
    """
    most = max((abs(each.amount or 0) for row in squares for each in row), default=0.0)
    key = f"{PAGE}_{key}"
    told = [
        f"{_plain(title)}: "
        + ", ".join(
            f"{column} {_plain(each.words)}"
            for column, each in zip(columns, row, strict=True)
        )
        for title, row in zip(rows, squares, strict=True)
    ]
    computing.show_chart(
        "squares_figure",
        figures.squares_figure(
            squares, rows=rows, columns=columns, chosen=chosen, most=most or 1.0
        ),
        key=key,
        on_select=lambda: clicked(key),
        alt=f"{alt}. {'; '.join(told)}.",
    )


def of_push(push: Push, mark: str, counted: str, *, crowded: bool = False) -> Square:
    """Square of a mean push, its interval, and a count in these words.

    Where large words are `crowded` they stand in more lines.
    """
    told = counted.format(push.count)
    if push.mean is None:
        return Square(words=told, mark=mark, amount=None)
    value, low, high = map(signed, (push.mean.value, push.mean.low, push.mean.high))
    words = f"<b>{value}</b><br>{low} to {high}<br>{told}"
    if crowded and figures.TEXT_SCALE.get() > 1:
        before, _, count = told.rpartition(" ")
        words = f"<b>{value}</b><br>{low} to<br>{high}<br>{before}<br>{count}"
    return Square(words=words, mark=mark, amount=push.mean.value)


def _plain(words: str) -> str:
    """Words of a chart without its marks of form."""
    for mark, instead in (("<b>", ""), ("</b>", ""), ("<br>", " ")):
        words = words.replace(mark, instead)
    return words
