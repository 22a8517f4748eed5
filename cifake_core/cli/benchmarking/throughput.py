"""How many pictures a second training takes in, against Keras's own `fit`."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats, Rgb
from cifake_core.basics.labels import OBJECT_CLASSES
from cifake_core.data.cifake import Split
from cifake_core.networks.inputs import network_input
from cifake_core.training.loop import TrainingLoop
from cifake_core.training.optimization import make_optimizer
from cifake_core.training.recipes import RECIPES, TrainConfig


@dataclass(frozen=True, kw_only=True, slots=True)
class Batches:
    """How many batches are trained on, and which of them are timed.

    The first `num_warm` build the graph and fill the queue. With `num_all` a tenth of
    the pictures can be kept for validation.
    """

    num_warm: int = 4
    num_timed: int = 16
    num_all: int = 24

    def gaps(self, stamps: Sequence[float]) -> list[float]:
        """Return the times between batches after the first few."""
        last = self.num_warm + self.num_timed + 1
        return np.diff(stamps[self.num_warm : last]).tolist()


_BATCHES: Final = Batches()


def training_throughput(
    name: str,
    pictures: Sequence[Rgb],
    *,
    config: TrainConfig | None = None,
    batches: Batches = _BATCHES,
) -> tuple[float, float]:
    """Return the pictures a second of our training and of a plain `fit`.

    Both train the network `name` with its recipe's optimizer and batches. Ours
    moves, corruptions and filters each picture anew while the network works, validates
    nothing here, and computes in mixed precision; `fit` is given arrays in memory,
    filtered beforehand and never changed, as a notebook would.

    Args:
        name: a network of `RECIPES`.
        pictures: (32, 32, 3) uint8 each, shown over and over.
        config: instead of the network's recipe.
        batches: how many, and which are timed.
    """
    config = replace(
        config or RECIPES[name], generators={}, num_fakes=0, num_elsewhere=0
    )
    split = _tiled(pictures, config.batch_size * batches.num_all)
    loop = TrainingLoop(name, config, split)
    inputs = network_input(loop.kind, split.images)
    answers = [split.labels, split.object_classes]
    _compile(loop.model, config, num_batches=batches.num_all)
    fit = batches.gaps(_fit(loop.model, config.batch_size, inputs, answers))
    ours = batches.gaps([time.perf_counter() for _ in loop.batches(1)])
    return config.batch_size / median(ours), config.batch_size / median(fit)


def _compile(model: keras.Model, config: TrainConfig, *, num_batches: int) -> None:
    """Prepare a network for Keras's `fit`, by its recipe."""
    model.compile(
        optimizer=make_optimizer(config, num_batches=num_batches),
        loss=[
            keras.losses.BinaryCrossentropy(from_logits=True),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        ],
        loss_weights=[1, config.object_weight],
    )


def _fit(
    model: keras.Model,
    batch_size: int,
    inputs: Floats,
    answers: list[npt.NDArray[np.int8]],
) -> list[float]:
    """Return when `fit` ended each batch."""
    clock = _Clock()
    model.fit(inputs, answers, batch_size=batch_size, callbacks=[clock], verbose=0)
    return clock.stamps


# Keras has no types, so mypy sees `Any` as the parent
class _Clock(keras.callbacks.Callback):  # type: ignore[misc]
    """Takes the time after each batch."""

    def __init__(self) -> None:
        super().__init__()
        self.stamps: list[float] = []

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:  # noqa: ANN401, ARG002 - as in Keras
        self.stamps.append(time.perf_counter())


def _tiled(pictures: Sequence[Rgb], count: int) -> Split:
    """Return `count` training pictures, `pictures` over and over."""
    numbers = np.arange(count)
    return Split(
        name="train",
        images=np.stack(pictures)[numbers % len(pictures)],
        labels=(numbers % 2).astype(np.int8),
        object_classes=(numbers % len(OBJECT_CLASSES)).astype(np.int8),
        hashes=np.array([hashlib.sha256(b"%d" % n).hexdigest() for n in numbers]),
        members=np.array([f"train/{number}.png" for number in numbers]),
    )
