"""Hosen's two networks, as their notebooks ran them."""

import keras
from keras import layers

from cifake_core.basics.arrays import SIDE

_WIDTHS = (32, 64, 128, 256, 512)
_DROPOUTS = (0.2, 0.3, 0.3, 0.4)
#: Rows, columns and colours of the picture that a pool takes together.
_POOLS_3D = ((1, 2, 2), (2, 2, 1), (2, 2, 1), (2, 2, 1))


def build_hosen_cnn() -> keras.Model:
    """Return the 2D-CNN of Hosen et al., with its 4,985,377 parameters.

    Five blocks of two convolutions (3x3, padded, ReLU, then batch normalisation);
    max-pool and dropout after the first four; global average, dropout, a dense
    layer with batch normalisation and dropout. The description says 256 dense
    units, but only 512 give the stated number of parameters. Assumed: ReLU in the
    dense layer, pixels scaled to 0 to 1. The last layer gives the logit before
    the sigmoid.

    Input shape: (N, 32, 32, 3) float32, RGB, 0 to 255.
    Output shape: (N, 1) float32, the logit of REAL.

    Source: Hosen et al. 2025, notebook CIFAKE_CNN.
    """
    inputs = keras.Input((SIDE, SIDE, 3), name="picture")
    x = layers.Rescaling(1 / 255, name="scale")(inputs)
    for number, width in enumerate(_WIDTHS, start=1):
        for part in (1, 2):
            name = f"block{number}_{part}"
            x = layers.Conv2D(
                width, 3, padding="same", activation="relu", name=f"{name}_conv"
            )(x)
            x = layers.BatchNormalization(name=f"{name}_norm")(x)
        if number <= len(_DROPOUTS):
            x = layers.MaxPooling2D(2, name=f"block{number}_pool")(x)
            rate = _DROPOUTS[number - 1]
            x = layers.Dropout(rate, name=f"block{number}_dropout")(x)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    return keras.Model(inputs, _logit(x, units=512), name="hosen_cnn")


def build_hosen_cnn3d() -> keras.Model:
    """Return the 3D-CNN of Hosen et al., with its 14,271,521 parameters.

    The notebook declares a volume of (32, 64, 16, 1) but feeds RGB pictures, to
    which Keras adds an axis: rows, columns and colours become the volume, and no
    filter is seen. Blocks as in `build_hosen_cnn` with 3x3x3 kernels; the first
    pool leaves one of the three colours, so `picture_map` has the picture's axes
    alone. Assumed: ReLU in the dense layer of 256, pixels scaled to 0 to 1. The
    last layer gives the logit before the sigmoid.

    Input shape: (N, 32, 32, 3) float32, RGB, 0 to 255.
    Output shape: (N, 1) float32, the logit of REAL.

    Source: Hosen et al. 2025, notebook CIFAKE_3DCNN.
    """
    inputs = keras.Input((SIDE, SIDE, 3), name="picture")
    x = layers.Rescaling(1 / 255, name="scale")(inputs)
    x = layers.Reshape((SIDE, SIDE, 3, 1), name="volume")(x)
    for number, width in enumerate(_WIDTHS, start=1):
        for part in (1, 2):
            name = f"block{number}_{part}"
            x = layers.Conv3D(
                width, 3, padding="same", activation="relu", name=f"{name}_conv"
            )(x)
            x = layers.BatchNormalization(name=f"{name}_norm")(x)
        if number == 3:  # the last map of at least 8x8
            x = _picture_map(x)
        if number <= len(_POOLS_3D):
            pool = _POOLS_3D[number - 1]
            x = layers.MaxPooling3D(pool, name=f"block{number}_pool")(x)
            rate = _DROPOUTS[number - 1]
            x = layers.Dropout(rate, name=f"block{number}_dropout")(x)
    x = layers.GlobalAveragePooling3D(name="average")(x)
    return keras.Model(inputs, _logit(x, units=256), name="hosen_cnn3d")


def _picture_map(x: keras.KerasTensor) -> keras.KerasTensor:
    """Return `x`, for a moment without its axis of one colour, to be explained."""
    rows, columns, _, width = x.shape[1:]
    x = layers.Reshape((rows, columns, width), name="picture_map")(x)
    return layers.Reshape((rows, columns, 1, width), name="picture_volume")(x)


def _logit(x: keras.KerasTensor, *, units: int) -> keras.KerasTensor:
    """Return the logit that belongs to the averages of the last block."""
    x = layers.Dropout(0.5, name="average_dropout")(x)
    x = layers.Dense(units, activation="relu", name="hidden")(x)
    x = layers.BatchNormalization(name="features")(x)
    x = layers.Dropout(0.5, name="dropout")(x)
    return layers.Dense(1, name="logit")(x)
