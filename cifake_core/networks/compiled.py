"""Trained networks ready to answer: traced once, safe to share between threads."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from cifake_core.arrays import SIDE, Floats, Rgb
from cifake_core.networks import store
from cifake_core.networks._registry import NETWORKS, NetworkSpec
from cifake_core.networks.inputs import network_input
from cifake_core.registry import lookup
from cifake_core.results import Answers

#: Pictures in one forward pass; more use more memory and no less time.
_BATCH = 250


class CompiledNetwork:
    """One trained network with the three questions asked of it.

    Every question is a `tf.function` of fixed signature, traced when the object
    is made, so that no call pays for it and threads may share the object.
    """

    def __init__(
        self, name: str, model: keras.Model, *, spec: NetworkSpec, sha256: str
    ) -> None:
        self.name = name
        self.sha256 = sha256
        self.spec = spec
        signature = [tf.TensorSpec((None, *model.input.shape[1:]), tf.float32)]
        logit = model.get_layer("logit").output
        probe = keras.Model(
            model.input, [model.get_layer(spec.cam_layer).output, logit]
        )
        judge = keras.Model(model.input, logit)
        describe = keras.Model(model.input, [logit, *model.outputs[1:]])

        def forward(inputs: Any) -> Any:  # noqa: ANN401 - tensors
            # a list of one output comes back as that output alone
            logits, *objects = keras.tree.flatten(describe(inputs, training=False))
            return logits[:, 0], *map(tf.nn.softmax, objects)

        def cam(inputs: Any) -> Any:  # noqa: ANN401 - tensors
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(inputs)
                activations, logit = probe(inputs, training=False)
            return activations, tape.gradient(logit, activations), logit[:, 0]

        def gradient(inputs: Any) -> Any:  # noqa: ANN401 - tensors
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(inputs)
                logit = judge(inputs, training=False)
            return tape.gradient(logit, inputs)

        trace = tf.function(input_signature=signature, autograph=False)
        self._forward = trace(forward)
        self._cam = trace(cam)
        self._gradient = trace(gradient)
        self._warm_up()

    @property
    def parts(self) -> "tuple[CompiledNetwork, ...]":
        """This network alone."""
        return (self,)

    @property
    def weights(self) -> tuple[float, ...]:
        """The network's logit is its own."""
        return (1.0,)

    def logits(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Return the logit of REAL for each picture.

        Args:
            images: (N, 32, 32, 3) uint8, RGB.

        Returns:
            (N,) float32.
        """
        return self.answers(images).logits

    def answers(self, images: npt.NDArray[np.uint8]) -> Answers:
        """Return the logits of REAL and what the pictures show.

        Args:
            images: (N, 32, 32, 3) uint8, RGB.
        """
        # TensorFlow's convolutions take no empty batch: one stands in, unanswered
        asked = images if len(images) else np.zeros((1, SIDE, SIDE, 3), np.uint8)
        parts = [
            self._forward(self.inputs(asked[start : start + _BATCH]))
            for start in range(0, len(asked), _BATCH)
        ]
        logits, *objects = (
            np.concatenate(part)[: len(images)] for part in zip(*parts, strict=True)
        )
        return Answers(logits=logits, objects=objects[0] if objects else None)

    def inputs(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Return what the network is fed for `images`, float32 0 to 255."""
        return network_input(self.spec.input_kind, images)

    def logits_of_inputs(self, inputs: Floats) -> Floats:
        """Return the logit of REAL for what the network is fed, in one batch.

        Args:
            inputs: (N, ...) float32, 0 to 255, N times what `inputs` gives for one
                picture, changed or not.

        Returns:
            (N,) float32.
        """
        return np.asarray(self._forward(inputs)[0])

    def activations(self, image: Rgb) -> tuple[Floats, Floats, float]:
        """Return the map of the explained layer, its gradient and the logit.

        Args:
            image: (32, 32, 3) uint8, RGB.

        Returns:
            Activations and d(logit)/d(activations), both (*space, K) float32,
            and the logit of REAL.
        """
        activations, gradients, logit = self._cam(self.inputs(image[None]))
        return np.asarray(activations[0]), np.asarray(gradients[0]), float(logit[0])

    def input_gradient(self, image: Rgb) -> tuple[Floats, Floats]:
        """Return the network's input and d(logit)/d(input), of the same shape.

        Args:
            image: (32, 32, 3) uint8, RGB.
        """
        inputs = self.inputs(image[None])
        return inputs[0], np.asarray(self._gradient(tf.constant(inputs))[0])

    def _warm_up(self) -> None:
        """Trace every question, so that the first picture does not pay for it."""
        black = np.zeros((SIDE, SIDE, 3), np.uint8)
        self.logits(black[None])
        self.activations(black)
        self.input_gradient(black)


def compile_folder(folder: Path) -> CompiledNetwork:
    """Return the network of one folder, in `models` or a finished run.

    Raises:
        ModelUnavailableError: If its weights are not those of its card.
    """
    model = store.load_model(folder)
    card = store.load_card(folder)
    name = str(card["name"])
    spec = lookup(NETWORKS, name, kind="network")
    return CompiledNetwork(name, model, spec=spec, sha256=str(card["model_sha256"]))
