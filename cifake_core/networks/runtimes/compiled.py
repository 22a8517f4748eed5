"""Compiled networks: traced once, safe to share between threads."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf

from cifake_core.basics.arrays import SIDE, Floats
from cifake_core.basics.registry import lookup
from cifake_core.networks import store
from cifake_core.networks.inputs import picture_input
from cifake_core.networks.protocols import Activations
from cifake_core.networks.registry import NETWORKS
from cifake_core.networks.runtimes.answering import AnsweringNetwork
from cifake_core.networks.runtimes.loading import load_runtime
from cifake_core.networks.runtimes.protocol import Runtime
from cifake_core.networks.runtimes.tensorflow import TensorFlowRuntime
from cifake_core.networks.spec import NetworkSpec
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.records import PreparedPicture

#: Pictures whose activations are kept: the CAM methods share one pass through them.
_NUM_ACTIVATIONS: Final = 8


class CompiledNetwork(AnsweringNetwork):
    """Trained network, ready for logits, gradients and activations.

    Logits come from its runtime, gradients from a `tf.function` of fixed signature, and
    threads may share the object. Logits and activations are made ready with it and no
    call pays for that; gradients, which not everyone asks for, with their first call.
    The weights of `model` may not change afterwards.

    Args:
        name: of the network in its table.
        model: the trained network.
        spec: its row in the table.
        sha256: of the file of its weights.
        runtime: computes its forward pass; TensorFlow unless given.
    """

    def __init__(
        self,
        name: str,
        model: keras.Model,
        *,
        spec: NetworkSpec,
        sha256: str,
        runtime: Runtime | None = None,
    ) -> None:
        super().__init__(
            name,
            spec=spec,
            sha256=sha256,
            runtime=runtime or TensorFlowRuntime(model),
        )
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
        self._cam = trace(cam)
        self._gradient = trace(gradient)
        self._layers = tuple(maps)
        self._activations_of = lru_cache(_NUM_ACTIVATIONS)(self._compute_activations)
        self._warm_up()

    def gradients(self, inputs: Floats) -> Floats:
        """Return d(logit)/d(input) for each of N inputs, in one batch.

        Args:
            inputs: (N, ...) float32, as for `logits_of_inputs`.

        Returns:
            (N, ...) float32.
        """
        return np.asarray(self._gradient(inputs))

    def activations(self, picture: PreparedPicture) -> Activations:
        """Return the activations of the explained layers, and their gradients.

        Those of the last few pictures are kept, so that methods which look at the
        same layers share one pass.

        Returns:
            Activations and d(logit)/d(activations), both (*space, K) float32 and
            read-only, by the layer's name.
        """
        return self._activations_of(picture)

    def _compute_activations(self, picture: PreparedPicture) -> Activations:
        """Return the activations and gradients of one pass."""
        inputs = picture_input(self.spec.input_kind, picture)
        tensors = zip(*self._cam(inputs), strict=True)
        arrays = [(_frozen(a), _frozen(gradient)) for a, gradient in tensors]
        return dict(zip(self._layers, arrays, strict=True))

    def _warm_up(self) -> None:
        """Trace all that a first verdict needs, so that its picture does not pay."""
        black = prepare(np.zeros((SIDE, SIDE, 3), np.uint8))
        self.predict(black)
        self.activations(black)


def _frozen(batch: Any) -> Floats:  # noqa: ANN401 - a tensor
    """Return the first of a batch as an array that nobody can change."""
    array = np.asarray(batch[0])
    array.setflags(write=False)
    return array


def compile_folder(folder: Path) -> CompiledNetwork:
    """Return the network of one folder, in `models` or a finished run.

    Raises:
        ModelUnavailableError: If its weights or its converted file are not those of
            its card.
    """
    model = store.load_model(folder)
    card = store.load_card(folder)
    spec = lookup(NETWORKS, card.name, kind="network")
    return CompiledNetwork(
        card.name,
        model,
        spec=spec,
        sha256=card.model_sha256,
        runtime=load_runtime(folder, model),
    )
