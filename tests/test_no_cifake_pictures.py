"""Pictures of the data set never enter the repository, in whatever file."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cifake_core.basics.arrays import SIDE, pixels_sha256
from cifake_core.basics.places import CHECKOUT
from cifake_core.data import cifake
from cifake_core.pictures.reading import read_picture

pytestmark = [pytest.mark.data, pytest.mark.slow]

PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"}
#: Endings of all that may be large: pictures, arrays, scores and weights.
KNOWN = {*PICTURES, ".npz", ".parquet", ".keras", ".tflite"}
#: Bytes of a file that no other ending may have.
LARGE = 1024**2


def tracked() -> list[Path]:
    """Return the files that Git tracks."""
    if not (CHECKOUT / ".git").exists():
        pytest.skip("needs a checkout of Git: this is a copy of the files alone")
    told = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - Git of the path
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
        text=True,
    )
    return [CHECKOUT / name for name in told.stdout.split("\0") if name]


def pictures(path: Path) -> Iterator[np.ndarray]:
    """Yield the pictures of 32x32 pixels in a file, (32, 32, 3) uint8."""
    if path.suffix in PICTURES:
        pixels = read_picture(path.read_bytes()).pixels
        if pixels.shape == (SIDE, SIDE, 3):
            yield pixels
    elif path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as arrays:
            for name in arrays.files:
                found = arrays[name]
                if found.dtype == np.uint8 and found.shape[-3:] == (SIDE, SIDE, 3):
                    yield from found.reshape(-1, SIDE, SIDE, 3)


def test_no_tracked_picture_is_one_of_cifakes(cifake_data: Path):
    """By their pixels, also in the galleries, mean pictures and samples."""
    theirs = {
        pixels_sha256(image)
        for part in ("train", "test")
        for image in cifake.load(cifake_data, part).images
    }
    ours = [each for path in tracked() for each in pictures(path)]

    assert len(ours) > 200
    assert not theirs & set(map(pixels_sha256, ours))


def test_no_other_file_has_room_for_them():
    """Large ones are of known kinds, and tables of scores hold no bytes."""
    files = tracked()
    tables = [pq.read_schema(path) for path in files if path.suffix == ".parquet"]

    assert [
        p for p in files if p.stat().st_size > LARGE and p.suffix not in KNOWN
    ] == []
    assert len(tables) > 10
    assert not any(pa.types.is_binary(kind) for held in tables for kind in held.types)
