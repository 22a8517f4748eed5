"""Cost of one forward pass, in multiply-adds."""

import math

import keras
from keras import layers


def multiply_adds(model: keras.Model) -> int:
    """Return the multiply-adds of one picture in convolutions and dense layers."""
    return sum(map(layer_multiply_adds, model.layers))


def layer_multiply_adds(layer: layers.Layer) -> int:
    """Return the multiply-adds of one layer: kernel weights times positions."""
    if isinstance(layer, layers.Conv2D | layers.Conv3D):
        positions = math.prod(layer.output.shape[1:-1])
        return int(math.prod(layer.kernel.shape) * positions)
    if isinstance(layer, layers.Dense):
        return int(math.prod(layer.kernel.shape))
    return 0
