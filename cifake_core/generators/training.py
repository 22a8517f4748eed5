"""Training a generator: in steps, within a time, resumable."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar, Final

import keras
import numpy as np
from keras import ops

from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import SettingError, TrainingError
from cifake_core.basics.places import cache_folder
from cifake_core.generators import weights
from cifake_core.generators.card import GeneratorCard, TrainingFacts
from cifake_core.generators.catalogue import Settings, generator, trained
from cifake_core.generators.differentiation import Metrics, compiled, hardware
from cifake_core.generators.networks import system
from cifake_core.generators.photographs import Photographs
from cifake_core.generators.system import System

CHECKPOINT_FILE: Final = "checkpoint.npz"

#: Told the share that is done and the losses, as numbers by name.
Report = Callable[[float, Mapping[str, float]], object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How often a training looks at loss and clock, and writes a checkpoint.

    It looks after so many `steps` or `seconds`, whichever come first, and saves every
    `save_seconds`.
    """

    steps: int = 50
    seconds: float = 10.0
    save_seconds: float = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """How far a training is; the values of its variables lie beside it in the file.

    `digest` names the photographs; `losses` are those of the last look.
    """

    SCHEMA: ClassVar[int] = 1

    name: str
    settings: Settings
    digest: str
    steps: int = 0
    seconds: float = 0.0
    losses: Mapping[str, float] | None = None

    def done(self, limit: float) -> float:
        """The share that is done if the training may take `limit` seconds."""
        return max(self.steps / self.settings.steps, self.seconds / limit)


def default_run(name: str) -> Path:
    """The folder in which a generator is trained unless told otherwise."""
    return cache_folder() / "generators" / name


# 53 lines: half of them say what the options are
def train(  # noqa: PLR0913 - what, from what, to where, how: all by keyword
    name: str,
    photographs: Photographs,
    *,
    run: Path,
    models: Path,
    settings: Settings | None = None,
    minutes: float | None = 60.0,
    resume: bool = False,
    report: Report | None = None,
    pace: Pace = Pace(),
) -> Path:
    """Train a generator and leave weights and card in `run`.

    Args:
        name: a generator with weights of its own.
        photographs: what it learns from.
        run: the folder for checkpoint, weights and card.
        models: where the generators lie that this one needs.
        settings: the recipe; by default the catalogue's.
        minutes: the training ends when they are over, and the learning rate falls
            so that it ends well; None for as long as the recipe's steps take.
        resume: go on after the last checkpoint of an interrupted run.
        report: told how far the training is.
        pace: how often it looks and saves.

    Returns:
        `run`.

    Raises:
        UnknownNameError: If there is no such generator.
        SettingError: If it has no weights of its own, or the time is not positive.
        TrainingError: If `run` holds another run, or nothing to resume, or the loss
            is no number.
    """
    settings = _recipe(name, settings, minutes)
    if (run / CHECKPOINT_FILE).exists() != resume:
        raise _misplaced(run, resume=resume)
    needs = generator(name).needs
    needed = weights.load(needs, models) if needs else None
    trainee = system(name, settings, needed)
    begun = Checkpoint(name=name, settings=settings, digest=photographs.digest)
    if resume:
        begun = _restored(trainee, begun, run)
    run.mkdir(parents=True, exist_ok=True)
    limit = 60 * minutes if minutes else float("inf")
    ended = _run(trainee, begun, photographs, limit, run, report, pace)
    trainee.adopt_averages()
    hashes = {needs: weights.read_card(models / needs).weights_sha256} if needs else {}
    sha256 = weights.save(name, trainee.shipped, run)
    card = _card(trainee, ended, len(photographs.images), sha256)
    weights.write_card(replace(card, needs=hashes, minutes=minutes), run)
    return run


def _run(  # noqa: PLR0913, PLR0917 - private: all that a loop over steps needs
    trainee: System,
    reached: Checkpoint,
    photographs: Photographs,
    limit: float,
    run: Path,
    report: Report | None,
    pace: Pace,
) -> Checkpoint:
    """Take steps until they or the time are over; save now and then."""
    step = compiled(trainee.step, trainee.state)
    images = ops.convert_to_tensor(photographs.images)
    classes = ops.convert_to_tensor(photographs.classes)
    begun = time.perf_counter() - reached.seconds
    saved = reached.seconds
    while reached.done(limit) < 1:
        reached = _advanced(
            lambda done: step(images, classes, done), reached, begun, limit, pace
        )
        if report is not None:
            report(min(1.0, reached.done(limit)), reached.losses or {})
        if reached.seconds - saved > pace.save_seconds:
            saved = reached.seconds
            step.store()
            _save(trainee, reached, run)
    step.store()
    _save(trainee, reached, run)
    return reached


def _advanced(
    take_step: Callable[[float], Metrics],
    reached: Checkpoint,
    begun: float,
    limit: float,
    pace: Pace,
) -> Checkpoint:
    """Take steps until the next look at loss and clock; return how far it is then."""
    steps = reached.steps
    for _ in range(min(pace.steps, reached.settings.steps - steps)):
        metrics = take_step(replace(reached, steps=steps).done(limit))
        steps += 1
        if time.perf_counter() - begun - reached.seconds > pace.seconds:
            break
    losses = {"step": float(steps), **{k: float(v) for k, v in metrics.items()}}
    if not np.isfinite(list(losses.values())).all():
        raise _astray(steps)
    seconds = time.perf_counter() - begun
    return replace(reached, steps=steps, seconds=seconds, losses=losses)


def _recipe(name: str, settings: Settings | None, minutes: float | None) -> Settings:
    """The recipe to train by, if the question makes sense."""
    recipe = settings or generator(name).settings
    if recipe is None:
        msg = (
            f"{name!r} has no weights of its own: it uses those of "
            f"{generator(name).needs!r}. Choose one of: {', '.join(trained())}."
        )
        raise SettingError(msg)
    if minutes is not None and not minutes > 0:
        msg = f"Expected more than 0 minutes. Received {minutes}."
        raise SettingError(msg)
    return recipe


def _save(trainee: System, reached: Checkpoint, run: Path) -> None:
    """Write a checkpoint, whole or not at all."""
    arrays = {
        f"{i:05}": np.asarray(ops.convert_to_numpy(each.value))
        for i, each in enumerate(trainee.state)
    }
    try:
        _checkpoint_file(run).write_arrays(reached, arrays, compressed=False)
    except OSError as error:
        msg = (
            f"The checkpoint cannot be written to {run}: {error}. Make room there and "
            "run the command again."
        )
        raise TrainingError(msg) from error


def _restored(trainee: System, begun: Checkpoint, run: Path) -> Checkpoint:
    """Put a checkpoint's values in the variables; tell how far it was."""
    artefact = _checkpoint_file(run)
    reached, arrays = artefact.read_arrays(Checkpoint)
    if replace(reached, steps=0, seconds=0.0, losses=None) != begun:
        msg = (
            f"The run in {run} is of another generator, other settings or other "
            "photographs. Go on with its own, or delete it."
        )
        raise TrainingError(msg)
    with artefact.reading():
        for i, variable in enumerate(trainee.state):
            variable.assign(arrays[f"{i:05}"])
    return reached


def _checkpoint_file(run: Path) -> Artefact:
    """The checkpoint of a run, as an artefact."""
    path, remedy = run / CHECKPOINT_FILE, "Delete it and start anew."
    return Artefact(path, what="checkpoint", remedy=remedy)


def _card(
    trainee: System, ended: Checkpoint, num_pictures: int, weights_sha256: str
) -> GeneratorCard:
    """What vouches for a trained generator."""
    return GeneratorCard(
        name=ended.name,
        parameters=sum(each.count_params() for each in trainee.shipped.values()),
        settings=ended.settings,
        steps=ended.steps,
        pictures_seen=ended.steps * ended.settings.batch,
        seconds=round(ended.seconds, 1),
        losses=ended.losses or {},
        backend=keras.backend.backend(),
        hardware=hardware(),
        versions={each: version(each) for each in ("keras", "numpy")},
        training=TrainingFacts(
            data_set="CIFAKE",
            pictures="REAL of the training split",
            num_pictures=num_pictures,
            digest=ended.digest,
        ),
        weights_sha256=weights_sha256,
        needs={},
    )


def _misplaced(run: Path, *, resume: bool) -> TrainingError:
    """What to say if there is nothing to resume, or something that would be lost."""
    if resume:
        return TrainingError(
            f"There is nothing to resume in {run}. Start the run without --resume."
        )
    return TrainingError(
        f"There is a run in {run} already. Go on with it with --resume, or delete it."
    )


def _astray(steps: int) -> TrainingError:
    """What to say if the loss is no number."""
    return TrainingError(
        f"After {steps} steps the loss is not a number, so they were not saved. Run "
        "the command again with --resume; if that ends in the same way, the learning "
        "rate is too high."
    )
