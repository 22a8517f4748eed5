"""Conversion of a trained network to the file that LiteRT runs."""

from pathlib import Path
from typing import Final

import keras
import numpy as np

from cifake_core.basics.errors import TrainingError
from cifake_core.basics.files import file_sha256
from cifake_core.networks import store
from cifake_core.networks.card import RuntimeFile
from cifake_core.networks.runtimes.litert import LiteRTRuntime
from cifake_core.networks.runtimes.tensorflow import TensorFlowRuntime, answering_model

#: How far a logit may be from TensorFlow's.
TOLERANCE: Final = 1e-4
_NUM_COMPARED: Final = 32


def convert(model: keras.Model, folder: Path) -> RuntimeFile:
    """Write the LiteRT file of a network, and compare it with TensorFlow.

    Args:
        model: a trained network with layers "logit" and "features".
        folder: where the file is written, whole or not at all.

    Returns:
        What the card says of it: the file and its SHA-256, the engine it was compared
        with, and the greatest difference of a logit.

    Raises:
        TrainingError: If the file's logits are not TensorFlow's.
    """
    scratch = folder / f"part.{store.RUNTIME_FILE}"
    try:
        # one picture at a time: LiteRT gives layers of unknown size to no fast kernel
        spec = keras.InputSpec(
            shape=(1, *model.input.shape[1:]), dtype="float32", name="picture"
        )
        answering_model(model).export(
            scratch, format="litert", input_signature=[spec], verbose=False
        )
        converted = LiteRTRuntime(scratch.read_bytes())
        difference = _difference(model, converted)
        if not difference <= TOLERANCE:  # NaN, too, is refused
            msg = (
                f"LiteRT's logits for {model.name!r} differ from TensorFlow's by "
                f"{difference:.1g}, and the limit is {TOLERANCE:g}. It was not "
                "converted."
            )
            raise TrainingError(msg)
        scratch.replace(folder / store.RUNTIME_FILE)
    finally:
        scratch.unlink(missing_ok=True)
    return RuntimeFile(
        file=store.RUNTIME_FILE,
        sha256=file_sha256(folder / store.RUNTIME_FILE),
        engine=converted.describe(),
        logit_difference=difference,
    )


def _difference(model: keras.Model, converted: LiteRTRuntime) -> float:
    """The greatest difference of a logit from TensorFlow's, on random pictures."""
    shape = (_NUM_COMPARED, *model.input.shape[1:])
    random = np.random.default_rng(0)
    inputs = random.integers(0, 256, shape).astype(np.float32)
    expected = TensorFlowRuntime(model).run(inputs).logits
    return float(np.abs(converted.run(inputs).logits - expected).max())
