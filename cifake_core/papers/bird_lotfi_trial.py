"""One network of Bird & Lotfi's search: its topology, its training, its result."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from cifake_core.data import cifake
from cifake_core.evaluation.metrics import cross_entropy, rightly_called

if TYPE_CHECKING:
    import keras

_EVALUATION_BATCH: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchConfig:
    """Recipe of the search for each network: Adam at a constant rate.

    The paper trains on all pictures until nothing is gained; this search has
    `num_pictures`, half of each label, for `epochs`.
    """

    num_pictures: int = 20_000
    epochs: int = 3
    learning_rate: float = 1e-3
    batch_size: int = 32
    seed: int = 0
    split_seed: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Topology:
    """One network of the search; `units` is 0 if it has no dense layer."""

    convolutions: int
    filters: int
    dense_layers: int = 0
    units: int = 0

    def __str__(self) -> str:
        """Topology in words."""
        words = f"{self.convolutions} x {self.filters} filters"
        return f"{words}, {self.dense_layers} x {self.units} units"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """Result of one network of the search, on the validation pictures."""

    topology: Topology
    parameters: int
    multiply_adds: int
    validation_accuracy: float
    validation_loss: float
    seconds: float


def run_trial(
    topology: Topology,
    split: cifake.Split,
    training: npt.NDArray[np.int64],
    validation: npt.NDArray[np.int64],
    *,
    config: SearchConfig,
) -> Trial:
    """Result of one network of the search, after its training.

    Args:
        topology: which one.
        split: the published training split.
        training: positions in `split` to train on.
        validation: positions in `split` to measure it on.
        config: the recipe; its seed decides the first weights and the order.
    """
    import keras  # noqa: PLC0415 - takes seconds; a page reads rankings without it

    from cifake_core.networks.cost import multiply_adds  # noqa: PLC0415
    from cifake_core.networks.papers.bird_lotfi import build_bird_lotfi  # noqa: PLC0415

    started = time.perf_counter()
    keras.utils.set_random_seed(config.seed)
    model = build_bird_lotfi(
        topology.convolutions,
        topology.filters,
        dense_layers=topology.dense_layers,
        units=topology.units,
    )
    _fit(model, split, training, config)
    accuracy, loss = _validate(model, split, validation)
    return Trial(
        topology=topology,
        parameters=model.count_params(),
        multiply_adds=multiply_adds(model),
        validation_accuracy=accuracy,
        validation_loss=loss,
        seconds=time.perf_counter() - started,
    )


def _fit(
    model: "keras.Model",
    split: cifake.Split,
    training: npt.NDArray[np.int64],
    config: SearchConfig,
) -> None:
    """Train `model` by the recipe, on the pictures at these positions."""
    import keras  # noqa: PLC0415 - as above

    from cifake_core.training.mixed_precision import mixed_copy  # noqa: PLC0415

    trainee = mixed_copy(model)
    trainee.compile(
        optimizer=keras.optimizers.Adam(config.learning_rate),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        jit_compile=False,
    )
    trainee.fit(
        split.images[training].astype(np.float32),
        split.labels[training].astype(np.float32)[:, None],
        epochs=config.epochs,
        batch_size=config.batch_size,
        verbose=0,
    )
    model.set_weights(trainee.get_weights())


def _validate(
    model: "keras.Model", split: cifake.Split, validation: npt.NDArray[np.int64]
) -> tuple[float, float]:
    """Accuracy and cross-entropy on the validation pictures."""
    images = split.images[validation].astype(np.float32)
    logits = model.predict(images, batch_size=_EVALUATION_BATCH, verbose=0)[:, 0]
    truth = split.labels[validation]
    accuracy = float(rightly_called(truth, logits).mean())
    return accuracy, cross_entropy(truth, logits)
