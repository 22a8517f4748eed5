"""What stands behind the marks of charts, and what a click on one chooses."""

from urllib.parse import parse_qsl

import numpy as np
import pytest

from cifake_core.evaluation.metrics import evaluate_logits
from cifake_core.evaluation.operating_points import curves, operating_point
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import Selection, matching
from cifake_core.ui.browse.address import from_query
from cifake_core.ui.browse.chart_filters import (
    class_mark,
    histogram_marks,
    mark,
    matrix_marks,
    pick,
    reliability_marks,
)

LOGITS = np.random.RandomState(3).normal(size=200).astype(np.float32) * 3


def scores():
    """Return the scores of 200 pictures, REAL and FAKE in turn, of two classes."""
    none = np.zeros(200, np.bool_)
    return Scores(
        network="cnn",
        model_sha256="0" * 64,
        members=np.array([f"test/REAL/{k}.jpg" for k in range(200)]),
        labels=(np.arange(200) % 2).astype(np.int8),
        object_classes=(np.arange(200) % 4 // 2).astype(np.int8),
        logits=LOGITS,
        seen_classes=np.full(200, -1, np.int8),
        in_training=none,
        repeats=none,
    )


def behind(chosen, *, threshold=0.5):
    """Return how many pictures a click on this mark shows."""
    view = Selection(network="cnn", threshold=threshold)
    return len(matching(scores(), pick(view, chosen)))


def test_a_mark_holds_the_filters_alone():
    """Neither network nor threshold, set, order, seed and page are in a mark."""
    view = Selection(
        network="cnn", threshold=0.2, pictures="mine", order="random", seed=3, page=9
    )

    assert mark(view) == ""
    assert dict(parse_qsl(class_mark("cat"))) == {"object_class": "cat"}


def test_a_click_replaces_the_filters_and_keeps_the_rest():
    """The filters of before are gone; threshold and order stay, the page is 1."""
    before = Selection(
        network="cnn", threshold=0.2, label="REAL", order="class", page=4
    )

    after = pick(before, class_mark("cat"))

    assert after == Selection(
        network="cnn", threshold=0.2, object_class="cat", order="class"
    )


def test_a_second_click_shows_all_again():
    """A mark that is chosen is given up by a click on it."""
    once = pick(Selection(network="cnn", page=2), class_mark("cat"))

    assert pick(once, class_mark("cat")) == Selection(network="cnn")


@pytest.mark.parametrize("threshold", [0.1, 0.5, 0.93])
def test_each_square_shows_as_many_pictures_as_it_says(threshold):
    """The gallery of a cell has the count of the confusion matrix."""
    point = operating_point(scores().labels, LOGITS, threshold=threshold)

    for row, marks in zip(point.confusion, matrix_marks(), strict=True):
        assert tuple(behind(each, threshold=threshold) for each in marks) == row


def test_each_bar_shows_as_many_pictures_as_it_says():
    """The gallery of a bar has the count of the histogram."""
    drawn = curves(scores().labels, LOGITS)

    assert [behind(each) for each in histogram_marks("FAKE")] == drawn.fake.tolist()
    assert [behind(each) for each in histogram_marks("REAL")] == drawn.real.tolist()


def test_each_bin_shows_as_many_pictures_as_it_says():
    """The gallery of a point of the reliability diagram has its count."""
    report = evaluate_logits(scores().labels, LOGITS)

    found = [behind(each) for each in reliability_marks(report)]

    assert found == [each.n for each in report.reliability]
    assert sum(found) == 200


def test_marks_are_read_without_fault():
    """Every mark is a piece of an address that `from_query` takes."""
    marks = [*histogram_marks("REAL"), *matrix_marks()[0], class_mark("truck")]

    for each in marks:
        _, faults = from_query(dict(parse_qsl(each)), networks=("cnn",))
        assert faults == ()
