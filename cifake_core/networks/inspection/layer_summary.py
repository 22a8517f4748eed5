"""Layer summary of the papers' networks, stored to be read without Keras."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, TypeAlias

from cifake_core.basics.artefacts import Artefact
from cifake_core.networks.registry import NETWORKS, PAPERS

#: The table in the folder of shipped networks.
LAYERS_FILE: Final = "paper_layers.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """One layer of a network: what it does, in words, and what that costs.

    `output` is the shape of what it makes of one picture.
    """

    name: str
    does: str
    output: tuple[int, ...]
    parameters: int
    multiply_adds: int


#: From a network's name to its layers, from the picture to the logit.
Table: TypeAlias = Mapping[str, tuple[Layer, ...]]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _LayersFile:
    """The table as it is kept."""

    SCHEMA: ClassVar[int] = 1

    networks: Table


def describe(name: str) -> tuple[Layer, ...]:
    """Return the layers of one of the papers' networks, built anew."""
    from cifake_core.networks.cost import layer_multiply_adds  # noqa: PLC0415 - loads Keras

    return tuple(
        Layer(
            name=layer.name,
            does=_WORDS[type(layer).__name__.removesuffix("2D").removesuffix("3D")](
                layer
            ),
            output=tuple(layer.output.shape[1:]),
            parameters=layer.count_params(),
            multiply_adds=layer_multiply_adds(layer),
        )
        for layer in NETWORKS[name].build().layers
    )


def write(models: Path) -> Path:
    """Build every one of the papers' networks, and write the table; return its file.

    Raises:
        OSError: If it cannot be written.
    """
    table = _LayersFile(networks={name: describe(name) for name in PAPERS})
    return _artefact(models).write(table)


def read(models: Path) -> Table:
    """Table of layers in the folder `models`.

    Raises:
        ModelUnavailableError: If there is none, or it is damaged.
    """
    return _artefact(models).read(_LayersFile).networks


def _artefact(models: Path) -> Artefact:
    """The table in the folder `models`."""
    return Artefact(
        models / LAYERS_FILE,
        what="table of the papers' layers",
        remedy="Make it with `python -m cifake_core layers`.",
    )


def _sides(sides: tuple[int, ...]) -> str:
    """Return the size of a kernel or a pool as people write it."""
    return "x".join(map(str, sides))


def _convolution(layer: Any) -> str:  # noqa: ANN401 - a layer of Keras
    """Return a convolution in words."""
    words = f"Convolution, {layer.filters} filters of {_sides(layer.kernel_size)}"
    edge = ", edges padded" if layer.padding == "same" else ""
    return f"{words}, ReLU{edge}"


def _dense(layer: Any) -> str:  # noqa: ANN401 - a layer of Keras
    """Return a dense layer in words."""
    if layer.name == "logit":
        return "Dense, 1 unit: the score for REAL"
    return f"Dense, {layer.units} units, ReLU"


#: By the class of a layer of Keras, 2D and 3D alike. Values: from the layer to words.
_WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "InputLayer": lambda _layer: "The picture, RGB",
    "Rescaling": lambda _layer: "Pixels scaled to 0 to 1",
    "Resizing": lambda layer: f"Enlarged to {layer.height}x{layer.width} pixels",
    "Reshape": lambda layer: f"Read as {_sides(layer.target_shape)}",
    "Conv": _convolution,
    "MaxPooling": lambda layer: f"Max-pool, {_sides(layer.pool_size)}",
    "BatchNormalization": lambda _layer: "Batch normalisation",
    "Dropout": lambda layer: f"Dropout, {layer.rate:.0%} left out in training",
    "Flatten": lambda _layer: "Flattened to one row",
    "GlobalAveragePooling": lambda _layer: "Average of each map",
    "Dense": _dense,
}
