"""Figures and intervals against scikit-learn, brute force and hand-made cases."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm
from sklearn import metrics

from cifake_core.basics.estimates import mean_estimate, sigmoid
from cifake_core.evaluation.metrics import (
    evaluate_logits,
    evaluate_objects,
    report_to_json,
)

ESTIMATES = ("accuracy", "precision", "recall", "f1", "roc_auc")


def seeded_scores(count=400, *, seed=7, shift=1.5):
    """Return balanced labels and logits that tell them apart by `shift`."""
    random = np.random.RandomState(seed)
    labels = np.arange(count) % 2
    return labels, random.normal(size=count) + shift * (2 * labels - 1)


def worked_case():
    """Return 10 pictures: 3 FAKE rightly called, 1 not; 4 REAL rightly, 2 not."""
    labels = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
    logits = np.array([-3.0, -2.0, -1.0, 1.0, -1.5, -0.5, 0.5, 1.5, 2.0, 3.0])
    return labels, logits


def delong_by_brute_force(labels, logits):
    """Return area and standard error from the matrix of all pairs."""
    real, fake = logits[labels == 1][:, None], logits[labels == 0][None, :]
    wins = (real > fake) + 0.5 * (real == fake)
    per_real, per_fake = wins.mean(axis=1), wins.mean(axis=0)
    variance = (
        per_real.var(ddof=1) / per_real.size + per_fake.var(ddof=1) / per_fake.size
    )
    return wins.mean(), np.sqrt(variance)


def calibration_by_loop(labels, p_real):
    """Return the expected calibration error, one bin after the other."""
    confidence = np.maximum(p_real, 1 - p_real)
    right = (p_real >= 0.5) == (labels == 1)
    error = 0.0
    for number in range(15):
        inside = (confidence > number / 15) & (confidence <= (number + 1) / 15)
        if inside.any():
            gap = abs(right[inside].mean() - confidence[inside].mean())
            error += inside.mean() * gap
    return error


def test_a_mean_and_its_interval_by_hand():
    """Of 1, 2 and 3: 2 and 4.303 times the error 1 / sqrt(3) to either side."""
    estimate = mean_estimate([1, 2, 3])

    margin = 4.302653 / np.sqrt(3)
    assert estimate.value == 2
    assert estimate.low == pytest.approx(2 - margin, rel=1e-6)
    assert estimate.high == pytest.approx(2 + margin, rel=1e-6)


def test_an_interval_is_cut_to_what_there_can_be():
    """Shares do not leave 0 to 1, and one alone says nothing else."""
    estimate = mean_estimate([0, 1], limits=(0, 1))
    alone = mean_estimate([0.3], limits=(0, 1))

    assert (estimate.low, estimate.value, estimate.high) == (0, 0.5, 1)
    assert (alone.low, alone.value, alone.high) == (0, 0.3, 1)


@pytest.mark.parametrize(
    ("values", "limits"), [([], (0, 1)), ([], (-np.inf, np.inf)), ([1], (0, np.inf))]
)
def test_too_few_values_are_refused(values, limits):
    """Without limits a single value has no interval."""
    with pytest.raises(ValueError, match=f"at least two .* Received {len(values)}"):
        mean_estimate(values, limits=limits)


def test_sigmoid_is_stable_at_both_ends():
    """Huge logits give 0 and 1, not an overflow, and float32 gives float64."""
    logits = np.array([-1e4, 0, 1e4], np.float32)

    probabilities = sigmoid(logits)

    assert probabilities.dtype == np.float64
    assert probabilities.tolist() == [0.0, 0.5, 1.0]


def test_odds_become_their_share():
    """A logit of log 3, odds of 3 to 1, is a probability of 3 in 4."""
    logits = np.array([np.log(3.0)])

    probabilities = sigmoid(logits)

    assert probabilities[0] == pytest.approx(0.75)


def test_worked_case_gives_the_hand_counted_cells():
    """Ten pictures counted by hand give the confusion matrix and its ratios."""
    labels, logits = worked_case()

    report = evaluate_logits(labels, logits)

    assert report.n == 10
    assert report.confusion == ((3, 1), (2, 4))
    assert report.accuracy.value == pytest.approx(7 / 10)
    assert report.precision.value == pytest.approx(4 / 5)
    assert report.recall.value == pytest.approx(4 / 6)
    assert report.f1.value == pytest.approx(8 / 11)
    assert report.roc_auc.value == pytest.approx(20 / 24)


def test_wilson_interval_matches_its_formula():
    """The interval of 7 right of 10 is that of Wilson's closed form."""
    labels, logits = worked_case()
    z = norm.ppf(0.975)
    center = (0.7 + z**2 / 20) / (1 + z**2 / 10)
    margin = z * np.sqrt(0.7 * 0.3 / 10 + z**2 / 400) / (1 + z**2 / 10)

    accuracy = evaluate_logits(labels, logits).accuracy

    assert accuracy.low == pytest.approx(center - margin)
    assert accuracy.high == pytest.approx(center + margin)


def test_figures_match_scikit_learn():
    """On seeded scores every figure equals scikit-learn's."""
    labels, logits = seeded_scores()
    called = logits >= 0

    report = evaluate_logits(labels, logits)

    expected = {
        "accuracy": metrics.accuracy_score(labels, called),
        "precision": metrics.precision_score(labels, called),
        "recall": metrics.recall_score(labels, called),
        "f1": metrics.f1_score(labels, called),
        "roc_auc": metrics.roc_auc_score(labels, logits),
    }
    found = {name: getattr(report, name).value for name in ESTIMATES}
    assert found == pytest.approx(expected)
    assert report.confusion == tuple(
        map(tuple, metrics.confusion_matrix(labels, called).tolist())
    )


@pytest.mark.parametrize("decimals", [0, 1, 6])
def test_delong_matches_brute_force(decimals):
    """Area and interval equal those from all pairs, with many ties and with none."""
    labels, logits = seeded_scores(60, shift=0.6)
    rounded = logits.round(decimals)
    area, error = delong_by_brute_force(labels, rounded)

    report = evaluate_logits(labels, rounded)

    margin = norm.ppf(0.975) * error
    assert report.roc_auc.value == pytest.approx(area)
    assert report.roc_auc.low == pytest.approx(area - margin)
    assert report.roc_auc.high == pytest.approx(min(area + margin, 1))


def test_bootstrap_of_f1_is_close_to_the_delta_method():
    """The redrawn interval has the width that the normal approximation gives."""
    labels, logits = seeded_scores(4000, shift=1.0)

    report = evaluate_logits(labels, logits)

    (_, fp), (fn, tp) = report.confusion
    total = 2 * tp + fp + fn
    slope_tp, slope_other = 2 * (fp + fn) / total**2, -2 * tp / total**2
    error = np.sqrt(tp * slope_tp**2 + (fp + fn) * slope_other**2)
    width = report.f1.high - report.f1.low
    assert width == pytest.approx(2 * norm.ppf(0.975) * error, rel=0.05)
    assert (report.f1.low + report.f1.high) / 2 == pytest.approx(
        report.f1.value, abs=0.001
    )


def test_same_scores_give_the_same_report():
    """The bootstrap is seeded: two calls agree to the last digit."""
    labels, logits = seeded_scores()

    first, second = (report_to_json(evaluate_logits(labels, logits)) for _ in "ab")

    assert first == second


def test_calibration_error_worked_by_hand():
    """Four pictures at 80 % of which three are right are off by 5 points."""
    labels = np.array([1, 1, 1, 0])
    logits = np.full(4, np.log(4.0))

    report = evaluate_logits(labels, logits)

    assert report.ece == pytest.approx(0.05)


@pytest.mark.parametrize("scale", [0.3, 1.0, 2.0])
def test_calibration_error_matches_a_loop(scale):
    """The binned sum equals the definition written as a loop over the bins."""
    labels, logits = seeded_scores()
    expected = calibration_by_loop(labels, sigmoid(scale * logits))

    report = evaluate_logits(labels, scale * logits)

    assert report.ece == pytest.approx(expected)


def test_perfect_scores_are_perfect():
    """Classes far apart give 1 for every figure, and an honest lower bound."""
    labels = np.arange(40) % 2

    report = evaluate_logits(labels, 60.0 * (2 * labels - 1))

    assert [getattr(report, name).value for name in ESTIMATES] == [1.0] * 5
    assert report.ece == pytest.approx(0.0)
    assert 0.9 < report.accuracy.low < 1


def test_random_scores_are_chance():
    """Scores that know nothing have an area whose interval holds one half."""
    labels, logits = seeded_scores(2000, shift=0.0)

    area = evaluate_logits(labels, logits).roc_auc

    assert area.low < 0.5 < area.high
    assert area.high - area.low < 0.06


def test_mirrored_labels_and_scores_mirror_the_report():
    """Swapping the classes turns the matrix round and leaves the rest alone."""
    labels, logits = seeded_scores(shift=0.8)

    report = evaluate_logits(labels, logits)
    mirrored = evaluate_logits(1 - labels, -logits)

    assert mirrored.confusion == tuple(row[::-1] for row in report.confusion[::-1])
    assert mirrored.accuracy.value == report.accuracy.value
    assert mirrored.roc_auc.value == pytest.approx(report.roc_auc.value)
    assert mirrored.roc_auc.low == pytest.approx(report.roc_auc.low)
    assert mirrored.ece == pytest.approx(report.ece)


def test_order_of_the_pictures_does_not_matter():
    """Shuffled pairs of label and logit give the same figures."""
    labels, logits = seeded_scores()
    order = np.random.RandomState(3).permutation(labels.size)

    report = report_to_json(evaluate_logits(labels, logits))
    shuffled = report_to_json(evaluate_logits(labels[order], logits[order]))

    assert shuffled.pop("ece") == pytest.approx(report.pop("ece"))
    for ours, theirs in zip(
        shuffled.pop("reliability"), report.pop("reliability"), strict=True
    ):
        assert ours.pop("accuracy_ci95") == pytest.approx(theirs.pop("accuracy_ci95"))
        assert ours == pytest.approx(theirs)
    assert shuffled.pop("roc_auc_ci95") == pytest.approx(report.pop("roc_auc_ci95"))
    assert shuffled.pop("roc_auc") == pytest.approx(report.pop("roc_auc"))
    assert shuffled == report


def test_softer_scores_leave_calls_and_area_alone():
    """Logits divided by 4 move the calibration and nothing else."""
    labels, logits = seeded_scores()

    report = report_to_json(evaluate_logits(labels, logits))
    softened = report_to_json(evaluate_logits(labels, logits / 4))

    assert softened.pop("ece") > report.pop("ece") + 0.1
    assert softened.pop("reliability") != report.pop("reliability")
    assert softened == report


def test_a_tie_is_called_real():
    """A logit of exactly 0 is called REAL, one below is not."""
    labels = np.array([0, 1])

    report = evaluate_logits(labels, np.array([-1e-9, 0.0]))
    tied = evaluate_logits(labels, np.zeros(2))

    assert report.confusion == ((1, 0), (0, 1))
    assert tied.confusion == ((0, 1), (0, 1))


def test_nothing_called_real_leaves_precision_open():
    """A network that calls everything FAKE has precision 0, from 0 to 1."""
    labels = np.arange(8) % 2

    report = evaluate_logits(labels, np.full(8, -2.0))

    assert (report.precision.value, report.precision.low) == (0.0, 0.0)
    assert report.precision.high == 1.0
    assert report.f1.value == 0.0


def test_single_picture_of_a_class_leaves_the_area_open():
    """One FAKE picture tells nothing of the spread of FAKE: from 0 to 1."""
    labels = np.array([0, 1, 1, 1])

    area = evaluate_logits(labels, np.array([-1.0, 0.5, 1.0, -2.0])).roc_auc

    assert area.value == pytest.approx(2 / 3)
    assert (area.low, area.high) == (0.0, 1.0)


def test_roc_curve_is_thin_and_keeps_its_area():
    """At most 500 points from corner to corner enclose the area that is shown."""
    labels, logits = seeded_scores(20_000, shift=1.0)

    report = evaluate_logits(labels, logits)

    assert 300 < report.roc_fpr.size == report.roc_tpr.size <= 500
    assert (report.roc_fpr[0], report.roc_tpr[0]) == (0, 0)
    assert (report.roc_fpr[-1], report.roc_tpr[-1]) == (1, 1)
    enclosed = np.trapezoid(report.roc_tpr, report.roc_fpr)
    assert enclosed == pytest.approx(report.roc_auc.value, abs=2e-4)
    assert report.roc_auc.value == pytest.approx(metrics.roc_auc_score(labels, logits))


def test_every_interval_holds_its_value():
    """Low, value and high stand in order, within 0 and 1."""
    labels, logits = seeded_scores(50)

    report = evaluate_logits(labels, logits)

    for name in ESTIMATES:
        estimate = getattr(report, name)
        assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


def test_json_holds_the_promised_keys_and_plain_numbers():
    """The dictionary has the keys other tools read and survives JSON unchanged."""
    labels, logits = worked_case()

    figures = report_to_json(evaluate_logits(labels, logits))

    intervals = {f"{name}_ci95" for name in ESTIMATES}
    others = {"n", "ece", "reliability", "confusion"}
    assert set(figures) == {*ESTIMATES, *intervals, *others}
    assert figures["confusion"] == [[3, 1], [2, 4]]
    assert json.loads(json.dumps(figures)) == figures


@pytest.mark.parametrize(
    ("labels", "logits", "message"),
    [
        ([], [], r"Received labels \(0,\) and logits \(0,\)"),
        ([0, 1], [0.5], r"Received labels \(2,\) and logits \(1,\)"),
        ([[0], [1]], [[0.5], [1.0]], r"both of shape \(N,\)"),
        ([0, 2], [0.5, 1.0], r"Received the labels \[0, 2\]"),
        ([0, 1, 2], [0.5, 1.0, 2.0], r"Received the labels \[0, 1, 2\]"),
        ([1, 1], [0.5, 1.0], r"at least one of each. Received the labels \[1\]"),
        ([0, 1], [0.5, np.nan], "Received 1 that are NaN or infinite"),
        ([0, 1], [-np.inf, 0.5], "Received 1 that are NaN or infinite"),
    ],
)
def test_unusable_scores_are_refused(labels, logits, message):
    """Empty, mismatched, foreign, one-sided or broken input is told so."""
    with pytest.raises(ValueError, match=message):
        evaluate_logits(np.array(labels, int), np.array(logits, float))


def test_objects_worked_by_hand():
    """Of five pictures whose class is known three are named rightly."""
    truth = np.array([0, 3, 3, 9, -1, 9], np.int8)
    seen = np.array([0, 3, 5, 9, 9, 0], np.int8)

    report = evaluate_objects(truth, seen)

    cells = np.array(report.confusion)
    assert (report.n, report.accuracy.value) == (5, 3 / 5)
    assert report.accuracy.low < 3 / 5 < report.accuracy.high
    assert cells.shape == (10, 10)
    assert cells.sum() == 5
    assert [cells[0, 0], cells[3, 3], cells[3, 5], cells[9, 9], cells[9, 0]] == [1] * 5


@pytest.mark.parametrize(("truth", "seen"), [([0, 9], [-1, -1]), ([-1, -1], [0, 9])])
def test_no_objects_no_report(truth, seen):
    """Where the network names none, or nobody knows them, nothing is reported."""
    assert evaluate_objects(np.array(truth), np.array(seen)) is None


def test_json_names_objects_only_where_the_network_does():
    """Three more keys come with an object report, and none without."""
    report = evaluate_logits(*worked_case())
    objects = evaluate_objects(np.array([0, 1]), np.array([0, 0]))

    without = report_to_json(report)
    figures = report_to_json(replace(report, objects=objects))

    added = figures.keys() - without.keys()
    assert added == {"object_accuracy", "object_accuracy_ci95", "object_confusion"}
    assert figures["object_accuracy"] == 0.5
    assert np.array(figures["object_confusion"]).sum(axis=0).tolist() == [2] + 9 * [0]
    assert json.loads(json.dumps(figures)) == figures
