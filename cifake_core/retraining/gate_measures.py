"""Measures of the gate: what the version in use and a candidate come to, side by side.

Both are asked about the same pictures. What they say of CIFAKE's test pictures and of
our own generators' is stored beside their weights; the sealed test parts of data sets,
corrupted pictures, time and memory are measured here.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.labels import LABELS
from cifake_core.basics.progress import ProgressCallback, part_of
from cifake_core.data.archive import inner_name
from cifake_core.data.cifake import Split
from cifake_core.data.datasets.records import DataSetPictures
from cifake_core.data.out_of_distribution import out_of_distribution_sets
from cifake_core.evaluation import dataset_scores, generator_scores, scores
from cifake_core.evaluation.calibration import calibration_error
from cifake_core.evaluation.generator_scores import GeneratorScores
from cifake_core.evaluation.latency import medians_in_turns
from cifake_core.evaluation.metrics import rightly_called
from cifake_core.evaluation.robustness import corrupt
from cifake_core.evaluation.scores import Scores
from cifake_core.networks import store
from cifake_core.networks.card import NetworkCard
from cifake_core.networks.protocols import Scorer
from cifake_core.pictures.corruptions import CORRUPTIONS, Corruption
from cifake_core.retraining.peak_memory import peak_memory_of

_FAKE, _REAL = LABELS.index("FAKE"), LABELS.index("REAL")
#: Draws the parts of photographs from elsewhere.
_STRANGERS_SEED: Final = 0

#: Of both, in this order: the version in use, the candidate.
BothRight: TypeAlias = tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Contender:
    """One of two versions of a network: a folder of networks, and the network loaded.

    `sealed` has its scores on the sealed test part of each data set, by the set's name.
    """

    models: Path
    scorer: Scorer
    sealed: Mapping[str, Scores]

    @cached_property
    def card(self) -> NetworkCard:
        """Card of the network."""
        return store.load_card(self.models / self.scorer.name)

    @cached_property
    def cifake(self) -> Scores:
        """Scores on CIFAKE's test pictures."""
        return scores.read(self.scorer.name, self.models)

    @cached_property
    def generators(self) -> GeneratorScores | None:
        """Scores on our own generators' pictures, if it learnt from any."""
        if not self.card.generators:
            return None
        return generator_scores.read(self.scorer.name, self.models)

    def leak_free(self, label: int) -> Floats:
        """Logits of the leak-free test pictures of a label."""
        found = self.cifake
        return found.logits[found.leak_free & (found.labels == label)]

    @property
    def photographs(self) -> Floats:
        """Logits of the leak-free photographs of CIFAKE's test set."""
        return self.leak_free(_REAL)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class CalibrationSample:
    """Test pictures of what a network was calibrated on, with what each counts."""

    labels: npt.NDArray[np.int8]
    logits: Floats
    counts: npt.NDArray[np.float64]

    @property
    def error(self) -> float:
        """Expected calibration error."""
        return calibration_error(self.labels, self.logits, self.counts)


def calibration_sample(
    contender: Contender,
    *,
    generators: tuple[str, ...],
    held_out: Mapping[str, int],
) -> CalibrationSample:
    """Test pictures in the proportions of the validation pictures that calibrated it.

    All fakes together count as much as all photographs, as in `training.train`.

    Args:
        contender: the network that is asked.
        generators: those of our own that the candidate learnt.
        held_out: the number of validation pictures by data set, for every set that the
            candidate learnt.
    """
    found = contender.cifake
    chosen = found.leak_free
    num_cifake = len(
        scores.read(
            contender.scorer.name, contender.models, store.VALIDATION_FILE
        ).labels
    )
    groups = [(found.labels[chosen], found.logits[chosen], num_cifake)]
    if contender.generators is not None:
        for name in generators:
            logits = contender.generators.test[name]
            fake = np.full(len(logits), _FAKE, np.int8)
            groups.append((fake, logits, len(contender.generators.validation[name])))
    for name, count in held_out.items():
        sealed = contender.sealed[name]
        groups.append((sealed.labels, sealed.logits, count))
    labels, logits = (
        np.concatenate([each[part] for each in groups]) for part in (0, 1)
    )
    counts = np.concatenate([np.full(len(la), n / len(la)) for la, _, n in groups])
    fake = labels == _FAKE
    counts[fake] *= counts[~fake].sum() / counts[fake].sum()
    return CalibrationSample(labels=labels, logits=logits, counts=counts)


def leak_free_positions(
    split: Split, of: Scores, *, seed: int
) -> npt.NDArray[np.int64]:
    """Places in `split` of the leak-free test pictures, in a fixed random order.

    Raises:
        ModelUnavailableError: If the scores are on other pictures.
    """
    places = {inner_name(each): place for place, each in enumerate(split.members)}
    names = [inner_name(each) for each in of.members[of.leak_free]]
    if not places.keys() >= set(names):
        msg = (
            f"The test scores of {of.network} are on pictures that {split.name}/ does "
            "not hold. Name the data set on which it was tested with --data."
        )
        raise ModelUnavailableError(msg)
    found = np.array([places[name] for name in names], np.int64)
    return np.random.default_rng(seed).permutation(found)


def corrupted(  # noqa: PLR0913 - whom, about what, how many: most by keyword
    old: Scorer,
    new: Scorer,
    split: Split,
    positions: npt.NDArray[np.int64],
    *,
    holds: Callable[[Corruption, BothRight], bool],
    num_first: int,
    progress: ProgressCallback,
) -> dict[Corruption, BothRight]:
    """What both call rightly after each corruption, on as many pictures as it takes.

    The first pictures decide where they show no loss. Where they do, that may be
    chance, as there are many corruptions and few pictures: then all are asked, and they
    decide. Answers on the first ones are kept in the user's cache.

    Args:
        old: the version in use.
        new: the candidate.
        split: CIFAKE's test pictures.
        positions: those to ask about, in the order in which to ask.
        holds: says whether what both call rightly is within the limit.
        num_first: the number of pictures to begin with.
        progress: told the share done, 0 to 1.
    """
    first, rest = _some(split, positions[:num_first]), positions[num_first:]
    told = part_of(progress, 0, 0.4), part_of(progress, 0.4, 0.8)
    right = [
        dataset_scores.score_corrupted(each, first, progress=tell).right.reshape(
            len(CORRUPTIONS), -1
        )
        for each, tell in zip((old, new), told, strict=True)
    ]
    found = {}
    for place, corruption in enumerate(CORRUPTIONS.values()):
        both = right[0][place], right[1][place]
        if rest.size and not holds(corruption, both):
            more = _right_after(corruption, (old, new), _some(split, rest))
            both = np.append(both[0], more[0]), np.append(both[1], more[1])
        found[corruption] = both
        progress(0.8 + 0.2 * (place + 1) / len(CORRUPTIONS))
    return found


def _right_after(
    corruption: Corruption, networks: tuple[Scorer, Scorer], pictures: DataSetPictures
) -> BothRight:
    """(N,) True for the pictures that each calls rightly after a corruption."""
    images = corrupt(
        pictures.images,
        pictures.hashes,
        kind=corruption.kind,
        strength=corruption.strength,
    )
    old, new = (
        rightly_called(pictures.labels, each.logits(images)) for each in networks
    )
    return old, new


def _some(split: Split, positions: npt.NDArray[np.int64]) -> DataSetPictures:
    """Pictures of CIFAKE's test set in the form of a data set of one's own."""
    hashes = split.hashes[positions]
    return DataSetPictures(
        name=split.name,
        digest=hashlib.sha256("\n".join(hashes.tolist()).encode()).hexdigest(),
        images=split.images[positions],
        labels=split.labels[positions],
        object_classes=split.object_classes[positions],
        generators=np.full(len(positions), "", np.str_),
        members=split.members[positions],
        hashes=hashes,
        parts=np.full(len(positions), "test"),
    )


def milliseconds(
    old: Scorer, new: Scorer, images: npt.NDArray[np.uint8]
) -> tuple[float, float]:
    """Median time of one picture by each, taken in turns, in milliseconds."""

    def asked(network: Scorer) -> Callable[[npt.NDArray[np.uint8]], Floats]:
        return lambda image: network.logits(image[None])

    spent = medians_in_turns([asked(old), asked(new)], images, repetitions=len(images))
    return 1000 * spent[0], 1000 * spent[1]


def photographs_from_elsewhere() -> npt.NDArray[np.uint8]:
    """Parts of photographs on which nothing was chosen, (N, 32, 32, 3), as CIFAKE's."""
    kinds = out_of_distribution_sets(seed=_STRANGERS_SEED)
    chosen = [each.pictures for each in kinds if each.marked and not each.tuned]
    return np.stack([picture for pictures in chosen for picture in pictures])


@dataclass(frozen=True, kw_only=True, slots=True)
class Meters:
    """What a gate measures with: the cost of an answer, and strange photographs.

    `milliseconds` takes the version in use, the candidate and (N, 32, 32, 3) pictures;
    `memory` gives the peak memory in MB of the network in a folder, or None;
    `strangers` gives photographs from elsewhere, (N, 32, 32, 3).
    """

    milliseconds: Callable[
        [Scorer, Scorer, npt.NDArray[np.uint8]], tuple[float, float]
    ] = milliseconds
    memory: Callable[[Path], float | None] = peak_memory_of
    strangers: Callable[[], npt.NDArray[np.uint8]] = photographs_from_elsewhere


METERS: Final = Meters()
