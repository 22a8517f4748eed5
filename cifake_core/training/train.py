"""Training a network: one recipe each, a checkpoint every epoch, resumable."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Final, TypeAlias

import keras
import numpy as np
import numpy.typing as npt

from cifake_core import __version__
from cifake_core.basics.arrays import Floats
from cifake_core.basics.errors import TrainingError
from cifake_core.basics.labels import LABELS
from cifake_core.basics.registry import lookup
from cifake_core.data import cifake
from cifake_core.evaluation import scores
from cifake_core.evaluation.calibration import (
    Calibration,
    CalibrationLimits,
    fit_calibration,
    fit_within,
)
from cifake_core.generators.differentiation import memory_errors
from cifake_core.networks import NETWORKS, NetworkSpec, store
from cifake_core.networks.card import NetworkCard, TrainingFacts
from cifake_core.networks.cost import multiply_adds
from cifake_core.pictures.filters import FILTERS
from cifake_core.training import run_folder
from cifake_core.training.loop import ReportProgress, TrainingLoop
from cifake_core.training.optimization import Weights, has_settled
from cifake_core.training.recipes import Recipe, TrainConfig
from cifake_core.training.replay import Fakes, no_fakes

#: Pictures of each generator that the calibration is fitted on.
NUM_CALIBRATING: Final = 1000
_FAKE: Final = LABELS.index("FAKE")

#: (N, 32, 32, 3) uint8 pictures that nothing is learnt from, and (N,) int8 labels.
HeldOut: TypeAlias = tuple[npt.NDArray[np.uint8], npt.NDArray[np.int8]]


def train(  # noqa: PLR0913 - what, from where, to where, how: all by keyword
    network: str,
    *,
    data: Path,
    run: Path,
    config: Recipe,
    resume: bool = False,
    fakes: Fakes = no_fakes,
    progress: ReportProgress | None = None,
    networks: Mapping[str, NetworkSpec] = NETWORKS,
) -> Path:
    """Train `network` on the training split and leave it, finished, in `run`.

    Args:
        network: a network that has weights of its own.
        data: zip or folder of the data set; nothing under test/ is opened.
        run: the folder for checkpoint, history, weights and card.
        config: the recipe.
        resume: go on after the last finished epoch of an interrupted run.
        fakes: draws pictures of the generators that the recipe names, those for
            training only if there is an epoch left to train.
        progress: told how far the run is, several times a second.
        networks: those that there are, by name.

    Returns:
        `run`.

    Raises:
        TrainingError: If `run` holds another run, or nothing to resume, or memory
            or disk run out, or the loss is no number; what was saved after each
            epoch stays.
        DatasetError: If the data set is missing or corrupted.
    """
    trainable = {name: spec for name, spec in networks.items() if spec.builder}
    lookup(trainable, network, kind="network that can be trained")
    checkpoint = run_folder.read_checkpoint(run) if resume else None
    if checkpoint is None:
        run_folder.claim(run)
    try:
        split = cifake.load(data, "train")
        loop = TrainingLoop(network, config, split, fakes=fakes, networks=networks)
        if checkpoint is not None:
            loop.restore(checkpoint)
        run_epochs(loop, run, progress)
        finish(loop, run, _held_out(config, fakes))
    except memory_errors() as error:
        raise run_folder.too_little_memory(run) from error
    return run


def fold_calibration(model: keras.Model, calibration: Calibration) -> None:
    """Change the layer `logit` of `model` so that its logits come out calibrated."""
    kernel, bias = model.get_layer("logit").weights
    kernel.assign(kernel / calibration.temperature)
    bias.assign(bias / calibration.temperature + calibration.shift)


def run_epochs(loop: TrainingLoop, run: Path, progress: ReportProgress | None) -> None:
    """Train every epoch that the run still lacks, each with its checkpoint."""
    started = time.perf_counter() - sum(row["seconds"] for row in loop.history)
    for epoch in range(len(loop.history) + 1, loop.config.num_epochs + 1):
        if has_settled(loop.losses, loop.config.patience):
            break
        with run_folder.room_for(loop.checkpoint(), run):
            loop.run_epoch(epoch, started=started, progress=progress)
        if not np.isfinite(loop.losses[-1]):
            raise run_folder.diverged(run, epoch)
        run_folder.write_checkpoint(run, loop.checkpoint())


def finish(
    loop: TrainingLoop,
    run: Path,
    held_out: HeldOut | None = None,
    *,
    weights: Weights | None = None,
    limits: CalibrationLimits | None = None,
) -> None:
    """Write weights, validation scores and card of a run whose last epoch is done.

    Args:
        loop: of the run.
        run: its folder.
        held_out: pictures besides CIFAKE's on which it is calibrated.
        weights: what the network ends with, if not with what the run kept.
        limits: of the calibration on these pictures, where CIFAKE's decide, see
            `calibration.fit_within`; by default cross-entropy alone decides.

    Raises:
        TrainingError: If the disk is full.
    """
    logits, objects, rounding = loop.conclude(
        loop.keeper.kept() if weights is None else weights
    )
    calibration = Calibration()
    if isinstance(loop.config, TrainConfig):  # papers leave theirs as they are
        calibration = _calibrate(loop, logits, held_out, limits)
    fold_calibration(loop.model, calibration)
    try:
        sha256 = store.save_model(loop.model, run)
        logits = calibration.apply(logits)
        validation = _validation_scores(loop, logits, objects, sha256)
        scores.write(validation, run, store.VALIDATION_FILE)
        store.write_card(run, _card(loop, validation, calibration, rounding))
    except OSError as error:
        msg = (
            f"The finished network cannot be written to {run}: {error}. Make room "
            "there and run the command again with --resume; nothing is trained anew."
        )
        raise TrainingError(msg) from error


def _held_out(config: Recipe, fakes: Fakes) -> HeldOut | None:
    """Validation pictures of the generators that a recipe learns from, if any."""
    if not isinstance(config, TrainConfig) or not config.generators:
        return None
    return fakes_held_out(tuple(config.generators), fakes)


def fakes_held_out(generators: Sequence[str], fakes: Fakes) -> HeldOut:
    """Validation pictures of some generators, as for `finish`; at least of one."""
    images = np.concatenate(
        [fakes(name, "validation", n=NUM_CALIBRATING) for name in generators]
    )
    return images, np.full(len(images), _FAKE, np.int8)


def _calibrate(
    loop: TrainingLoop,
    logits: Floats,
    held_out: HeldOut | None,
    limits: CalibrationLimits | None,
) -> Calibration:
    """Calibration on what is held out: CIFAKE's pictures and, if any, others.

    With others all fakes together count as much as all photographs.

    Args:
        loop: has its final weights.
        logits: (N,) of CIFAKE's validation pictures.
        held_out: the other pictures.
        limits: as for `finish`.
    """
    truth = loop.split.labels[loop.validation]
    if held_out is None:
        return fit_calibration(truth, logits)
    images, labels = held_out
    found, _ = loop.answers(images, np.arange(len(images)))
    labels = np.concatenate([truth, labels])
    num_real = np.count_nonzero(labels != _FAKE)
    share = num_real / (len(labels) - num_real)
    counts = np.where(labels == _FAKE, share, 1.0)
    logits = np.concatenate([logits, found])
    if limits is None:
        return fit_calibration(labels, logits, counts)
    cifake = np.arange(len(labels)) < len(truth)
    return fit_within(labels, logits, counts, cifake, limits=limits)


def _validation_scores(
    loop: TrainingLoop, logits: Floats, objects: Floats | None, sha256: str
) -> scores.Scores:
    """Validation scores of the finished network.

    None of them is in training, as both copies of a picture are on one side.
    """
    split, chosen = loop.split, loop.validation
    seen = np.full(len(chosen), -1) if objects is None else objects.argmax(axis=1)
    return scores.Scores(
        network=loop.network,
        model_sha256=sha256,
        members=split.members[chosen],
        labels=split.labels[chosen],
        object_classes=split.object_classes[chosen],
        logits=logits,
        seen_classes=seen.astype(np.int8),
        in_training=np.zeros(len(chosen), np.bool_),
        repeats=split.repeats[chosen],
    )


def _card(
    loop: TrainingLoop,
    validation: scores.Scores,
    calibration: Calibration,
    rounding: float | None,
) -> NetworkCard:
    """Card of the finished network; its metrics are those on validation."""
    return NetworkCard(
        name=loop.network,
        input_kind=loop.kind,
        input_shape=tuple(loop.model.input.shape[1:]),
        filters=tuple(FILTERS) if loop.kind == "planes" else (),
        parameters=loop.model.count_params(),
        multiply_adds=multiply_adds(loop.model),
        model_sha256=validation.model_sha256,
        config=asdict(loop.config),
        precision=f"trained {' and '.join(loop.trained)}, answers in float32",
        temperature=calibration.temperature,
        logit_shift=calibration.shift,
        epochs=len(loop.history),
        code_version=__version__,
        seconds=sum(row["seconds"] for row in loop.history),
        training=TrainingFacts(
            data_set="CIFAKE",
            train_digest=loop.digest,
            num_training=len(np.unique(loop.source.sampler.positions)),
            num_validation=len(loop.validation),
        ),
        versions={name: version(name) for name in ("keras", "tensorflow", "numpy")},
        validation=validation.report(leak_free=False).metrics,
        float16_logit_change=rounding,
    )
