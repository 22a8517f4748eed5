"""JPEG grid: the traces of the compression that all of CIFAKE went through.

Every CIFAKE picture was saved as JPEG at 32x32 pixels with one quantisation table.
Decoded, saved as PNG or enlarged without smoothing, it keeps the mark: the cosine
coefficients of its 8x8 blocks lie near multiples of that table's steps. A picture
that was shrunk from elsewhere, shifted or smoothed has lost it, or never had it.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.fft import dctn

_BLOCK: Final = 8
#: Luminance steps at quality 75: Annex K.1 of ITU-T T.81, halved as libjpeg does.
_STEPS: Final = np.array(
    [
        [8, 6, 5, 8, 12, 20, 26, 31],
        [6, 6, 7, 10, 13, 29, 30, 28],
        [7, 7, 8, 12, 20, 29, 35, 28],
        [7, 9, 11, 15, 26, 44, 40, 31],
        [9, 11, 19, 28, 34, 55, 52, 39],
        [12, 18, 28, 32, 41, 52, 57, 46],
        [25, 32, 39, 44, 52, 61, 60, 51],
        [36, 46, 48, 49, 56, 50, 52, 50],
    ]
)
_LUMA: Final = (0.299, 0.587, 0.114)
#: Coefficients below this many steps are near 0 in any picture and tell nothing.
_LEAST: Final = 0.3
#: Of fewer coefficients the mean is left to chance; pictures of CIFAKE have more.
_FEWEST: Final = 40
_FARTHEST: Final = 0.5


def grid_distance(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Return the distance of pictures to the grid of CIFAKE's compression.

    Args:
        images: (N, 32, 32, 3) uint8, RGB.

    Returns:
        (N,) float64: the mean distance of the luma's cosine coefficients from the
        next multiple of their step, in steps, over those that are not near 0. The
        blocks' means are left out: whole numbers lie on their grid by themselves.
        About 0.05 for a picture of CIFAKE, 0.28 for one without any such grid; 0.5
        for a picture that is too flat to tell.

    Source: after Fan & de Queiroz 2003, doi:10.1109/TIP.2002.807361.
    """
    luma = images @ np.array(_LUMA) - 128
    num_images, height, width = luma.shape
    blocks = luma.reshape(
        num_images, height // _BLOCK, _BLOCK, width // _BLOCK, _BLOCK
    ).swapaxes(2, 3)
    steps = dctn(blocks, axes=(-2, -1), norm="ortho") / _STEPS
    telling = np.abs(steps) > _LEAST
    telling[..., 0, 0] = False
    distance = np.where(telling, np.abs(steps - np.rint(steps)), 0)
    axes = (1, 2, 3, 4)
    count = telling.sum(axis=axes)
    mean = distance.sum(axis=axes) / np.maximum(count, 1)
    return np.where(count >= _FEWEST, mean, _FARTHEST)
