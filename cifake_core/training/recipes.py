"""Training recipes: one record for each network, by default the shipped one's."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar, Final, TypeAlias, TypeVar

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

    A network may learn from more than CIFAKE: then an epoch shows `num_fakes` of
    CIFAKE's fakes (0 for all), so many of each generator as `generators` says, but at
    most `num_generated` (0 for no limit), as many photographs as fakes, and
    `num_elsewhere` parts of photographs that are not CIFAR-10's.

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
    generators: Mapping[str, int] = field(default_factory=dict)
    num_generated: int = 0
    num_fakes: int = 0
    num_elsewhere: int = 0
    augmentation: AugmentConfig = field(default_factory=AugmentConfig)

    #: Nothing ends such a run early.
    patience: ClassVar[None] = None

    @property
    def num_epochs(self) -> int:
        """All epochs of a run, those of the tail included."""
        return self.epochs + self.tail

    @property
    def num_of_generators(self) -> Mapping[str, int]:
        """Number of fakes of each generator in an epoch."""
        limit = self.num_generated
        return {name: min(n, limit or n) for name, n in self.generators.items()}

    @property
    def mixes(self) -> bool:
        """Whether an epoch shows other pictures than CIFAKE's, or fewer."""
        return bool(self.generators or self.num_fakes or self.num_elsewhere)


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
T = TypeVar("T", bound=TrainConfig)


RECIPES: Final = {
    "cnn": TrainConfig(epochs=30),
    "cnn3d": TrainConfig(epochs=16),
    # never meets `vqgan`, on which what it knows of others is measured, and does not
    # learn `kl_autoencoder`, whose pictures no network tells from photographs
    "cnn_multi": TrainConfig(
        epochs=12,
        batch_size=512,
        learning_rate=0.4,
        generators={
            "gan_transposed": 40_000,
            "gan_resize": 100_000,
            "diffusion": 80_000,
            "flow": 40_000,
            "vq_autoencoder": 40_000,
            "diffusion_pass": 120_000,
        },
        num_elsewhere=24_000,
        augmentation=AugmentConfig(corrupted=0.15),
    ),
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


def short(config: TrainConfig) -> TrainConfig:
    """Recipe of the same network for a study: few pictures of all, few epochs.

    On two cores an epoch of `cnn` takes minutes then, one of `cnn_multi` three times
    as long.
    """
    return replace(
        config,
        epochs=2,
        tail=0,
        num_generated=1000,
        num_fakes=2000,
        num_elsewhere=1000,
    )


def numbers(config: TrainConfig) -> dict[str, int | float]:
    """Every number of a recipe by its name, those of augmentation among them."""
    settings = asdict(config)
    del settings["generators"]
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
    return replace(resumed(settings, type(config)), tail=config.tail) == config


def resumed(settings: Mapping[str, Any], kind: type[T]) -> T:
    """Recipe of one of our runs, from its `settings` as JSON values.

    Args:
        settings: those of the run.
        kind: the class of the recipe.

    Raises:
        TrainingError: If they are not those of this version.
    """
    try:
        return from_json(settings, kind)
    except ValueError as error:
        msg = (
            "The run was started by another version of this program, with settings "
            f"{dict(settings)}. Start another with --out."
        )
        raise TrainingError(msg) from error
