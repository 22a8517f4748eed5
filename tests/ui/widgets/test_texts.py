"""Words and figures as pages and files show them."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from cifake_core.basics.estimates import Estimate
from cifake_core.ui.widgets.texts import (
    area,
    interval,
    likeness,
    percent,
    plain,
    table,
    verdicts_csv,
)
from cifake_core.verdicts.records import ObjectPrediction, Prediction, Verdict
from cifake_core.verdicts.scope import HEADLINES
from cifake_core.verdicts.scope_words import CIFAKE_GENERATOR
from tests.fakes import noise_picture
from tests.made_scopes import made_scope


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


@pytest.mark.parametrize(
    ("name", "probability", "text"),
    [
        ("frog", 0.9312, "Looks like: frog, 93 %"),
        ("automobile", 0.5, "Looks like: automobile, 50 %"),
        ("frog", 0.3821, "Looks like: perhaps a frog, 38 %"),
        ("airplane", 0.2, "Looks like: perhaps an airplane, 20 %"),
        ("truck", 0.99, "Looks like: truck, 99 %"),
        ("truck", 0.9999, "Looks like: truck, over 99 %"),
    ],
)
def test_unlikely_objects_are_called_a_guess(name: str, probability: float, text: str):
    """Below an even chance the object is only perhaps there; none is certain."""
    object_prediction = ObjectPrediction(object_class=name, probability=probability)

    assert likeness(object_prediction) == text.replace(" %", "\N{NO-BREAK SPACE}%")


def test_plain_text_has_no_markdown():
    """Signs that Markdown reads get a backslash, others are left alone."""
    assert plain("_a_ [b](c) $d$ :e: f") == r"\_a\_ \[b\](c) \$d\$ \:e: f"
    assert plain("holiday 2024.jpg") == "holiday 2024.jpg"


def prediction(logit: float, seen: ObjectPrediction | None = None) -> Prediction:
    """Return what a network says of a picture."""
    return Prediction(
        network="cnn",
        logit=logit,
        p_real=float(1 / (1 + np.exp(-logit))),
        milliseconds=4.0,
        model_sha256="a1",
        known=(CIFAKE_GENERATOR,),
        object_prediction=seen,
    )


def verdict(reason: str, **predictions: Prediction) -> Verdict:
    """Return an UNSURE verdict that has one reason."""
    named = {name: replace(each, network=name) for name, each in predictions.items()}
    return Verdict(
        decision="UNSURE",
        reasons=(reason,),
        scope=made_scope("flow"),
        predictions=named,
        prepared=noise_picture(),
    )


def test_csv_has_a_line_for_each_picture_and_network():
    """The file gives names, verdicts and figures as a spreadsheet reads them."""
    frog = ObjectPrediction(object_class="frog", probability=0.25)
    small = verdict("They disagree.", cnn=prediction(2.0, frog), cnn3d=prediction(-1.0))
    large = verdict("It was shrunk.", cnn=prediction(2.0), cnn3d=prediction(1.0))

    text = verdicts_csv([('a, "b".png', small), ("c.png", large)])

    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["picture"] for row in rows] == ['a, "b".png'] * 2 + ["c.png"] * 2
    assert [row["network"] for row in rows] == ["cnn", "cnn3d"] * 2
    assert [row["label"] for row in rows] == ["REAL", "FAKE", "REAL", "REAL"]
    assert {row["verdict"] for row in rows} == {"UNSURE"}
    assert rows[0]["p_real"] == "0.880797"
    assert rows[0]["p_fake"] == "0.119203"
    assert rows[0]["model_sha256"] == "a1"
    assert rows[0]["object_class"] == "frog"
    assert rows[0]["object_probability"] == "0.250000"
    assert rows[1]["object_class"] == rows[1]["object_probability"] == ""
    assert "disagree" in rows[0]["reasons"]
    assert "It was shrunk." in rows[2]["reasons"]
    assert "disagree" not in rows[2]["reasons"]
    for row in rows:
        assert row["headline"] == HEADLINES["UNSURE"]
        assert row["scope"] == " ".join(made_scope("flow").sentences)
        assert row["network_knows"] == "knows only Stable Diffusion 1.4"


def test_tables_are_markdown_and_keep_what_is_in_a_cell():
    """A head, a line and the rows; a bar in a cell does not end it."""
    rows = [{"Name": "a|b", "Share": "1%"}, {"Name": "c", "Share": "2%"}]

    assert table(rows).splitlines() == [
        "| Name | Share |",
        "| --- | --- |",
        "| a\\|b | 1% |",
        "| c | 2% |",
    ]
