"""Array types that cross module borders, and the check for a picture."""

import hashlib
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.errors import InvalidImageError

#: (H, W, 3) uint8, RGB.
Rgb: TypeAlias = npt.NDArray[np.uint8]
#: (H, W) uint8.
Plane: TypeAlias = npt.NDArray[np.uint8]
#: (6, H, W) uint8, in the order of `filters.FILTERS`.
Planes: TypeAlias = npt.NDArray[np.uint8]
#: float32 of any shape; the docstring beside it gives the shape.
Floats: TypeAlias = npt.NDArray[np.float32]

#: Height and width, in pixels, of every picture of CIFAKE.
SIDE = 32


def check_rgb(image: Rgb) -> None:
    """Raise `InvalidImageError` unless `image` is (H, W, 3) uint8."""
    if image.ndim != 3 or image.shape[2] != 3:
        msg = f"Expected an RGB image of shape (H, W, 3). Received shape {image.shape}."
        raise InvalidImageError(msg)
    if image.dtype != np.uint8:
        msg = (
            f"Expected pixels of type uint8, 0 to 255. Received {image.dtype}. "
            "Read the file with `images.read_picture`, which converts it."
        )
        raise InvalidImageError(msg)


def pixels_sha256(image: Rgb) -> str:
    """Return the SHA-256 of a picture's pixels, row by row."""
    return hashlib.sha256(np.ascontiguousarray(image).data).hexdigest()
