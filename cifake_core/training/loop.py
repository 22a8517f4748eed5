"""Training loop: steps, epochs, validation, and the state that a run keeps."""

import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import ops

from cifake_core.basics.arrays import Floats
from cifake_core.basics.errors import TrainingError
from cifake_core.data import cifake
from cifake_core.evaluation.metrics import cross_entropy, rightly_called
from cifake_core.generators.differentiation import (
    Metrics,
    Tensor,
    compiled,
    forward,
    gradients,
)
from cifake_core.networks import NETWORKS, InputKind, NetworkSpec
from cifake_core.networks.compact import round_kernels
from cifake_core.networks.inputs import network_input
from cifake_core.training import run_folder
from cifake_core.training.batches import (
    BatchSource,
    RandomSampler,
    Sampler,
    Start,
    chunks,
)
from cifake_core.training.mixed_precision import fastest_dtype, in_words, mixed_copy
from cifake_core.training.optimization import (
    Weights,
    make_keeper,
    make_optimizer,
    update_norms,
)
from cifake_core.training.recipes import Recipe, may_go_on
from cifake_core.training.records import TrainingProgress
from cifake_core.training.replay import Fakes, no_fakes, to_learn_from

_EVALUATION_BATCH = 500
#: Batches on which batch normalisation of averaged weights is measured.
_NORM_BATCHES = 40
#: A network of more parameters is kept in float16, unless that moves a logit more.
_MAX_EXACT = 1_250_000
_MAX_ROUNDING = 1e-2

ReportProgress = Callable[[TrainingProgress], None]


class TrainingLoop:
    """Training loop of one run: network, optimizer, weights kept, history."""

    def __init__(  # noqa: PLR0913 - what, how, on what, from where
        self,
        network: str,
        config: Recipe,
        split: cifake.Split,
        *,
        fakes: Fakes = no_fakes,
        start: Start | None = None,
        networks: Mapping[str, NetworkSpec] = NETWORKS,
    ) -> None:
        keras.utils.set_random_seed(config.seed)
        spec = networks[network]
        self.network = network
        self.kind: InputKind = spec.input_kind
        self.config = config
        self.split = split
        self.digest = cifake.digest(split)
        self.training, self.validation = cifake.split_training(
            split, seed=config.split_seed
        )
        if start is None:
            self.model = spec.build()
            pictures, positions = to_learn_from(split, self.training, config, fakes)
            sampler: Sampler = RandomSampler(positions)
        else:
            self.model = start.model
            pictures, sampler = start.pictures, start.sampler
        self.training_dtype = fastest_dtype()
        self.trainee = mixed_copy(self.model, self.training_dtype)
        self.source = BatchSource(
            pictures=pictures,
            sampler=sampler,
            kind=self.kind,
            size=config.batch_size,
            augmentation=config.augmentation,
            seed=config.seed,
        )
        num_batches = len(self.source)
        self.optimizer = make_optimizer(config, num_batches=num_batches)
        self.optimizer.build(self.trainee.trainable_variables)
        self.keeper = make_keeper(config, self.trainee.weights, num_batches=num_batches)
        self.history: list[run_folder.Row] = []
        self.trained: list[str] = []
        self._step = compiled(self._train_step, self._variables())
        self._forward = forward(self._answers, self.model)

    def checkpoint(self) -> run_folder.Checkpoint:
        """State after the last finished epoch."""
        return run_folder.Checkpoint(
            network=self.network,
            settings=asdict(self.config),
            history=self.history,
            train_digest=self.digest,
            trained=self.trained,
            arrays=[np.asarray(variable) for variable in self._variables()],
        )

    def restore(self, checkpoint: run_folder.Checkpoint) -> None:
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
        if checkpoint.train_digest != self.digest:
            msg = (
                "The run was started on other training pictures. Resume with the "
                "same data set, named by --data, or use another --out."
            )
            raise TrainingError(msg)
        for variable, array in zip(variables, checkpoint.arrays, strict=True):
            variable.assign(array)
        self.history = list(checkpoint.history)
        self.trained = list(checkpoint.trained)

    def run_epoch(
        self, epoch: int, *, started: float, progress: ReportProgress | None
    ) -> None:
        """Train once over all pictures, validate, and add a row of history."""
        begun = time.perf_counter()
        how = in_words(self.training_dtype)
        self.trained = list(dict.fromkeys([*self.trained, how]))
        for number, totals in enumerate(self.batches(epoch), start=1):
            if progress is not None:
                spent = time.perf_counter() - started
                progress(self._progress(epoch, number, totals=totals, spent=spent))
        self._close_epoch(epoch, totals, begun)

    def batches(self, epoch: int) -> Iterator[npt.NDArray[np.float64]]:
        """Train on one batch of an epoch after the other.

        Yields:
            Summed loss, correct answers and pictures of the epoch so far.
        """
        totals = np.zeros(3)
        for number, batch in enumerate(self.source.epoch(epoch), start=1):
            metrics = self._step(*batch, np.asarray(self.keeper.is_due(number)))
            totals += np.asarray(metrics["totals"], np.float64)
            yield totals
        self._step.store()

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
        if self.keeper.in_tail:
            batches = itertools.islice(self.source.epoch(0), _NORM_BATCHES)
            update_norms(self.model, (inputs for inputs, *_ in batches))
        return self.answers(self.split.images, self.validation)

    def answers(
        self, images: npt.NDArray[np.uint8], positions: npt.NDArray[np.int64]
    ) -> tuple[Floats, Floats | None]:
        """Answers of `model` to the pictures at some positions, as from `validate`."""
        answers = np.concatenate(
            [
                self._forward(network_input(self.kind, images[part]))
                for part in chunks(positions, _EVALUATION_BATCH)
            ]
        )
        return answers[:, 0], answers[:, 1:] if answers.shape[1] > 1 else None

    def conclude(self, weights: Weights) -> tuple[Floats, Floats | None, float | None]:
        """Give `model` its final weights, rounded to float16 if it is a large one.

        Returns:
            The answers as from `validate`, and how far the rounding moved a logit at
            the most; None if nothing was rounded.
        """
        logits, objects = self.validate(weights)
        if self.model.count_params() <= _MAX_EXACT:
            return logits, objects, None
        rounded = self.validate(round_kernels(weights))
        change = float(np.abs(rounded[0] - logits).max())
        if change <= _MAX_ROUNDING:
            return *rounded, change
        self.model.set_weights(weights)
        return logits, objects, None

    def _close_epoch(
        self, epoch: int, totals: npt.NDArray[np.float64], begun: float
    ) -> None:
        """Validate and write down what the epoch gave."""
        logits, objects = self.validate(self.keeper.candidate())
        truth = self.split.labels[self.validation]
        with np.errstate(invalid="ignore"):  # who asked for the epoch looks for NaN
            loss = cross_entropy(truth, logits)
        row = {
            "epoch": epoch,
            "loss": float(totals[0] / totals[2]),
            "accuracy": float(totals[1] / totals[2]),
            "validation_loss": loss,
            "validation_accuracy": float(rightly_called(truth, logits).mean()),
        }
        if objects is not None:
            classes = self.split.object_classes[self.validation]
            row["object_accuracy"] = float((objects.argmax(axis=1) == classes).mean())
        self.history.append({**row, "seconds": time.perf_counter() - begun})
        self.keeper.after_epoch(self.losses)

    def _variables(self) -> list[Any]:  # Keras and TensorFlow variables alike
        """Every variable that a resumed run needs, in a fixed order."""
        # beside the weights `variables` has the states of dropout
        own = self.keeper.variables
        return [*self.trainee.variables, *self.optimizer.variables, *own]

    def _progress(
        self, epoch: int, batch: int, *, totals: npt.NDArray[np.float64], spent: float
    ) -> TrainingProgress:
        """Progress of the run after a batch; `spent` is in seconds."""
        share = (epoch - 1 + batch / len(self.source)) / self.config.num_epochs
        last = self.history[-1]["validation_accuracy"] if self.history else None
        return TrainingProgress(
            epoch=epoch,
            num_epochs=self.config.num_epochs,
            batch=batch,
            num_batches=len(self.source),
            loss=float(totals[0] / totals[2]),
            accuracy=float(totals[1] / totals[2]),
            seconds_left=spent * (1 - share) / share,
            validation_accuracy=last,
        )

    def _answers(self, inputs: Tensor) -> Tensor:
        """Answers of `model` side by side: the logit, and what else it says."""
        return ops.concatenate(_as_list(self.model(inputs, training=False)), axis=1)

    def _train_step(
        self, inputs: Tensor, labels: Tensor, classes: Tensor, due: Tensor
    ) -> Metrics:
        """Take one step; return summed loss, correct answers and pictures."""
        count = ops.shape(labels)[0]

        def loss() -> tuple[Tensor, Metrics]:
            logit, *objects = _as_list(self.trainee(inputs, training=True))
            logit = ops.cast(logit, "float32")
            value = ops.mean(
                keras.losses.binary_crossentropy(labels, logit, from_logits=True)
            )
            total = value
            for answer in objects:
                known = ops.cast(classes >= 0, "float32")
                second = keras.losses.sparse_categorical_crossentropy(
                    ops.maximum(classes, 0), answer, from_logits=True
                )
                total += self.config.object_weight * ops.mean(known * second)
            right = ops.cast((logit >= 0) == (labels > 0.5), "float32")
            seen = ops.cast(count, "float32")
            totals = ops.stack([value * seen, ops.sum(right), seen])
            return total, {"totals": totals}

        found, metrics = gradients(
            loss, self.trainee.trainable_variables, state=self._variables()
        )
        self.optimizer.apply(found)
        self.keeper.update(due)
        return metrics


def _as_list(answers: Tensor) -> list[Tensor]:
    """Answers of a network: one comes as it is, two come as a list."""
    return list(answers) if isinstance(answers, list | tuple) else [answers]
