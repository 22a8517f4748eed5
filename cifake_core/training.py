"""Training a network: one recipe each, a checkpoint every epoch, resumable."""

import time
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from cifake_core import __version__, dataset, runs, scores
from cifake_core.arrays import Floats
from cifake_core.batches import BatchSource, chunks
from cifake_core.calibration import fit_temperature
from cifake_core.errors import TrainingError
from cifake_core.evaluation import report_to_json
from cifake_core.filters import FILTERS
from cifake_core.networks import NETWORKS, InputKind, store
from cifake_core.networks.compact import round_kernels
from cifake_core.networks.cost import multiply_adds
from cifake_core.networks.inputs import network_input
from cifake_core.networks.mixed import mixed_copy
from cifake_core.optimization import Weights, has_settled, make_keeper, make_optimizer
from cifake_core.recipes import Recipe, TrainConfig, may_go_on
from cifake_core.registry import lookup
from cifake_core.results import TrainingProgress

_EVALUATION_BATCH = 500
#: A network of more parameters is kept in float16, unless that moves a logit more.
_MAX_EXACT = 1_250_000
_MAX_ROUNDING = 1e-2

ReportProgress = Callable[[TrainingProgress], None]


def train(  # noqa: PLR0913 - what, from where, to where, how: all by keyword
    network: str,
    *,
    data: Path,
    run: Path,
    config: Recipe,
    resume: bool = False,
    progress: ReportProgress | None = None,
) -> Path:
    """Train `network` on the training split and leave it, finished, in `run`.

    Args:
        network: a network that has weights of its own.
        data: zip or folder of the data set; nothing under test/ is opened.
        run: the folder for checkpoint, history, weights and card.
        config: the recipe.
        resume: go on after the last finished epoch of an interrupted run.
        progress: told how far the run is, several times a second.

    Returns:
        `run`.

    Raises:
        TrainingError: If `run` holds another run, or nothing to resume, or memory
            or disk run out; what was saved after each epoch stays.
        DatasetError: If the data set is missing or damaged.
    """
    trainable = {name: spec for name, spec in NETWORKS.items() if spec.build}
    lookup(trainable, network, kind="network that can be trained")
    checkpoint = runs.read_checkpoint(run) if resume else None
    if checkpoint is None:
        runs.claim(run)
    try:
        session = _Session(network, config, dataset.load(data, "train"))
        if checkpoint is not None:
            session.restore(checkpoint)
        started = time.perf_counter() - sum(row["seconds"] for row in session.history)
        for epoch in range(len(session.history) + 1, config.epochs + 1):
            if has_settled(session.losses, config.patience):
                break
            session.run_epoch(epoch, started=started, progress=progress)
            runs.write_checkpoint(run, session.checkpoint())
        _finish(session, run)
    except (MemoryError, tf.errors.ResourceExhaustedError) as error:
        raise runs.too_little_memory(run) from error
    return run


class _Session:
    """The moving parts of one run: network, optimizer, weights kept, history."""

    def __init__(self, network: str, config: Recipe, split: dataset.Split) -> None:
        keras.utils.set_random_seed(config.seed)
        spec = NETWORKS[network]
        if spec.build is None:
            msg = f"{network} has no weights of its own; train its members."
            raise TrainingError(msg)
        self.network = network
        self.kind: InputKind = spec.input_kind
        self.config = config
        self.split = split
        self.digest = dataset.digest(split)
        self.training, self.validation = dataset.split_training(
            split, seed=config.split_seed
        )
        self.model = spec.build()
        self.trainee = mixed_copy(self.model)
        self.source = BatchSource(
            split=split,
            positions=self.training,
            kind=self.kind,
            size=config.batch_size,
            augmentation=config.augmentation,
            seed=config.seed,
        )
        self.optimizer = make_optimizer(config, config.epochs * len(self.source))
        self.optimizer.build(self.trainee.trainable_variables)
        self.keeper = make_keeper(config, self.trainee.weights)
        self.history: list[runs.Row] = []
        self._step = tf.function(self._train_step, reduce_retracing=True)
        self._forward = tf.function(
            lambda inputs: self.model(inputs, training=False), reduce_retracing=True
        )

    def checkpoint(self) -> runs.Checkpoint:
        """Return the state after the last finished epoch."""
        return runs.Checkpoint(
            network=self.network,
            settings=asdict(self.config),
            history=self.history,
            train_digest=self.digest,
            arrays=[np.asarray(variable) for variable in self._variables()],
        )

    def restore(self, checkpoint: runs.Checkpoint) -> None:
        """Take over the state of an interrupted run of the same recipe."""
        variables = self._variables()
        held = (checkpoint.network, len(checkpoint.arrays))
        if held != (self.network, len(variables)) or not may_go_on(
            self.config, checkpoint.settings
        ):
            msg = (
                f"The run holds a {checkpoint.network} with settings "
                f"{dict(checkpoint.settings)}. Expected {self.network} with "
                f"{asdict(self.config)}. Resume with those, or use another --out."
            )
            raise TrainingError(msg)
        if checkpoint.train_digest not in ("", self.digest):
            msg = (
                "The run was started on other training pictures. Resume with the "
                "same data set, named by --data, or use another --out."
            )
            raise TrainingError(msg)
        for variable, array in zip(variables, checkpoint.arrays, strict=True):
            variable.assign(array)
        self.history = list(checkpoint.history)

    def run_epoch(
        self, epoch: int, *, started: float, progress: ReportProgress | None
    ) -> None:
        """Train once over all pictures, validate, and add a row of history."""
        begun = time.perf_counter()
        totals = np.zeros(3)
        for number, batch in enumerate(self.source.epoch(epoch), start=1):
            totals += np.asarray(self._step(*batch), np.float64)
            self.keeper.after_batch(number)
            if progress is not None:
                spent = time.perf_counter() - started
                progress(self._progress(epoch, number, totals=totals, spent=spent))
        self._close_epoch(epoch, totals, begun)

    @property
    def losses(self) -> list[float]:
        """The validation loss of each finished epoch."""
        return [row["validation_loss"] for row in self.history]

    def validate(self, weights: Weights) -> tuple[Floats, Floats | None]:
        """Give `model` these weights and return its answers on validation.

        Returns:
            (N,) logits of REAL and (N, 10) logits of the object classes, if the
            network names any.
        """
        self.model.set_weights(weights)
        answers = [
            # one answer comes as it is, two come as a list
            tf.nest.flatten(
                self._forward(network_input(self.kind, self.split.images[part]))
            )
            for part in chunks(self.validation, _EVALUATION_BATCH)
        ]
        logits, *objects = (np.concatenate(part) for part in zip(*answers, strict=True))
        return logits[:, 0], objects[0] if objects else None

    def conclude(self) -> tuple[Floats, Floats | None, dict[str, float]]:
        """Give `model` the final weights, rounded to float16 if it is a large one.

        Returns:
            The answers as from `validate`, and what the card says of the rounding.
        """
        weights = self.keeper.kept()
        logits, objects = self.validate(weights)
        if self.model.count_params() <= _MAX_EXACT:
            return logits, objects, {}
        rounded = self.validate(round_kernels(weights))
        change = float(np.abs(rounded[0] - logits).max())
        if change <= _MAX_ROUNDING:
            return *rounded, {"float16_logit_change": change}
        self.model.set_weights(weights)
        return logits, objects, {}

    def _close_epoch(
        self, epoch: int, totals: npt.NDArray[np.float64], begun: float
    ) -> None:
        """Validate and write down what the epoch gave."""
        logits, objects = self.validate(self.keeper.candidate())
        truth = self.split.labels[self.validation]
        loss = np.logaddexp(0, np.where(truth == 1, -logits, logits)).mean()
        row = {
            "epoch": epoch,
            "loss": float(totals[0] / totals[2]),
            "accuracy": float(totals[1] / totals[2]),
            "validation_loss": float(loss),
            "validation_accuracy": float(((logits >= 0) == truth).mean()),
        }
        if objects is not None:
            classes = self.split.object_classes[self.validation]
            row["object_accuracy"] = float((objects.argmax(axis=1) == classes).mean())
        self.history.append({**row, "seconds": time.perf_counter() - begun})
        self.keeper.after_epoch(self.losses)

    def _variables(self) -> list[Any]:  # Keras and TensorFlow variables alike
        """Return every variable that a resumed run needs, in a fixed order."""
        # beside the weights `variables` has the states of dropout
        own = self.keeper.variables
        return [*self.trainee.variables, *self.optimizer.variables, *own]

    def _progress(
        self, epoch: int, batch: int, *, totals: npt.NDArray[np.float64], spent: float
    ) -> TrainingProgress:
        """Return where the run stands after a batch; `spent` is in seconds."""
        share = (epoch - 1 + batch / len(self.source)) / self.config.epochs
        last = self.history[-1]["validation_accuracy"] if self.history else None
        return TrainingProgress(
            epoch=epoch,
            num_epochs=self.config.epochs,
            batch=batch,
            num_batches=len(self.source),
            loss=float(totals[0] / totals[2]),
            accuracy=float(totals[1] / totals[2]),
            seconds_left=spent * (1 - share) / share,
            validation_accuracy=last,
        )

    def _train_step(
        self, inputs: tf.Tensor, labels: tf.Tensor, classes: tf.Tensor
    ) -> tf.Tensor:
        """Take one step; return summed loss, correct answers and pictures."""
        with tf.GradientTape() as tape:
            logit, *objects = tf.nest.flatten(self.trainee(inputs, training=True))
            loss = tf.reduce_mean(
                tf.nn.sigmoid_cross_entropy_with_logits(labels, logit)
            )
            total = loss
            for answer in objects:
                known = tf.cast(classes >= 0, tf.float32)
                second = tf.nn.sparse_softmax_cross_entropy_with_logits(
                    tf.maximum(classes, 0), answer
                )
                total += self.config.object_weight * tf.reduce_mean(known * second)
        variables = self.trainee.trainable_variables
        self.optimizer.apply_gradients(
            zip(tape.gradient(total, variables), variables, strict=True)
        )
        count = tf.cast(tf.shape(labels)[0], tf.float32)
        right = tf.reduce_sum(tf.cast((logit >= 0) == (labels > 0.5), tf.float32))
        return tf.stack([loss * count, right, count])


def _finish(session: _Session, run: Path) -> None:
    """Write weights, validation scores and card of a run whose last epoch is done."""
    logits, objects, rounding = session.conclude()
    temperature = 1.0
    if isinstance(session.config, TrainConfig):  # papers leave theirs as they are
        temperature = fit_temperature(session.split.labels[session.validation], logits)
    for weight in session.model.get_layer("logit").weights:
        weight.assign(weight / temperature)
    try:
        sha256 = store.save_model(session.model, run)
        validation = _validation_scores(session, logits / temperature, objects, sha256)
        scores.write(validation, run, store.VALIDATION_FILE)
        card = _card(session, validation, temperature)
        store.write_card(run, card | rounding)
    except OSError as error:
        msg = (
            f"The finished network cannot be written to {run}: {error}. Make room "
            "there and run the command again with --resume; nothing is trained anew."
        )
        raise TrainingError(msg) from error


def _validation_scores(
    session: _Session, logits: Floats, objects: Floats | None, sha256: str
) -> scores.Scores:
    """Return what the finished network says of the validation pictures.

    None of them is in training, as both copies of a picture are on one side.
    """
    split, chosen = session.split, session.validation
    seen = np.full(len(chosen), -1) if objects is None else objects.argmax(axis=1)
    return scores.Scores(
        network=session.network,
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
    session: _Session, validation: scores.Scores, temperature: float
) -> dict[str, Any]:  # JSON
    """Return what vouches for the finished network, from validation alone."""
    return {
        "name": session.network,
        "input_kind": session.kind,
        "input_shape": list(session.model.input.shape[1:]),
        "filters": list(FILTERS) if session.kind == "planes" else [],
        "parameters": session.model.count_params(),
        "multiply_adds": multiply_adds(session.model),
        "model_sha256": validation.model_sha256,
        "config": asdict(session.config),
        "precision": "trained in bfloat16 with float32 weights, answers in float32",
        "temperature": temperature,
        "epochs": len(session.history),
        "code_version": __version__,
        "seconds": sum(row["seconds"] for row in session.history),
        "training": {
            "data_set": "CIFAKE",
            "train_digest": session.digest,
            "num_training": len(session.training),
            "num_validation": len(session.validation),
        },
        "versions": {name: version(name) for name in ("keras", "tensorflow", "numpy")},
        "validation": report_to_json(validation.report(leak_free=False)),
    }
