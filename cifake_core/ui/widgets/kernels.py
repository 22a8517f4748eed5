"""Kernels of a convolution in words and slices, as the lesson draws them."""

from typing import Final

import numpy as np

from cifake_core.basics.arrays import Floats, unit_range
from cifake_core.networks.inspection.convolution import (
    Convolution,
)

SOURCES: Final = (
    'Source: V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep '
    'learning", 2016, [arXiv:1603.07285](https://arxiv.org/abs/1603.07285). In our '
    "networks normalisation (S. Ioffe and C. Szegedy, 2015, "
    "[arXiv:1502.03167](https://arxiv.org/abs/1502.03167)) and ReLU follow, which lets "
    "through what is above 0."
)


def slices(convolution: Convolution) -> Floats:
    """(filters, slices, height, width) weights, each filter from -1 to 1.

    A slice is what meets one channel of the picture.
    """
    height, width = convolution.size[-2:]
    kernel = convolution.kernel
    if kernel.ndim == 4:  # channels are its inputs, not its depth
        kernel = np.moveaxis(kernel, 2, 0)[..., None, :]
    slices = np.moveaxis(kernel.sum(axis=3), -1, 0).reshape(
        convolution.num_filters, -1, height, width
    )
    return np.stack([unit_range(each) for each in slices])


def shape_in_words(convolution: Convolution) -> str:
    """Sentence on the number, size and stride of a layer's kernels."""
    steps = " and ".join(dict.fromkeys(map(str, convolution.strides)))
    across = (
        f"{convolution.strides[0]} along the depth and {convolution.strides[-1]} across"
        if len(convolution.strides) == 3
        else steps
    )
    return (
        f"Layer `{convolution.layer}` has {convolution.num_filters} kernels of "
        f"{times(convolution.size)} weights for each input; it moves by {across}."
    )


def times(sizes: tuple[int, ...]) -> str:
    """Sizes as 3x3."""
    return "x".join(map(str, sizes))
