"""Pavani's CNN2D, which is also Deep Vision's, and the modified one."""

import keras
from keras import layers

from cifake_core.basics.arrays import SIDE


def build_cnn2d(units: int = 32) -> keras.Model:
    """Return the CNN2D of Pavani et al. and of Deep Vision.

    Both papers give two convolutions, two max-pools and two dense layers; Pavani
    has 32 neurons in the first of these, Deep Vision 32, 64, 128 or 4096. Assumed:
    32 filters a convolution, 3x3 without padding, ReLU, pools of 2, pixels scaled
    to 0 to 1. The last layer gives the logit before the sigmoid.

    Input shape: (N, 32, 32, 3) float32, RGB, 0 to 255.
    Output shape: (N, 1) float32, the logit of REAL.

    Source: Pavani et al., International Journal of Engineering Research and
        Science & Technology; Sai Teja et al., "Deep Vision".
    """
    inputs = keras.Input((SIDE, SIDE, 3), name="picture")
    x = layers.Rescaling(1 / 255, name="scale")(inputs)
    for number in (1, 2):
        x = layers.Conv2D(32, 3, activation="relu", name=f"conv{number}")(x)
        x = layers.MaxPooling2D(2, name=f"pool{number}")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(units, activation="relu", name="features")(x)
    return keras.Model(inputs, layers.Dense(1, name="logit")(x), name="cnn2d")


def build_modified_cnn2d() -> keras.Model:
    """Return the Modified CNN2D of Pavani et al.

    The paper's text adds dropout and a global average pool to the CNN2D; its
    abstract says "without". Assumed: dropout 0.25 after each max-pool, the average
    in place of the flattening, and otherwise as in `build_cnn2d`.

    Input shape: (N, 32, 32, 3) float32, RGB, 0 to 255.
    Output shape: (N, 1) float32, the logit of REAL.

    Source: as for `build_cnn2d`.
    """
    inputs = keras.Input((SIDE, SIDE, 3), name="picture")
    x = layers.Rescaling(1 / 255, name="scale")(inputs)
    for number in (1, 2):
        x = layers.Conv2D(32, 3, activation="relu", name=f"conv{number}")(x)
        x = layers.MaxPooling2D(2, name=f"pool{number}")(x)
        x = layers.Dropout(0.25, name=f"dropout{number}")(x)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    x = layers.Dense(32, activation="relu", name="features")(x)
    return keras.Model(inputs, layers.Dense(1, name="logit")(x), name="modified_cnn2d")
