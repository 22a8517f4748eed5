"""Two networks compared: counts by hand, test and interval against other programs."""

import json
from dataclasses import replace

import numpy as np
import pytest

from cifake_core.basics.errors import DatasetError
from cifake_core.evaluation.comparison import (
    Agreement,
    agreement,
    cells,
    chance_in_words,
    compare,
    comparison_to_json,
    p_value_of_worse,
)
from cifake_core.evaluation.scores import Scores

CELLS = ("both_right", "only_a", "only_b", "both_wrong")
#: Whether A and B are right in each of them.
RIGHT = ((True, True), (True, False), (False, True), (False, False))


def pair(*counts: int) -> tuple[Scores, Scores]:
    """Return the scores of two networks with these counts of `CELLS`, in turn."""
    cell = np.repeat(np.arange(4), counts)
    return tuple(
        scores_of(f"network_{name}", np.array(RIGHT)[cell, column])
        for column, name in enumerate("ab")
    )


def scores_of(network: str, right) -> Scores:
    """Return scores that are right where `right` says so; labels take turns."""
    n = len(right)
    labels = np.arange(n) % 2
    return Scores(
        network=network,
        model_sha256=f"sha of {network}",
        members=np.array(
            [f"test/{'REAL' if y else 'FAKE'}/{n}" for n, y in enumerate(labels)]
        ),
        labels=labels.astype(np.int8),
        object_classes=np.full(n, -1, np.int8),
        logits=np.where(np.equal(right, labels == 1), 1.5, -0.5).astype(np.float32),
        seen_classes=np.full(n, -1, np.int8),
        in_training=np.zeros(n, np.bool_),
        repeats=np.zeros(n, np.bool_),
    )


def changed(scores: Scores, column: str) -> Scores:
    """Return the scores with another value in the first row of a column."""
    values = getattr(scores, column).copy()
    values[0] = "test/FAKE/x" if column == "members" else not values[0]
    return replace(scores, **{column: values})


def test_cells_are_counted():
    """Ten pictures in four cells give both accuracies and their difference."""
    result = compare(*pair(4, 3, 1, 2), leak_free=False)

    assert [getattr(result, cell) for cell in CELLS] == [4, 3, 1, 2]
    assert (result.n, result.accuracy_a, result.accuracy_b) == (10, 0.7, 0.5)
    assert result.difference.value == pytest.approx(0.2)
    assert (result.network_a, result.network_b) == ("network_a", "network_b")
    assert (result.model_sha256_a, result.model_sha256_b) == (
        "sha of network_a",
        "sha of network_b",
    )


def test_each_picture_is_in_one_cell():
    """The masks say which pictures are behind a count."""
    found = cells(*pair(4, 3, 1, 2))

    assert tuple(found) == CELLS
    assert np.flatnonzero(found["only_a"]).tolist() == [4, 5, 6]
    assert np.sum(list(found.values()), axis=0).tolist() == [1] * 10


def test_a_logit_of_nothing_is_a_call_for_real():
    """A logit of 0 is REAL, here as everywhere."""
    a, b = pair(2, 0, 0, 0)
    a = replace(a, logits=np.zeros(2, np.float32))

    found = cells(a, b)

    assert found["both_right"].tolist() == [False, True]
    assert found["only_b"].tolist() == [True, False]


# Each from statsmodels 0.15.0, `contingency_tables.mcnemar`, exact=True below 25
# pictures, else exact=False, correction=True
@pytest.mark.parametrize(
    ("only_a", "only_b", "statistic", "p_value"),
    [
        (12, 5, 5, 0.143463134765625),
        (6, 16, 6, 0.052478790283203125),
        (12, 12, 12, 1.0),
        (12, 13, 0.0, 1.0),
        (25, 0, 23.04, 1.5866563039511885e-06),
        (86, 150, 16.81779661016949, 4.114562281345944e-05),
        (300, 420, 19.668055555555554, 9.212865413257213e-06),
    ],
)
def test_mcnemar_is_that_of_statsmodels(only_a, only_b, statistic, p_value):
    """Statistic and p agree with another program, exact for few and not for many."""
    result = compare(*pair(50, only_a, only_b, 9), leak_free=False)
    turned = compare(*pair(50, only_b, only_a, 9), leak_free=False)

    assert result.statistic == pytest.approx(statistic, rel=1e-12)
    assert result.p_value == pytest.approx(p_value, rel=1e-9)
    assert (result.test == "exact binomial") == (only_a + only_b < 25)
    assert (turned.statistic, turned.p_value) == (result.statistic, result.p_value)


@pytest.mark.parametrize("each", [0, 1, 50])
def test_equal_networks_differ_by_chance(each):
    """With as many pictures in either cell there is nothing to explain: p is 1."""
    result = compare(*pair(10, each, each, 3), leak_free=False)

    assert result.p_value == 1.0
    assert result.difference.value == 0
    assert result.difference.low == pytest.approx(-result.difference.high)


def test_p_may_be_too_small_for_a_number():
    """Thousands against none give 0, not an error."""
    result = compare(*pair(0, 5000, 0, 0), leak_free=False)

    assert result.p_value == 0.0


def test_interval_is_that_of_bonett_and_price():
    """The limits are those that statpsych's manual gives for its ci.prop.ps."""
    difference = compare(*pair(6, 26, 4, 12), leak_free=False).difference

    assert difference.value == pytest.approx(22 / 48)
    assert difference.low == pytest.approx(0.2548067, abs=5e-8)
    assert difference.high == pytest.approx(0.6251933, abs=5e-8)


@pytest.mark.parametrize("counts", [(0, 3, 0, 0), (0, 0, 3, 0), (3, 0, 0, 0)])
def test_interval_stays_within_what_there_is(counts):
    """Three pictures at either end leave an interval that holds their difference."""
    difference = compare(*pair(*counts), leak_free=False).difference

    assert -1 <= difference.low <= difference.value <= difference.high <= 1
    assert difference.high - difference.low > 0.5


def test_leaked_pictures_are_left_out():
    """The leak-free comparison counts what is neither in training nor twice."""
    leaked = np.arange(10) == 4
    twice = np.arange(10) == 9
    a, b = (
        replace(each, in_training=leaked, repeats=twice) for each in pair(4, 3, 1, 2)
    )

    official, leak_free = (compare(a, b, leak_free=flag) for flag in (False, True))

    assert [getattr(official, cell) for cell in CELLS] == [4, 3, 1, 2]
    assert [getattr(leak_free, cell) for cell in CELLS] == [4, 2, 1, 1]
    assert (official.leak_free, leak_free.leak_free) == (False, True)


def test_nothing_left_is_told():
    """A set of leaks alone has no leak-free part to compare on."""
    a, b = (replace(each, in_training=np.ones(3, bool)) for each in pair(1, 1, 1, 0))

    with pytest.raises(DatasetError, match="no leak-free test set; compare without"):
        compare(a, b, leak_free=True)


def test_each_object_class_has_its_table():
    """Frogs and cats are counted apart, unknown objects nowhere."""
    classes = np.array([6, 6, 3, -1, 6, 3, 6, 3, -1, 6], np.int8)
    a, b = (replace(each, object_classes=classes) for each in pair(4, 3, 1, 2))

    by_class = compare(a, b, leak_free=False).by_class

    assert list(by_class) == ["cat", "frog"]
    assert [getattr(by_class["frog"], cell) for cell in CELLS] == [2, 2, 0, 1]
    assert [getattr(by_class["cat"], cell) for cell in CELLS] == [1, 1, 1, 0]
    assert by_class["frog"].accuracy_a == pytest.approx(4 / 5)
    assert by_class["cat"].accuracy_b == pytest.approx(2 / 3)


@pytest.mark.parametrize("column", ["members", "labels", "in_training", "repeats"])
def test_other_pictures_are_refused(column):
    """A picture of another name, label or origin is another picture."""
    a, b = pair(4, 3, 1, 2)

    with pytest.raises(DatasetError, match="network_a and network_b on the same"):
        compare(a, changed(b, column), leak_free=False)


def test_fewer_pictures_are_refused():
    """Part of a set is not the set; the sentence has both numbers."""
    (a, _), (_, b) = pair(4, 3, 1, 2), pair(4, 3, 1, 1)

    with pytest.raises(DatasetError, match="Received 10 and 9"):
        cells(a, b)


def test_the_place_of_the_data_set_does_not_matter():
    """The same pictures in a zip that has one more folder are the same."""
    a, b = pair(4, 3, 1, 2)
    deeper = np.array([f"cifake/{member}" for member in b.members])

    result = compare(a, replace(b, members=deeper), leak_free=False)

    assert result.n == 10


def test_json_holds_the_promised_keys_and_plain_numbers():
    """The dictionary has the keys other tools read and survives JSON unchanged."""
    a, b = (
        replace(each, object_classes=np.full(10, 6, np.int8))
        for each in pair(4, 3, 1, 2)
    )
    result = compare(a, b, leak_free=False)

    figures = comparison_to_json(result)

    cell_keys = {"n", "accuracy_a", "accuracy_b", *CELLS}
    assert cell_keys | {"statistic", "p_value", "network_a", "network_b"} <= set(
        figures
    )
    assert json.loads(json.dumps(figures)) == figures
    assert figures["difference_ci95"] == [result.difference.low, result.difference.high]
    assert set(figures["by_class"]["frog"]) == cell_keys
    assert (figures["both_right"], figures["only_b"]) == (4, 1)


@pytest.mark.parametrize(
    ("p_value", "words"),
    [
        (1.0, "in every draw."),
        (0.999, "in nearly every draw."),
        (0.994, "in about 99 of 100 draws."),
        (0.5, "in about 50 of 100 draws."),
        (0.1, "in about 10 of 100 draws."),
        (0.0999, "in about 1 of 10 draws."),
        (0.03, "in about 1 of 33 draws."),
        (1e-4, "in about 1 of 10,000 draws."),
        (1.23e-5, "in about 1 of 81,000 draws."),
        (1e-9, "in about 1 of 1,000,000,000 draws."),
        (9e-10, "in fewer than 1 of a billion draws."),
        (0.0, "in fewer than 1 of a billion draws."),
    ],
)
def test_p_in_plain_words(p_value, words):
    """A p-value is said as draws of 100 if it is large, as one of many if small."""
    sentence = chance_in_words(p_value)

    assert sentence.startswith("If both networks were equally good, so large a ")
    assert sentence.endswith(f"come up by chance {words}")


@pytest.mark.parametrize("bad", [-0.1, 1.01, float("nan")])
def test_no_probability_has_no_words(bad):
    """What is no probability is refused."""
    with pytest.raises(ValueError, match=r"p-value from 0 to 1\. Received"):
        chance_in_words(bad)


@pytest.mark.parametrize(
    ("only_a", "only_b", "p_value"),
    [(0, 0, 1.0), (0, 5, 1 / 32), (1, 2, 0.5), (2, 1, 7 / 8), (5, 0, 1.0)],
)
def test_one_sided_p_value_is_the_binomial_tail(only_a, only_b, p_value):
    """Few where A alone is right speak against A: worked from powers of 2."""
    table = Agreement(both_right=9, only_a=only_a, only_b=only_b, both_wrong=1)

    assert p_value_of_worse(table) == pytest.approx(p_value)


def test_agreement_of_marks():
    """Each pair of answers has a cell."""
    a = np.array([True, True, False, False, False])
    b = np.array([True, False, True, False, False])

    found = agreement(a, b)

    assert (found.both_right, found.only_a, found.only_b) == (1, 1, 1)
    assert (found.both_wrong, found.n) == (2, 5)
