"""Training recipes: one record for each network, by default the shipped one's."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar, Final, TypeAlias

from cifake_core.basics.artefacts import from_json
from cifake_core.basics.errors import TrainingError
from cifake_core.training.augmentation import AugmentConfig


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainConfig:
    """Recipe of one of our own networks; the shipped ones are in `RECIPES`.

    The optimizer is SGD with Nesterov momentum; `weight_decay` is the share of a
    kernel, times the learning rate, that a step takes away. The learning rate
    rises over `warmup` of all steps, then falls to zero along a cosine.
    `object_weight` is the weight of the second answer's loss, the object class.
    The finished weights are a running average with `average_decay` every
    `average_every` steps. After the `epochs` may follow a `tail` of more, at the
    constant `tail_rate`; then the finished weights are the plain average of those
    of the tail.

    Two runs of one recipe on one machine, `seed` included, give the same weights
    and the same history but for the seconds, within 1e-5; on toy data they were
    equal to the last bit. `split_seed` says which pictures are held out.
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
    tail: int = 0
    tail_rate: float = 0.03
    seed: int = 0
    split_seed: int = 0
    augmentation: AugmentConfig = field(default_factory=AugmentConfig)

    #: Nothing ends such a run early.
    patience: ClassVar[None] = None

    @property
    def num_epochs(self) -> int:
        """All epochs of a run, those of the tail included."""
        return self.epochs + self.tail


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperConfig:
    """Recipe of a paper: Adam at a constant rate, on pictures as they are.

    A run ends after `epochs`, or sooner if the validation loss has not fallen for
    `patience` epochs. The finished weights are those of the epoch with the least
    validation loss. Where a paper names no rate and no batch, the values are those
    of Keras.
    """

    epochs: int = 50
    patience: int = 5
    learning_rate: float = 1e-3
    batch_size: int = 32
    seed: int = 0
    split_seed: int = 0

    #: The papers' networks have one answer and see no changed pictures.
    object_weight: ClassVar[float] = 0.0
    augmentation: ClassVar[None] = None

    @property
    def num_epochs(self) -> int:
        """At most so many epochs."""
        return self.epochs


Recipe: TypeAlias = TrainConfig | PaperConfig


RECIPES: Final = {
    "cnn": TrainConfig(epochs=30),
    "cnn3d": TrainConfig(epochs=16),
}

#: The papers' own: rates, batch and patience of Hosen's networks are stated, as are
#: the 15 epochs of Pallavi's; Hosen's epochs are what two cores do in a night.
PAPER_RECIPES: Final = {
    "bird_lotfi": PaperConfig(),
    "pavani": PaperConfig(),
    "pavani_modified": PaperConfig(),
    "deep_vision_64": PaperConfig(seed=1),
    "deep_vision_128": PaperConfig(),
    "deep_vision_4096": PaperConfig(),
    "pallavi": PaperConfig(epochs=15),
    "tulasi": PaperConfig(),
    "hosen_cnn": PaperConfig(epochs=25, patience=20, learning_rate=1e-5),
    "hosen_cnn3d": PaperConfig(epochs=4, patience=20, learning_rate=1e-4),
}


def numbers(config: TrainConfig) -> dict[str, int | float]:
    """Every number of a recipe by its name, those of augmentation among them."""
    settings = asdict(config)
    return settings | settings.pop("augmentation")


def varied(config: TrainConfig, changes: Mapping[str, float]) -> TrainConfig:
    """Recipe with other numbers, for a trial.

    Args:
        config: the recipe to start from.
        changes: from names as in `numbers` to their values.

    Raises:
        TrainingError: If there is no number of that name, or it has to be whole.
    """
    known = numbers(config)
    values: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in known:
            msg = f"Unknown setting {name!r}. Expected one of {', '.join(known)}."
            raise TrainingError(msg)
        values[name] = type(known[name])(value)
        if values[name] != value:
            msg = f"Expected a whole number for {name}, received {value:g}."
            raise TrainingError(msg)
    augmented = {n: values.pop(n) for n in asdict(config.augmentation) if n in values}
    augmentation = replace(config.augmentation, **augmented)
    return replace(config, augmentation=augmentation, **values)


def may_go_on(config: Recipe, settings: Mapping[str, Any]) -> bool:
    """Compatibility of a started run's `settings` with `config`, to go on with.

    A paper's may with another number of epochs, one of ours with a tail of another
    length: nothing else depends on it. What a run of ours does not name has come
    since, and is off by default.

    Args:
        config: the recipe to go on with.
        settings: those of the run as JSON values.
    """
    if isinstance(config, PaperConfig):
        return asdict(config) == {**settings, "epochs": config.epochs}
    return replace(resumed(settings), tail=config.tail) == config


def resumed(settings: Mapping[str, Any]) -> TrainConfig:
    """Recipe of one of our runs, from its `settings` as JSON values.

    Raises:
        TrainingError: If they are not those of this version.
    """
    try:
        return from_json(settings, TrainConfig)
    except ValueError as error:
        msg = (
            "The run was started by another version of this program, with settings "
            f"{dict(settings)}. Start another with --out."
        )
        raise TrainingError(msg) from error
