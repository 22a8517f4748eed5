"""Bird & Lotfi's networks, and the best of their search."""

import keras
from keras import layers

from cifake_core.basics.arrays import SIDE


def build_bird_lotfi(
    convolutions: int = 2, filters: int = 32, *, dense_layers: int = 1, units: int = 64
) -> keras.Model:
    """Return one network of Bird & Lotfi's search, by default their best.

    The paper searches 1, 2 or 3 convolutions of 16, 32, 64 or 128 filters, each
    with a max-pool, then 1, 2 or 3 dense layers of 32 to 4096 units on the best of
    those. Assumed: 3x3 kernels without padding, ReLU, pools of 2, pixels scaled to
    0 to 1. The paper's last layer is a sigmoid; here it gives the logit before it.

    Input shape: (N, 32, 32, 3) float32, RGB, 0 to 255.
    Output shape: (N, 1) float32, the logit of REAL.

    Source: Bird & Lotfi 2024, arXiv:2303.14126.
    """
    inputs = keras.Input((SIDE, SIDE, 3), name="picture")
    x = layers.Rescaling(1 / 255, name="scale")(inputs)
    for number in range(1, convolutions + 1):
        x = layers.Conv2D(filters, 3, activation="relu", name=f"conv{number}")(x)
        x = layers.MaxPooling2D(2, name=f"pool{number}")(x)
    x = layers.Flatten(name="flatten" if dense_layers else "features")(x)
    for number in range(1, dense_layers + 1):
        name = "features" if number == dense_layers else f"dense{number}"
        x = layers.Dense(units, activation="relu", name=name)(x)
    return keras.Model(inputs, layers.Dense(1, name="logit")(x), name="bird_lotfi")
