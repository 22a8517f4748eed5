"""Baselines: the product's work as a notebook would do it, to compare with."""

import io
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats, Rgb
from cifake_core.explain.methods.superpixels import segment
from cifake_core.networks import store
from cifake_core.networks.ensemble import weighted_sum
from cifake_core.networks.protocols import Probe, Scorer

if TYPE_CHECKING:
    import keras

#: From (N, 32, 32, 3) uint8 pictures to (N,) float32 logits of REAL.
Predict: TypeAlias = Callable[[npt.NDArray[np.uint8]], Floats]

#: Pictures in one batch, where there are batches.
_BATCH: Final = 250


def keras_predict(network: Scorer, models: Path) -> Predict:
    """Return the baseline by Keras's `predict`, for a network or an ensemble.

    Args:
        network: whose weights to load again.
        models: the folder where they lie.
    """
    loaded = [_logit_model(part, models) for part in network.parts]

    def predict(images: npt.NDArray[np.uint8]) -> Floats:
        votes = [
            np.asarray(model.predict(part.inputs(images), verbose=0))[:, 0]
            for part, model in zip(network.parts, loaded, strict=True)
        ]
        return weighted_sum(votes, network.weights)

    return predict


def tensorflow_predict(network: Scorer, models: Path) -> Predict:
    """Return the baseline by a traced TensorFlow function.

    In batches, and with the weights as constants: the best that TensorFlow does.

    Args:
        network: whose weights to load again.
        models: the folder where they lie.
    """
    from cifake_core.networks.runtimes.tensorflow import (  # noqa: PLC0415 - slow
        TensorFlowRuntime,
    )

    runtimes = [
        TensorFlowRuntime(store.load_model(models / part.name))
        for part in network.parts
    ]

    def predict(images: npt.NDArray[np.uint8]) -> Floats:
        batches = np.array_split(images, -(-len(images) // _BATCH))
        votes = [
            np.concatenate(
                [runtime.run(part.inputs(batch)).logits for batch in batches]
            )
            for part, runtime in zip(network.parts, runtimes, strict=True)
        ]
        return weighted_sum(votes, network.weights)

    return predict


def stock_lime(predict: Predict, image: Rgb, *, num_samples: int = 1000) -> None:
    """Explain a picture by `lime` as it is shipped, ten pictures at a time.

    Only the pieces are the product's: `lime` would find a single one in 32x32 pixels.
    """
    from lime.lime_image import LimeImageExplainer  # noqa: PLC0415 - imports slowly

    def scores(images: npt.NDArray[np.uint8]) -> Floats:
        logits = predict(images)
        return np.stack([-logits, logits], axis=1)

    with redirect_stderr(io.StringIO()):  # it draws a progress bar
        LimeImageExplainer(random_state=0).explain_instance(
            image, scores, num_samples=num_samples, segmentation_fn=segment
        )


def tf_explain_gradcam(network: Scorer, models: Path) -> Callable[[Rgb], object] | None:
    """Return the baseline of Grad-CAM, by the package `tf-explain`.

    None where it is not installed, or for any but one network on colours: it draws
    the map on what the network is fed, which has to be a picture.
    """
    part, *others = network.parts
    if find_spec("tf_explain") is None or others or part.spec.input_kind != "rgb":
        return None
    from tf_explain.core.grad_cam import GradCAM  # noqa: PLC0415 - may be absent

    model = _logit_model(part, models)

    def explain(image: Rgb) -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it nests inputs as Keras 2 had them
            return GradCAM().explain(
                (part.inputs(image[None]), None),
                model,
                class_index=0,
                layer_name=part.spec.cam_layer,
                use_guided_grads=False,
            )

    return explain


def _logit_model(network: Probe, models: Path) -> "keras.Model":
    """Return a network as Keras loads it, with its logit alone."""
    import keras  # noqa: PLC0415 - takes seconds

    model = store.load_model(models / network.name)
    return keras.Model(model.input, model.get_layer("logit").output)
