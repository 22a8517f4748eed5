"""Text out of files: without what spoils a page, and short."""

import re
from typing import Final

#: Characters of a quotation at most; what a record keeps stays small.
MAX_QUOTE: Final = 200
#: Characters of a name, such as a camera's, at most.
MAX_NAME: Final = 80
#: Control characters, those that turn the direction of writing, and lone surrogates.
_UNWANTED: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def quoted(text: object, *, most: int = MAX_QUOTE) -> str:
    """Text on one line, with at most `most` characters."""
    short = str(text)[: 8 * most]
    line = " ".join(_UNWANTED.sub("", short).split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def name(text: object) -> str | None:
    """A name on one line, None if it is empty or no text."""
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    if not isinstance(text, str):
        return None
    return quoted(text, most=MAX_NAME) or None
