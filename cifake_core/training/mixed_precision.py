"""Mixed precision: a copy of a network that trains faster on the same weights."""

from typing import Any, Literal, TypeAlias

import keras
import numpy as np
from keras import layers

from cifake_core.generators.differentiation import (
    hardware,
    on_tensorflow,
    runs_on_gpu,
)

if on_tensorflow():
    import tensorflow as tf

#: Kept in float32: what scales the input and what gives the answers.
_EXACT = (
    layers.Resizing,
    layers.Rescaling,
    layers.Dense,
    layers.GlobalAveragePooling2D,
    layers.GlobalAveragePooling3D,
)

#: Keras's names of the arithmetic between the input and the answers.
TrainingDtype: TypeAlias = Literal["float32", "mixed_bfloat16"]


def fastest_dtype() -> TrainingDtype:
    """Arithmetic in which this processor trains fastest.

    A GPU does in bfloat16. Of x86 processors only those with AVX-512 have fast kernels
    for bfloat16 in oneDNN: without it a step of `cnn` took eight times as long as in
    float32.
    """
    if runs_on_gpu():
        return "mixed_bfloat16"
    extensions = np.show_config(mode="dicts")["SIMD Extensions"]
    # level 4 of x86-64 is AVX-512; other processors do not know it at all
    lacks_avx512 = "X86_V4" in extensions.get("not found", ())
    return "float32" if lacks_avx512 else "mixed_bfloat16"


def in_words(dtype: TrainingDtype) -> str:
    """What a card says of a training in this arithmetic, on this processor."""
    if dtype == "float32":
        return f"in float32 on {hardware()}"
    return f"in bfloat16 with float32 weights on {hardware()}"


def mixed_copy(model: keras.Model, dtype: TrainingDtype | None = None) -> keras.Model:
    """Copy of a network that trains faster, in bfloat16 about twice as fast.

    Convolutions and what lies between them run in `dtype`, on float32 weights;
    batch normalisation is one kernel, and a 3D convolution over an axis of one is
    the 2D convolution that it amounts to. The weights come in the order of `model`'s,
    so that `model.set_weights(copy.get_weights())` finishes it. The copy starts
    from the values of `model`.

    Args:
        model: stays as it is.
        dtype: by default the fastest on this processor.
    """
    dtype = dtype or fastest_dtype()

    def faster(layer: layers.Layer) -> layers.Layer:
        kind = type(layer)
        rank = len(layer.output.shape)
        if on_tensorflow():  # other libraries need no help
            if isinstance(layer, layers.BatchNormalization) and rank > 2:
                kind = _FusedNormalization
            if isinstance(layer, layers.Conv3D) and layer.input.shape[3] == 1:
                kind = _FlatConvolution
        config = layer.get_config()
        if not isinstance(layer, _EXACT) and not _overhangs(layer, kind):
            config["dtype"] = dtype
        return kind.from_config(config)

    copy = keras.models.clone_model(model, clone_function=faster)
    copy.set_weights(model.get_weights())
    return copy


def _overhangs(layer: layers.Layer, kind: type) -> bool:
    """Whether `layer` is a 3D convolution whose kernel is longer than its input.

    TensorFlow 2.21 fills the gradient of such a kernel in bfloat16 with whatever
    lies in memory, NaN at times; in float32 it is right.
    """
    if kind is not layers.Conv3D:
        return False
    sides = layer.input.shape[1:-1]
    return any(side > room for side, room in zip(layer.kernel_size, sides, strict=True))


# Keras has no types, so mypy sees `Any` as the parent
class _FusedNormalization(layers.BatchNormalization):  # type: ignore[misc]
    """Batch normalisation for training, in one kernel where Keras takes six."""

    def call(
        self,
        inputs: Any,  # noqa: ANN401 - a tensor
        training: bool | None = None,  # noqa: FBT001 - as in Keras
        mask: None = None,
    ) -> Any:  # noqa: ANN401 - a tensor
        if not (training and self.trainable):
            return super().call(inputs, training=training, mask=mask)
        # the kernel knows pictures, not volumes: depth joins height
        shape = (tf.shape(inputs)[0], -1, *inputs.shape[-2:])
        outputs, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            tf.reshape(inputs, shape),
            self.gamma,
            self.beta,
            epsilon=self.epsilon,
            is_training=True,
        )
        for moving, value in (
            (self.moving_mean, mean),
            (self.moving_variance, variance),
        ):
            moving.assign(self.momentum * moving + (1 - self.momentum) * value)
        return tf.reshape(outputs, tf.shape(inputs))


class _FlatConvolution(layers.Conv3D):  # type: ignore[misc] # as above
    """A padded 3D convolution over maps whose third axis has one place.

    Only the middle slice of its kernel ever meets a value that is not padding, so
    the others get no gradient, as in the layer that this one stands for.
    """

    def call(self, inputs: Any) -> Any:  # noqa: ANN401 - tensors
        middle = self.kernel_size[2] // 2
        outputs = tf.nn.conv2d(
            inputs[:, :, :, 0],
            tf.cast(self.kernel, inputs.dtype)[:, :, middle],
            strides=1,
            padding="SAME",
        )
        outputs = tf.nn.bias_add(outputs, tf.cast(self.bias, inputs.dtype))
        return self.activation(outputs)[:, :, :, None]
