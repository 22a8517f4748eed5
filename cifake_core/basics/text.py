"""Text: figures as sentences have them."""

from collections.abc import Sequence
from typing import Final

PERCENT: Final = "\N{NO-BREAK SPACE}%"

_NUMBERS: Final = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)

#: How cells begin that a spreadsheet computes.
_FORMULA: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)


def in_words(count: int) -> str:
    """Return a count as sentences have it: in words up to twelve."""
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"


def enumerated(words: Sequence[str]) -> str:
    """Return words as sentences list them: "a, b and c"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def whole_percent(share: float) -> str:
    """Return a probability, 0 to 1, in whole percents that never claim certainty."""
    if share > 0.99:
        return f"over 99{PERCENT}"
    if share < 0.01:
        return f"under 1{PERCENT}"
    return f"{share:.0%}".replace("%", PERCENT)


def signed(amount: float) -> str:
    """Return an amount with two decimals and its sign, a true minus among them."""
    return f"{amount:+.2f}".replace("-", "\N{MINUS SIGN}")


def without_formula(cell: str) -> str:
    """Return a cell of a table so that no spreadsheet takes it for a formula.

    An apostrophe before it makes it text; other cells stay as they are.

    Source: OWASP, CSV injection.
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
