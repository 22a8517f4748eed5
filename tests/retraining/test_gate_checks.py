"""Checks of the gate: a made case on either side of each limit."""

import numpy as np
import pytest

from cifake_core.basics.estimates import Estimate, proportion
from cifake_core.evaluation.comparison import Agreement
from cifake_core.pictures.corruptions import CORRUPTIONS
from cifake_core.retraining.gate_checks import (
    accuracy_checks,
    auc_check,
    calibration_check,
    cost_check,
    photographs_check,
    policy_check,
    recall_check,
    robustness_check,
    unmeasured,
)
from tests.policies import set_row


def agreement(*, only_new: int, only_old: int, n: int = 1000) -> Agreement:
    """Of n pictures the candidate alone is right on some, the old one on others."""
    rest = n - only_new - only_old
    return Agreement(
        both_right=rest - 10, only_a=only_new, only_b=only_old, both_wrong=10
    )


def marks(num_found: int, *, n: int = 100) -> np.ndarray:
    """The first of n pictures are found."""
    return np.arange(n) < num_found


def about(value: float) -> Estimate:
    """An estimate with some interval."""
    return Estimate(value=value, low=value - 0.01, high=value + 0.01)


@pytest.mark.parametrize(("only_old", "passed"), [(2, True), (3, False)])
def test_two_of_a_thousand_pictures_may_be_lost(only_old, passed):
    """0.2 points are within the limit, 0.3 are not."""
    accuracy, _ = accuracy_checks(agreement(only_new=0, only_old=only_old))

    assert accuracy.name == "cifake_accuracy"
    assert accuracy.passed is passed
    assert accuracy.limit == pytest.approx(accuracy.old - 0.002)
    assert ("may be lost. Teach it again" in accuracy.sentence) is not passed


@pytest.mark.parametrize(
    ("only_old", "p_value", "passed"), [(4, 0.0625, True), (5, 0.03125, False)]
)
def test_a_loss_may_be_chance(only_old, p_value, passed):
    """Four losses in a row come up in one of 16 draws, five in one of 32."""
    _, mcnemar = accuracy_checks(agreement(only_new=0, only_old=only_old))

    assert mcnemar.name == "cifake_mcnemar"
    assert (mcnemar.old, mcnemar.limit) == (None, 0.05)
    assert mcnemar.new == pytest.approx(p_value)
    assert mcnemar.passed is passed


def test_an_ensemble_has_checks_of_its_own():
    """What the candidate makes of the ensemble has another name."""
    checks = accuracy_checks(agreement(only_new=5, only_old=0), of="ensemble")

    names = [check.name for check in checks]
    assert names == ["cifake_accuracy:ensemble", "cifake_mcnemar:ensemble"]
    assert all(check.passed for check in checks)


@pytest.mark.parametrize(("new", "passed"), [(0.945, True), (0.9449, False)])
def test_half_a_point_of_a_generator_may_be_lost(new, passed):
    """From 95 % the area may fall to 94.5 %."""
    check = auc_check("flow", about(0.95), about(new), n=1000)

    assert check.name == "auc:flow"
    assert check.passed is passed
    assert check.limit == pytest.approx(0.945)


@pytest.mark.parametrize(("found", "passed"), [(66, True), (62, False)])
def test_a_gain_in_recall_must_be_beyond_chance(found, passed):
    """Of 100 fakes 60 were found. 6 more: 7 and 1 of 102 with one added to each cell.

    (7 - 1) / 102 less 1.96 sqrt((8/102 - (6/102)^2) / 102) is 0.006; 2 more give
    (3 - 1) / 102 less a margin of 0.038.
    """
    check = recall_check("mine", marks(60), marks(found))

    assert (check.old, check.new, check.limit) == (0.6, found / 100, 0.6)
    assert check.passed is passed
    assert ("more of its pictures" in check.sentence) is not passed


@pytest.mark.parametrize(("found", "passed"), [(60, True), (62, True), (59, False)])
def test_of_one_of_several_generators_no_fewer_may_be_found(found, passed):
    """It may have few pictures, so the gain of the whole set counts."""
    check = recall_check("mine:flux", marks(60), marks(found), whole=False)

    assert check.passed is passed


@pytest.mark.parametrize(("called", "passed"), [(5, True), (4, True), (6, False)])
def test_no_more_photographs_may_be_called_fake(called, passed):
    """As many as before may."""
    old, new = proportion(5, 100), proportion(called, 100)

    check = photographs_check("ordinary", old, new, what="the verdict for")

    assert check.name == "photographs_called_fake:ordinary"
    assert check.passed is passed


@pytest.mark.parametrize(("error", "passed"), [(0.010, True), (0.0101, False)])
def test_the_calibration_error_has_a_limit_of_its_own(error, passed):
    """Whatever it was before."""
    check = calibration_check(0.02, error, n=500)

    assert (check.old, check.limit) == (0.02, 0.01)
    assert check.passed is passed


@pytest.mark.parametrize(("right", "passed"), [(89, True), (88, False)])
def test_a_point_under_a_corruption_may_be_lost(right, passed):
    """Of 100 pictures one."""
    check = robustness_check(CORRUPTIONS["blur_0.8"], marks(90), marks(right))

    assert check.name == "robustness:blur:0.8"
    assert check.passed is passed
    assert "Gaussian blur" in check.sentence


@pytest.mark.parametrize(("now", "passed"), [(11.0, True), (11.1, False)])
def test_a_tenth_more_time_may_be_taken(now, passed):
    """10 ms may become 11."""
    check = cost_check("milliseconds", 10.0, now, what="The time")

    assert check.limit == pytest.approx(11)
    assert check.passed is passed


def test_coverage_is_shown_and_has_no_limit():
    """Thresholds need only be the candidate's own."""
    check = policy_check(set_row("official", judged=96), set_row("official", judged=90))

    assert (check.old, check.new, check.limit) == (0.96, 0.90, None)
    assert check.passed


def test_what_cannot_be_measured_fails():
    """A check without figures is not passed."""
    check = unmeasured("policy", "There are no thresholds.")

    assert not check.passed
    assert check.cells == ("\N{EN DASH}",) * 3


def test_sentences_have_figure_interval_and_remedy():
    """All of it, in one place."""
    check = robustness_check(CORRUPTIONS["jpeg_50"], marks(90), marks(80))

    said = check.sentence.replace("\N{NO-BREAK SPACE}", " ").replace("\u2212", "-")
    assert said == (
        f"After {CORRUPTIONS['jpeg_50'].title} it calls 80.00 % (90.00 % before) of "
        "100 leak-free CIFAKE pictures rightly: -10.00 points (95 % interval -16.18 to "
        "-3.43), where 1 point may be lost. Teach it again for fewer "
        "minutes."
    )
