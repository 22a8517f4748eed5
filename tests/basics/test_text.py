"""Figures in sentences: the edges by hand."""

import pytest

from cifake_core.basics.text import signed, whole_percent


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.5, "50 %"), (0.985, "98 %"), (0.99, "99 %"), (0.9901, "over 99 %"),
     (1.0, "over 99 %"), (0.01, "1 %"), (0.0099, "under 1 %"), (0.0, "under 1 %")],
)  # fmt: skip
def test_a_probability_never_claims_certainty(share, words):
    """Neither 0 nor 100 percent is ever said; 99 and 1 are said as they are."""
    assert whole_percent(share) == words.replace(" %", "\N{NO-BREAK SPACE}%")


def test_an_amount_has_its_sign():
    """Two decimals, and a minus as long as the plus."""
    assert [signed(1.234), signed(-0.5)] == ["+1.23", "\N{MINUS SIGN}0.50"]
