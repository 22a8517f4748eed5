"""Pictures of the history, and how an address names one of them."""

from typing import Final

from cifake_core.ui.services.history import history
from cifake_core.ui.services.visit import Chosen

_BEGINS: Final = "record:"
#: No number of a record has more.
_MAX_DIGITS: Final = 10


def address(number: int) -> str:
    """What names the picture of a record in an address."""
    return f"{_BEGINS}{number}"


def number_of(text: str) -> int | None:
    """Number of the record that an address names, or None if it names none."""
    begins, number = text[: len(_BEGINS)], text[len(_BEGINS) :]
    short = number.isascii() and number.isdigit() and len(number) <= _MAX_DIGITS
    return int(number) if begins == _BEGINS and short else None


def chosen(number: int) -> Chosen:
    """Picture of a record, to be analysed: the file if it was kept, else 32x32 pixels.

    Raises:
        HistoryError: If the record is gone.
        InvalidImageError: If its file can't be read any more.
    """
    picture, _ = history().picture(number)
    return Chosen(
        name=history().get(number).name,
        picture=picture,
        address=address(number),
        source=history().original(number),
    )
