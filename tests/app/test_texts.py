"""Words and figures as pages and files show them."""

import csv
import io

import pytest

from cifake_core.results import Estimate
from cifake_core.ui.texts import area, interval, percent, plain, verdicts_csv
from tests.app import records


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.5, "50.0 %"),
        (0.9234, "92.3 %"),
        (0.999, "99.9 %"),
        (0.9991, "> 99.9 %"),
        (1.0, "> 99.9 %"),
        (0.0004, "< 0.1 %"),
        (0.0, "< 0.1 %"),
    ],
)
def test_percent_never_claims_certainty(share: float, text: str):
    """Shares next to 0 and 1 are bounded, not rounded to 0 or 100 %."""
    assert percent(share) == text.replace(" %", "\N{NO-BREAK SPACE}%")


def test_estimates_come_with_their_interval():
    """A share is given in percent, an area as it is, both with their interval."""
    estimate = Estimate(value=0.9756, low=0.9734, high=0.9777)

    assert interval(estimate) == "97.6\N{NO-BREAK SPACE}% (97.3 to 97.8)"
    assert area(estimate) == "0.9756 (0.9734 to 0.9777)"


def test_plain_text_has_no_markdown():
    """Signs that Markdown reads get a backslash, others are left alone."""
    assert plain("_a_ [b](c) $d$ :e: f") == r"\_a\_ \[b\](c) \$d\$ \:e: f"
    assert plain("holiday 2024.jpg") == "holiday 2024.jpg"


def test_csv_has_a_line_for_each_picture_and_network():
    """The file gives names, verdicts and figures as a spreadsheet reads them."""
    small = records.verdict(records.picture(), {"cnn": 2.0, "cnn3d": -1.0})
    large = records.verdict(records.picture(width=64), {"cnn": 2.0, "cnn3d": 1.0})

    text = verdicts_csv([('a, "b".png', small), ("c.png", large)])

    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["picture"] for row in rows] == ['a, "b".png'] * 2 + ["c.png"] * 2
    assert [row["network"] for row in rows] == ["cnn", "cnn3d"] * 2
    assert [row["label"] for row in rows] == ["REAL", "FAKE", "REAL", "REAL"]
    assert {row["verdict"] for row in rows} == {"UNSURE"}
    assert rows[0]["p_real"] == "0.880797"
    assert rows[0]["p_fake"] == "0.119203"
    assert rows[0]["model_sha256"] == records.sha256("cnn")
    assert "disagree" in rows[0]["reasons"]
    assert "64x32" in rows[2]["reasons"]
    assert "disagree" not in rows[2]["reasons"]
