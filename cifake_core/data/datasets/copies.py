"""Copies of CIFAKE's pictures: by bytes, by pixels, and of its test set nearly so."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from cifake_core.basics.arrays import SIDE, Floats, pixels_sha256
from cifake_core.basics.progress import ProgressCallback, part_of
from cifake_core.data import cifake
from cifake_core.data.archive import SPLITS
from cifake_core.data.cifake import Split

#: Root mean square difference of pixel values, 0 to 255, up to which two pictures are
#: the same one saved anew. Of CIFAKE's photographs none in 1,500 is nearer than 18 to
#: another; JPEG of quality 60 moves 99 % of them by less than 14.
MAX_DIFFERENCE: Final = 14.0

#: Shares of the time after which hashes are there, as a rule at once, and all is.
_HASHED: Final = 0.5
_DECODED: Final = 0.2
#: Pictures between two calls of a progress callback.
_CHUNK: Final = 500
#: Side of the blocks whose means are compared first.
_BLOCK: Final = 4


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Copies:
    """Pictures of a set that are copies of CIFAKE's: (N,) bool each.

    `train` and `test` have the bytes or the pixels of a picture of that split; `near`
    differ from a test picture, or from its mirror image, by `MAX_DIFFERENCE` at most.
    """

    train: npt.NDArray[np.bool_]
    test: npt.NDArray[np.bool_]
    near: npt.NDArray[np.bool_]

    @property
    def of_test(self) -> npt.NDArray[np.bool_]:
        """Copies of test pictures, exact and near ones."""
        return self.test | self.near


def find_copies(
    table: pd.DataFrame,
    images: npt.NDArray[np.uint8],
    data: Path,
    progress: ProgressCallback,
) -> Copies:
    """Copies of CIFAKE's pictures, which are decoded once and kept in the cache.

    Args:
        table: of `entries.Entries`.
        images: of the same.
        data: the zip or folder of CIFAKE.
        progress: told the share done, 0 to 1.

    Raises:
        DatasetError: If CIFAKE cannot be read.
    """
    found = {}
    for number, name in enumerate(SPLITS):
        start, middle, end = (
            _HASHED * (number + share) / len(SPLITS) for share in (0, _DECODED, 1)
        )
        split = cifake.load(data, name, progress=part_of(progress, start, middle))
        hashes = _hashes(split, part_of(progress, middle, end))
        rows = zip(table["sha256"], table["pixels"], strict=True)
        found[name] = np.array([not hashes.isdisjoint(row) for row in rows])
    near = near_copies(images, split.images, part_of(progress, _HASHED, 1))
    return Copies(train=found["train"], test=found["test"], near=near)


def near_copies(
    images: npt.NDArray[np.uint8],
    known: npt.NDArray[np.uint8],
    progress: ProgressCallback,
) -> npt.NDArray[np.bool_]:
    """(N,) True for pictures that nearly are, or mirror, one of those known.

    Args:
        images: (N, 32, 32, 3) uint8.
        known: (M, 32, 32, 3) uint8.
        progress: told the share done, 0 to 1.
    """
    means = _block_means(known)
    found = np.zeros(len(images), np.bool_)
    for start in range(0, len(images), _CHUNK):
        chunk = images[start : start + _CHUNK]
        for seen in (chunk, chunk[:, :, ::-1]):
            found[start : start + _CHUNK] |= _near(seen, known, means)
        progress(min(1.0, (start + _CHUNK) / len(images)))
    return found


def _near(
    images: npt.NDArray[np.uint8], known: npt.NDArray[np.uint8], means: Floats
) -> npt.NDArray[np.bool_]:
    """(N,) True where a picture is near one of those known, which have these `means`.

    Means of blocks differ by no more than their pixels do, so that only pictures whose
    means are near are compared pixel by pixel.
    """
    own = _block_means(images)
    squares = (
        (own**2).sum(axis=1)[:, np.newaxis] + (means**2).sum(axis=1) - 2 * own @ means.T
    )
    near = np.zeros(len(images), np.bool_)
    limit = means.shape[1] * MAX_DIFFERENCE**2
    for at, other in np.argwhere(squares <= limit):
        if not near[at]:
            difference = images[at].astype(np.float32) - known[other]
            near[at] = np.sqrt(np.mean(difference**2)) <= MAX_DIFFERENCE
    return near


def _block_means(images: npt.NDArray[np.uint8]) -> Floats:
    """(N, 192) means of blocks of 4x4 pixels."""
    blocks = SIDE // _BLOCK
    shape = (len(images), blocks, _BLOCK, blocks, _BLOCK, 3)
    means = np.mean(images.reshape(shape), axis=(2, 4), dtype=np.float32)
    return np.asarray(means.reshape(len(images), -1), np.float32)


def _hashes(split: Split, progress: ProgressCallback) -> AbstractSet[str]:
    """SHA-256 of the files of a split and of their pixels."""
    found = set(split.hashes.tolist())
    for number, image in enumerate(split.images, 1):
        found.add(pixels_sha256(image))
        if number % _CHUNK == 0:
            progress(number / len(split.images))
    return found
