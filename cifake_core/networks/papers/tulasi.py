"""Tulasi's network: three convolutions with batch normalisation and dropout."""

import keras
from keras import layers

from cifake_core.basics.arrays import SIDE


def build_tulasi() -> keras.Model:
    """Return the network of Tulasi et al.

    The slides give convolutions of 32, 64 and 128 filters, each with batch
    normalisation, max-pool and dropout 0.25, then 128 dense units with batch
    normalisation and dropout 0.5. Assumed: 3x3 without padding, ReLU before each
    normalisation, pools of 2, 32x32 pictures scaled to 0 to 1. The last layer
    gives the logit before the sigmoid.

    Input shape: (N, 32, 32, 3) float32, RGB, 0 to 255.
    Output shape: (N, 1) float32, the logit of REAL.

    Source: Tulasi et al., detection with Django and MySQL.
    """
    inputs = keras.Input((SIDE, SIDE, 3), name="picture")
    x = layers.Rescaling(1 / 255, name="scale")(inputs)
    for number, width in enumerate((32, 64, 128), start=1):
        x = layers.Conv2D(width, 3, activation="relu", name=f"conv{number}")(x)
        x = layers.BatchNormalization(name=f"norm{number}")(x)
        x = layers.MaxPooling2D(2, name=f"pool{number}")(x)
        x = layers.Dropout(0.25, name=f"dropout{number}")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(128, activation="relu", name="hidden")(x)
    x = layers.BatchNormalization(name="features")(x)
    x = layers.Dropout(0.5, name="dropout")(x)
    return keras.Model(inputs, layers.Dense(1, name="logit")(x), name="tulasi")
