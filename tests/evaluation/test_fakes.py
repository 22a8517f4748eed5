"""Fakes by generator: counted by hand on a hundred photographs."""

import numpy as np
import pytest

from cifake_core.basics.estimates import proportion
from cifake_core.evaluation.fakes import (
    fakes_to_json,
    generator_to_json,
    recall_at,
    report_fakes,
)

#: Photographs with the logits -1, 0, 1, ... 98: two may be flagged, below 1.
REAL = np.arange(-1, 99).astype(np.float32)


def floats(*values: float) -> np.ndarray:
    """Logits."""
    return np.array(values, np.float32)


def test_recall_is_counted_where_two_in_a_hundred_photographs_are_flagged():
    """A fake as high as the third lowest photograph is not."""
    report = report_fakes(REAL, {"gan": floats(-5, 0.5, 1, 1.5, 200)})

    row = report.generators["gan"]
    assert report.n_real == 100
    assert report.threshold == pytest.approx(1 / (1 + np.exp(-1)))
    assert row.n == 5
    assert row.recall.value == 2 / 5
    expected = proportion(2, 5)
    assert (row.recall.low, row.recall.high) == (expected.low, expected.high)


def test_the_area_is_the_share_of_pairs_in_order():
    """Of each fake with each photograph, a tie counting half."""
    fake = floats(-5, 0.5, 1, 97.5)

    row = report_fakes(REAL, {"gan": fake}).generators["gan"]

    pairs = (REAL[:, None] > fake).mean() + (REAL[:, None] == fake).mean() / 2
    assert row.roc_auc.value == pytest.approx(pairs)
    assert row.roc_auc.low < pairs < row.roc_auc.high


def test_photographs_called_fake_are_those_below_zero():
    """Logit 0 is REAL, as everywhere."""
    report = report_fakes(floats(-2, -1, 0, 5), {"gan": floats(1, 2)})

    assert report.real_called_fake.value == 2 / 4


def test_generators_share_photographs_and_threshold():
    """Another generator beside it changes nothing; the mean is over generators."""
    every = {"all": floats(-9, -9), "half": floats(-9, 99, 99, -9), "none": floats(99)}

    report = report_fakes(REAL, every)

    found = {name: row.recall.value for name, row in report.generators.items()}
    assert found == {"all": 1, "half": 0.5, "none": 0}
    alone = report_fakes(REAL, {"half": every["half"]})
    assert alone.threshold == report.threshold
    assert alone.generators["half"].roc_auc.value == 0.5
    assert report.mean_recall.value == 0.5
    assert report.mean_roc_auc.value == pytest.approx(0.5)
    assert alone.mean_recall.value == 0.5
    assert (alone.mean_recall.low, alone.mean_recall.high) == (0, 1)


def test_of_few_photographs_none_is_flagged():
    """Two in a hundred of four are none, so a fake must lie below all of them."""
    report = report_fakes(floats(1, 2, 3, 4), {"gan": floats(0.5, 1, 1.5)})

    assert report.generators["gan"].recall.value == 1 / 3


def test_recall_of_a_part_goes_by_the_same_threshold():
    """Of no pictures it is nothing known: 0, from 0 to 1."""
    report = report_fakes(REAL, {"gan": floats(-5, 50)})

    assert recall_at(report.threshold, floats(-5)).value == 1
    nothing = recall_at(report.threshold, floats())
    assert (nothing.value, nothing.low, nothing.high) == (0, 0, 1)


@pytest.mark.parametrize(
    ("real", "fake"),
    [
        (floats(), floats(1)),
        (floats(1, 2), floats()),
        (floats(1, np.nan), floats(1)),
        (floats(1, 2), floats(np.inf)),
    ],
)
def test_logits_that_cannot_be_compared_are_refused(real, fake):
    """Empty, or not finite."""
    with pytest.raises(ValueError, match="Expected"):
        report_fakes(real, {"gan": fake})


def test_figures_for_a_program_have_their_intervals():
    """The keys that other programs read are among them."""
    report = report_fakes(REAL, {"gan": floats(-5, 50)})

    together = fakes_to_json(report)
    row = generator_to_json(report.generators["gan"])

    assert {"n_real", "real_called_fake", "threshold", "mean"} <= together.keys()
    assert together["mean"]["n"] == 1
    assert list(row) == ["n", "recall", "recall_ci95", "auc", "auc_ci95"]
    assert row["recall"] == 0.5
