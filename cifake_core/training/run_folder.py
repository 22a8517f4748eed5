"""Run folder of a training: checkpoint while it lasts, network when it ends."""

import csv
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy.typing as npt

from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import ModelUnavailableError, TrainingError
from cifake_core.basics.files import replace_folder, scratch_folder, write_whole
from cifake_core.basics.places import cache_folder
from cifake_core.basics.registry import lookup
from cifake_core.evaluation.stacking import refit_ensembles
from cifake_core.networks import NETWORKS, OWN, store

CHECKPOINT_FILE: Final = "checkpoint.npz"

#: Bytes of a checkpoint and its history beside the arrays, at the most.
_MAX_BESIDE: Final = 2**20

#: One row of `history.csv`: column name to figure.
Row = dict[str, int | float]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Checkpoint:
    """Checkpoint of a run: all that it needs to go on after its last finished epoch.

    `arrays` are the variables of network, optimizer and weight average, in
    order; `settings` is the configuration as JSON values; `history` has one row
    for each finished epoch; `train_digest` names the training pictures, `trained` the
    arithmetic and the processors of the epochs, each once.
    """

    network: str
    settings: Mapping[str, Any]  # JSON: any value
    history: Sequence[Row]
    arrays: Sequence[npt.NDArray[Any]]  # of the variables' own types
    train_digest: str
    trained: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Header:
    """Header of a checkpoint: all of it but the arrays."""

    SCHEMA: ClassVar[int] = 1

    network: str
    settings: Mapping[str, Any]  # JSON: any value
    history: tuple[Row, ...]
    train_digest: str
    trained: tuple[str, ...] = ()


def default_run(network: str) -> Path:
    """Folder in which `network` is trained unless told otherwise."""
    return cache_folder() / "runs" / network


def claim(run: Path) -> None:
    """Make the folder of a new run, and let it not write over another.

    Raises:
        TrainingError: If `run` holds a run already or cannot be made.
    """
    if (run / CHECKPOINT_FILE).exists():
        msg = (
            f"There is a run in {run} already. Go on with it with --resume, or "
            "name another folder with --out."
        )
        raise TrainingError(msg)
    try:
        run.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"The folder {run} cannot be made: {error}. Name another with --out."
        raise TrainingError(msg) from error


@contextmanager
def room_for(checkpoint: Checkpoint, run: Path) -> Iterator[None]:
    """Reserve on the disk for the next checkpoint, as large as `checkpoint`.

    An epoch is trained in here, so that none is trained for a disk that is full,
    nor for one that fills up meanwhile.

    Raises:
        TrainingError: If there is no such room.
    """
    size = sum(array.nbytes for array in checkpoint.arrays) + _MAX_BESIDE
    reserve = run / f"room.{CHECKPOINT_FILE}"
    try:
        try:
            reserve.write_bytes(bytes(size))
        except OSError as error:
            msg = (
                f"There is no room in {run} for the {size / 2**20:.0f} MB of the next "
                f"checkpoint: {error}. Make room there and {_again(run)}."
            )
            raise TrainingError(msg) from error
        yield
    finally:
        reserve.unlink(missing_ok=True)


def write_checkpoint(run: Path, checkpoint: Checkpoint) -> None:
    """Replace the checkpoint of `run`, whole or not at all.

    Raises:
        TrainingError: If it cannot be written; the one before stays.
    """
    header = _Header(
        network=checkpoint.network,
        settings=checkpoint.settings,
        history=tuple(checkpoint.history),
        train_digest=checkpoint.train_digest,
        trained=tuple(checkpoint.trained),
    )
    arrays = {f"v{i:04}": array for i, array in enumerate(checkpoint.arrays)}
    try:
        run.mkdir(parents=True, exist_ok=True)
        with write_whole(run / CHECKPOINT_FILE) as scratch:
            _artefact(scratch).write_arrays(header, arrays, compressed=False)
            # in this order: who is killed here has a whole history in the end
            write_history(run, checkpoint.history)
    except OSError as error:
        msg = (
            f"The checkpoint cannot be written to {run}: {error}. Make room there "
            f"and {_again(run)}."
        )
        raise TrainingError(msg) from error


def read_checkpoint(run: Path) -> Checkpoint:
    """Checkpoint of `run`.

    Raises:
        TrainingError: If there is none or it is damaged.
    """
    path = run / CHECKPOINT_FILE
    if not path.is_file():
        msg = f"There is nothing to resume in {run}. Start the run without --resume."
        raise TrainingError(msg)
    try:
        header, arrays = _artefact(path).read_arrays(_Header)
    except ModelUnavailableError as error:
        raise TrainingError(str(error)) from error
    return Checkpoint(
        network=header.network,
        settings=header.settings,
        history=header.history,
        arrays=[arrays[name] for name in sorted(arrays)],
        train_digest=header.train_digest,
        trained=header.trained,
    )


def _artefact(path: Path) -> Artefact:
    """The checkpoint in a file."""
    return Artefact(path, what="checkpoint", remedy="Delete it and start anew.")


def too_little_memory(run: Path) -> TrainingError:
    """Error of a run that memory ran out in, with the remedy."""
    return TrainingError(
        "There is too little memory for this training. Close other programs and "
        f"{_again(run)}."
    )


def diverged(run: Path, epoch: int) -> TrainingError:
    """Error of a run whose loss in `epoch` is no number, with the remedy."""
    return TrainingError(
        f"After epoch {epoch} the loss is not a number, so the epoch was not saved. To "
        f"try anew, {_again(run)}. If that ends in the same way, the learning rate is "
        "too high."
    )


def write_history(run: Path, history: Sequence[Row]) -> None:
    """Write `history.csv`, one row for each epoch, whole or not at all.

    Raises:
        OSError: If it cannot be written.
    """
    with (
        write_whole(run / store.HISTORY_FILE) as scratch,
        scratch.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.DictWriter(file, fieldnames=list(history[0]))
        writer.writeheader()
        writer.writerows(history)


def promote(run: Path, models: Path, *, without: Collection[str] = ()) -> Path:
    """Put the finished network of `run` in the place of the shipped one.

    One of our own networks is converted for its runtime on the way, and the ensembles
    that it is a member of are fitted anew.

    Args:
        run: a run folder with weights, card and history; scores come along if
            they were made.
        models: the folder of shipped networks.
        without: files of the run that stay behind.

    Returns:
        The network's folder.

    Raises:
        TrainingError: If the run is not finished, or the converted network does not
            answer as the trained one.
        ModelUnavailableError: If its weights are not those of its card, or an ensemble
            cannot be fitted on its validation scores.
    """
    if not all((run / file).is_file() for file in _FINISHED):
        msg = f"{run} holds no finished network. Let the run end, then promote it."
        raise TrainingError(msg)
    store.load_model(run)
    name = store.load_card(run).name
    lookup(NETWORKS, name, kind="network")
    models.mkdir(parents=True, exist_ok=True)
    with scratch_folder(models / name) as scratch:
        for file in _SHIPPED:
            if file not in without and (run / file).is_file():
                shutil.copyfile(run / file, scratch / file)
        if name in OWN:  # the papers' networks answer through TensorFlow
            _convert(scratch)
        replace_folder(scratch, models / name)
    refit_ensembles(name, models)
    return models / name


def _convert(folder: Path) -> None:
    """Convert the network of `folder` for its runtime, and say so on its card."""
    from cifake_core.networks.runtimes.conversion import (  # noqa: PLC0415 - slow
        convert,
    )

    runtime = convert(store.load_model(folder), folder)
    store.write_card(folder, replace(store.load_card(folder), runtime=runtime))


def _again(run: Path) -> str:
    """Words for how to go on when what stopped `run` is mended."""
    if (run / CHECKPOINT_FILE).exists():
        return (
            "run the command again with --resume: it goes on after the last epoch saved"
        )
    return "run the command again"


_FINISHED: Final = (
    store.WEIGHTS_FILE,
    store.CARD_FILE,
    store.HISTORY_FILE,
    store.VALIDATION_FILE,
)
_SHIPPED: Final = (
    *_FINISHED,
    store.SCORES_FILE,
    store.CORRUPTIONS_FILE,
    store.GENERATORS_FILE,
)
