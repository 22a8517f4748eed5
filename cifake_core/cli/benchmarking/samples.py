"""Sample pictures of the benchmark: the shipped ones of the networks' own size."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Rgb, Rgb32
from cifake_core.basics.places import ASSETS
from cifake_core.pictures.filters import stack_batch
from cifake_core.pictures.preprocessing import crop_and_resize
from cifake_core.pictures.reading import read_picture


def sample_files() -> list[Path]:
    """Return the samples of 32x32 pixels."""
    return sorted((ASSETS / "samples").glob("*_32.png"))


def sample_pictures() -> list[Rgb32]:
    """Return the pixels of those samples, each (32, 32, 3)."""
    return [crop_and_resize(read_picture(file).pixels) for file in sample_files()]


def channel_means(pictures: Sequence[Rgb]) -> npt.NDArray[np.float64]:
    """Return each channel's mean, (6,), which stands for an absent one."""
    return np.asarray(stack_batch(np.stack(pictures)).mean(axis=(0, 2, 3)))


def tiled(pictures: Sequence[Rgb], count: int) -> npt.NDArray[np.uint8]:
    """Return `count` pictures, the samples over and over, (count, 32, 32, 3)."""
    return np.stack(pictures)[np.arange(count) % len(pictures)]
