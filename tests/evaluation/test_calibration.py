"""Calibrations and weights on sets of logits whose best is known by hand."""

import numpy as np
import pytest

from cifake_core.evaluation.calibration import (
    Calibration,
    CalibrationLimits,
    calibration_error,
    fit_calibration,
    fit_weights,
    fit_within,
)
from cifake_core.evaluation.metrics import evaluate_logits


def calibrated() -> tuple[np.ndarray, np.ndarray]:
    """Return labels and logits that are right as often as they say.

    At odds of 3 to 1 three of four pictures are REAL, at odds of 1 to 9 one of ten.
    """
    labels = np.array([1, 1, 1, 0] * 5 + [0] * 9 + [1])
    logits = np.log([3.0] * 20 + [1 / 9] * 10)
    return np.tile(labels, 20), np.tile(logits, 20)


def expected_error(labels: np.ndarray, logits: np.ndarray) -> float:
    """Return the expected calibration error."""
    return evaluate_logits(labels, logits).ece


def test_calibrated_logits_are_left_alone():
    """Where confidence and share of right answers agree, nothing is changed."""
    labels, logits = calibrated()

    assert expected_error(labels, logits) == pytest.approx(0, abs=1e-9)
    assert fit_calibration(labels, logits) == Calibration()


@pytest.mark.parametrize(
    ("factor", "shift"), [(2.5, 0.0), (0.4, 0.0), (1.0, 0.8), (2.5, -1.5), (0.4, 0.8)]
)
def test_what_was_done_to_calibrated_logits_is_undone(factor, shift):
    """Too sure or too shy, leaning to one label or not: all end calibrated."""
    labels, logits = calibrated()
    wrong = factor * (logits - shift)

    found = fit_calibration(labels, wrong)

    assert found.temperature == pytest.approx(factor, rel=1e-4)
    assert found.shift == pytest.approx(shift, abs=1e-4)
    assert expected_error(labels, wrong) > 0.05
    assert expected_error(labels, found.apply(wrong)) == pytest.approx(0, abs=1e-4)


def test_a_shift_makes_more_answers_right():
    """Who calls every picture FAKE that is not surely REAL is told to do so less."""
    labels, logits = calibrated()
    wrong = logits - 1.5

    found = fit_calibration(labels, wrong)

    assert np.mean((wrong >= 0) == (labels == 1)) < 0.5
    assert np.mean((found.apply(wrong) >= 0) == (labels == 1)) == 0.8


def test_what_does_not_hold_for_other_pictures_is_not_taken():
    """Sixteen pictures are too few: what fits one half of them fails on the other."""
    generator = np.random.default_rng(0)
    logits = np.repeat(np.log([3.0, 1 / 3]), 8)
    labels = (generator.random(16) < 1 / (1 + np.exp(-logits))).astype(int)

    assert fit_calibration(labels, logits) == Calibration()


def test_a_picture_that_counts_twice_is_like_two():
    """Fakes that count double shift the logits as a second copy of each would."""
    labels, logits = calibrated()
    fake = labels == 0
    twice = (np.concatenate([each, each[fake]]) for each in (labels, logits))

    found = fit_calibration(labels, logits, np.where(fake, 2.0, 1.0))

    expected = fit_calibration(*twice)
    assert found.shift == pytest.approx(-np.log(2), abs=1e-3)
    assert found.shift == pytest.approx(expected.shift, abs=1e-3)
    assert found.temperature == pytest.approx(expected.temperature, abs=1e-3)


def test_a_broken_network_gets_a_limit():
    """Where every answer is right no temperature is low enough; 0.05 is the end."""
    labels = np.arange(10) % 2

    found = fit_calibration(labels, np.where(labels == 1, 0.1, -0.1))

    assert found.temperature == pytest.approx(0.05, rel=1e-4)


def test_float32_logits_give_the_same_calibration():
    """What networks return is as good as float64, and stays float32."""
    labels, logits = calibrated()
    single = (2 * logits).astype(np.float32)

    found = fit_calibration(labels, single)

    assert found.temperature == pytest.approx(2, rel=1e-4)
    assert found.apply(single).dtype == np.float32


def independent() -> tuple[np.ndarray, np.ndarray]:
    """Return labels and votes of two witnesses, each right three times of four.

    Given the label neither knows of the other, so their evidence adds up.
    """
    sides = np.array([[1, 1]] * 9 + [[1, -1]] * 3 + [[-1, 1]] * 3 + [[-1, -1]])
    votes = np.concatenate([sides, -sides]).T * np.log(3.0)
    return np.repeat([1, 0], len(sides)), votes


def test_independent_witnesses_count_in_full():
    """Two calibrated logits from independent evidence are simply added."""
    assert fit_weights(*independent()) == pytest.approx((1, 1), abs=1e-4)


def test_a_loud_witness_counts_less():
    """Who says four times what he knows is weighed by a quarter."""
    labels, votes = independent()

    weights = fit_weights(labels, votes * [[4], [1]])

    assert weights == pytest.approx((0.25, 1), abs=1e-4)


def test_an_echo_adds_nothing():
    """Two that always say the same count together what one does."""
    labels, logits = calibrated()

    weights = fit_weights(labels, np.stack([logits, logits]))

    assert sum(weights) == pytest.approx(1, abs=1e-4)
    assert weights[0] == pytest.approx(weights[1])


def test_no_weight_is_negative():
    """A network that is worse than chance is not believed in reverse."""
    labels, votes = independent()

    weights = fit_weights(labels, votes * [[1], [-1]])

    assert weights == pytest.approx((1, 0), abs=1e-4)


def test_one_network_alone_is_divided_by_its_temperature():
    """The weight of a single network is one over what `fit_calibration` gives."""
    labels, logits = calibrated()

    weights = fit_weights(labels, 2 * logits[None])

    assert weights == pytest.approx(
        (1 / fit_calibration(labels, 2 * logits).temperature,), rel=1e-4
    )


def test_calibration_error_of_pictures_that_count_alike():
    """As the report has it: one bin 0.75 sure and half right, one sure and right."""
    logits = np.log([3.0, 3.0, 1e9, 1e9])
    labels = np.array([1, 0, 1, 1])

    found = calibration_error(labels, logits, np.ones(4))

    assert found == pytest.approx(2 / 4 * 0.25)
    assert found == pytest.approx(evaluate_logits(labels, logits).ece)


def test_calibration_error_of_pictures_that_count_differently():
    """The wrong one counts three times: 1/4 right, 0.75 sure, 4 of 6 in that bin."""
    logits = np.log([3.0, 3.0, 1e9, 1e9])
    labels = np.array([1, 0, 1, 1])

    found = calibration_error(labels, logits, np.array([1.0, 3, 1, 1]))

    assert found == pytest.approx(4 / 6 * 0.5)


def lumpy():
    """Return 4,000 labels, logits, counts that no line makes logistic, and who decides.

    Half of the fakes are told almost surely, half lie among the photographs. All of
    them decide.
    """
    generator = np.random.RandomState(0)
    labels = np.repeat(np.array([1, 0], np.int8), 2000)
    logits = generator.normal(1.5, 1.0, 4000)
    logits[2000:3000] -= 9
    return labels, logits, np.ones(4000), np.ones(4000, bool)


def test_little_error_is_bought_with_few_labels():
    """Where the best by cross-entropy is off, another within the limit is taken."""
    labels, logits, counts, deciding = lumpy()
    best = fit_calibration(labels, logits, counts)
    before = calibration_error(labels, best.apply(logits), counts)

    limits = CalibrationLimits(max_error=0.8 * before, num_fake=2000)
    found = fit_within(labels, logits, counts, deciding, limits=limits)

    after = calibration_error(labels, found.apply(logits), counts)
    assert found != best
    assert after <= 0.8 * before


@pytest.mark.parametrize("num_fake", [0, 1, 999, 1500, 2000])
def test_as_many_are_called_fake_as_before(num_fake):
    """Of those who decide, whatever is right, within a loose limit."""
    labels, logits, counts, _ = lumpy()
    fakes = labels == 0
    limits = CalibrationLimits(max_error=1.0, num_fake=num_fake)

    found = fit_within(labels, logits, counts, fakes, limits=limits)

    assert np.count_nonzero(found.apply(logits)[fakes] < 0) == num_fake


def test_where_none_is_within_the_limit_the_least_error_is_taken():
    """It is at least no worse than the best by cross-entropy."""
    labels, logits, counts, deciding = lumpy()
    best = fit_calibration(labels, logits, counts)

    limits = CalibrationLimits(max_error=0.0, num_fake=2000)
    found = fit_within(labels, logits, counts, deciding, limits=limits)

    assert calibration_error(labels, found.apply(logits), counts) <= calibration_error(
        labels, best.apply(logits), counts
    )
