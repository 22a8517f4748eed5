"""Array types that cross room borders: pictures, planes, float arrays."""

import hashlib
from typing import NewType, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.errors import InvalidImageError

#: Picture of any size: (H, W, 3) uint8, RGB.
Rgb: TypeAlias = npt.NDArray[np.uint8]
#: Picture at the networks' size: (32, 32, 3) uint8, RGB. Made by `as_rgb32`, so that
#: a picture of any other size is an error of types.
Rgb32 = NewType("Rgb32", npt.NDArray[np.uint8])
#: (H, W) uint8.
Plane: TypeAlias = npt.NDArray[np.uint8]
#: (6, H, W) uint8, in the order of `filters.FILTERS`.
Planes: TypeAlias = npt.NDArray[np.uint8]
#: float32 of any shape; the docstring beside it gives the shape.
Floats: TypeAlias = npt.NDArray[np.float32]

#: Height and width, in pixels, of every picture of CIFAKE.
SIDE = 32


def check_rgb(image: Rgb) -> None:
    """Check of a picture's shape and type.

    Raises:
        InvalidImageError: Unless `image` is (H, W, 3) uint8.
    """
    if image.ndim != 3 or image.shape[2] != 3:
        msg = f"Expected an RGB image of shape (H, W, 3). Received shape {image.shape}."
        raise InvalidImageError(msg)
    if image.dtype != np.uint8:
        msg = (
            f"Expected pixels of type uint8, 0 to 255. Received {image.dtype}. "
            "Read the file with `pictures.reading.read_picture`, which converts it."
        )
        raise InvalidImageError(msg)


def as_rgb32(image: Rgb) -> Rgb32:
    """Picture at the networks' size, checked; the same array, not a copy.

    Raises:
        InvalidImageError: Unless `image` is (32, 32, 3) uint8.
    """
    check_rgb(image)
    if image.shape[:2] != (SIDE, SIDE):
        height, width = image.shape[:2]
        msg = (
            f"Expected a picture of {SIDE}x{SIDE} pixels. Received {width}x{height}; "
            "bring it to that size with `pictures.preprocessing.prepare`."
        )
        raise InvalidImageError(msg)
    return Rgb32(image)


def pixels_sha256(image: Rgb) -> str:
    """SHA-256 of a picture's pixels, row by row, in hexadecimal."""
    return hashlib.sha256(np.ascontiguousarray(image).data).hexdigest()


def unit_range(values: npt.NDArray[np.floating]) -> Floats:
    """Values divided by the largest size among them, so that they lie in -1 to 1.

    Zeros stay zeros.
    """
    largest = float(np.abs(values).max(initial=0))
    return np.asarray(values / largest if largest > 0 else values, np.float32)
