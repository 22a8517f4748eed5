"""Preprocessing: from a picture of any size to the 32x32 that the networks know."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import SIDE, Rgb, Rgb32, as_rgb32, pixels_sha256
from cifake_core.pictures.filters import stack
from cifake_core.pictures.jpeg_grid import grid_distance
from cifake_core.pictures.reading import check_picture
from cifake_core.pictures.records import Kernel, PreparedPicture

#: Resampling kernels on which no verdict may depend, by what people call them.
KERNELS: Final[Mapping[str, int]] = {
    "area": cv2.INTER_AREA,
    "bilinear": cv2.INTER_LINEAR,
    "bicubic": cv2.INTER_CUBIC,
    "Lanczos": cv2.INTER_LANCZOS4,
}


def prepare(image: Rgb) -> PreparedPicture:
    """Prepared picture: `image` at 32x32 pixels, filtered, hashed and measured.

    A picture of 32x32 is copied untouched. Another is cropped to its centre
    square. If that is a 32x32 picture enlarged in blocks, by nearest neighbour,
    those pixels are taken back exactly; else it is shrunk with `cv2.INTER_AREA`,
    or enlarged with `cv2.INTER_CUBIC` if its side is 8 to 31 pixels.

    Args:
        image: (H, W, 3) uint8, RGB; it is not changed.

    Returns:
        The record, with read-only arrays. Its notes give sizes as width x height.

    Raises:
        InvalidImageError: If `image` has another shape or type, or is beyond
            the limits of `reading`.
    """
    check_picture(image)
    height, width = image.shape[:2]
    crop = _centre_square(image)
    pixels, kernel = _resample(crop.pixels)
    planes = stack(pixels)
    resampled = {} if kernel == "none" else _by_kernel(crop.pixels)
    for array in (pixels, planes, *resampled.values()):
        array.setflags(write=False)
    return PreparedPicture(
        pixels=pixels,
        planes=planes,
        sha256=pixels_sha256(pixels),
        grid_distance=float(grid_distance(pixels[np.newaxis])[0]),
        original_height=height,
        original_width=width,
        crop=(crop.top, crop.left, len(crop.pixels)),
        kernel=kernel,
        resampled=resampled,
        notes=(
            *_crop_notes(height, width),
            *_kernel_notes(len(crop.pixels), kernel),
        ),
    )


def crop_and_resize(image: Rgb) -> Rgb32:
    """The pixels of `prepare(image)` alone, for sets of many pictures.

    Args:
        image: (H, W, 3) uint8, RGB; it is not changed.

    Returns:
        (32, 32, 3) uint8, a copy.

    Raises:
        InvalidImageError: As `prepare` does.
    """
    check_picture(image)
    return _resample(_centre_square(image).pixels)[0]


class _Crop(NamedTuple):
    """Centre square of a picture, and where it begins in it."""

    pixels: Rgb
    top: int
    left: int


def _centre_square(image: Rgb) -> _Crop:
    """Largest square in the middle of a picture, a view of it."""
    height, width = image.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return _Crop(image[top : top + side, left : left + side], top, left)


def _resample(square: Rgb) -> tuple[Rgb32, Kernel]:
    """Copy of `square` at 32x32, and the name of the kernel."""
    blocks = _undo_blocks(square)
    if blocks is not None:
        return blocks, "none"
    if len(square) > SIDE:
        return _resize(square, cv2.INTER_AREA), "area"
    return _resize(square, cv2.INTER_CUBIC), "bicubic"


def _by_kernel(square: Rgb) -> dict[str, Rgb32]:
    """The square at 32x32 by each of `KERNELS`."""
    return {name: _resize(square, kernel) for name, kernel in KERNELS.items()}


def _undo_blocks(square: Rgb) -> Rgb32 | None:
    """The 32x32 pixels that were enlarged in blocks to `square`, if they were."""
    factor, rest = divmod(len(square), SIDE)
    if not factor or rest:
        return None
    pixels = square[::factor, ::factor].copy()
    blocks = pixels.repeat(factor, axis=0).repeat(factor, axis=1)
    return as_rgb32(pixels) if np.array_equal(blocks, square) else None


def _resize(square: Rgb, interpolation: int) -> Rgb32:
    """The square at 32x32."""
    resized: npt.NDArray[np.uint8] = np.asarray(
        cv2.resize(square, (SIDE, SIDE), interpolation=interpolation), np.uint8
    )
    return as_rgb32(resized)


def _crop_notes(height: int, width: int) -> tuple[str, ...]:
    """Sentence on the crop, if there was one."""
    side = min(height, width)
    if height == width:
        return ()
    return (f"Cropped to the centre {side}x{side} of {width}x{height} pixels.",)


def _kernel_notes(side: int, kernel: Kernel) -> tuple[str, ...]:
    """Sentence on the resampling, if there was one."""
    sizes = f"from {side}x{side} to {SIDE}x{SIDE}"
    if side == SIDE:
        return ()
    if kernel == "none":
        block = f"{side // SIDE}x{side // SIDE}"
        return (f"Taken back exactly from {side}x{side}, in blocks of {block}.",)
    if kernel == "area":
        return (f"Shrunk {sizes} by averaging areas (cv2.INTER_AREA).",)
    return (f"Enlarged {sizes} by bicubic interpolation (cv2.INTER_CUBIC).",)
