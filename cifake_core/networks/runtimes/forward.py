"""A network's forward pass, by the faster of two ways that give the same answers."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeAlias

import keras
import ncnn
import numpy as np
import tensorflow as tf
from scipy.special import softmax
from tensorflow.python.framework import convert_to_constants

from cifake_core.basics.arrays import SIDE, Floats
from cifake_core.networks.runtimes.ncnn_translation import (
    INPUT,
    OUTPUT,
    UntranslatableError,
    translate,
)

#: From (N, ...) float32 inputs, N > 0, to (N,) logits of REAL, (N, K) features and,
#: where a network names objects, their (N, 10) probabilities; all float32.
Forward: TypeAlias = Callable[[Floats], tuple[Floats, ...]]

_NUM_WORKERS: Final = os.cpu_count() or 1
#: Pictures that a thread takes at a time, out of many.
_PIECE: Final = 8


def forward_pass(model: keras.Model) -> Forward:
    """Return the forward pass of a trained network; threads may share it.

    Our own networks go through ncnn, whose convolutions by Winograd's method take
    two thirds of the time (`python -m cifake_core benchmark`) and whose logits are
    within 1e-4; the papers' have other layers and go through TensorFlow.
    """
    try:
        return _Translated(model)
    except UntranslatableError:
        return through_tensorflow(model)


def through_tensorflow(model: keras.Model) -> Forward:
    """Return the forward pass of any network, as TensorFlow makes it."""
    logit, features = (model.get_layer(name).output for name in ("logit", "features"))
    describe = keras.Model(model.input, [logit, features, *model.outputs[1:]])

    def forward(inputs: Any) -> Any:  # noqa: ANN401 - tensors
        logits, features, *objects = describe(inputs, training=False)
        return logits[:, 0], features, *map(tf.nn.softmax, objects)

    signature = [tf.TensorSpec((None, *model.input.shape[1:]), tf.float32)]
    traced = tf.function(forward, input_signature=signature, autograph=False)
    # with its weights as constants a network is a tenth faster: TensorFlow then
    # folds each batch normalisation into the convolution before it
    constant = convert_to_constants.convert_variables_to_constants_v2(
        traced.get_concrete_function()
    )
    return lambda inputs: tuple(map(np.asarray, constant(tf.constant(inputs))))


class _Translated:
    """The forward pass through ncnn up to the features, and what is read off them.

    Raises:
        UntranslatableError: If the network has a layer that ncnn is not told of.
    """

    def __init__(self, model: keras.Model) -> None:
        features = model.get_layer("features").output
        self._heads = []
        for name in model.output_names:
            layer = model.get_layer(name)
            dense = isinstance(layer, keras.layers.Dense) and layer.input is features
            if not dense or layer.activation is not keras.activations.linear:
                raise UntranslatableError(name)
            self._heads.append([np.asarray(weight) for weight in layer.weights])
        recipe, weights = translate(keras.Model(model.input, features))
        self._net = ncnn.Net()
        options = self._net.opt
        options.num_threads = 1  # the pictures are shared out instead
        options.use_fp16_packed = options.use_fp16_storage = False
        options.use_fp16_arithmetic = False
        options.use_bf16_packed = options.use_bf16_storage = False
        self._net.load_param_mem(recipe)
        with TemporaryDirectory() as folder:  # ncnn copies them from a file alone
            file = Path(folder, "weights")
            file.write_bytes(weights)
            if self._net.load_model(str(file)) != 0:  # such as a path it cannot read
                raise UntranslatableError(str(file))

    def __call__(self, inputs: Floats) -> tuple[Floats, ...]:
        """Return logits, features and object probabilities of (N, ...) inputs."""
        planes = np.moveaxis(inputs, -1, 1).reshape(len(inputs), -1, SIDE, SIDE)
        planes = np.ascontiguousarray(planes)  # stays alive while ncnn reads it
        num_pieces = max(min(len(planes), 4 * _NUM_WORKERS), len(planes) // _PIECE)
        pieces = np.array_split(planes, num_pieces)
        features = np.concatenate(list(_workers().map(self._describe, pieces)))
        (kernel, bias), *others = self._heads
        logits = (features @ kernel + bias)[:, 0]
        objects = [softmax(features @ k + b, axis=1) for k, b in others]
        return logits, features, *objects

    def _describe(self, pictures: Floats) -> Floats:
        """Return (N, K) features of N pictures, (N, planes, 32, 32)."""
        found = []
        for planes in pictures:
            extractor = self._net.create_extractor()
            extractor.set_blob_allocator(_MEMORY.blobs)
            extractor.set_workspace_allocator(_MEMORY.workspace)
            # a copy, as the first step writes to what it is given
            extractor.input(INPUT, ncnn.Mat(planes).clone())
            found.append(np.array(extractor.extract(OUTPUT)[1]))
        return np.stack(found)


class _Memory(threading.local):
    """What a thread computes in, again and again.

    One memory for all threads takes a sixth longer: what a thread gets has mostly
    just been written by another, and lies in the cache of that one's processor.
    """

    def __init__(self) -> None:
        self.blobs = ncnn.UnlockedPoolAllocator()
        self.workspace = ncnn.UnlockedPoolAllocator()


_MEMORY: Final = _Memory()


@cache
def _workers() -> ThreadPoolExecutor:
    """Return the threads that share out pictures, one for each processor."""
    return ThreadPoolExecutor(_NUM_WORKERS, thread_name_prefix="forward")
