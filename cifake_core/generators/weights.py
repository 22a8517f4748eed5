"""A generator's weights on disk: half precision, and a card that vouches for them."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.artefacts import Arrays, Artefact
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.files import file_sha256
from cifake_core.generators.card import GeneratorCard
from cifake_core.generators.catalogue import generator

if TYPE_CHECKING:
    import keras

    from cifake_core.generators.networks import Networks

WEIGHTS_FILE: Final = "weights.npz"
CARD_FILE: Final = "card.json"
#: Smaller arrays stay in float32: they take no space, and variances may be tiny.
_LARGE: Final = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class _Header:
    """Beside the arrays of the weights stands the generator's name."""

    SCHEMA: ClassVar[int] = 1

    name: str


def save(name: str, parts: "Networks", folder: Path) -> str:
    """Write the weights of a generator's networks; return the file's SHA-256.

    Raises:
        OSError: If they cannot be written.
    """
    arrays = {
        f"{part}/{number:03}": np.asarray(weight, np.float32)
        for part, network in parts.items()
        for number, weight in enumerate(network.get_weights())
    }
    return file_sha256(write(name, arrays, folder))


def load(name: str, models: Path) -> "dict[str, keras.Model]":
    """The trained networks of a generator.

    Args:
        name: a generator with weights of its own.
        models: the folder of generators.

    Raises:
        UnknownNameError: If there is no such generator.
        ModelUnavailableError: If its weights are missing or not those of its card.
    """
    generator(name)
    card = _vouching_card(name, models)
    arrays = read(name, models / name)
    # takes seconds; cards are listed without it
    from cifake_core.generators.networks import networks  # noqa: PLC0415

    parts = networks(name, card.settings)
    with _weights_file(models / name).reading():
        for part, network in parts.items():
            keys = sorted(key for key in arrays if key.startswith(f"{part}/"))
            network.set_weights([arrays[key].astype(np.float32) for key in keys])
    return parts


def write(name: str, arrays: Arrays, folder: Path) -> Path:
    """Write the weights of a generator, large ones in float16; return the file.

    Args:
        name: the generator.
        arrays: float32, by part and number.
        folder: where the file goes; it is made if it is missing.

    Raises:
        OSError: If they cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    short = {key: _short(array) for key, array in arrays.items()}
    return _weights_file(folder).write_arrays(_Header(name=name), short)


def read(name: str, folder: Path) -> Arrays:
    """The weights of the generator `name`, which lie in `folder`, as they are stored.

    Raises:
        ModelUnavailableError: If they are missing, damaged or another generator's.
    """
    artefact = _weights_file(folder)
    header, arrays = artefact.read_arrays(_Header)
    with artefact.reading():
        if header.name != name:
            msg = f"it holds the weights of {header.name!r}"
            raise ValueError(msg)
    return arrays


def read_card(folder: Path) -> GeneratorCard:
    """The card of the generator in `folder`.

    Raises:
        NotMadeError: If there is none.
        ModelUnavailableError: If it is damaged or of another schema.
    """
    return _card_file(folder).read(GeneratorCard)


def write_card(card: GeneratorCard, folder: Path) -> Path:
    """Write the card of `folder`, whole or not at all; return the file.

    Raises:
        OSError: If it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return _card_file(folder).write(card)


def _vouching_card(name: str, models: Path) -> GeneratorCard:
    """Card of a generator that fits its weights, and the weights that it needs."""
    folder = models / name
    card = read_card(folder)
    path = folder / WEIGHTS_FILE
    if not path.is_file() or file_sha256(path) != card.weights_sha256:
        msg = (
            f"The weights {path} are missing or not the ones their card vouches for. "
            f"Get them again, or make them: {_how_to_make(name)}"
        )
        raise ModelUnavailableError(msg)
    in_use = {each: read_card(models / each).weights_sha256 for each in card.needs}
    _card_file(folder).check_weights(card.needs, in_use)
    return card


def _card_file(folder: Path) -> Artefact:
    """The card of the generator in `folder`, as an artefact."""
    path, remedy = folder / CARD_FILE, _how_to_make(folder.name)
    return Artefact(path, what="generator's card", remedy=remedy)


def _weights_file(folder: Path) -> Artefact:
    """The weights of the generator in `folder`, as an artefact."""
    path, remedy = folder / WEIGHTS_FILE, _how_to_make(folder.name)
    return Artefact(path, what="generator's weights", remedy=remedy)


def _how_to_make(name: str) -> str:
    """The sentence on how to get a generator's card and weights."""
    return (
        f"Train it with `python -m cifake_core generators train {name}` and promote "
        "the run."
    )


def _short(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A large array in float16, another as it is."""
    return array.astype(np.float16) if array.size >= _LARGE else array
