"""Region drawn on a map: a polygon as text for an address, and what lies in it."""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats

#: The corners of a polygon, x and y, in order.
Region: TypeAlias = tuple[tuple[float, float], ...]

#: A hand draws hundreds of corners; an address has room for so many.
MAX_CORNERS: Final = 60


def drawn(x: Sequence[float], y: Sequence[float]) -> Region:
    """Return the region with these corners, thinned evenly to at most 60.

    Two corners are those of a box; fewer make no region, ().
    """
    if len(x) == 2:
        x, y = (x[0], x[1], x[1], x[0]), (y[0], y[0], y[1], y[1])
    if len(x) < 3:
        return ()
    num_kept = min(MAX_CORNERS, len(x))
    kept = [index * len(x) // num_kept for index in range(num_kept)]
    return tuple((float(x[index]), float(y[index])) for index in kept)


def to_text(region: Region) -> str:
    """Return a region as `from_text` reads it, its corners to two decimals."""
    return ";".join(f"{x:.2f},{y:.2f}" for x, y in region)


def from_text(text: str) -> Region:
    """Return the region of a text; () if it is none."""
    try:
        pairs = [tuple(map(float, pair.split(","))) for pair in text.split(";")]
        region = tuple((x, y) for x, y in pairs)
    except ValueError:
        return ()
    finite = np.isfinite(np.array(region)).all()
    return region if finite and 3 <= len(region) <= MAX_CORNERS else ()


def inside(places: Floats, region: Region) -> npt.NDArray[np.bool_]:
    """Return the mask, (N,) bool, of places in a region, by the even-odd rule.

    Args:
        places: (N, 2) float32, x and y.
        region: at least three corners.
    """
    from skimage.measure import points_in_poly  # noqa: PLC0415 - only a drawn region

    return np.asarray(points_in_poly(places, region), np.bool_)
