"""Replay: what an epoch of CIFAKE, generators and other photographs shows."""

import numpy as np
import pytest

from cifake_core.basics.errors import TrainingError
from cifake_core.data.cifake import Split
from cifake_core.training.recipes import TrainConfig
from cifake_core.training.replay import Mixture, no_fakes

#: Positions of the 12 pictures below that are not held out: 6 FAKE, 3 REAL.
TRAINING = np.array([0, 1, 2, 3, 4, 5, 8, 9, 10])
CONFIG = TrainConfig(
    epochs=1, batch_size=4, generators={"a": 5, "b": 6}, num_generated=5, num_fakes=4
)


@pytest.fixture
def split() -> Split:
    """Return 12 pictures, each all of its number: 8 FAKE, then 4 REAL."""
    numbers = np.arange(12, dtype=np.uint8)
    return Split(
        name="train",
        images=np.broadcast_to(numbers[:, None, None, None], (12, 32, 32, 3)),
        labels=(numbers >= 8).astype(np.int8),
        object_classes=(numbers % 10).astype(np.int8),
        hashes=np.array([f"h{number}" for number in numbers]),
        members=np.array([f"m{number}" for number in numbers]),
    )


class Source:
    """A source of fakes, all of 100 for a, of 101 for b; keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, int]] = []

    def __call__(self, name, part, /, *, n):
        """Give n pictures of one grey."""
        self.asked.append((name, part, n))
        return np.full((n, 32, 32, 3), {"a": 100, "b": 101}[name], np.uint8)


def greys(mixture: Mixture) -> list[int]:
    """Return the first pixel of each picture."""
    return mixture.images[:, 0, 0, 0].tolist()


def test_fakes_of_all_makers_stand_beside_the_photographs(split):
    """CIFAKE's four of six come by the seed; generators' ask for no object class."""
    mixture = Mixture(split, TRAINING, CONFIG, Source())

    fakes = np.random.default_rng(0).permutation(6)[:4].tolist()
    assert greys(mixture) == [*fakes, 8, 9, 10, *[100] * 5, *[101] * 5]
    assert mixture.labels.tolist() == [0] * 4 + [1] * 3 + [0] * 10
    classes = mixture.object_classes.tolist()
    assert classes == [*fakes, 8, 9, 0, *[-1] * 10]


def test_an_epoch_has_as_many_photographs_as_fakes(split):
    """Of 14 fakes there are three batches' worth; three photographs come four times."""
    mixture = Mixture(split, TRAINING, CONFIG, Source())

    positions = mixture.positions

    assert positions[:12].tolist() == [0, 1, 2, 3, *range(7, 15)]
    assert positions[12:].tolist() == [4, 5, 6] * 4


def test_photographs_from_elsewhere_come_once_each(split):
    """Six of them take the places of two of CIFAKE's: batches are whole."""
    config = TrainConfig(
        epochs=1,
        batch_size=4,
        generators={"a": 4, "b": 6},
        num_fakes=4,
        num_elsewhere=6,
    )

    mixture = Mixture(split, TRAINING, config, Source())

    assert mixture.positions[12:22].tolist() == [4, 5, 6, 4, 5, 6, 4, 5, 6, 4]
    assert mixture.positions[22:].tolist() == [*range(17, 23)]
    assert mixture.labels[17:].tolist() == [1] * 6
    assert mixture.object_classes[17:].tolist() == [-1] * 6
    assert mixture.images.shape == (23, 32, 32, 3)


@pytest.mark.parametrize(("limit", "numbers"), [(0, [4, 6]), (5, [4, 5]), (9, [4, 6])])
def test_no_generator_gives_more_than_the_limit(split, limit, numbers):
    """Without one each gives what the recipe says of it."""
    config = TrainConfig(
        epochs=1, generators={"a": 4, "b": 6}, num_generated=limit, num_fakes=4
    )

    drawn = greys(Mixture(split, TRAINING, config, Source()))

    assert [drawn.count(100), drawn.count(101)] == numbers


def test_nothing_is_drawn_before_the_pictures_are_asked_for(split):
    """Labels and positions follow from the recipe; then each generator is asked."""
    source = Source()
    mixture = Mixture(split, TRAINING, CONFIG, source)
    assert len(mixture.positions) == 24
    assert source.asked == []

    assert len(mixture.images) == len(mixture.images) == 17

    assert source.asked == [("a", "training", 5), ("b", "training", 5)]


def test_all_of_cifakes_fakes_unless_told_otherwise(split):
    """No number means every fake that is not held out."""
    config = TrainConfig(epochs=1, generators={"a": 2})

    mixture = Mixture(split, TRAINING, config, Source())

    assert sorted(greys(mixture)[:6]) == [0, 1, 2, 3, 4, 5]


def test_generators_need_a_source(split):
    """Who hands in none reads what was needed."""
    mixture = Mixture(split, TRAINING, CONFIG, no_fakes)

    with pytest.raises(TrainingError, match="5 training pictures of a, received none"):
        _ = mixture.images
