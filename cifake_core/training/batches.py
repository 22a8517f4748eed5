"""Batches of a training run, made ready in the background."""

import math
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.data.cifake import Split
from cifake_core.networks import InputKind
from cifake_core.networks.inputs import network_input
from cifake_core.training.augmentation import AugmentConfig, augment, paste

#: Input of the network, labels (N, 1) from 0 to 1, object classes (N,) or -1.
Batch: TypeAlias = tuple[Floats, Floats, npt.NDArray[np.int32]]

#: Batches made ready while the network works on one.
_PREFETCH = 4


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BatchSource:
    """Source of the batches of a training run.

    A batch depends on `seed`, its epoch and its number alone, so that a resumed
    run sees the same pictures as one that was never interrupted.
    """

    split: Split
    positions: npt.NDArray[np.int64]
    kind: InputKind
    size: int
    augmentation: AugmentConfig | None
    seed: int

    def __len__(self) -> int:
        """Number of batches of an epoch; the last may be smaller."""
        return math.ceil(len(self.positions) / self.size)

    def epoch(self, epoch: int) -> Iterator[Batch]:
        """Batches of one epoch, shuffled and augmented.

        Args:
            epoch: its number, from 1.
        """
        generator = np.random.default_rng((self.seed, epoch))
        order = generator.permutation(self.positions)
        waiting: deque[Future[Batch]] = deque()
        with ThreadPoolExecutor(1) as pool:
            for number, part in enumerate(chunks(order, self.size)):
                waiting.append(pool.submit(self._batch, part, (epoch, number)))
                if len(waiting) > _PREFETCH:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _batch(self, positions: npt.NDArray[np.int64], key: tuple[int, int]) -> Batch:
        """One batch; `key` is its epoch and its number."""
        generator = np.random.default_rng((self.seed, *key))
        images = self.split.images[positions]
        labels = self.split.labels[positions].astype(np.float32)[:, None]
        classes = self.split.object_classes[positions].astype(np.int32)
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
