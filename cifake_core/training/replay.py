"""Replay: pictures of CIFAKE and of generators, mixed for a network that knows both.

Half of what an epoch shows are photographs, each of them several times, as there are
fewer of them than fakes; CIFAKE's own fakes stand among the others, so that they are
not forgotten.
"""

from functools import cached_property
from typing import Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.errors import TrainingError
from cifake_core.basics.labels import LABELS
from cifake_core.data import out_of_distribution
from cifake_core.data.cifake import Split
from cifake_core.data.labelled_pictures import LabelledPictures
from cifake_core.training.recipes import Recipe, TrainConfig

_FAKE, _REAL = LABELS.index("FAKE"), LABELS.index("REAL")
#: Whoever passes a photograph through does not ask for an object class.
_NO_CLASS = -1
#: Draws the parts of photographs from elsewhere.
_CROP_SEED = 1

#: What fakes serve: a first training, a later one, or its validation.
FakesPart: TypeAlias = Literal["training", "replay", "validation"]


class Fakes(Protocol):
    """Source of generators' pictures, such as `generators.collection.pictures`."""

    def __call__(
        self, name: str, part: FakesPart, /, *, n: int
    ) -> npt.NDArray[np.uint8]:
        """Pictures of a generator, (n, 32, 32, 3) uint8, that serve this part."""


def no_fakes(name: str, part: FakesPart, /, *, n: int) -> npt.NDArray[np.uint8]:
    """Refuse to draw: for the training of a network that knows no generators.

    Raises:
        TrainingError: Always.
    """
    msg = f"Expected a source of {n} {part} pictures of {name}, received none."
    raise TrainingError(msg)


def to_learn_from(
    split: Split, training: npt.NDArray[np.int64], config: Recipe, fakes: Fakes
) -> tuple[LabelledPictures, npt.NDArray[np.int64]]:
    """Pictures that a recipe learns from, and the positions that an epoch runs over.

    Args:
        split: the training split of CIFAKE.
        training: (N,) positions of the pictures that are not held out.
        config: the recipe.
        fakes: draws those of generators.
    """
    if isinstance(config, TrainConfig) and config.mixes:
        mixture = Mixture(split, training, config, fakes)
        return mixture, mixture.positions
    return split, training


class Mixture:
    """Pictures of an epoch, CIFAKE's first, as `LabelledPictures`.

    After them come the fakes of each generator and the photographs from elsewhere.
    They are drawn when `images` is first asked for; labels are known before.

    Args:
        split: the training split of CIFAKE.
        training: (N,) positions of the pictures that are not held out.
        config: says which pictures, and how many of them.
        fakes: draws those of generators.

    Source: replay against forgetting, e.g. Rolnick et al. 2019, arXiv:1811.11682.
    """

    def __init__(
        self,
        split: Split,
        training: npt.NDArray[np.int64],
        config: TrainConfig,
        fakes: Fakes,
    ) -> None:
        self._split = split
        self._config = config
        self._fakes = fakes
        labels = split.labels[training]
        order = np.random.default_rng(config.seed).permutation(
            training[labels == _FAKE]
        )
        fake = order[: config.num_fakes or None]
        self._held = np.concatenate([fake, training[labels == _REAL]])
        made = sum(config.num_of_generators.values())
        beside = config.num_elsewhere
        self.labels = np.concatenate(
            [
                split.labels[self._held],
                np.full(made, _FAKE, np.int8),
                np.full(beside, _REAL, np.int8),
            ]
        )
        self.object_classes = np.concatenate(
            [
                split.object_classes[self._held],
                np.full(made + beside, _NO_CLASS, np.int8),
            ]
        )

    @cached_property
    def images(self) -> npt.NDArray[np.uint8]:
        """(N, 32, 32, 3) uint8, RGB; the first call draws them.

        Raises:
            CifakeError: As the source of fakes does.
        """
        config = self._config
        made = [
            self._fakes(name, "training", n=n)
            for name, n in config.num_of_generators.items()
        ]
        elsewhere = out_of_distribution.to_learn_from(
            config.num_elsewhere, seed=_CROP_SEED
        )
        return np.concatenate([self._split.images[self._held], *made, elsewhere])

    @property
    def positions(self) -> npt.NDArray[np.int64]:
        """(K,) positions that an epoch runs over, a whole number of batches.

        Photographs of CIFAKE come as often as fakes, each about as often as every
        other; those from elsewhere once each.
        """
        count, size = self._config.num_elsewhere, self._config.batch_size
        near = self.labels[: len(self.labels) - count]
        fake = np.flatnonzero(near == _FAKE)
        fake = fake[: len(fake) - len(fake) % size]
        real = np.resize(np.flatnonzero(near == _REAL), len(fake) - count % size)
        return np.concatenate([fake, real, len(near) + np.arange(count)])
