"""Forgetting: the area under the ROC curve by version and generator, and what was lost.

It shows what teaching costs and what it does not do: a network that was taught one
generator does not know the next, and may find less of those that it learnt before.

Source: Chaudhry et al. 2018, arXiv:1801.10112, section 3, for forgetting; Lopez-Paz &
    Ranzato 2017, arXiv:1706.08840, section 2, for backward transfer.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from cifake_core.basics.errors import CifakeError, NotMadeError
from cifake_core.basics.estimates import Estimate
from cifake_core.basics.labels import LABELS
from cifake_core.basics.progress import ProgressCallback, part_of, tell_nobody
from cifake_core.data.datasets import library
from cifake_core.data.datasets.records import DataSetPictures
from cifake_core.evaluation import dataset_scores, generator_scores, scores
from cifake_core.evaluation.fakes import report_fakes
from cifake_core.networks import store
from cifake_core.networks.card import NetworkCard
from cifake_core.networks.protocols import Probe
from cifake_core.verdicts.scope_words import CIFAKE_GENERATOR
from cifake_core.versions.records import State, Version
from cifake_core.versions.registry import VersionRegistry

_FAKE, _REAL = LABELS.index("FAKE"), LABELS.index("REAL")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Detection:
    """How well `n` fakes of a generator are told from photographs; `learnt` or unseen.

    `roc_auc` has DeLong's interval; it is None where nobody asked the network.
    """

    n: int
    roc_auc: Estimate | None
    learnt: bool


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class VersionRow:
    """What a version of a network finds, by generator.

    `forgetting` has, for each generator that its parent had learnt, the largest area
    that one of its forebears came to less its own: above 0 where something was lost.
    `transfer` has its own area less that of the version that learnt the generator
    first: below 0 where something was lost.
    """

    version: int
    state: State
    found: Mapping[str, Detection]
    forgetting: Mapping[str, float]
    transfer: Mapping[str, float]

    @property
    def mean_forgetting(self) -> float | None:
        """Average forgetting, -1 to 1; None where nothing was learnt before."""
        return _mean(self.forgetting)

    @property
    def backward_transfer(self) -> float | None:
        """Backward transfer, -1 to 1; None where nothing was learnt before."""
        return _mean(self.transfer)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ForgettingTable:
    """Versions of a network by generator, the shipped one first.

    `generators` names the columns: CIFAKE's, our own, and those of data sets of one's
    own as "SET" or "SET:GENERATOR". `troubles` has a sentence for each version and
    data set that cannot be read.
    """

    network: str
    generators: tuple[str, ...]
    rows: tuple[VersionRow, ...]
    troubles: tuple[str, ...]


def forgetting_table(
    network: str,
    *,
    registry: VersionRegistry,
    datasets_root: Path,
    load: Callable[[Path], Probe] | None = None,
    progress: ProgressCallback = tell_nobody,
) -> ForgettingTable:
    """Table of every version of a network, from what is stored of them.

    Areas are on test pictures: CIFAKE's and our own generators' fakes against CIFAKE's
    leak-free photographs, those of data sets against the sets' own.

    Args:
        network: one that has weights of its own.
        registry: of the versions.
        datasets_root: the folder of data sets of one's own.
        load: makes a network from its folder, to ask it about data sets that it was
            not asked about; without it those areas are None.
        progress: told the share done, 0 to 1.
    """
    troubles: list[str] = []
    sealed = dict(_sealed_parts(datasets_root, troubles))
    versions = [each for each in registry.listing() if each.network in {"", network}]
    found: dict[int, dict[str, Detection]] = {}
    for place, version in enumerate(versions):
        told = part_of(progress, place / len(versions), (place + 1) / len(versions))
        try:
            models = registry.folder(version.number)
            found[version.number] = _detections(network, models, sealed, load, told)
        except CifakeError as error:
            troubles.append(f"Version {version.number}: {error}")
    names = dict.fromkeys(name for row in found.values() for name in row)
    parents = {each.number: each.parent for each in registry.listing()}
    return ForgettingTable(
        network=network,
        generators=tuple(names),
        rows=tuple(
            _row(version, found, tuple(_forebears(version.number, parents)))
            for version in versions
            if version.number in found
        ),
        troubles=tuple(troubles),
    )


def _sealed_parts(
    root: Path, troubles: list[str]
) -> Iterator[tuple[str, DataSetPictures]]:
    """Sealed test part of each data set that can be read."""
    for card in library.listing(root):
        try:
            yield card.name, library.load(card.name, root=root, parts=("test",))
        except CifakeError as error:
            troubles.append(f"Data set {card.name!r}: {error}")


def _detections(
    network: str,
    models: Path,
    sealed: Mapping[str, DataSetPictures],
    load: Callable[[Path], Probe] | None,
    progress: ProgressCallback,
) -> dict[str, Detection]:
    """What one version finds, by generator."""
    card = store.load_card(models / network)
    tested = scores.read(network, models)
    real, fake = (
        tested.logits[tested.leak_free & (tested.labels == label)]
        for label in (_REAL, _FAKE)
    )
    fakes = {CIFAKE_GENERATOR: fake}
    with suppress(NotMadeError):  # it may never have been asked about our own
        fakes |= generator_scores.read(network, models).test
    learnt = {CIFAKE_GENERATOR, *card.generators}
    found = {
        name: Detection(n=each.n, roc_auc=each.roc_auc, learnt=name in learnt)
        for name, each in report_fakes(real, fakes).generators.items()
    }
    asked = load and partial(load, models / network)
    for place, pictures in enumerate(sealed.values()):
        told = part_of(progress, place / len(sealed), (place + 1) / len(sealed))
        found |= _on_set(card, pictures, asked, told)
    return found


def _on_set(
    card: NetworkCard,
    pictures: DataSetPictures,
    load: Callable[[], Probe] | None,
    progress: ProgressCallback,
) -> dict[str, Detection]:
    """What one version finds of the fakes of a data set, by generator."""
    logits = dataset_scores.logits(card.model_sha256, pictures, load, progress=progress)
    real = pictures.labels == _REAL
    learnt = card.datasets.get(pictures.name, ())
    found = {}
    for name in np.unique(pictures.generators[~real]).tolist():
        fake = ~real & (pictures.generators == name)
        area = None
        if logits is not None and real.any():
            report = report_fakes(logits[real], {name: logits[fake]})
            area = report.generators[name].roc_auc
        found[column(pictures.name, name)] = Detection(
            n=int(fake.sum()), roc_auc=area, learnt=name in learnt
        )
    return found


def column(dataset: str, generator: str) -> str:
    """Name of a generator of a data set of one's own among all others.

    A set whose fakes were told apart by no name has its own for a generator.
    """
    return dataset if generator == dataset else f"{dataset}:{generator}"


def _forebears(number: int, parents: Mapping[int, int | None]) -> Iterator[int]:
    """Versions that a version descends from, the shipped one first."""
    parent = parents[number]
    if parent is not None:
        yield from _forebears(parent, parents)
        yield parent


def _row(
    version: Version,
    found: Mapping[int, Mapping[str, Detection]],
    forebears: Sequence[int],
) -> VersionRow:
    """Row of a version, from what it and its forebears find."""
    mine = found[version.number]
    before = [found[each] for each in forebears if each in found]
    forgetting, transfer = {}, {}
    for name, now in mine.items():
        earlier = [row[name] for row in before if name in row]
        areas = [each.roc_auc.value for each in earlier if each.roc_auc]
        first = [each.roc_auc.value for each in earlier if each.roc_auc and each.learnt]
        if now.roc_auc and first and earlier[-1].learnt:
            forgetting[name] = max(areas) - now.roc_auc.value
            transfer[name] = now.roc_auc.value - first[0]
    return VersionRow(
        version=version.number,
        state=version.state,
        found=mine,
        forgetting=forgetting,
        transfer=transfer,
    )


def _mean(values: Mapping[str, float]) -> float | None:
    """Mean of the values; None if there are none."""
    return sum(values.values()) / len(values) if values else None
