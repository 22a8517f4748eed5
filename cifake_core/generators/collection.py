"""Pictures of every generator for training, validation and test, drawn once and kept.

They are as saved files show them. A photograph passed through comes of the same part
of CIFAKE as the pictures serve, so what a network is tested on it never learnt from.
"""

import hashlib
from itertools import pairwise
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.files import write_whole
from cifake_core.basics.places import cache_folder
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.generators import files, photographs, service, weights
from cifake_core.generators.catalogue import SEEDS, generator

Part: TypeAlias = Literal["training", "replay", "validation", "test"]

#: For a generator without strengths the value is not used.
_STRENGTH: Final = 0.3


def pictures(  # noqa: PLR0913 - of whom, how many, from where: by keyword
    name: str,
    part: Part,
    *,
    n: int,
    data: Path,
    models: Path,
    progress: ProgressCallback = tell_nobody,
) -> npt.NDArray[np.uint8]:
    """Pictures of a generator for one part, saved as CIFAKE's are and read again.

    Of a generator with several strengths each gives an equal share, in order.

    Args:
        name: the generator.
        part: what they serve; its first seeds draw them.
        n: how many.
        data: the data set, for photographs to pass through.
        models: the folder of generators.
        progress: told the share done; drawn pictures are kept in the cache folder.

    Returns:
        (n, 32, 32, 3) uint8.

    Raises:
        CifakeError: As `service.draw` does.
    """
    place = _place(name, part, n, models)
    if place.is_file():
        kept: npt.NDArray[np.uint8] = np.load(place)
        progress(1.0)
        return kept
    images = draw_saved(
        name, n=n, seed=SEEDS[part].start, data=data, models=models, progress=progress
    )
    place.parent.mkdir(parents=True, exist_ok=True)
    with write_whole(place) as scratch, scratch.open("wb") as file:
        np.save(file, images)
    return images


def draw_saved(  # noqa: PLR0913 - of whom, how many, from where: by keyword
    name: str,
    *,
    n: int,
    seed: int,
    data: Path | None,
    models: Path,
    progress: ProgressCallback = tell_nobody,
) -> npt.NDArray[np.uint8]:
    """Pictures of a generator, saved as CIFAKE's are and read again.

    Args:
        name: the generator.
        n: how many; of several strengths each gives the share that `shares` says.
        seed: of the first strength; each next one has the next seed.
        data: the data set, for photographs to pass through.
        models: the folder of generators.
        progress: told the share done.

    Returns:
        (n, 32, 32, 3) uint8.

    Raises:
        CifakeError: As `service.draw` does.
    """
    parts = shares(name, n)
    drawn: list[npt.NDArray[np.uint8]] = []

    def tell(done: float) -> None:
        progress((len(drawn) + done) / len(parts))

    for number, (strength, share) in enumerate(parts):
        samples = service.draw(
            name,
            n=share,
            seed=seed + number,
            models=models,
            data=data,
            strength=strength,
            progress=tell,
        )
        drawn.append(files.as_saved(samples.images))
    return np.concatenate(drawn)


def originals(name: str, part: Part, *, n: int, data: Path) -> npt.NDArray[np.uint8]:
    """Photographs that a generator was given for `pictures`, in the same order.

    They are as CIFAKE has them, so saved once less than what was passed through.

    Args:
        name: a generator that photographs are passed through.
        part: what the pictures serve.
        n: how many.
        data: the data set.

    Returns:
        (n, 32, 32, 3) uint8.

    Raises:
        SettingError: If there are not so many.
    """
    return given_for(name, n=n, seed=SEEDS[part].start, data=data)


def given_for(name: str, *, n: int, seed: int, data: Path) -> npt.NDArray[np.uint8]:
    """Photographs that a generator was given for `draw_saved`, in the same order."""
    given = [
        photographs.to_pass_through(data, n=share, seed=seed + number)
        for number, (_, share) in enumerate(shares(name, n))
    ]
    return np.concatenate(given)


def shares(name: str, n: int) -> list[tuple[float, int]]:
    """Strengths of a generator, in order, and how many of n pictures each gives."""
    strengths = generator(name).strengths or (_STRENGTH,)
    ends = [n * number // len(strengths) for number in range(len(strengths) + 1)]
    counts = [high - low for low, high in pairwise(ends)]
    return [(s, count) for s, count in zip(strengths, counts, strict=True) if count]


def _place(name: str, part: Part, n: int, models: Path) -> Path:
    """File in the cache folder, named after all that the pictures depend on."""
    known = generator(name)
    used = [each for each in (name if known.settings else None, known.needs) if each]
    hashes = [weights.read_card(models / each).weights_sha256 for each in used]
    key = hashlib.sha256(repr((hashes, known.strengths)).encode()).hexdigest()[:16]
    return cache_folder() / "generators" / "pictures" / f"{name}-{part}-{n}-{key}.npy"
