"""Trained networks ready to answer: traced once, safe to share between threads."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from cifake_core.basics.arrays import SIDE, Floats, Rgb
from cifake_core.basics.registry import lookup
from cifake_core.networks import store
from cifake_core.networks.inputs import network_input
from cifake_core.networks.records import Answers
from cifake_core.networks.registry import NETWORKS, NetworkSpec
from cifake_core.networks.runtimes.forward import forward_pass

#: Pictures in one forward pass; more use more memory and no less time.
_BATCH = 250

_Activations: TypeAlias = Mapping[str, tuple[Floats, Floats]]


class CompiledNetwork:
    """One trained network with the three questions asked of it.

    Logits come from `forward.forward_pass`, gradients from a `tf.function` of fixed
    signature, and threads may share the object. Logits and activations are made
    ready with it and no call pays for that; gradients, which not everyone asks for,
    with their first call. The weights of `model` may not change afterwards.
    """

    def __init__(
        self, name: str, model: keras.Model, *, spec: NetworkSpec, sha256: str
    ) -> None:
        self.name = name
        self.sha256 = sha256
        self.spec = spec
        signature = [tf.TensorSpec((None, *model.input.shape[1:]), tf.float32)]
        logit = model.get_layer("logit").output
        explained = dict.fromkeys((spec.finest_layer, spec.cam_layer))
        maps = {layer: model.get_layer(layer).output for layer in explained}
        probe = keras.Model(model.input, [*maps.values(), logit])
        judge = keras.Model(model.input, logit)

        def cam(inputs: Any) -> Any:  # noqa: ANN401 - tensors
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(inputs)
                *activations, logit = probe(inputs, training=False)
            return activations, tape.gradient(logit, activations)

        def gradient(inputs: Any) -> Any:  # noqa: ANN401 - tensors
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(inputs)
                logit = judge(inputs, training=False)
            return tape.gradient(logit, inputs)

        trace = tf.function(input_signature=signature, autograph=False)
        self._forward = forward_pass(model)
        self._cam = trace(cam)
        self._gradient = trace(gradient)
        self._layers = tuple(maps)
        self._last_activations: tuple[bytes, _Activations] = (b"", {})
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
        """Return the logits of REAL, the features, and what the pictures show.

        Args:
            images: (N, 32, 32, 3) uint8, RGB.
        """
        # a forward pass takes no empty batch: one stands in, unanswered
        asked = images if len(images) else np.zeros((1, SIDE, SIDE, 3), np.uint8)
        parts = [
            self._forward(self.inputs(asked[start : start + _BATCH]))
            for start in range(0, len(asked), _BATCH)
        ]
        logits, features, *objects = (
            np.concatenate(part)[: len(images)] for part in zip(*parts, strict=True)
        )
        return Answers(
            logits=logits, features=features, objects=objects[0] if objects else None
        )

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
        return self._forward(np.asarray(inputs, np.float32))[0]

    def gradients(self, inputs: Floats) -> Floats:
        """Return d(logit)/d(input) for each of N inputs, in one batch.

        Args:
            inputs: (N, ...) float32, as for `logits_of_inputs`.

        Returns:
            (N, ...) float32.
        """
        return np.asarray(self._gradient(inputs))

    def activations(self, image: Rgb) -> _Activations:
        """Return what the explained layers make of a picture, and how that counts.

        The last picture's answer is kept, so that methods which look at the same
        layers share one pass.

        Args:
            image: (32, 32, 3) uint8, RGB.

        Returns:
            Activations and d(logit)/d(activations), both (*space, K) float32 and
            read-only, by the layer's name.
        """
        key = image.tobytes()
        last, answer = self._last_activations  # read once: another thread may write
        if key != last:
            tensors = zip(*self._cam(self.inputs(image[None])), strict=True)
            arrays = [(_frozen(a), _frozen(gradient)) for a, gradient in tensors]
            answer = dict(zip(self._layers, arrays, strict=True))
            self._last_activations = key, answer
        return answer

    def _warm_up(self) -> None:
        """Trace what a first verdict needs, so that its picture does not pay."""
        black = np.zeros((SIDE, SIDE, 3), np.uint8)
        self.logits(black[None])
        self.activations(black)


def _frozen(batch: Any) -> Floats:  # noqa: ANN401 - a tensor
    """Return the first of a batch as an array that nobody can change."""
    array = np.asarray(batch[0])
    array.setflags(write=False)
    return array


def compile_folder(folder: Path) -> CompiledNetwork:
    """Return the network of one folder, in `models` or a finished run.

    Raises:
        ModelUnavailableError: If its weights are not those of its card.
    """
    model = store.load_model(folder)
    card = store.load_card(folder)
    spec = lookup(NETWORKS, card.name, kind="network")
    return CompiledNetwork(card.name, model, spec=spec, sha256=card.model_sha256)
