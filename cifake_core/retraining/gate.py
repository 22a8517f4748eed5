"""The gate: a candidate may be promoted only if nowhere worse than what is in use.

Candidate and version in use are compared on the same pictures, and every check must
pass. What its limits are stands in `gate_checks`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cifake_core.basics.errors import CifakeError, DatasetError, VersionError
from cifake_core.basics.progress import ProgressCallback, part_of, tell_nobody
from cifake_core.data import cifake
from cifake_core.data.datasets import library
from cifake_core.data.datasets.records import DataSetPictures
from cifake_core.evaluation import dataset_scores
from cifake_core.networks import store
from cifake_core.networks.card import NetworkCard
from cifake_core.networks.pool import NetworkPool, load_network
from cifake_core.networks.protocols import Probe
from cifake_core.retraining import gate_comparison as lines
from cifake_core.retraining.gate_checks import (
    cost_check,
    robustness_check,
    unmeasured,
)
from cifake_core.retraining.gate_measures import (
    METERS,
    Contender,
    Meters,
    corrupted,
    leak_free_positions,
)
from cifake_core.retraining.gate_records import GateCheck, GateReport, gate_to_json
from cifake_core.versions.records import Version
from cifake_core.versions.registry import VersionRegistry


@dataclass(frozen=True, kw_only=True, slots=True)
class GateConfig:
    """How many pictures are asked about.

    `num_corrupted` leak-free test pictures are corrupted in every way, `num_again`
    where these show a loss; `seed` draws them. `num_timed` answers are timed.
    """

    num_corrupted: int = 1000
    num_again: int = 4000
    num_timed: int = 100
    seed: int = 0


CONFIG: Final = GateConfig()


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Sealed:
    """Sealed test parts of the data sets that a candidate learnt.

    `new` names those that it was taught now. `gone` has a sentence for each that it was
    taught before and that cannot be read any more. `held_out` has the number of
    validation pictures of each.
    """

    pictures: Mapping[str, DataSetPictures]
    new: tuple[str, ...]
    gone: Mapping[str, str]
    held_out: Mapping[str, int]


def gate(  # noqa: PLR0913 - what, where all of it lies, how: all by keyword
    number: int,
    *,
    registry: VersionRegistry,
    datasets_root: Path,
    data: Path,
    progress: ProgressCallback = tell_nobody,
    load: Callable[[Path], Probe] = load_network,
    meters: Meters = METERS,
    config: GateConfig = CONFIG,
) -> GateReport:
    """Compare a version with the one in use, and put the report down in the registry.

    Args:
        number: of the version.
        registry: has both.
        datasets_root: the folder of data sets of one's own.
        data: zip or folder of CIFAKE.
        progress: told the share done, 0 to 1.
        load: makes a network from its folder.
        meters: measure what an answer costs.
        config: how many pictures are asked about.

    Raises:
        VersionError: If there is no such version, or it cannot take the place of the
            one in use.
        DatasetError: If a data set that it was taught is gone or was changed, or CIFAKE
            is.
        ModelUnavailableError: If scores of either are missing or on other pictures.
    """
    version, in_use = registry.get(number), registry.in_use()
    _check_comparable(version, in_use)
    folders = registry.folder(in_use.number), registry.folder(number)
    card = store.load_card(folders[1] / version.network)
    sealed = _read_sealed(card, number, datasets_root, part_of(progress, 0, 0.05))
    old, new = (
        _contender(version.network, folder, sealed, load, part_of(progress, *share))
        for folder, share in zip(folders, ((0.05, 0.1), (0.1, 0.15)), strict=True)
    )
    checks = (
        *lines.of_cifake(old, new),
        *lines.of_forgetting(old, new),
        *(unmeasured(f"auc:{name}", why) for name, why in sealed.gone.items()),
        *lines.of_learning(old, new, sealed.new),
        *lines.of_verdicts(old, new),
        *lines.of_photographs(old, new, sealed.new, meters.strangers()),
        lines.of_calibration(old, new, sealed.held_out),
        *_on_test_pictures(
            old, new, data, meters, config, part_of(progress, 0.15, 0.95)
        ),
        *_of_memory(version.network, folders, meters),
    )
    report = GateReport(version=number, against=in_use.number, checks=checks)
    registry.record_gate(number, gate_to_json(report))
    progress(1)
    return report


def _check_comparable(version: Version, in_use: Version) -> None:
    """Raise `VersionError` unless a version could take the place of the one in use."""
    number, parent = version.number, version.parent
    if parent is None:
        msg = (
            f"Version {number} is what is shipped: it needs no gate, and "
            "`versions rollback` goes back to it. Name a version that was taught."
        )
        raise VersionError(msg)
    if number == in_use.number:
        msg = f"Version {number} is in use. Name a version to compare with it."
        raise VersionError(msg)
    if parent != in_use.number:
        msg = (
            f"Version {number} was taught from version {parent}, but "
            f"{in_use.number} is in use: what that has learnt would be lost. Teach "
            f"again with `retrain`, which starts from version {in_use.number}."
        )
        raise VersionError(msg)


def _read_sealed(
    candidate: NetworkCard, number: int, root: Path, progress: ProgressCallback
) -> _Sealed:
    """Sealed test parts of all data sets that the candidate, version `number`, learnt.

    Those that it was taught before may have changed since, or be gone.
    """
    pictures, gone, held_out = {}, {}, {}
    new, learnt = (candidate.config.get(key, ()) for key in ("new", "datasets"))
    if not new:
        msg = (
            f"Version {number} of {candidate.name} was taught no data set, so there is "
            "nothing that it could find better. Name a version made by `retrain`."
        )
        raise VersionError(msg)
    for place, (name, taught) in enumerate(learnt.items()):
        told = part_of(progress, place / len(learnt), (place + 1) / len(learnt))
        try:
            card = library.card(name, root)
            found = library.load(name, root=root, parts=("test",), progress=told)
        except CifakeError as error:
            if name in new:
                raise
            gone[name] = (
                f"Whether the data set {name!r} is forgotten cannot be measured: "
                f"{error} Add it again."
            )
            continue
        if name in new and card.digest != taught["digest"]:
            msg = (
                f"The data set {name!r} was changed since version {number} was taught "
                f"it. Teach it again with `retrain {candidate.name} --on {name}`."
            )
            raise DatasetError(msg)
        pictures[name] = found
        held_out[name] = sum(card.counts["validation"].values())
    return _Sealed(pictures=pictures, new=tuple(new), gone=gone, held_out=held_out)


def _contender(
    network: str,
    models: Path,
    sealed: _Sealed,
    load: Callable[[Path], Probe],
    progress: ProgressCallback,
) -> Contender:
    """One of the two, with its scores on what is sealed."""
    scorer = NetworkPool(models, load=load).network(network)
    num = len(sealed.pictures)
    return Contender(
        models=models,
        scorer=scorer,
        sealed={
            name: dataset_scores.score(
                scorer,
                pictures,
                progress=part_of(progress, place / num, (place + 1) / num),
            )
            for place, (name, pictures) in enumerate(sealed.pictures.items())
        },
    )


def _on_test_pictures(  # noqa: PLR0913, PLR0917 - both, and how to ask them
    old: Contender,
    new: Contender,
    data: Path,
    meters: Meters,
    config: GateConfig,
    progress: ProgressCallback,
) -> tuple[GateCheck, ...]:
    """Checks that ask both about CIFAKE's test pictures: corrupted, and in turns."""
    test = cifake.load(data, "test")
    positions = leak_free_positions(test, new.cifake, seed=config.seed)
    found = corrupted(
        old.scorer,
        new.scorer,
        test,
        positions[: config.num_again],
        holds=lambda corruption, both: robustness_check(corruption, *both).passed,
        num_first=config.num_corrupted,
        progress=progress,
    )
    before, now = meters.milliseconds(
        old.scorer,
        new.scorer,
        test.images[positions[: config.num_timed]],
    )
    what = "The median time of one picture in milliseconds"
    return (
        *(robustness_check(corruption, *both) for corruption, both in found.items()),
        cost_check("milliseconds", before, now, what=what),
    )


def _of_memory(
    network: str, folders: tuple[Path, Path], meters: Meters
) -> tuple[GateCheck, ...]:
    """Check on memory; none where the system does not tell."""
    old, new = (meters.memory(folder / network) for folder in folders)
    if old is None or new is None:
        return ()
    what = "The memory in MB that a fresh process takes for it"
    return (cost_check("memory", old, new, what=what),)
