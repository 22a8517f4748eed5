"""Convolution arithmetic: the values under the kernel at each place, and their sums.

Plain arithmetic on stored weights, for one picture; it needs no Keras. It holds for
kernels with and without depth.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cifake_core.basics.arrays import Floats


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Convolution:
    """Weights, strides and padding of a trained convolution.

    `kernel` is (*size, inputs, filters) float32, its size (height, width) or (depth,
    height, width); `bias` is (filters,). `strides` has one step for each axis of the
    size; a `padded` layer goes over the edge, where it meets zeros.
    """

    layer: str
    kernel: Floats
    bias: Floats
    strides: tuple[int, ...]
    padded: bool

    @property
    def size(self) -> tuple[int, ...]:
        """The kernel's (height, width), or its (depth, height, width)."""
        return self.kernel.shape[:-2]

    @property
    def num_filters(self) -> int:
        """The number of feature maps that come out."""
        return int(self.kernel.shape[-1])


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FeatureMaps:
    """Feature maps of one convolution, for one picture.

    `given` is what it is fed, (*space, inputs) float32; `filtered` what comes out,
    (*space, filters); `passed` the same after normalisation and ReLU, where the
    network has them there.
    """

    convolution: Convolution
    given: Floats
    filtered: Floats
    passed: Floats


def open_convolution(layer: Any) -> Convolution:  # noqa: ANN401 - a Keras layer
    """Return the weights, strides and padding of a trained convolution."""
    kernel: Floats = np.asarray(layer.kernel, np.float32)
    bias = np.zeros(kernel.shape[-1], np.float32)
    return Convolution(
        layer=layer.name,
        kernel=kernel,
        bias=np.asarray(layer.bias, np.float32) if layer.use_bias else bias,
        strides=tuple(layer.strides),
        padded=layer.padding == "same",
    )


def places(convolution: Convolution, given: int, *, axis: int = 0) -> int:
    """Return the number of places of the kernel along `axis`, over `given` values."""
    size, stride = convolution.size[axis], convolution.strides[axis]
    if convolution.padded:
        return math.ceil(given / stride)
    return (given - size) // stride + 1


def meets(
    convolution: Convolution, given: int, *, place: int, axis: int = 0
) -> tuple[int | None, ...]:
    """Return the values under each slice of the kernel at one place along an axis.

    Args:
        convolution: the layer.
        given: how many values there are along `axis`, such as six channels.
        place: where the kernel is, from 0 to `places` less one.
        axis: of the kernel's size; 0 is the depth of a kernel that has one.

    Returns:
        For each slice the number of its value, or None where it hangs over the edge
        and meets zeros. Padding is shared out as TensorFlow does: what is odd goes
        behind.
    """
    start = place * convolution.strides[axis] - _before(convolution, given, axis=axis)
    numbers = range(start, start + convolution.size[axis])
    return tuple(each if 0 <= each < given else None for each in numbers)


def margins(convolution: Convolution, given: int, *, axis: int) -> tuple[int, int]:
    """Return the padding before and after `given` values along `axis`, in zeros."""
    before = _before(convolution, given, axis=axis)
    return before, _total(convolution, given, axis=axis) - before


def contributions(maps: FeatureMaps, *, place: int, chosen: int) -> Floats:
    """Return the share of each slice of a kernel with depth in one feature map.

    Args:
        maps: of a layer with depth.
        place: of the kernel along the depth.
        chosen: the filter.

    Returns:
        (slices, height, width) float32. With the filter's bias they add up to
        `maps.filtered[place, ..., chosen]`.

    Raises:
        ValueError: If the layer has no depth.
    """
    convolution = maps.convolution
    if len(convolution.size) != 3:
        msg = f"Expected a kernel with depth. Received one of size {convolution.size}."
        raise ValueError(msg)
    met = meets(convolution, len(maps.given), place=place)
    shape = (len(met), *maps.filtered.shape[1:3])
    parts = np.zeros(shape, np.float32)
    for number, position in enumerate(met):
        if position is not None:
            weights = convolution.kernel[number, ..., chosen]
            parts[number] = _slide(convolution, maps.given[position], weights)
    return parts


def _slide(convolution: Convolution, plane: Floats, weights: Floats) -> Floats:
    """Return one slice's (height, width, inputs) weights, moved over one plane."""
    edges = [margins(convolution, plane.shape[axis - 1], axis=axis) for axis in (1, 2)]
    steps = [slice(None, None, stride) for stride in convolution.strides[1:]]
    padded = np.pad(plane, [*edges, (0, 0)])
    windows = sliding_window_view(padded, weights.shape[:2], axis=(0, 1))
    stops = windows[steps[0], steps[1]]  # (height, width, inputs, *size)
    return np.asarray(np.einsum("yxchw,hwc->yx", stops, weights), np.float32)


def _before(convolution: Convolution, given: int, *, axis: int) -> int:
    """Return the padding before the first value, in zeros."""
    return _total(convolution, given, axis=axis) // 2


def _total(convolution: Convolution, given: int, *, axis: int) -> int:
    """Return the padding on both sides together, in zeros."""
    if not convolution.padded:
        return 0
    last = (places(convolution, given, axis=axis) - 1) * convolution.strides[axis]
    return max(last + convolution.size[axis] - given, 0)
