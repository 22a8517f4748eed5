"""Scores on the generators' pictures: what a network says of each fake drawn for it.

They lie beside the network's test scores. `evaluate NETWORK --generators --save` draws
the pictures, has them scored here and writes the file; an ensemble's scores follow
from its members'. A generator is a name to this module, and its pictures an array.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.registry import lookup
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.ensemble import weighted_sum
from cifake_core.networks.protocols import Scorer

#: What pictures serve that no network was trained on.
HeldOut: TypeAlias = Literal["validation", "test"]

HELD_OUT: Final[tuple[HeldOut, ...]] = get_args(HeldOut)
_CHUNK: Final = 500

#: (N, 32, 32, 3) uint8 of each generator, by its name.
_Pictures: TypeAlias = Mapping[str, npt.NDArray[np.uint8]]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class GeneratorScores:
    """Logits of REAL that one network gives the pictures of each generator.

    `validation` and `test` have (N,) float32 by the generator's name, in the order in
    which its pictures were drawn. `pictures_sha256` names all pictures of both parts,
    as `pictures_sha256` does: scores of one picture can be compared and added.
    """

    network: str
    model_sha256: str
    pictures_sha256: str
    validation: Mapping[str, Floats]
    test: Mapping[str, Floats]

    def part(self, part: HeldOut) -> Mapping[str, Floats]:
        """Logits by generator of one part."""
        return {"validation": self.validation, "test": self.test}[part]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Header:
    """What is kept of the scores beside their arrays."""

    SCHEMA: ClassVar[int] = 1

    model_sha256: str
    pictures_sha256: str
    generators: tuple[str, ...]


def score(
    network: Scorer,
    *,
    validation: _Pictures,
    test: _Pictures,
    progress: Callable[[float], None] | None = None,
) -> GeneratorScores:
    """Scores of a network on the pictures of every generator.

    Args:
        network: the compiled network.
        validation: the generators' validation pictures.
        test: their test pictures, of the same generators in the same order.
        progress: told the share done, 0 to 1.
    """
    if list(validation) != list(test):
        msg = (
            "Expected the same generators in both parts. Received "
            f"{', '.join(validation)} and {', '.join(test)}."
        )
        raise ValueError(msg)
    total = sum(len(images) for part in (validation, test) for images in part.values())
    done = 0

    def logits(images: npt.NDArray[np.uint8]) -> Floats:
        nonlocal done
        found = np.empty(len(images), np.float32)
        for start in range(0, len(images), _CHUNK):
            chunk = images[start : start + _CHUNK]
            found[start : start + _CHUNK] = network.logits(chunk)
            done += len(chunk)
            if progress is not None:
                progress(done / total)
        return found

    return GeneratorScores(
        network=network.name,
        model_sha256=network.sha256,
        pictures_sha256=pictures_sha256(validation, test),
        validation={name: logits(images) for name, images in validation.items()},
        test={name: logits(images) for name, images in test.items()},
    )


def pictures_sha256(validation: _Pictures, test: _Pictures) -> str:
    """SHA-256 over the names of the generators and all pixels of their pictures."""
    found = hashlib.sha256()
    for part in (validation, test):
        for name, images in part.items():
            found.update(f"{name} {images.shape}\n".encode())
            found.update(np.ascontiguousarray(images).data)
    return found.hexdigest()


def write(scores: GeneratorScores, folder: Path) -> Path:
    """Write the scores of the network in `folder`, whole or not at all.

    Returns:
        The file.

    Raises:
        OSError: If it cannot be written.
    """
    header = _Header(
        model_sha256=scores.model_sha256,
        pictures_sha256=scores.pictures_sha256,
        generators=tuple(scores.validation),
    )
    arrays = {
        f"{part}.{name}": logits
        for part in HELD_OUT
        for name, logits in scores.part(part).items()
    }
    return _artefact(scores.network, folder).write_arrays(header, arrays)


def read(network: str, models: Path) -> GeneratorScores:
    """Kept scores of a network; an ensemble's follow from its members'.

    Args:
        network: the network's name.
        models: the folder of networks.

    Raises:
        UnknownNameError: If there is no such network.
        NotMadeError: If the file, or a member's, is missing.
        ModelUnavailableError: If it is damaged, made with other weights or on other
            pictures than another member's.
    """
    members = lookup(NETWORKS, network, kind="network").members
    if not members:
        return _read_own(network, models)
    parts = [_read_own(member, models) for member in members]
    check_same_pictures(parts)
    weights = tuple(store.ensemble_weights(network, models).values())

    def together(part: HeldOut) -> dict[str, Floats]:
        votes = [each.part(part) for each in parts]
        return {
            name: weighted_sum([vote[name] for vote in votes], weights)
            for name in votes[0]
        }

    return GeneratorScores(
        network=network,
        model_sha256=store.revision(network, models),
        pictures_sha256=parts[0].pictures_sha256,
        validation=together("validation"),
        test=together("test"),
    )


def available(network: str, models: Path) -> bool:
    """True if a network with weights of its own has a file of such scores."""
    return (models / network / store.GENERATORS_FILE).is_file()


def check_same_pictures(parts: list[GeneratorScores]) -> None:
    """Raise `ModelUnavailableError` unless all scores are on the same pictures."""
    if len({part.pictures_sha256 for part in parts}) > 1:
        names = [part.network for part in parts]
        msg = (
            f"The scores of {' and '.join(names)} on the generators are not on the "
            f"same pictures. {' '.join(map(_remedy, names))}"
        )
        raise ModelUnavailableError(msg)


def _read_own(network: str, models: Path) -> GeneratorScores:
    """Scores of a network that has weights of its own."""
    artefact = _artefact(network, models / network)
    header, arrays = artefact.read_arrays(_Header)
    artefact.check_weights(
        {network: header.model_sha256}, {network: store.revision(network, models)}
    )
    with artefact.reading():
        validation, test = (
            {name: arrays[f"{part}.{name}"] for name in header.generators}
            for part in HELD_OUT
        )
    return GeneratorScores(
        network=network,
        model_sha256=header.model_sha256,
        pictures_sha256=header.pictures_sha256,
        validation=validation,
        test=test,
    )


def _artefact(network: str, folder: Path) -> Artefact:
    """The file of scores in the folder of a network."""
    return Artefact(
        folder / store.GENERATORS_FILE,
        what="file of scores on the generators",
        remedy=_remedy(network),
    )


def _remedy(network: str) -> str:
    """Sentence on how to make the file of a network."""
    return (
        f"Make it with `python -m cifake_core evaluate {network} --generators --save`."
    )
