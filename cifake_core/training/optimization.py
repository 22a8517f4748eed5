"""Optimizers and learning rates of the recipes, weight averaging, early stopping."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import keras
import numpy as np
import numpy.typing as npt
from keras import ops

from cifake_core.basics.arrays import Floats
from cifake_core.generators.differentiation import Tensor
from cifake_core.training.recipes import PaperConfig, Recipe, TrainConfig

Weights = Sequence[npt.NDArray[np.float32]]


class Keeper(Protocol):
    """Choice of the weights that a run ends with: an average or the best epoch's."""

    variables: list[keras.Variable]  # the state that a resumed run needs

    @property
    def in_tail(self) -> bool:
        """Whether weights of a tail are averaged by now."""

    def is_due(self, number: int) -> bool:
        """Whether to `update` after the batch `number` of an epoch."""

    def update(self, due: Tensor) -> None:
        """Take note of the weights if that is `due`, a boolean; part of a step."""

    def after_epoch(self, losses: Sequence[float]) -> None:
        """Take note of the validation losses of all finished epochs."""

    def candidate(self) -> Weights:
        """Weights to validate at the end of an epoch."""

    def kept(self) -> Weights:
        """Weights that the run would end with now."""


class RunningAverage:
    """Running average of the weights; in a tail the plain average of the tail."""

    def __init__(
        self, weights: Sequence[Any], config: TrainConfig, num_batches: int
    ) -> None:
        self._weights = weights
        self._config = config
        self._before_tail = config.epochs * (num_batches // config.average_every)
        self._average = [_copy(weight) for weight in weights]
        self._num_averaged = keras.Variable(0.0, trainable=False, dtype="float32")
        self.variables = [*self._average, self._num_averaged]

    @property
    def in_tail(self) -> bool:
        """Whether weights of a tail are averaged by now."""
        return float(ops.convert_to_numpy(self._num_averaged)) > self._before_tail

    def is_due(self, number: int) -> bool:
        """Whether it is one of every few batches."""
        return number % self._config.average_every == 0

    def update(self, due: Tensor) -> None:
        """Move the average a little towards the present weights, at first a lot."""
        num_averaged = self._num_averaged.value + ops.cast(due, "float32")
        self._num_averaged.assign(num_averaged)
        in_tail = num_averaged - self._before_tail
        decay = ops.where(
            in_tail > 0,
            1 - 1 / ops.maximum(in_tail, 1.0),
            ops.minimum(self._config.average_decay, num_averaged / (10 + num_averaged)),
        )
        decay = ops.where(due, decay, 1.0)
        for average, weight in zip(self._average, self._weights, strict=True):
            average.assign(decay * average.value + (1 - decay) * weight.value)

    def after_epoch(self, losses: Sequence[float]) -> None:
        """Do nothing: the average does not depend on losses."""

    def candidate(self) -> Weights:
        """The average."""
        return self.kept()

    def kept(self) -> Weights:
        """The average."""
        return _arrays(self._average)


class BestEpoch:
    """Weights of the epoch with the least validation loss."""

    in_tail = False

    def __init__(self, weights: Sequence[Any]) -> None:
        self._weights = weights
        self.variables = [_copy(weight) for weight in weights]

    def is_due(self, _number: int) -> bool:
        """Never: only whole epochs count."""
        return False

    def update(self, due: Tensor) -> None:
        """Do nothing, for the same reason."""

    def after_epoch(self, losses: Sequence[float]) -> None:
        """Keep the present weights if the last epoch is the best so far."""
        if losses[-1] <= min(losses):
            for kept, weight in zip(self.variables, self._weights, strict=True):
                kept.assign(weight.value)

    def candidate(self) -> Weights:
        """Present weights."""
        return _arrays(self._weights)

    def kept(self) -> Weights:
        """Weights of the best epoch."""
        return _arrays(self.variables)


def _copy(weight: keras.Variable) -> keras.Variable:
    """A variable that starts from the value of another."""
    return keras.Variable(
        ops.convert_to_numpy(weight.value), trainable=False, dtype=weight.dtype
    )


def _arrays(variables: Sequence[keras.Variable]) -> Weights:
    """The values of variables."""
    return [ops.convert_to_numpy(variable.value) for variable in variables]


def make_keeper(config: Recipe, weights: Sequence[Any], *, num_batches: int) -> Keeper:
    """Weight averaging or best-epoch choice, as the recipe says.

    Args:
        config: the recipe.
        weights: the Keras variables that are trained.
        num_batches: of an epoch.
    """
    if isinstance(config, PaperConfig):
        return BestEpoch(weights)
    return RunningAverage(weights, config, num_batches)


def make_optimizer(config: Recipe, *, num_batches: int) -> keras.optimizers.Optimizer:
    """Optimizer of the recipe for epochs of `num_batches`."""
    if isinstance(config, PaperConfig):
        return keras.optimizers.Adam(config.learning_rate)
    num_steps = config.epochs * num_batches
    warmup = max(1, round(num_steps * config.warmup))
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        warmup_target=config.learning_rate,
        warmup_steps=warmup,
        decay_steps=max(1, num_steps - warmup),
    )
    optimizer = keras.optimizers.SGD(
        _Tailed(schedule, start=num_steps, rate=config.tail_rate),
        momentum=0.9,
        nesterov=True,
        weight_decay=config.weight_decay,
        global_clipnorm=config.clip_norm,
    )
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    return optimizer


# Keras has no types, so mypy sees `Any` as the parent
class _Tailed(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """Learning-rate schedule with a constant tail from step `start` on."""

    def __init__(
        self,
        schedule: keras.optimizers.schedules.LearningRateSchedule,
        *,
        start: int,
        rate: float,
    ) -> None:
        self._schedule = schedule
        self._start = start
        self._rate = rate

    def __call__(self, step: Tensor) -> Tensor:
        """Learning rate of `step`, counted from 0."""
        return ops.where(step < self._start, self._schedule(step), self._rate)


def update_norms(model: keras.Model, batches: Iterable[Floats]) -> None:
    """Measure the statistics of batch normalisation anew, on training pictures.

    What averaged weights make of a picture is not the average of what the weights made
    of it, so the averaged statistics do not fit them.

    Args:
        model: with its averaged weights.
        batches: inputs of the network.

    Source: Izmailov et al. 2018, arXiv:1803.05407, section 3.2.
    """
    norms = [
        layer
        for layer in model.layers
        if isinstance(layer, keras.layers.BatchNormalization)
    ]
    usual = [norm.momentum for norm in norms]
    for number, inputs in enumerate(batches):
        for norm in norms:
            norm.momentum = number / (number + 1)  # the plain mean of all batches
        model(inputs, training=True)
    for norm, momentum in zip(norms, usual, strict=True):
        norm.momentum = momentum


def has_settled(losses: Sequence[float], patience: int | None) -> bool:
    """Early stopping: True once the best epoch is `patience` or more epochs ago.

    Args:
        losses: validation losses by epoch.
        patience: in epochs; None never settles.
    """
    if patience is None or not losses:
        return False
    return len(losses) - 1 - int(np.argmin(losses)) >= patience
