"""Text: figures as sentences have them."""

from typing import Final

PERCENT: Final = "\N{NO-BREAK SPACE}%"


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
