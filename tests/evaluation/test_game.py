"""The game: which pictures a round holds, what guesses earn, how rounds add up."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from cifake_core.evaluation.game import (
    CONFIDENCES,
    PICTURES,
    Round,
    draw,
    game_csv,
    guess,
    num_rounds,
    played,
    points,
    tallies,
    tally,
)
from cifake_core.evaluation.scores import Scores


def thirty() -> Scores:
    """Return scores of 30 pictures, REAL from number 15 on, all rightly called.

    Pictures 0 to 3 stand in train/, picture 29 is a second copy: 25 are left.
    """
    labels = (np.arange(30) >= 15).astype(np.int8)
    return Scores(
        network="cnn",
        model_sha256="c0ffee",
        members=np.array([f"test/FAKE/{n}.jpg" for n in range(30)]),
        labels=labels,
        object_classes=np.where(np.arange(30) == 7, -1, 6).astype(np.int8),
        logits=np.where(labels == 1, 2, -2).astype(np.float32),
        seen_classes=np.full(30, -1, np.int8),
        in_training=np.arange(30) < 4,
        repeats=np.arange(30) == 29,
    )


def test_a_round_is_the_same_everywhere():
    """Game and number alone say which pictures come, and in which order."""
    scores = thirty()
    expected = np.random.RandomState(7).permutation(np.arange(4, 29))

    assert draw(scores, game=7, number=1).tolist() == expected[:10].tolist()
    assert draw(scores, game=7, number=2).tolist() == expected[10:20].tolist()
    assert draw(scores, game=8, number=1).tolist() != expected[:10].tolist()


def test_a_game_shows_no_picture_twice_and_none_that_leaked():
    """25 pictures make two whole rounds, without those known from training."""
    scores = thirty()

    rounds = [draw(scores, game=3, number=number) for number in (1, 2)]

    shown = np.concatenate(rounds)
    assert num_rounds(scores) == 2
    assert len(set(shown.tolist())) == 2 * PICTURES
    assert scores.leak_free[shown].all()


def test_labels_are_left_to_chance():
    """Over many games each place holds a REAL picture as often as the set does."""
    scores = thirty()

    rounds = np.stack([draw(scores, game=game, number=1) for game in range(400)])

    real = scores.labels[rounds]
    share = scores.labels[scores.leak_free].mean()
    assert np.abs(real.mean(axis=0) - share).max() < 4 * np.sqrt(0.25 / 400)
    assert set(real.sum(axis=1).tolist()) >= {3, 4, 5, 6, 7}


@pytest.mark.parametrize("number", [0, 3])
def test_there_is_no_such_round(number):
    """A round beyond the last, or before the first, is refused."""
    with pytest.raises(ValueError, match=f"round from 1 to 2. Received {number}"):
        draw(thirty(), game=1, number=number)


def test_points_worked_by_hand():
    """Full marks for certainty, nothing for leaving it open, -300 at the worst."""
    labels = np.array([1, 0, 1, 1, 0, 0])
    p_real = np.array([1.0, 0.0, 0.5, 0.0, 0.2, 0.95])

    earned = points(labels, p_real)

    np.testing.assert_allclose(earned, [100, 100, 0, -300, 84, -261])


@pytest.mark.parametrize("truth", [0.55, 0.6, 0.8, 0.97])
def test_honesty_earns_most(truth):
    """Who is right with some probability earns most, on average, by saying it."""
    said = np.linspace(0, 1, 101)

    expected = truth * points(np.ones(101, int), said)
    expected += (1 - truth) * points(np.zeros(101, int), said)

    assert said[expected.argmax()] == pytest.approx(truth)


def test_a_guess_is_a_probability():
    """The six answers lie evenly about one half."""
    fake = [guess("FAKE", each) for each in reversed(CONFIDENCES)]
    real = [guess("REAL", each) for each in CONFIDENCES]

    assert fake + real == [0.05, 0.2, 0.4, 0.6, 0.8, 0.95]


def test_a_tally_worked_by_hand():
    """Four pictures: rights, points and each range of confidence on their own."""
    labels = np.array([1, 0, 0, 1])
    p_real = np.array([0.95, 0.05, 0.6, 0.8])

    found = tally(labels, p_real)

    assert (found.n, found.right) == (4, 3)
    assert found.accuracy.value == 0.75
    # Wilson's interval for 3 of 4: (3 + 1.92 +- 1.96 sqrt(0.75 + 0.96)) / (4 + 3.84)
    assert found.accuracy.low == pytest.approx(0.3006, abs=1e-4)
    assert found.accuracy.high == pytest.approx(0.9544, abs=1e-4)
    assert found.points == pytest.approx(99 + 99 - 44 + 84)
    low, middle, high = found.bins
    assert (low.low, low.high, low.n, low.accuracy.value) == (0.5, 0.7, 1, 0)
    assert (middle.low, middle.high, middle.n) == (0.7, 0.9, 1)
    assert middle.accuracy.value == 1
    assert (high.n, high.confidence, high.accuracy.value) == (2, 0.95, 1)


def test_the_edges_of_the_ranges():
    """One half belongs to the lowest range, 0.7 and 0.9 each to the one below."""
    p_real = np.array([0.5, 0.7, 0.9, 1.0])

    found = tally(np.ones(4, int), p_real)

    assert [each.n for each in found.bins] == [2, 1, 1]


def test_player_and_networks_get_the_same_pictures():
    """What was played counts, round by round, as far as it was played."""
    scores = thirty()
    wrong = replace(scores, network="cnn3d", logits=-scores.logits)
    first = draw(scores, game=5, number=1)
    second = draw(scores, game=5, number=2)[:2]
    rounds = [
        Round(game=5, number=1, guesses=(0.95,) * 10),
        Round(game=5, number=2, guesses=(0.05,) * 2),
    ]

    found = tallies(rounds, {"cnn": scores, "cnn3d": wrong}, player="You")

    right = scores.labels[first].sum() + (1 - scores.labels[second]).sum()
    assert played(rounds, scores).tolist() == [*first, *second]
    assert list(found) == ["You", "cnn", "cnn3d"]
    assert [each.right for each in found.values()] == [right, 12, 0]
    assert {each.n for each in found.values()} == {12}
    assert rounds[0].is_over
    assert not rounds[1].is_over


def test_nothing_played_is_nothing():
    """Without a guess there are no pictures, no points and the widest interval."""
    found = tallies([], {"cnn": thirty()}, player="You")["You"]

    assert (found.n, found.right, found.points, found.bins) == (0, 0, 0, ())
    assert (found.accuracy.low, found.accuracy.high) == (0, 1)


def test_results_as_a_file():
    """Each line has the guess, the truth and the networks, and no file's name."""
    scores = thirty()
    rounds = [
        Round(game=5, number=2, guesses=(0.2, 0.6)),
        Round(game=9, number=1, guesses=(0.95,)),
    ]

    text = game_csv(rounds, {"cnn": scores}, knows={"cnn": "knows little"})

    rows = list(csv.DictReader(text.splitlines()))
    positions = played(rounds, scores)
    assert [row["game"] + row["round"] + row["picture"] for row in rows] == [
        *("521", "522", "911"),
    ]
    assert [row["guess"] for row in rows] == ["FAKE", "REAL", "REAL"]
    assert [row["confidence"] for row in rows] == ["0.8", "0.6", "0.95"]
    assert [int(row["position"]) for row in rows] == positions.tolist()
    for row, label in zip(rows, scores.labels[positions], strict=True):
        p_truth = float(row["cnn_p_real"]) if label else 1 - float(row["cnn_p_real"])
        assert row["truth"] == ("FAKE", "REAL")[label]
        assert p_truth == pytest.approx(1 / (1 + np.exp(-2)), abs=1e-6)
        assert row["cnn_model_sha256"] == "c0ffee"
        assert row["cnn_knows"] == "knows little"
    assert ".jpg" not in text
