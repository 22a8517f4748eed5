"""The 2D-CNN: a plain VGG-like network on the colours of a picture."""

import keras
from keras import layers

from cifake_core.arrays import SIDE


def build_cnn(widths: tuple[int, ...] = (32, 64, 128)) -> keras.Model:
    """Return the 2D-CNN, uncompiled and untrained.

    Two 3x3 convolutions a stage, no stride and no dropout in them: on CIFAKE
    both cost more than they give. The last map is 8x8.

    Input shape: (N, 32, 32, 3) float32, RGB, 0 to 255.
    Output shape: (N, 1) float32, the logit of REAL.

    Source: after Simonyan & Zisserman 2015, arXiv:1409.1556, with batch
    normalisation.
    """
    inputs = keras.Input((SIDE, SIDE, 3), name="picture")
    x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(inputs)
    for number, width in enumerate(widths, start=1):
        if number > 1:
            x = layers.MaxPooling2D(2, name=f"stage{number}_pool")(x)
        for part in (1, 2):
            x = _convolve(x, width, name=f"stage{number}_{part}")
    x = layers.GlobalAveragePooling2D(name="features")(x)
    return keras.Model(inputs, layers.Dense(1, name="logit")(x), name="cnn")


def _convolve(x: keras.KerasTensor, width: int, *, name: str) -> keras.KerasTensor:
    """Return `x` after a 3x3 convolution, batch normalisation and ReLU."""
    x = layers.Conv2D(width, 3, padding="same", use_bias=False, name=f"{name}_conv")(x)
    x = layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x)
    return layers.ReLU(name=f"{name}_relu")(x)
