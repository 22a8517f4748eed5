"""Pictures of our own generators, and how an address names one of them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.labels import OBJECT_CLASSES
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.generators.catalogue import GENERATORS
from cifake_core.generators.gallery import NUM_SHOWN
from cifake_core.pictures.records import Picture
from cifake_core.ui.services.bench import bench
from cifake_core.ui.services.visit import Chosen

_BETWEEN: Final = ":"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Generated:
    """Pictures of one generator: (N, 32, 32, 3) uint8, and what is known of each.

    `originals` are the photographs that were passed through, if any were; `words` say
    of each picture what was asked for, or how much noise was added.
    """

    name: str
    images: npt.NDArray[np.uint8]
    originals: npt.NDArray[np.uint8] | None
    words: tuple[str, ...]


def pictures(
    name: str, *, progress: ProgressCallback = tell_nobody
) -> Generated | None:
    """Pictures of a generator; None where it needs photographs that are not here.

    Raises:
        CifakeError: If its gallery, or what draws it, cannot be used.
    """
    if GENERATORS[name].kind == "noise":
        images = bench().generators.gallery(name).images
        num_kinds = len(OBJECT_CLASSES)
        words = tuple(OBJECT_CLASSES[n % num_kinds] for n in range(len(images)))
        return Generated(name=name, images=images, originals=None, words=words)
    path = bench().dataset.path()
    if path is None:
        return None
    found = bench().generators.passed(name, path, progress=progress)
    words = tuple(f"{strength:.0%} noise" for strength in found.strengths)
    return Generated(
        name=name,
        images=found.images,
        originals=found.originals,
        words=words or ("",) * len(found.images),
    )


def address(name: str, number: int) -> str:
    """What names a picture of a generator in an address."""
    return f"{name}{_BETWEEN}{number}"


def parts(text: str) -> tuple[str, int] | None:
    """Generator and number that an address names, or None if it names none."""
    name, _, number = text.partition(_BETWEEN)
    short = number.isascii() and number.isdigit() and len(number) <= len(str(NUM_SHOWN))
    if name not in GENERATORS or not short or int(number) >= NUM_SHOWN:
        return None
    return name, int(number)


def chosen(generated: Generated, number: int) -> Chosen:
    """One of the pictures, to be analysed."""
    title = GENERATORS[generated.name].title
    return Chosen(
        name=f"{title}, picture {number}",
        picture=Picture(pixels=np.array(generated.images[number]), format="JPEG"),
        truth="FAKE",
        address=address(generated.name, number),
        origin=f"By a generator of ours: {title}",
    )
