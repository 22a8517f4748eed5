"""Batches of a training run, made ready in the background."""

import math
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.data.labelled_pictures import LabelledPictures
from cifake_core.networks import InputKind
from cifake_core.networks.inputs import network_input
from cifake_core.training.augmentation import AugmentConfig, augment, paste

if TYPE_CHECKING:
    import keras

#: Input of the network, labels (N, 1) from 0 to 1, object classes (N,) or -1.
Batch: TypeAlias = tuple[Floats, Floats, npt.NDArray[np.int32]]

#: Batches made ready while the network works on one.
_PREFETCH = 4


class Sampler(Protocol):
    """Choice of the pictures of an epoch, and of their order, batch after batch."""

    @property
    def positions(self) -> npt.NDArray[np.int64]:
        """(N,) positions of all pictures that an epoch may show."""

    def __len__(self) -> int:
        """Number of pictures of an epoch."""

    def order(self, generator: np.random.Generator) -> npt.NDArray[np.int64]:
        """(len,) positions of an epoch, in order, drawn by `generator`."""


@dataclass(frozen=True, slots=True, eq=False)
class RandomSampler:
    """Sampler that shows each of its positions once."""

    positions: npt.NDArray[np.int64]

    def __len__(self) -> int:
        """Number of pictures of an epoch."""
        return len(self.positions)

    def order(self, generator: np.random.Generator) -> npt.NDArray[np.int64]:
        """All positions, shuffled."""
        return generator.permutation(self.positions)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Start:
    """Start of a run that goes on from a trained network, on pictures of its own."""

    model: "keras.Model"
    pictures: LabelledPictures
    sampler: Sampler


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BatchSource:
    """Source of the batches of a training run.

    A batch depends on `seed`, its epoch and its number alone, so that a resumed
    run sees the same pictures as one that was never interrupted.
    """

    pictures: LabelledPictures
    sampler: Sampler
    kind: InputKind
    size: int
    augmentation: AugmentConfig | None
    seed: int

    def __len__(self) -> int:
        """Number of batches of an epoch; the last may be smaller."""
        return math.ceil(len(self.sampler) / self.size)

    def epoch(self, epoch: int) -> Iterator[Batch]:
        """Batches of one epoch, shuffled and augmented.

        Args:
            epoch: its number, from 1.
        """
        generator = np.random.default_rng((self.seed, epoch))
        order = self.sampler.order(generator)
        images = self.pictures.images  # may have to be drawn: not in another thread
        waiting: deque[Future[Batch]] = deque()
        with ThreadPoolExecutor(1) as pool:
            for number, part in enumerate(chunks(order, self.size)):
                waiting.append(pool.submit(self._batch, images, part, (epoch, number)))
                if len(waiting) > _PREFETCH:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _batch(
        self,
        images: npt.NDArray[np.uint8],
        positions: npt.NDArray[np.int64],
        key: tuple[int, int],
    ) -> Batch:
        """One batch of these `images`; `key` is its epoch and its number."""
        generator = np.random.default_rng((self.seed, *key))
        images = images[positions]
        labels = self.pictures.labels[positions].astype(np.float32)[:, None]
        classes = self.pictures.object_classes[positions].astype(np.int32)
        if self.augmentation is not None:
            images = augment(images, self.augmentation, generator=generator)
            images, labels, pasted = paste(
                images, labels, self.augmentation.pasted, generator=generator
            )
            classes[pasted] = -1  # there may be two objects now
        return network_input(self.kind, images), labels, classes


def chunks(
    positions: npt.NDArray[np.int64], size: int
) -> Iterator[npt.NDArray[np.int64]]:
    """Consecutive parts of `positions`, of `size` each; the last may be smaller."""
    for start in range(0, len(positions), size):
        yield positions[start : start + size]
