"""Mixture of old and new pictures: so many of each kind in every batch.

A share of each batch is new; the rest shows what the network learnt before, of each
kind alike, so that it does not forget (experience replay). Of what is old it is to go
on saying what it says now, and not what is true (distillation): learning the truth
better is not what it is taught here, and would move what it finds of every generator.
So it is with what is new, where it says the truth already and is sure enough.

Source: Li & Hoiem 2016, arXiv:1606.09282, and Buzzega et al. 2020, arXiv:2004.07211,
    for distillation on replayed pictures.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.basics.labels import LABELS
from cifake_core.data import out_of_distribution
from cifake_core.data.cifake import Split
from cifake_core.data.datasets.records import DataSetPictures
from cifake_core.evaluation import robustness
from cifake_core.pictures.corruptions import CORRUPTIONS
from cifake_core.retraining.recipe import RetrainConfig
from cifake_core.training.replay import Fakes

_FAKE, _REAL = LABELS.index("FAKE"), LABELS.index("REAL")
_NO_CLASS: Final = -1
#: Name of the pile of CIFAKE's own fakes.
CIFAKE: Final = "CIFAKE"
#: Draws the parts of photographs from elsewhere.
_CROP_SEED: Final = 1
#: Share of the photographs of the old half that come from elsewhere, if any do.
_ELSEWHERE: Final = 0.25
#: Share of the fakes of the old half that are CIFAKE's, if there are others.
_CIFAKE_FAKES: Final = 0.3
#: One of so many pictures of CIFAKE is corrupted.
_EVERY: Final = 3
#: Probability that new pictures are to be given for their own label, at the least.
SURE: Final = 0.9


#: Probability of REAL, (N,) float32, of (N, 32, 32, 3) uint8 pictures.
Teacher: TypeAlias = Callable[[npt.NDArray[np.uint8]], Floats]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Group:
    """Pictures of one kind, at `positions` of a mixture; `share` of each batch."""

    name: str
    share: float
    positions: npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class GroupSampler:
    """Sampler whose every batch has the same number of pictures of each group.

    A group's pictures come in one shuffle after the other, so each about as often as
    every other one of its group.

    Args:
        groups: their shares sum to 1.
        size: pictures of a batch.
        num_batches: of an epoch.

    Source: experience replay with balanced reservoirs, Chaudhry et al. 2019,
        arXiv:1902.10486.
    """

    groups: tuple[Group, ...]
    size: int
    num_batches: int

    @property
    def positions(self) -> npt.NDArray[np.int64]:
        """Positions of all groups, one group after the other."""
        return np.concatenate([group.positions for group in self.groups])

    def __len__(self) -> int:
        """Number of pictures of an epoch."""
        return self.size * self.num_batches

    def order(self, generator: np.random.Generator) -> npt.NDArray[np.int64]:
        """Positions of an epoch; within a batch one group after the other."""
        columns = [
            _shuffles(group.positions, count * self.num_batches, generator).reshape(
                self.num_batches, count
            )
            for group, count in zip(self.groups, self.counts(), strict=True)
        ]
        return np.concatenate(columns, axis=1).ravel()

    def counts(self) -> list[int]:
        """Pictures of each group in a batch; they sum to its size.

        What rounding leaves goes to the groups that it cut most off
        (largest-remainder method).
        """
        wanted = [group.share * self.size for group in self.groups]
        counts = [int(each) for each in wanted]
        by_rest = sorted(range(len(counts)), key=lambda i: counts[i] - wanted[i])
        for number in by_rest[: self.size - sum(counts)]:
            counts[number] += 1
        return counts


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RetrainMixture:
    """Pictures to retrain on, as `LabelledPictures`, and what each group is.

    `labels` is (N,) float32, 0 for FAKE to 1 for REAL: what the network as it is says
    is the probability of REAL, of new pictures at least `SURE` for their own label.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.float32]
    object_classes: npt.NDArray[np.int8]
    groups: tuple[Group, ...]


def mix(  # noqa: PLR0913, PLR0917 - the two that answer come last
    split: Split,
    training: npt.NDArray[np.int64],
    taught: Sequence[DataSetPictures],
    config: RetrainConfig,
    fakes: Fakes,
    teacher: Teacher,
) -> RetrainMixture:
    """Pictures of a retraining.

    Half of the old ones and half of the new ones are photographs. Old fakes are
    CIFAKE's, each generator's and those of data sets taught before; each generator
    counts alike. A third of CIFAKE's pictures are corrupted.

    Args:
        split: the training split of CIFAKE.
        training: (N,) positions of the pictures that are not held out.
        taught: the training parts of `config.datasets`, new and old.
        config: the recipe.
        fakes: draws pictures of generators.
        teacher: what the network in use says of pictures.
    """
    piles = _Piles()
    order = np.random.default_rng(config.seed).permutation(training)
    labels = split.labels[order]
    for name, label, count in (
        ("photographs", _REAL, config.num_photographs),
        (CIFAKE, _FAKE, config.num_fakes),
    ):
        chosen = np.sort(order[labels == label][:count])
        images = _some_corrupted(split.images[chosen], split.hashes[chosen])
        piles.add(name, images, teacher(images), split.object_classes[chosen])
    for name, n in config.num_of_generators.items():
        images = fakes(name, "replay", n=n)
        piles.add(name, images, teacher(images))
    if config.num_elsewhere:
        crops = out_of_distribution.to_learn_from(config.num_elsewhere, seed=_CROP_SEED)
        piles.add("elsewhere", crops, teacher(crops))
    for each in taught:
        piles.add_data_set(each, teacher, new=each.name in config.new)
    old = [each for each in taught if each.name not in config.new]
    new = [each for each in taught if each.name in config.new]
    shares = {
        name: share * (1 - config.new_share)
        for name, share in _old_shares(config, old).items()
    } | {name: share * config.new_share for name, share in _new_shares(new).items()}
    return piles.mixture(shares)


def _some_corrupted(
    images: npt.NDArray[np.uint8], hashes: npt.NDArray[np.str_]
) -> npt.NDArray[np.uint8]:
    """Pictures of which every third is a corrupted copy, at one strength of one kind.

    What a network says under corruption is forgotten as well, and is old, too.
    """
    found = images.copy()
    corruptions = tuple(CORRUPTIONS.values())
    for place in range(0, len(images), _EVERY):
        one = slice(place, place + 1)
        each = corruptions[place // _EVERY % len(corruptions)]
        found[one] = robustness.corrupt(
            images[one], hashes[one], kind=each.kind, strength=each.strength
        )
    return found


def _old_shares(
    config: RetrainConfig, old: Sequence[DataSetPictures]
) -> dict[str, float]:
    """Shares of what was learnt before, by the name of the pile; they sum to 1."""
    beside = [_pile(each.name, "") for each in old]
    beside += ["elsewhere"] if config.num_elsewhere else []
    further = [*config.generators, *(pile for each in old for pile in _fakes(each))]
    elsewhere = _ELSEWHERE if beside else 0.0
    cifake = _CIFAKE_FAKES if further else 1.0
    return {
        "photographs": 0.5 * (1 - elsewhere),
        **dict.fromkeys(beside, 0.5 * elsewhere / max(1, len(beside))),
        CIFAKE: 0.5 * cifake,
        **dict.fromkeys(further, 0.5 * (1 - cifake) / max(1, len(further))),
    }


def _new_shares(new: Sequence[DataSetPictures]) -> dict[str, float]:
    """Shares of what is new, by the name of the pile; they sum to 1."""
    real = [_pile(each.name, "") for each in new]
    fake = [pile for each in new for pile in _fakes(each)]
    return dict.fromkeys(real, 0.5 / len(real)) | dict.fromkeys(fake, 0.5 / len(fake))


def _fakes(held: DataSetPictures) -> list[str]:
    """Names of the piles of a data set's generators."""
    return [_pile(held.name, name) for name in np.unique(held.generators) if name]


def _pile(dataset: str, generator: str) -> str:
    """Name of the pile of one generator of a data set, or of its photographs."""
    return f"{dataset}: {generator or 'photographs'}"


class _Piles:
    """Pictures put one after the other, and where each kind lies."""

    def __init__(self) -> None:
        self._images: list[npt.NDArray[np.uint8]] = []
        self._labels: list[Floats] = []
        self._classes: list[npt.NDArray[np.int8]] = []
        self._places: dict[str, npt.NDArray[np.int64]] = {}
        self._num = 0

    def add(
        self,
        name: str,
        images: npt.NDArray[np.uint8],
        labels: Floats,
        classes: npt.NDArray[np.int8] | None = None,
    ) -> None:
        """Put pictures of one kind on top; without classes none is known."""
        count = len(images)
        self._images.append(images)
        self._labels.append(labels)
        self._classes.append(
            np.full(count, _NO_CLASS, np.int8) if classes is None else classes
        )
        self._places[name] = np.arange(self._num, self._num + count)
        self._num += count

    def add_data_set(
        self, held: DataSetPictures, teacher: Teacher, *, new: bool
    ) -> None:
        """Put the photographs and each generator's fakes of a data set on top."""
        for generator in np.unique(held.generators):
            chosen = held.generators == generator
            images = held.images[chosen]
            said = teacher(images)
            if new:
                low, high = (0.0, 1 - SURE) if generator else (SURE, 1.0)
                said = np.clip(said, low, high)
            self.add(
                _pile(held.name, str(generator)),
                images,
                said,
                held.object_classes[chosen],
            )

    def mixture(self, shares: Mapping[str, float]) -> RetrainMixture:
        """All of them, with groups of these shares."""
        return RetrainMixture(
            images=np.concatenate(self._images),
            labels=np.concatenate(self._labels),
            object_classes=np.concatenate(self._classes),
            groups=tuple(
                Group(name=name, share=share, positions=self._places[name])
                for name, share in shares.items()
            ),
        )


def _shuffles(
    positions: npt.NDArray[np.int64], count: int, generator: np.random.Generator
) -> npt.NDArray[np.int64]:
    """So many positions, from one shuffle of them after the other."""
    rounds = -(-count // len(positions))
    return np.concatenate(
        [generator.permutation(positions) for _ in range(rounds)]
        or [np.empty(0, np.int64)]
    )[:count]
