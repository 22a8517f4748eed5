"""The 3D-CNN: the six filtered channels of a picture, read as depth."""

import keras
from keras import layers

from cifake_core.arrays import SIDE
from cifake_core.filters import FILTERS
from cifake_core.networks.blocks import heads


def build_cnn3d(widths: tuple[int, ...] = (16, 32, 64)) -> keras.Model:
    """Return the 3D-CNN, uncompiled and untrained.

    Two 3x3x3 convolutions a stage mix neighbouring channels as well as
    neighbouring pixels; pooling halves the depth with the sides: 6, 3, 1. The
    last map is 8x8.

    Input shape: (N, 6, 32, 32, 1) float32, 0 to 255; depth in `FILTERS` order.
    Output shape: (N, 1) float32, the logit of REAL.

    Source: after Hosen et al. 2025, whose network never saw its filters.
    """
    inputs = keras.Input((len(FILTERS), SIDE, SIDE, 1), name="planes")
    x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(inputs)
    for number, width in enumerate(widths, start=1):
        if number > 1:
            x = layers.MaxPooling3D(2, name=f"stage{number}_pool")(x)
        for part in (1, 2):
            x = _convolve(x, width, name=f"stage{number}_{part}")
    x = layers.GlobalAveragePooling3D(name="features")(x)
    return keras.Model(inputs, heads(x), name="cnn3d")


def _convolve(x: keras.KerasTensor, width: int, *, name: str) -> keras.KerasTensor:
    """Return `x` after a 3x3x3 convolution, batch normalisation and ReLU."""
    x = layers.Conv3D(width, 3, padding="same", use_bias=False, name=f"{name}_conv")(x)
    x = layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x)
    return layers.ReLU(name=f"{name}_relu")(x)
