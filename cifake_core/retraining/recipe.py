"""Recipe of retraining: what is changed when a network is taught something new."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from cifake_core.networks.card import NetworkCard
from cifake_core.training.augmentation import AugmentConfig
from cifake_core.training.recipes import RECIPES, TrainConfig


@dataclass(frozen=True, kw_only=True, slots=True)
class LearntDataSet:
    """Data set of one's own that a network learnt from; `digest` names its pictures."""

    digest: str
    generators: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RetrainConfig(TrainConfig):
    """Recipe of retraining: a `TrainConfig` that starts from trained weights.

    An epoch is `num_batches` batches. The share `new_share` of each batch is new, from
    the data sets in `new`; the others show what was learnt before (replay): of CIFAKE
    `num_photographs` and `num_fakes`, so many pictures of each of the `generators` as
    it says, `num_elsewhere` parts of photographs, and the data sets in `datasets`
    that are not new. `parent` is the SHA-256 of the weights that it starts from; those
    that it ends with lie at the share `interpolation` of the way, which the run itself
    chooses.
    """

    epochs: int = 2
    learning_rate: float = 0.005
    num_generated: int = 500
    num_photographs: int = 5000
    num_fakes: int = 2500
    num_batches: int = 100
    new_share: float = 0.5
    interpolation: float = 1.0
    parent: str = ""
    new: tuple[str, ...] = ()
    datasets: Mapping[str, LearntDataSet] = field(default_factory=dict)


RETRAIN: Final = RetrainConfig()


def learnt_datasets(card: NetworkCard) -> dict[str, LearntDataSet]:
    """Data sets of one's own that a network was taught, by name; none if shipped."""
    held = card.config.get("datasets", {})
    return {
        name: LearntDataSet(
            digest=held[name]["digest"], generators=tuple(held[name]["generators"])
        )
        for name in held
    }


def retrain_config(
    card: NetworkCard,
    new: Mapping[str, LearntDataSet],
    *,
    old: Mapping[str, LearntDataSet] = MappingProxyType({}),
    base: RetrainConfig = RETRAIN,
) -> RetrainConfig:
    """Recipe that teaches the network of a card some data sets.

    Augmentation, object weight and the parts of photographs are those of the network's
    own recipe.

    Args:
        card: of the network in use.
        new: the data sets to teach, by name.
        old: those that it was taught before.
        base: the settings of retraining.
    """
    own = RECIPES[card.name]
    return replace(
        base,
        object_weight=own.object_weight,
        num_elsewhere=min(own.num_elsewhere, base.num_generated),
        augmentation=_augmentation(card.config, own.augmentation),
        generators=dict.fromkeys(card.generators, base.num_generated),
        parent=card.model_sha256,
        new=tuple(new),
        datasets={**old, **new},
    )


def _augmentation(settings: Mapping[str, Any], own: AugmentConfig) -> AugmentConfig:
    """Augmentation that the network of a card was trained with."""
    known = asdict(own)
    held = settings.get("augmentation", {})
    return replace(own, **{name: held[name] for name in known if name in held})
