"""A trained network as a recipe for ncnn, whose Winograd convolutions are faster.

Batch normalisation and ReLU go into the convolution before them, and a convolution
with depth becomes the flat one that it amounts to.

Source: ncnn, github.com/Tencent/ncnn, "param and model file structure".
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import keras
import numpy as np
from keras import layers

from cifake_core.basics.arrays import Floats
from cifake_core.networks.inspection.convolution import (
    margins,
    open_convolution,
    without_depth,
)

#: What the recipe calls the picture that goes in and the features that come out.
INPUT: Final = "picture"
OUTPUT: Final = "features"

_MAGIC: Final = 7767517
#: Before a kernel: its values are float32.
_FLOAT32: Final = bytes(4)
#: The setting by which a convolution ends in ReLU.
_ACTIVATION: Final = 9


class UntranslatableError(Exception):
    """A network has a layer for which there are no words here."""


@dataclass(kw_only=True, slots=True, eq=False)
class _Step:
    """One line of the recipe, made of one or more layers.

    `settings` are numbers under the keys that ncnn gives them. A convolution's
    `weights` are its kernel, (height, width, inputs, filters), and its bias.
    """

    kind: str
    name: str
    sources: Sequence["_Step"] = ()
    settings: dict[int, int] = field(default_factory=dict)
    weights: tuple[Floats, ...] = ()


def translate(trunk: keras.Model) -> tuple[str, bytes]:
    """Return the recipe of a network from the picture to its features, and its weights.

    What is fed is (planes, height, width): a picture's colours, or its depth.

    Args:
        trunk: of one input and one output, (N, K).

    Raises:
        UntranslatableError: If a layer is none of those in our own networks.
    """
    made: dict[int, _Step] = {}  # by the tensor that comes out
    readers = Counter(id(tensor) for layer in trunk.layers for tensor in _fed(layer))
    for layer in trunk.layers:
        sources = [made[id(tensor)] for tensor in _fed(layer)]
        alone = all(readers[id(tensor)] == 1 for tensor in _fed(layer))
        step = _merged(layer, sources[0]) if sources and alone else None
        made[id(layer.output)] = step or _written(layer, sources)
    steps = list(dict.fromkeys(made.values()))
    steps[0].name, steps[-1].name = INPUT, OUTPUT
    return _recipe(steps), b"".join(_stored(step) for step in steps)


def _fed(layer: Any) -> list[Any]:  # noqa: ANN401 - a layer of Keras
    """Return the tensors that a layer reads."""
    if isinstance(layer, layers.InputLayer):
        return []
    return list(layer.input) if isinstance(layer.input, list) else [layer.input]


def _merged(layer: Any, step: _Step) -> _Step | None:  # noqa: ANN401 - of Keras
    """Return `step` with the layer that alone reads it, or None if it stays outside."""
    if isinstance(layer, layers.Reshape) and _drops_depth(layer):
        return step
    if step.kind != "Convolution" or _ACTIVATION in step.settings:
        return None
    if isinstance(layer, layers.ReLU):
        step.settings[_ACTIVATION] = 1
        return step
    if isinstance(layer, layers.BatchNormalization):
        kernel, bias = step.weights
        gamma, beta, mean, variance = layer.get_weights()
        factor = gamma / np.sqrt(variance + layer.epsilon)
        repeats = kernel.shape[-1] // len(factor)  # a place of the depth each
        factor, shift = (np.tile(v, repeats) for v in (factor, beta - mean * factor))
        step.weights = kernel * factor, bias * factor + shift
        return step
    return None


def _drops_depth(layer: layers.Reshape) -> bool:
    """Return whether a layer takes away a depth of one, and no more."""
    given, left = layer.input.shape[1:], layer.output.shape[1:]
    return bool(given[0] == 1 and given[1:] == left)


def _written(layer: Any, sources: Sequence[_Step]) -> _Step:  # noqa: ANN401 - of Keras
    """Return a step of its own for a layer."""
    step = _Step(kind="", name=layer.name, sources=sources)
    match layer:
        case layers.InputLayer():
            step.kind = "Input"
        case layers.Rescaling():
            count = _planes(layer.input.shape)
            step.kind, step.settings = "Scale", {0: count, 1: 1}
            step.weights = tuple(
                np.full(count, value, np.float32)
                for value in (layer.scale, layer.offset)
            )
        case layers.Conv2D() | layers.Conv3D() if _is_plain(layer):
            _convolve(layer, step)
        case layers.ReLU():
            step.kind = "ReLU"
        case layers.Add():
            step.kind, step.settings = "BinaryOp", {0: 0}
        case layers.AveragePooling2D(pool_size=(size, _), padding="valid") if (
            layer.strides == layer.pool_size
        ):
            step.kind, step.settings = "Pooling", {0: 1, 1: size, 2: size, 5: 1}
        case layers.GlobalAveragePooling2D():
            step.kind, step.settings = "Pooling", {0: 1, 4: 1}
        case _:
            raise UntranslatableError(layer.name)
    return step


def _is_plain(layer: Any) -> bool:  # noqa: ANN401 - a layer of Keras
    """Return whether a convolution is linear, whole and without gaps."""
    gaps = {1, *layer.dilation_rate} != {1}
    linear = layer.activation is keras.activations.linear
    return linear and layer.groups == 1 and not gaps


def _convolve(layer: Any, step: _Step) -> None:  # noqa: ANN401 - a layer of Keras
    """Make `step` the convolution that `layer` is."""
    opened = open_convolution(layer)
    kernel, bias = opened.kernel, opened.bias
    deep = len(opened.size) == 3
    if deep:
        kernel = without_depth(opened, layer.input.shape[1])
        bias = np.tile(bias, kernel.shape[-1] // len(bias))
    side = layer.input.shape[1 + deep]
    before, after = margins(opened, side, axis=int(deep))
    step.kind = "Convolution"
    step.settings = {0: kernel.shape[-1], 1: kernel.shape[0], 3: opened.strides[-1]}
    step.settings |= {4: before, 14: before, 15: after, 16: after}
    step.settings |= {5: 1, 6: kernel.size}
    step.weights = kernel, bias


def _planes(shape: Sequence[int]) -> int:
    """Return how many planes a batch of (N, height, width, K) or with depth has."""
    return int(np.prod(shape[1:-3], dtype=int) * shape[-1])


def _recipe(steps: Sequence[_Step]) -> str:
    """Return the lines; what several steps read is split for them first."""
    readers = Counter(source.name for step in steps for source in step.sources)
    copies = {
        name: [f"{name}_{number}" for number in range(count)]
        for name, count in readers.items()
        if count > 1
    }
    left = {name: iter(names) for name, names in copies.items()}
    lines = []
    for step in steps:
        fed = [next(left.get(s.name, iter([s.name]))) for s in step.sources]
        settings = [f"{key}={value}" for key, value in step.settings.items()]
        lines.append([step.kind, step.name, str(len(fed)), "1", *fed, step.name])
        lines[-1] += settings
        if step.name in copies:
            names = copies[step.name]
            split = ["Split", f"{step.name}_split", "1", str(len(names)), step.name]
            lines.append([*split, *names])
    num_blobs = len(steps) + sum(map(len, copies.values()))
    heading = [[str(_MAGIC)], [str(len(lines)), str(num_blobs)]]
    return "\n".join(" ".join(words) for words in [*heading, *lines]) + "\n"


def _stored(step: _Step) -> bytes:
    """Return the weights of one step as ncnn reads them, filters first."""
    if step.kind != "Convolution":
        return b"".join(weights.tobytes() for weights in step.weights)
    kernel, bias = (np.asarray(weights, np.float32) for weights in step.weights)
    return _FLOAT32 + kernel.transpose(3, 2, 0, 1).tobytes() + bias.tobytes()
