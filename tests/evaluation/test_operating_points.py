"""Thresholds against scikit-learn, brute force and ten pictures counted by hand."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn import metrics

from cifake_core.basics.estimates import sigmoid
from cifake_core.basics.labels import OBJECT_CLASSES
from cifake_core.evaluation.metrics import evaluate_logits
from cifake_core.evaluation.operating_points import (
    EDGES,
    EVEN,
    by_object_class,
    curves,
    equal_error,
    flagging_at_most,
    operating_point,
)

FIGURES = ("accuracy", "precision", "recall", "f1")


def worked_case():
    """Return 10 pictures: 3 FAKE rightly called, 1 not; 4 REAL rightly, 2 not."""
    labels = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
    logits = np.array([-3.0, -2.0, -1.0, 1.0, -1.5, -0.5, 0.5, 1.5, 2.0, 3.0])
    return labels, logits


def seeded_scores(count=400, *, decimals=6):
    """Return labels, one third of them FAKE, and logits that tell them apart."""
    random = np.random.RandomState(4)
    labels = (np.arange(count) % 3 > 0).astype(int)
    logits = random.normal(size=count) + 1.2 * (2 * labels - 1)
    return labels, logits.round(decimals)


def share(logit):
    """Return the probability of REAL of one logit."""
    return float(sigmoid(np.array([logit]))[0])


def flagged(labels, logits, threshold):
    """Return the share of REAL pictures called FAKE, by the definition."""
    return np.mean(sigmoid(logits[labels == 1]) < threshold)


def missed(labels, logits, threshold):
    """Return the share of FAKE pictures called REAL, by the definition."""
    return np.mean(sigmoid(logits[labels == 0]) >= threshold)


@pytest.mark.parametrize(
    ("threshold", "confusion"),
    [
        (0.0, ((0, 4), (0, 6))),
        (0.1, ((1, 3), (0, 6))),
        (0.5, ((3, 1), (2, 4))),
        (0.75, ((4, 0), (3, 3))),
        (1.0, ((4, 0), (6, 0))),
    ],
)
def test_cells_are_counted_at_any_threshold(threshold, confusion):
    """Ten pictures counted by hand, from everything REAL to everything FAKE."""
    point = operating_point(*worked_case(), threshold=threshold)

    assert point.confusion == confusion
    assert (point.n, point.threshold) == (10, threshold)


def test_figures_of_the_worked_case():
    """At 0.75 three of six REAL pictures are found, and no FAKE one is missed."""
    point = operating_point(*worked_case(), threshold=0.75)

    assert point.accuracy.value == pytest.approx(7 / 10)
    assert (point.precision.value, point.recall.value) == (1.0, 0.5)
    assert point.f1.value == pytest.approx(2 / 3)
    assert (point.real_flagged.value, point.fake_missed.value) == (0.5, 0.0)


def test_a_picture_at_the_threshold_is_real():
    """Its own probability is enough for a picture; a hair more is not."""
    labels, logits = worked_case()
    own = share(1.5)

    at = operating_point(labels, logits, threshold=own)
    above = operating_point(labels, logits, threshold=np.nextafter(own, 1))

    assert (at.confusion[1][1], above.confusion[1][1]) == (3, 2)


@pytest.mark.parametrize("threshold", [0.05, 0.3, 0.5, 0.62, 0.95])
def test_figures_match_scikit_learn(threshold):
    """At every threshold each figure equals scikit-learn's, in its interval."""
    labels, logits = seeded_scores()
    called = sigmoid(logits) >= threshold

    point = operating_point(labels, logits, threshold=threshold)

    expected = {
        "accuracy": metrics.accuracy_score(labels, called),
        "precision": metrics.precision_score(labels, called),
        "recall": metrics.recall_score(labels, called),
        "f1": metrics.f1_score(labels, called),
    }
    estimates = {name: getattr(point, name) for name in FIGURES}
    found = {name: estimate.value for name, estimate in estimates.items()}
    assert found == pytest.approx(expected)
    assert all(e.low <= e.value <= e.high for e in estimates.values())
    assert point.real_flagged.value == pytest.approx(1 - expected["recall"])


def test_the_networks_own_threshold_gives_their_report():
    """At 0.5 the figures are those of the report that cards and pages show."""
    labels, logits = seeded_scores()
    logits[:4] = [0.0, -0.0, 1e-7, -1e-7]
    report = evaluate_logits(labels, logits)

    point = operating_point(labels, logits, threshold=EVEN)

    assert point.confusion == report.confusion
    for name in FIGURES:
        ours, theirs = getattr(point, name), getattr(report, name)
        assert (ours.value, ours.low, ours.high) == (
            theirs.value,
            theirs.low,
            theirs.high,
        )


def test_each_object_class_has_its_own_point():
    """Two classes with pictures give two points, and unknown ones are left out."""
    labels, logits = worked_case()
    classes = np.array([6, 6, 3, 3, 6, 6, -1, 6, 3, 3])

    points = by_object_class(labels, logits, classes, threshold=0.5)

    assert list(points) == ["cat", "frog"]
    assert points["cat"].confusion == ((1, 1), (0, 2))
    assert points["frog"].confusion == ((2, 0), (2, 1))


def test_classes_add_up_to_the_whole():
    """The cells of all classes together are those of the set."""
    labels, logits = seeded_scores()
    classes = np.arange(labels.size) % len(OBJECT_CLASSES)

    points = by_object_class(labels, logits, classes, threshold=0.3)

    total = sum(np.array(point.confusion) for point in points.values())
    whole = operating_point(labels, logits, threshold=0.3)
    assert total.tolist() == [list(row) for row in whole.confusion]


def test_a_class_of_one_label_leaves_the_other_open():
    """A class without FAKE pictures has a point whose missed share is unknown."""
    labels, logits = np.array([0, 1, 1]), np.array([-1.0, 1.0, -1.0])

    point = by_object_class(labels, logits, np.array([0, 1, 1]), threshold=0.5)[
        "automobile"
    ]

    assert point.confusion == ((0, 0), (1, 1))
    missed = point.fake_missed
    assert (missed.value, missed.low, missed.high) == (0.0, 0.0, 1.0)


def test_equal_error_worked_by_hand():
    """At the logit 0.5 as at -0.5 the errors are a twelfth apart: the higher wins."""
    labels, logits = worked_case()

    threshold = equal_error(labels, logits)

    assert threshold == share(0.5)
    assert flagged(labels, logits, threshold) == pytest.approx(2 / 6)
    assert missed(labels, logits, threshold) == pytest.approx(1 / 4)


def test_equal_gaps_are_equal():
    """Two thirds less a half is a half less a third, and the higher threshold wins."""
    threshold = equal_error(np.array([0, 1, 1, 0, 1]), np.arange(5.0))

    assert threshold == share(3.0)


@pytest.mark.parametrize("decimals", [0, 1, 6])
def test_no_threshold_has_errors_more_equal(decimals):
    """Every other threshold parts the two errors at least as far, ties or not."""
    labels, logits = seeded_scores(150, decimals=decimals)

    threshold = equal_error(labels, logits)

    def gap(other):
        return abs(flagged(labels, logits, other) - missed(labels, logits, other))

    candidates = [0.0, *sigmoid(logits), 1.0]
    assert gap(threshold) == pytest.approx(min(map(gap, candidates)), abs=1e-9)


def test_one_score_for_all_has_a_threshold_too():
    """Where nothing tells the pictures apart the threshold is still a probability."""
    threshold = equal_error(np.array([0, 1, 1]), np.full(3, 2.0))

    assert threshold == share(2.0)


@pytest.mark.parametrize(
    ("allowed", "logit"),
    [(0.0, -1.5), (0.16, -1.5), (1 / 6, -0.5), (0.34, 0.5), (0.99, 3.0)],
)
def test_flagging_worked_by_hand(allowed, logit):
    """Six REAL pictures: a sixth of them is one, and less than that is none."""
    threshold = flagging_at_most(*worked_case(), share=allowed)

    assert threshold == share(logit)


def test_all_may_be_flagged():
    """With everything allowed, everything is flagged."""
    threshold = flagging_at_most(*worked_case(), share=1.0)

    assert threshold == 1.0


@pytest.mark.parametrize("decimals", [0, 1, 6])
@pytest.mark.parametrize("allowed", [0.0, 0.01, 0.05, 0.29, 0.5])
def test_flagging_keeps_its_promise_and_gives_nothing_away(decimals, allowed):
    """The share is kept, and the next threshold that flags more breaks it."""
    labels, logits = seeded_scores(300, decimals=decimals)

    threshold = flagging_at_most(labels, logits, share=allowed)

    assert flagged(labels, logits, threshold) <= allowed
    assert flagged(labels, logits, np.nextafter(threshold, 1)) > allowed


def test_a_share_that_is_a_whole_number_is_allowed_whole():
    """0.29 of 100 is 29 pictures, though 0.29 * 100 is a hair less."""
    labels = np.r_[np.ones(100, int), 0]
    logits = np.linspace(-2, 2, 101)

    threshold = flagging_at_most(labels, logits, share=0.29)

    assert flagged(labels, logits, threshold) == 0.29


def test_precision_recall_curve_is_scikit_learns():
    """With few pictures the points are scikit-learn's, from all to none found."""
    labels, logits = seeded_scores(200)
    precision, recall, _ = metrics.precision_recall_curve(labels, logits)

    drawn = curves(labels, logits)

    np.testing.assert_array_equal(drawn.precision, precision)
    np.testing.assert_array_equal(drawn.recall, recall)


def test_precision_recall_curve_is_thin_and_keeps_its_area():
    """At most 500 points enclose the average precision of all 20,000."""
    labels, logits = seeded_scores(20_000)

    drawn = curves(labels, logits)

    assert 300 < drawn.recall.size == drawn.precision.size <= 500
    assert (drawn.recall[0], drawn.recall[-1]) == (1.0, 0.0)
    area = -np.trapezoid(drawn.precision, drawn.recall)
    expected = metrics.average_precision_score(labels, logits)
    assert area == pytest.approx(expected, abs=1e-3)


def test_an_operating_point_lies_on_both_curves():
    """Recall and precision at a picture's own probability stand on the curve."""
    labels, logits = seeded_scores(200)
    threshold = float(sigmoid(logits)[17])

    point = operating_point(labels, logits, threshold=threshold)

    drawn = curves(labels, logits)
    on = np.isclose(drawn.recall, point.recall.value)
    assert np.isclose(drawn.precision[on], point.precision.value).any()
    fpr, tpr, _ = metrics.roc_curve(labels, logits, drop_intermediate=False)
    on = np.isclose(fpr, point.fake_missed.value)
    assert np.isclose(tpr[on], point.recall.value).any()


def test_bars_worked_by_hand():
    """0 is in the first bar, 1 in the last, and a half in the one that it ends."""
    labels = np.array([0, 1, 1, 0, 1])
    logits = np.array([-2e3, 2e3, 0.0, 1e-3, -1e-3])

    drawn = curves(labels, logits)

    assert len(EDGES) == 51
    assert {bar: int(n) for bar, n in enumerate(drawn.fake) if n} == {0: 1, 25: 1}
    assert {bar: int(n) for bar, n in enumerate(drawn.real) if n} == {24: 2, 49: 1}


def test_bars_hold_every_picture_once():
    """The bars of a label add up to its pictures, each counted by its definition."""
    labels, logits = seeded_scores()
    p_real = sigmoid(logits)

    drawn = curves(labels, logits)

    for label, bars in enumerate((drawn.fake, drawn.real)):
        own = p_real[labels == label]
        counted = [
            np.count_nonzero((own > low) & (own <= high))
            for low, high in pairwise(EDGES)
        ]
        assert bars.tolist() == counted
        assert bars.sum() == own.size


@pytest.mark.parametrize("bad", [-0.1, 1.1, np.nan])
def test_only_shares_are_thresholds(bad):
    """What is no share of one is told so."""
    labels, logits = worked_case()

    with pytest.raises(ValueError, match=r"a threshold, from 0 to 1\. Received"):
        operating_point(labels, logits, threshold=bad)
    with pytest.raises(ValueError, match=r"a threshold, from 0 to 1\. Received"):
        by_object_class(labels, logits, labels, threshold=bad)
    with pytest.raises(ValueError, match="a share of REAL pictures, from 0 to 1"):
        flagging_at_most(labels, logits, share=bad)


@pytest.mark.parametrize(
    "function",
    [
        lambda labels, logits: operating_point(labels, logits, threshold=0.5),
        lambda labels, logits: by_object_class(labels, logits, labels, threshold=0.5),
        lambda labels, logits: flagging_at_most(labels, logits, share=0.1),
        equal_error,
        curves,
    ],
)
def test_unusable_scores_are_refused(function):
    """Scores of one label alone have no threshold."""
    with pytest.raises(ValueError, match=r"at least one of each. Received .* \[1\]"):
        function(np.array([1, 1]), np.array([0.5, 1.0]))
