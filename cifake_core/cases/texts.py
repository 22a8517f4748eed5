"""Texts that people put into the history, checked."""

from typing import Final

from cifake_core.basics.errors import HistoryError

#: Letters of a file's name, of a tag's or a case's, of a note, and of a case's notes.
MAX_FILE_NAME: Final = 500
MAX_NAME: Final = 200
MAX_TEXT: Final = 4000
MAX_NOTES: Final = 8000
#: Letters of a word that is searched; more of it are not kept.
MAX_WORD: Final = 40

_UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"


def storable(text: str) -> str:
    """Text that every database keeps: what is no letter becomes a mark that says so.

    A file's name may hold bytes that are no text, and an upload's even a NUL.
    """
    return "".join(
        _UNKNOWN if each == "\0" or "\ud800" <= each <= "\udfff" else each
        for each in text
    )


def checked(text: str, what: str, most: int) -> str:
    """Text without spaces around it, of at most so many letters.

    Raises:
        HistoryError: If it is longer, or not `storable`.
    """
    plain = text.strip()
    if len(plain) > most:
        msg = f"Expected a {what} of at most {most:,} letters. Received {len(plain):,}."
        raise HistoryError(msg)
    if storable(plain) != plain:
        msg = f"Expected a {what} of letters. Received one with a NUL or half a letter."
        raise HistoryError(msg)
    return plain


def checked_name(text: str, what: str, most: int) -> str:
    """The same for a name, which has to have letters.

    Raises:
        HistoryError: As for `checked`, or if there are none.
    """
    plain = checked(text, what, most)
    if not plain:
        msg = f"Expected a name for the {what}. Received none."
        raise HistoryError(msg)
    return plain
