"""Retraining: the network in use learns data sets of one's own, with replay."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import keras
import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.basics.errors import SettingError
from cifake_core.basics.labels import LABELS
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.data import cifake
from cifake_core.data.datasets.records import DataSetPictures
from cifake_core.evaluation import robustness
from cifake_core.evaluation.calibration import CalibrationLimits
from cifake_core.generators.differentiation import memory_errors
from cifake_core.networks import store
from cifake_core.pictures.corruptions import CORRUPTION_KINDS
from cifake_core.retraining.gate_checks import CALIBRATION_ERROR
from cifake_core.retraining.interpolation import Asked, choose_share, interpolate
from cifake_core.retraining.mixture import (
    CIFAKE,
    GroupSampler,
    RetrainMixture,
    Teacher,
    mix,
)
from cifake_core.retraining.recipe import RetrainConfig
from cifake_core.training import run_folder
from cifake_core.training.batches import Start
from cifake_core.training.loop import ReportProgress, TrainingLoop
from cifake_core.training.optimization import Weights
from cifake_core.training.recipes import resumed
from cifake_core.training.replay import Fakes
from cifake_core.training.train import (
    NUM_CALIBRATING,
    HeldOut,
    fakes_held_out,
    finish,
    run_epochs,
)

_FAKE: Final = LABELS.index("FAKE")
#: Validation pictures on which weights are compared: of CIFAKE as it is and at the
#: hardest strength of each corruption, and of each generator.
_NUM_CIFAKE: Final = 10_000
_NUM_CORRUPTED: Final = 1000
_NUM_EACH: Final = 400
#: Of the gate's limit on test pictures, so much calibration error on validation.
_CALIBRATED: Final = 0.7
#: Steps that are timed to see how many fit into the minutes, after some to warm up.
_WARM: Final = 2
_TIMED: Final = 4
#: Share of the minutes that is left for training: validation takes the rest.
_TRAINING: Final = 0.75


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Lesson:
    """Pictures that a network is to be taught, by data set and part.

    `training` is learnt from, `validation` calibrated on; both hold the data sets that
    are new and those that the network was taught before.
    """

    training: Sequence[DataSetPictures]
    validation: Sequence[DataSetPictures]


def retrain(  # noqa: PLR0913 - what, from where, to where, how: all by keyword
    network: str,
    lesson: Lesson,
    *,
    models: Path,
    data: Path,
    run: Path,
    config: RetrainConfig,
    fakes: Fakes,
    teacher: Teacher,
    minutes: float | None = None,
    resume: bool = False,
    progress: ReportProgress | None = None,
    choosing: ProgressCallback = tell_nobody,
) -> Path:
    """Retrain the network in `models` and leave it, finished, in `run`.

    Args:
        network: a network that has weights of its own.
        lesson: what it is taught, and what it was taught before.
        models: the folder of the networks in use; it is only read.
        data: zip or folder of CIFAKE; nothing under test/ is opened.
        run: the folder for checkpoint, history, weights and card.
        config: the recipe.
        fakes: draws pictures of the generators that it learnt before.
        teacher: what the network in use says of pictures.
        minutes: leave out as many steps as would take longer; None takes them all.
        resume: go on after the last finished epoch of an interrupted run, with the
            number of steps that it began with.
        progress: told how far the run is, several times a second; what it raises
            comes through, and the last checkpoint stays.
        choosing: told, after the last epoch, the share done of the choice between the
            old weights and the new ones.

    Returns:
        `run`.

    Raises:
        SettingError: If `minutes` is not above 0.
        TrainingError: As for `training.train.train`.
        ModelUnavailableError: If the network's weights are not those of its card.
    """
    if minutes is not None and not minutes > 0:
        msg = f"Expected more than 0 minutes, received {minutes:g}."
        raise SettingError(msg)
    checkpoint = run_folder.read_checkpoint(run) if resume else None
    if checkpoint is None:
        run_folder.claim(run)
    try:
        if checkpoint is not None:
            config = _as_begun(config, checkpoint)
            if len(checkpoint.history) == config.epochs:
                teacher = _ask_nobody
        split = cifake.load(data, "train")
        training, _ = cifake.split_training(split, seed=config.split_seed)
        mixture = mix(split, training, lesson.training, config, fakes, teacher)

        def loop_for(config: RetrainConfig) -> TrainingLoop:
            start = Start(
                model=_hold_norms(store.load_model(models / network)),
                pictures=mixture,
                sampler=_sampler(mixture, config),
            )
            return TrainingLoop(network, config, split, start=start)

        if checkpoint is None and minutes is not None:
            seconds = _seconds_per_step(loop_for(config))
            config = fitting(config, 60 * minutes, seconds_per_step=seconds)
        loop = loop_for(config)
        if checkpoint is not None:
            loop.restore(checkpoint)
        run_epochs(loop, run, progress)
        _hold_norms(loop.model, hold=False)
        asked = _asked(loop, lesson, config, fakes)
        old, new = store.load_model(models / network).get_weights(), loop.keeper.kept()
        share = choose_share(old, new, asked, partial(_answer, loop, asked), choosing)
        loop.config = replace(config, interpolation=share)
        before, _ = loop.validate(old)
        finish(
            loop,
            run,
            _held_out(lesson, config, fakes),
            weights=interpolate(old, new, share),
            limits=CalibrationLimits(
                max_error=_CALIBRATED * CALIBRATION_ERROR,
                num_fake=int(np.count_nonzero(before < 0)),
            ),
        )
    except memory_errors() as error:
        raise run_folder.too_little_memory(run) from error
    return run


def _hold_norms(model: keras.Model, *, hold: bool = True) -> keras.Model:
    """Network whose batch normalisation stays as it is while the rest goes on learning.

    A quarter of a batch are photographs that are not CIFAKE's: statistics of such a
    mixture would fit neither them nor CIFAKE's.

    Source: "Transfer learning & fine-tuning", a guide of Keras, on BatchNormalization.
    """
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = not hold
    return model


def _answer(loop: TrainingLoop, asked: Asked, weights: Weights) -> Floats:
    """(N,) logits of REAL that some weights give to what they are compared on."""
    loop.model.set_weights(weights)
    return loop.answers(asked.images, np.arange(len(asked.images)))[0]


def _asked(
    loop: TrainingLoop, lesson: Lesson, config: RetrainConfig, fakes: Fakes
) -> Asked:
    """Validation pictures to compare weights on, some of each kind."""
    split = loop.split
    order = np.random.default_rng(config.seed).permutation(loop.validation)
    chosen = np.sort(order[:_NUM_CIFAKE])
    images, labels = [split.images[chosen]], [split.labels[chosen]]
    names = [np.where(labels[0] == _FAKE, CIFAKE, "")]
    for name in config.generators:
        made = fakes(name, "validation", n=NUM_CALIBRATING)
        # of every strength: they come in order
        made = made[:: max(1, len(made) // _NUM_EACH)]
        images.append(made)
        labels.append(np.full(len(made), _FAKE, np.int8))
        names.append(np.full(len(made), name))
    for each in lesson.validation:
        images.append(each.images)
        labels.append(each.labels)
        new = each.name in config.new
        names.append(np.where(new, "", _known_names(each)))
    makers = np.concatenate(names)
    some = np.sort(order[:_NUM_CORRUPTED])
    hard = _corrupted(split, some)
    # of no kind, none, and one after the other behind all the rest
    kinds = np.repeat(["", *hard], [len(makers), *(len(some) for _ in hard)])
    makers = np.append(makers, np.full(len(kinds) - len(makers), ""))
    return Asked(
        images=np.concatenate([*images, *hard.values()]),
        labels=np.concatenate([*labels, *(split.labels[some] for _ in hard)]),
        cifake=np.arange(len(makers)) < len(chosen),
        known={str(name): makers == name for name in np.unique(makers) if name},
        corrupted={kind: kinds == kind for kind in hard},
    )


def _corrupted(
    split: cifake.Split, positions: npt.NDArray[np.int64]
) -> dict[str, npt.NDArray[np.uint8]]:
    """Copies of some pictures at the hardest strength of each kind of corruption."""
    images, hashes = split.images[positions], split.hashes[positions]
    return {
        kind: robustness.corrupt(images, hashes, kind=kind, strength=each.strengths[-1])
        for kind, each in CORRUPTION_KINDS.items()
    }


def _known_names(held: DataSetPictures) -> npt.NDArray[np.str_]:
    """Generator of each picture of a data set, with the set's name; "" if none."""
    return np.array(
        [f"{held.name}: {name}" if name else "" for name in held.generators], np.str_
    )


def fitting(
    config: RetrainConfig, seconds: float, *, seconds_per_step: float
) -> RetrainConfig:
    """Recipe with as many steps as fit into a time, at least one and at most its own.

    Shorter runs have fewer epochs, and at last fewer batches in the only one.
    """
    steps = max(1, int(_TRAINING * seconds / seconds_per_step))
    epochs = max(1, min(config.epochs, steps // config.num_batches))
    return replace(
        config, epochs=epochs, num_batches=min(config.num_batches, steps // epochs)
    )


def _as_begun(
    config: RetrainConfig, checkpoint: run_folder.Checkpoint
) -> RetrainConfig:
    """Recipe with the number of steps of the run that is resumed."""
    begun = resumed(checkpoint.settings, RetrainConfig)
    return replace(config, epochs=begun.epochs, num_batches=begun.num_batches)


def _ask_nobody(images: npt.NDArray[np.uint8]) -> Floats:
    """Zeros: where nothing more is learnt, nobody needs to be asked for labels."""
    return np.zeros(len(images), np.float32)


def _sampler(mixture: RetrainMixture, config: RetrainConfig) -> GroupSampler:
    """Sampler of a recipe."""
    return GroupSampler(
        groups=mixture.groups, size=config.batch_size, num_batches=config.num_batches
    )


def _seconds_per_step(loop: TrainingLoop) -> float:
    """Median seconds of a step on this machine; the loop is of no use after it."""
    spent = []
    batches = loop.batches(1)
    for _ in range(min(_WARM + _TIMED, len(loop.source))):
        begun = time.perf_counter()
        next(batches)
        spent.append(time.perf_counter() - begun)
    keras.utils.clear_session()
    return float(np.median(spent[_WARM:] or spent))


def _held_out(lesson: Lesson, config: RetrainConfig, fakes: Fakes) -> HeldOut:
    """Validation pictures of all that the network knows besides CIFAKE."""
    images = [each.images for each in lesson.validation]
    labels = [each.labels for each in lesson.validation]
    if config.generators:
        made, called = fakes_held_out(tuple(config.generators), fakes)
        images.append(made)
        labels.append(called)
    return np.concatenate(images), np.concatenate(labels)
