"""Superpixels: a picture cut into pieces that a person can name."""

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Rgb32, as_rgb32

#: A person can read a map of so many pieces, and 32x32 pixels can fill them.
MIN_PIECES, MAX_PIECES = 20, 40
#: Asked of SLIC, which rounds it to a grid: 6x6 pieces on a flat 32x32 picture.
_NUM_PIECES = 50
#: SLIC's weight of nearness against likeness of colour, to begin with.
_COMPACTNESS = 10.0


def segment(pixels: Rgb32) -> npt.NDArray[np.int64]:
    """Return the pieces of a picture by SLIC, numbered from 0.

    The weight of nearness is doubled until the number of pieces is in range, as
    noise needs; the higher it is, the nearer they are to a grid of 6x6 squares.

    Args:
        pixels: (32, 32, 3) uint8, RGB.

    Returns:
        (32, 32) int64 with `MIN_PIECES` to `MAX_PIECES` pieces.

    Source: Achanta et al. 2012, doi:10.1109/TPAMI.2012.120, by scikit-image.
    """
    compactness = _COMPACTNESS
    pieces = _cut(pixels, compactness)
    while not MIN_PIECES <= pieces.max() + 1 <= MAX_PIECES:
        compactness *= 2
        pieces = _cut(pixels, compactness)
    return pieces


def fade(pixels: Rgb32, pieces: npt.NDArray[np.int64]) -> Rgb32:
    """Return a picture with every piece in its mean colour, rounded down as LIME does.

    Args:
        pixels: (32, 32, 3) uint8, RGB.
        pieces: (32, 32) int64, numbered from 0.
    """
    sizes = np.bincount(pieces.ravel())
    sums = [np.bincount(pieces.ravel(), pixels[..., c].ravel()) for c in range(3)]
    colours = (np.stack(sums, axis=-1) / sizes[:, np.newaxis]).astype(np.uint8)
    return as_rgb32(colours[pieces])


def _cut(pixels: Rgb32, compactness: float) -> npt.NDArray[np.int64]:
    """Return the pieces that SLIC finds with this weight of nearness."""
    from skimage.segmentation import slic  # noqa: PLC0415 - imports slowly

    return np.asarray(
        slic(pixels, n_segments=_NUM_PIECES, compactness=compactness, start_label=0),
        np.int64,
    )
