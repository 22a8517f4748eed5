"""Pallavi's network, which enlarges the picture to 128x128."""

import keras
from keras import layers

from cifake_core.basics.arrays import SIDE


def build_pallavi(side: int = 128) -> keras.Model:
    """Return the network of Pallavi et al.

    The paper gives three blocks at 128x128 whose last convolution is `final_conv`,
    then flatten, dense, dropout 0.5 and a sigmoid. Assumed: 32, 64 and 128 filters,
    3x3 without padding, ReLU, pools of 2, 128 dense units, bilinear enlarging,
    pixels scaled to 0 to 1. The last layer gives the logit before the sigmoid.

    Input shape: (N, 32, 32, 3) float32, RGB, 0 to 255; enlarged inside.
    Output shape: (N, 1) float32, the logit of REAL.

    Source: Pallavi et al., detection with Flask and YOLOv8.
    """
    inputs = keras.Input((SIDE, SIDE, 3), name="picture")
    x = layers.Resizing(side, side, name="enlarge")(inputs)
    x = layers.Rescaling(1 / 255, name="scale")(x)
    names = ("conv1", "conv2", "final_conv")
    for number, (width, name) in enumerate(
        zip((32, 64, 128), names, strict=True), start=1
    ):
        x = layers.Conv2D(width, 3, activation="relu", name=name)(x)
        x = layers.MaxPooling2D(2, name=f"pool{number}")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(128, activation="relu", name="features")(x)
    x = layers.Dropout(0.5, name="dropout")(x)
    return keras.Model(inputs, layers.Dense(1, name="logit")(x), name="pallavi")
