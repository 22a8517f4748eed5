"""The multi-generator CNN: a residual network on the colours and their residual."""

import keras
from keras import layers

from cifake_core.basics.arrays import SIDE
from cifake_core.networks.blocks import convolve, heads, residual_trunk

#: Brings the residual, mostly a few grey values, to about the range of the colours.
_GAIN = 8.0


def build_cnn_multi(
    widths: tuple[int, ...] = (56, 112, 224),
    blocks: tuple[int, ...] = (1, 2, 2),
    strides: tuple[int, ...] = (1, 2, 2),
) -> keras.Model:
    """Return the multi-generator CNN, uncompiled and untrained.

    Beside the colours it sees what a local average leaves of them, where generators
    differ from cameras more than in the scene. The last map is 8x8.

    Input shape: (N, 32, 32, 3) float32, RGB, 0 to 255.
    Output shapes: (N, 1) float32, the logit of REAL; (N, 10) float32, the logits
    of the object classes.

    Source: noise residuals as in Fridrich & Kodovsky 2012,
        doi:10.1109/TIFS.2012.2190402; the network after He et al. 2016,
        arXiv:1512.03385.
    """
    inputs = keras.Input((SIDE, SIDE, 3), name="picture")
    colours = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(inputs)
    smooth = layers.AveragePooling2D(3, 1, padding="same", name="smooth")(colours)
    residual = layers.Subtract(name="residual")([colours, smooth])
    residual = layers.Rescaling(_GAIN, name="residual_scale")(residual)
    x = layers.Concatenate(name="colours_and_residual")([colours, residual])
    x = convolve(x, widths[0], name="stem")
    features = residual_trunk(x, widths, blocks, strides=strides)
    return keras.Model(inputs, heads(features), name="cnn_multi")
