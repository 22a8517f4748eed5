"""Galleries: a few pictures of each generator that are shipped, a spectrum of many.

Photographs that are passed through are those of others: of such generators only the
spectrum is kept, and their pictures are drawn anew wherever the photographs are.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import SIDE
from cifake_core.basics.artefacts import Arrays, Artefact
from cifake_core.basics.estimates import Estimate
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.generators import collection, weights
from cifake_core.generators.catalogue import generator
from cifake_core.pictures.statistics import Spectrum, mean_spectrum

GALLERY_FILE: Final = "gallery.npz"
#: No network is trained, chosen or tested on pictures of this seed.
SEED: Final = 3000
NUM_SHOWN: Final = 40
#: Pairs of a photograph and what became of it, which are drawn live.
NUM_PASSED: Final = 24
NUM_MEASURED: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Gallery:
    """Pictures of one generator, saved as CIFAKE's are, and what all look like.

    `images` is (40, 32, 32, 3) uint8, the first of those that `spectrum` is the mean
    of, or empty where photographs pass through. `generator_sha256` is the hash of the
    weights that drew them.
    """

    name: str
    generator_sha256: str
    seed: int
    images: npt.NDArray[np.uint8]
    spectrum: Spectrum


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Passed:
    """Photographs passed through a generator, saved as CIFAKE's are.

    `images` and `originals` are (N, 32, 32, 3) uint8; picture i comes of original i
    with the share of noise `strengths[i]`, where there is one.
    """

    images: npt.NDArray[np.uint8]
    originals: npt.NDArray[np.uint8]
    strengths: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Header:
    """What is kept of a gallery beside its arrays."""

    SCHEMA: ClassVar[int] = 1

    generator_sha256: str
    seed: int
    n: int
    rings: tuple[Estimate, ...]


def make(
    name: str,
    *,
    models: Path,
    data: Path | None = None,
    num_measured: int = NUM_MEASURED,
    progress: ProgressCallback = tell_nobody,
) -> Gallery:
    """Gallery of a generator, drawn.

    Args:
        name: the generator.
        models: the folder of generators.
        data: the data set, for photographs to pass through.
        num_measured: how many pictures the spectrum is the mean of.
        progress: told the share done.

    Raises:
        CifakeError: As `service.draw` does.
    """
    drawn = collection.draw_saved(
        name, n=num_measured, seed=SEED, data=data, models=models, progress=progress
    )
    shown = NUM_SHOWN if generator(name).kind == "noise" else 0
    return Gallery(
        name=name,
        generator_sha256=_in_use(name, models),
        seed=SEED,
        images=drawn[:shown],
        spectrum=mean_spectrum(drawn),
    )


def passed(
    name: str,
    *,
    models: Path,
    data: Path,
    n: int = NUM_PASSED,
    progress: ProgressCallback = tell_nobody,
) -> Passed:
    """Test photographs passed through a generator, beside what they were.

    Raises:
        CifakeError: As `service.draw` does.
    """
    shares = collection.shares(name, n)
    strengths = tuple(each for each, share in shares for _ in range(share))
    return Passed(
        images=collection.draw_saved(
            name, n=n, seed=SEED, data=data, models=models, progress=progress
        ),
        originals=collection.given_for(name, n=n, seed=SEED, data=data),
        strengths=strengths if generator(name).strengths else (),
    )


def write(gallery: Gallery, models: Path) -> Path:
    """Write a gallery beside its generator, whole or not at all; return the file.

    Raises:
        OSError: If it cannot be written.
    """
    header = _Header(
        generator_sha256=gallery.generator_sha256,
        seed=gallery.seed,
        n=gallery.spectrum.n,
        rings=gallery.spectrum.rings,
    )
    arrays: Arrays = {
        "images": gallery.images,
        "decibels": gallery.spectrum.decibels,
    }
    artefact = _artefact(gallery.name, models)
    artefact.path.parent.mkdir(parents=True, exist_ok=True)
    return artefact.write_arrays(header, arrays)


def read(name: str, models: Path) -> Gallery:
    """Gallery of a generator.

    Args:
        name: the generator.
        models: the folder of generators.

    Raises:
        UnknownNameError: If there is no such generator.
        ModelUnavailableError: If its gallery is missing, damaged or drawn with other
            weights.
    """
    artefact = _artefact(name, models)
    header, arrays = artefact.read_arrays(_Header)
    artefact.check_weights(
        {name: header.generator_sha256}, {name: _in_use(name, models)}
    )
    with artefact.reading():
        images = arrays["images"]
        if images.dtype != np.uint8 or images.shape[1:] != (SIDE, SIDE, 3):
            msg = f"it holds no pictures but {images.dtype} of shape {images.shape}"
            raise ValueError(msg)
        spectrum = Spectrum(n=header.n, rings=header.rings, decibels=arrays["decibels"])
    return Gallery(
        name=name,
        generator_sha256=header.generator_sha256,
        seed=header.seed,
        images=images,
        spectrum=spectrum,
    )


def _in_use(name: str, models: Path) -> str:
    """Hash of the weights that draw the pictures of a generator."""
    known = generator(name)
    folder = models / (name if known.settings else str(known.needs))
    return weights.read_card(folder).weights_sha256


def _artefact(name: str, models: Path) -> Artefact:
    """The gallery of a generator."""
    return Artefact(
        models / name / GALLERY_FILE,
        what="gallery of a generator",
        remedy=f"Make it with `python -m cifake_core generators gallery {name}`.",
    )
