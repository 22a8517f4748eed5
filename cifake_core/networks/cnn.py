"""The 2D-CNN: a small residual network on the colours of a picture."""

import keras
from keras import layers

from cifake_core.basics.arrays import SIDE
from cifake_core.networks.blocks import convolve, heads, residual_trunk


def build_cnn(
    widths: tuple[int, ...] = (32, 64, 128),
    blocks: tuple[int, ...] = (1, 2, 2),
    strides: tuple[int, ...] = (1, 2, 2),
) -> keras.Model:
    """Return the 2D-CNN, uncompiled and untrained.

    No stride before the second stage and no dropout: on CIFAKE both cost more
    than they give. The last map is 8x8.

    Input shape: (N, 32, 32, 3) float32, RGB, 0 to 255.
    Output shapes: (N, 1) float32, the logit of REAL; (N, 10) float32, the logits
    of the object classes.

    Source: after He et al. 2016, arXiv:1512.03385.
    """
    inputs = keras.Input((SIDE, SIDE, 3), name="picture")
    x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(inputs)
    x = convolve(x, widths[0], name="stem")
    features = residual_trunk(x, widths, blocks, strides=strides)
    return keras.Model(inputs, heads(features), name="cnn")
