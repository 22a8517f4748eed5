"""Which pictures are shown, in what order, on which page: on eight pictures."""

import csv
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from cifake_core.basics.estimates import sigmoid
from cifake_core.evaluation.metrics import evaluate_logits
from cifake_core.evaluation.operating_points import (
    EDGES,
    curves,
    flagging_at_most,
    operating_point,
)
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import (
    ORDERS,
    PER_PAGE,
    Place,
    Selection,
    matching,
    page_of,
    place_of,
    selection_csv,
)

EVERY_PICTURE = Selection(network="cnn")


#: What the network in a file of results knows, in words.
KNOWS = "knows only Stable Diffusion 1.4"


def eight() -> Scores:
    """Return scores of eight pictures; 1, 2, 5 and 7 are called wrongly.

    Picture 3 stands in train/, picture 6 is a second copy.
    """
    return Scores(
        network="cnn",
        model_sha256="c0ffee",
        members=np.array(
            [f"cifake/test/{'FAKE' if n < 4 else 'REAL'}/{n}.jpg" for n in range(8)]
        ),
        labels=np.array([0, 0, 0, 0, 1, 1, 1, 1], np.int8),
        object_classes=np.array([6, 3, 6, 3, 6, 3, 6, -1], np.int8),
        logits=np.array([-3, 2, 0.5, -1, 4, -2.5, 1.5, -0.25], np.float32),
        seen_classes=np.full(8, -1, np.int8),
        in_training=np.arange(8) == 3,
        repeats=np.arange(8) == 6,
    )


def many(count=600) -> Scores:
    """Return seeded scores of many pictures, some of them of one logit."""
    random = np.random.RandomState(2)
    labels = np.arange(count) % 2
    logits = random.normal(size=count) * 2 + 1.5 * (2 * labels - 1)
    return replace(
        eight(),
        members=np.array([f"test/REAL/{n}.jpg" for n in range(count)]),
        labels=labels.astype(np.int8),
        object_classes=random.randint(0, 10, count).astype(np.int8),
        logits=logits.round(2).astype(np.float32),
        seen_classes=np.full(count, -1, np.int8),
        in_training=random.rand(count) < 0.05,
        repeats=random.rand(count) < 0.05,
    )


def found(**filters) -> list[int]:
    """Return the positions of the eight that match, sorted by position."""
    return sorted(matching(eight(), replace(EVERY_PICTURE, **filters)).tolist())


@pytest.mark.parametrize(
    ("filters", "positions"),
    [
        ({}, [0, 1, 2, 3, 4, 5, 6, 7]),
        ({"right": False}, [1, 2, 5, 7]),
        ({"right": True}, [0, 3, 4, 6]),
        ({"label": "FAKE"}, [0, 1, 2, 3]),
        ({"label": "REAL", "called": "FAKE"}, [5, 7]),
        ({"called": "REAL"}, [1, 2, 4, 6]),
        ({"threshold": 0.7, "called": "REAL"}, [1, 4, 6]),
        ({"threshold": 0.7, "right": False}, [1, 5, 7]),
        ({"threshold": 0.0, "right": False}, [0, 1, 2, 3]),
        ({"threshold": 1.0, "called": "REAL"}, []),
        ({"object_class": "frog"}, [0, 2, 4, 6]),
        ({"object_class": "truck"}, []),
        ({"pictures": "leak-free"}, [0, 1, 2, 4, 5, 7]),
        ({"copies": "in_training"}, [3]),
        ({"copies": "repeats"}, [6]),
        ({"copies": "repeats", "pictures": "leak-free"}, []),
        ({"confidence": (0.9, 1.0)}, [0, 4, 5]),
        ({"confidence": (0.0, 0.6)}, [7]),
        ({"p_real": (0.0, 0.1)}, [0, 5]),
        ({"p_real": (0.4, 0.9), "object_class": "frog"}, [2, 6]),
    ],
)
def test_each_filter_takes_its_pictures(filters, positions):
    """Filters alone and together leave the pictures that were counted by hand."""
    assert found(**filters) == positions


def test_the_verdict_is_that_of_the_product():
    """It filters whatever the network says; where it is not known, it does not."""
    decisions = np.array([0, 1, 2, 2, 1, 0, 2, 1])
    view = replace(EVERY_PICTURE, verdict="UNSURE")

    known = matching(eight(), view, decisions=decisions)
    wrong = matching(eight(), replace(view, right=False), decisions=decisions)
    unknown = matching(eight(), view)

    assert sorted(known.tolist()) == [2, 3, 6]
    assert wrong.tolist() == [2]
    assert len(unknown) == 8


def test_ranges_do_not_overlap():
    """A picture on the edge of two ranges is in the lower one; 0 is in the first."""
    logits = np.array([-2e3, 0.0, 2e3, 1, 1, 1, 1, 1], np.float32)
    scores = replace(eight(), logits=logits)

    def inside(low, high):
        chosen = replace(EVERY_PICTURE, p_real=(low, high))
        return sorted(matching(scores, chosen).tolist())

    assert inside(0.0, 0.5) == [0, 1]
    assert inside(0.5, 0.6) == []
    assert inside(0.8, 1.0) == [2]


@pytest.mark.parametrize(
    ("order", "positions"),
    [
        ("most_wrong", [5, 1, 2, 7, 3, 6, 0, 4]),
        ("least_sure", [7, 2, 3, 6, 1, 5, 0, 4]),
        ("class", [7, 5, 1, 3, 2, 6, 0, 4]),
    ],
)
def test_each_order_is_that_of_the_hand(order, positions):
    """Errors by how wrong, all by how sure, classes with their errors first."""
    chosen = matching(eight(), replace(EVERY_PICTURE, order=order))

    assert chosen.tolist() == positions
    assert chosen.dtype == np.int64


def test_orders_go_by_the_threshold():
    """At 0.8 picture 6 is wrong, and nearest to the line is what was 1.4."""
    wrong = replace(EVERY_PICTURE, threshold=0.8, right=False)
    unsure = replace(EVERY_PICTURE, threshold=0.8, order="least_sure")

    most_wrong = matching(replace_logit(6, 1.25), wrong)
    least_sure = matching(replace_logit(6, 1.25), unsure)

    assert most_wrong.tolist() == [5, 7, 1, 6]
    assert least_sure[:3].tolist() == [6, 1, 2]


def replace_logit(position: int, logit: float) -> Scores:
    """Return the eight with another logit at one position."""
    scores = eight()
    logits = scores.logits.copy()
    logits[position] = logit
    return replace(scores, logits=logits)


@pytest.mark.parametrize(
    ("threshold", "order", "positions"),
    [
        (0.0, "most_wrong", [1, 2, 3, 0, 5, 7, 6, 4]),
        (0.0, "least_sure", [0, 5, 3, 7, 2, 6, 1, 4]),
        (1.0, "most_wrong", [5, 7, 6, 4, 1, 2, 3, 0]),
        (1.0, "least_sure", [4, 1, 6, 2, 7, 3, 5, 0]),
    ],
)
def test_thresholds_at_the_ends_sort_too(threshold, order, positions):
    """Where everything is called alike, the order goes by the other end."""
    view = replace(EVERY_PICTURE, threshold=threshold, order=order)

    assert matching(eight(), view).tolist() == positions


def test_a_seed_is_an_order():
    """The same seed shuffles alike, another otherwise, and nothing is lost."""
    shuffles = [
        matching(many(), replace(EVERY_PICTURE, order="random", seed=seed)).tolist()
        for seed in (3, 3, 4)
    ]

    assert shuffles[0] == shuffles[1] != shuffles[2]
    assert all(sorted(each) == list(range(600)) for each in shuffles)


@pytest.mark.parametrize("order", ORDERS)
def test_a_filter_takes_out_and_leaves_the_order(order):
    """What stays stands as it stood before, in every order."""
    scores = many()
    view = replace(EVERY_PICTURE, order=order, threshold=0.6)
    before = matching(scores, view)

    after = matching(scores, replace(view, label="REAL", confidence=(0.0, 0.9)))

    kept = [position for position in before if position in set(after)]
    assert 50 < len(after) < len(before)
    assert after.tolist() == kept


@pytest.mark.parametrize("threshold", [0.5, 0.2, 0.93])
@pytest.mark.parametrize("leak_free", [False, True])
def test_each_cell_of_the_matrix_opens_its_pictures(threshold, leak_free):
    """Label and call select as many pictures as the confusion matrix counts."""
    scores = many()
    chosen = scores.leak_free if leak_free else slice(None)
    point = operating_point(
        scores.labels[chosen], scores.logits[chosen], threshold=threshold
    )

    for row, label in zip(point.confusion, ("FAKE", "REAL"), strict=True):
        for count, called in zip(row, ("FAKE", "REAL"), strict=True):
            view = Selection(
                network="cnn",
                threshold=threshold,
                pictures="leak-free" if leak_free else "official",
                label=label,
                called=called,
            )
            assert len(matching(scores, view)) == count


def test_each_bar_of_the_histogram_opens_its_pictures():
    """Label and range of a bar select as many pictures as it counts."""
    scores = many()
    drawn = curves(scores.labels, scores.logits)

    for label, bars in (("FAKE", drawn.fake), ("REAL", drawn.real)):
        for edges, count in zip(pairwise(EDGES), bars, strict=True):
            view = Selection(network="cnn", label=label, p_real=edges)
            assert len(matching(scores, view)) == count


def test_each_reliability_bin_opens_its_pictures():
    """The range of a bin selects as many pictures as it counts."""
    scores = many()
    report = evaluate_logits(scores.labels, scores.logits)

    for each in report.reliability:
        view = Selection(network="cnn", confidence=(each.low, each.high))
        assert len(matching(scores, view)) == each.n


def test_a_found_threshold_selects_what_it_promises():
    """The view of the threshold that flags 2 % shows at most that many REAL ones."""
    scores = many()
    threshold = flagging_at_most(scores.labels, scores.logits, share=0.02)

    view = replace(EVERY_PICTURE, threshold=threshold, label="REAL", called="FAKE")

    assert 4 <= len(matching(scores, view)) <= 6


def test_nothing_given_is_changed():
    """The scores are as they were, their marks included."""
    scores = many()
    before = scores.leak_free, scores.repeats.copy(), scores.logits.copy()

    matching(scores, replace(EVERY_PICTURE, pictures="leak-free", right=False))

    after = scores.leak_free, scores.repeats, scores.logits
    for ours, theirs in zip(after, before, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    ("asked", "number", "first", "length"),
    [
        (1, 1, 100, PER_PAGE),
        (2, 2, 100 + PER_PAGE, PER_PAGE),
        (3, 3, 100 + 2 * PER_PAGE, 2),
        (9, 3, 100 + 2 * PER_PAGE, 2),
        (0, 1, 100, PER_PAGE),
    ],
)
def test_pages_follow_one_another(asked, number, first, length):
    """Full pages, a short last one, and the nearest for one that is not there."""
    positions = np.arange(100, 102 + 2 * PER_PAGE)

    page = page_of(positions, asked)

    assert (page.number, page.num_pages) == (number, 3)
    assert (page.positions[0], len(page.positions)) == (first, length)


@pytest.mark.parametrize(("count", "num_pages"), [(0, 1), (PER_PAGE, 1)])
def test_there_is_always_a_page(count, num_pages):
    """No picture makes one empty page, and a full page makes no second."""
    page = page_of(np.arange(count), 1)

    assert (page.num_pages, len(page.positions)) == (num_pages, count)


@pytest.mark.parametrize(
    ("position", "place"),
    [
        (9, Place(number=1, total=3, previous=None, following=4)),
        (4, Place(number=2, total=3, previous=9, following=7)),
        (7, Place(number=3, total=3, previous=4, following=None)),
        (5, None),
    ],
)
def test_neighbours_are_those_of_the_selection(position, place):
    """Next and previous go by the selection's order, and end at its ends."""
    assert place_of(np.array([9, 4, 7]), position) == place


def test_the_csv_says_what_the_view_shows():
    """One line a picture, in order, with call and threshold, so that it repeats."""
    positions = np.array([6, 2, 7])

    text = selection_csv(eight(), positions, threshold=0.7, knows=KNOWS)

    rows = list(csv.DictReader(text.splitlines()))
    assert [row["position"] for row in rows] == ["6", "2", "7"]
    assert rows[0] == {
        "position": "6",
        "file": "test/REAL/6.jpg",
        "object_class": "frog",
        "label": "REAL",
        "called": "REAL",
        "p_real": f"{sigmoid(np.array([1.5]))[0]:.6f}",
        "in_training": "False",
        "repeat": "True",
        "network": "cnn",
        "threshold": "0.7",
        "model_sha256": "c0ffee",
        "knows": KNOWS,
    }
    assert (rows[1]["label"], rows[1]["called"]) == ("FAKE", "FAKE")
    assert rows[2]["object_class"] == ""


def test_the_csv_calls_as_the_view_does():
    """A picture whose probability is the threshold is called REAL there too."""
    threshold = float(sigmoid(eight().logits)[2])

    text = selection_csv(eight(), np.array([2]), threshold=threshold, knows=KNOWS)

    (row,) = csv.DictReader(text.splitlines())
    assert (row["called"], float(row["threshold"])) == ("REAL", threshold)


def test_an_empty_selection_is_a_header():
    """Nothing selected gives the names of the columns alone."""
    text = selection_csv(eight(), np.array([], np.int64), threshold=0.5, knows=KNOWS)

    assert text.startswith("position,file,object_class,label,called,p_real,")
    assert text.count("\n") == 1


def test_further_columns_stand_beside_the_others():
    """What a page adds is in the table, one value for all or one each."""
    positions = np.array([3, 0])
    further = {"corruption": "jpeg_50", "p_real_damaged": np.array([0.25, 0.75])}

    text = selection_csv(
        eight(), positions, threshold=0.5, knows=KNOWS, further=further
    )

    rows = list(csv.DictReader(text.splitlines()))
    assert [row["position"] for row in rows] == ["3", "0"]
    assert [row["corruption"] for row in rows] == ["jpeg_50"] * 2
    assert [row["p_real_damaged"] for row in rows] == ["0.25", "0.75"]
