"""How each network is trained: one record each, whose values are the shipped ones."""

from dataclasses import dataclass, field
from typing import Final

from cifake_core.augmentation import AugmentConfig


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainConfig:
    """Everything that decides a run; the shipped recipes are in `RECIPES`.

    The optimizer is SGD with Nesterov momentum; `weight_decay` is the share of a
    kernel, times the learning rate, that a step takes away. The learning rate
    rises over `warmup` of all steps, then falls to zero along a cosine.
    `object_weight` is the weight of the second answer's loss, the object class.
    The finished weights are a running average with `average_decay` every
    `average_every` steps.
    """

    epochs: int
    learning_rate: float = 0.1
    weight_decay: float = 5e-3
    batch_size: int = 128
    warmup: float = 0.05
    clip_norm: float = 1.0
    object_weight: float = 0.3
    average_decay: float = 0.98
    average_every: int = 5
    seed: int = 0
    split_seed: int = 0
    augmentation: AugmentConfig = field(default_factory=AugmentConfig)


RECIPES: Final = {
    "cnn": TrainConfig(epochs=30),
    "cnn3d": TrainConfig(epochs=5),
}
