"""The 3D-CNN: the six filtered channels of a picture, read as depth."""

import keras
from keras import layers

from cifake_core.basics.arrays import SIDE
from cifake_core.networks.blocks import heads, normalize, residual_trunk
from cifake_core.pictures.filters import FILTERS

#: Kernels of the 3D layers, depth first. The first is as long as the depth, so that
#: green and greyscale, three apart, can be set against each other; the two take the
#: depth from 6 to 3 to 1.
_KERNELS = ((6, 3, 3), (3, 3, 3))
_STRIDES = ((2, 1, 1), (3, 1, 1))


def build_cnn3d(
    volumes: tuple[int, ...] = (16, 32),
    widths: tuple[int, ...] = (32, 64, 128),
    blocks: tuple[int, ...] = (1, 1, 2),
    strides: tuple[int, ...] = (1, 2, 2),
) -> keras.Model:
    """Return the 3D-CNN, uncompiled and untrained.

    Two 3D convolutions of `volumes` filters mix channels as well as pixels, at
    the full 32x32, until one map is left of the six; a residual network like that
    of the 2D-CNN goes on from there. The last map is 8x8.

    Input shape: (N, 6, 32, 32, 1) float32, 0 to 255; depth in `FILTERS` order.
    Output shapes: (N, 1) float32, the logit of REAL; (N, 10) float32, the logits
    of the object classes.

    Source: after Hosen et al. 2025, whose network never saw its filters, and He
    et al. 2016, arXiv:1512.03385.
    """
    inputs = keras.Input((len(FILTERS), SIDE, SIDE, 1), name="planes")
    x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(inputs)
    for number, (width, kernel, stride) in enumerate(
        zip(volumes, _KERNELS, _STRIDES, strict=True), start=1
    ):
        x = layers.Conv3D(
            width,
            kernel,
            strides=stride,
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
            name=f"volume{number}_conv",
        )(x)
        x = normalize(x, name=f"volume{number}")
    x = layers.Reshape((SIDE, SIDE, volumes[-1]), name="flat")(x)
    features = residual_trunk(x, widths, blocks, strides=strides)
    return keras.Model(inputs, heads(features), name="cnn3d")
