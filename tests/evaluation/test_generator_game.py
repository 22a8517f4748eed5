"""Rounds over generators: how pictures are mixed, and who was fooled by whom."""

from dataclasses import replace

import numpy as np
import pytest

from cifake_core.evaluation.game import Round, draw, game_csv, num_rounds, tallies
from cifake_core.evaluation.generator_game import GeneratorSet, fooled, mix
from tests.models import validation_scores

PLAYER = "You"


@pytest.fixture
def mixed() -> GeneratorSet:
    """Eight photographs, four fakes of the test set and four of each of two others."""
    scores = validation_scores("cnn", "a1")
    pile = np.arange(40, dtype=np.uint8)[:, None, None, None]
    images = np.broadcast_to(pile, (40, 32, 32, 3))
    fakes = {
        "flow": np.full((4, 32, 32, 3), 100, np.uint8),
        "gan_resize": np.full((6, 32, 32, 3), 200, np.uint8),
    }
    logits = {"cnn": {"flow": np.full(4, 3, "f4"), "gan_resize": np.full(6, -3, "f4")}}
    return mix({"cnn": scores}, images, fakes, logits, maker="diffusion of old")


def test_as_many_photographs_as_fakes_and_of_each_maker_as_many(mixed):
    """The smallest gallery decides; pictures, labels and logits stay together."""
    scores = mixed.scores["cnn"]
    before = validation_scores("cnn", "a1")

    counts = {maker: mixed.makers.count(maker) for maker in set(mixed.makers)}
    assert counts == {"": 12, "diffusion of old": 4, "flow": 4, "gan_resize": 4}
    assert mixed.images.shape == (24, 32, 32, 3)
    assert (scores.labels == [maker == "" for maker in mixed.makers]).all()
    assert num_rounds(scores) == 2
    for position in range(16):  # a picture's pixels tell which it was
        old = int(mixed.images[position, 0, 0, 0])
        assert scores.logits[position] == before.logits[old]
        assert scores.members[position] == before.members[old]
    np.testing.assert_array_equal(scores.logits[16:], [3] * 4 + [-3] * 4)
    assert set(mixed.images[20:].ravel().tolist()) == {200}


def test_no_leaked_picture_is_mixed_in():
    """What stands in the training set is left out, as in every round."""
    scores = validation_scores("cnn", "a1")
    leaked = replace(scores, in_training=np.arange(40) < 20)
    fakes = {"flow": np.zeros((2, 32, 32, 3), np.uint8)}

    found = mix(
        {"cnn": leaked},
        np.zeros((40, 32, 32, 3), np.uint8),
        fakes,
        {"cnn": {"flow": np.zeros(2, np.float32)}},
        maker="x",
    )

    numbers = [int(name.split("/")[1][:-4]) for name in found.scores["cnn"].members[:6]]
    assert min(numbers) >= 20


def test_who_was_fooled_by_which(mixed):
    """A player who calls everything REAL is fooled by each fake and no photograph."""
    rounds = [
        Round(game=3, number=number, guesses=(0.8,) * 10, fakes="generators")
        for number in (1, 2)
    ]

    rows = {each.maker: each for each in fooled(rounds, mixed, player=PLAYER)}

    makers = [
        mixed.makers[each]
        for number in (1, 2)
        for each in draw(mixed.scores["cnn"], game=3, number=number)
    ]
    assert {name: row.n for name, row in rows.items()} == {
        maker: makers.count(maker) for maker in makers
    }
    assert list(rows)[-1] == ""
    for maker, row in rows.items():
        assert row.fooled[PLAYER] == (0 if maker == "" else row.n)
    assert rows["flow"].fooled["cnn"] == rows["flow"].n
    assert rows["gan_resize"].fooled["cnn"] == 0
    csv = game_csv(
        rounds, mixed.scores, knows={"cnn": "knows little"}, makers=mixed.makers
    )
    lines = csv.splitlines()
    place = lines[0].split(",").index("maker")
    assert [line.split(",")[place] for line in lines[1:]] == makers
    tally = tallies(rounds, mixed.scores, player=PLAYER)[PLAYER]
    assert tally.n - tally.right == sum(row.fooled[PLAYER] for row in rows.values())
