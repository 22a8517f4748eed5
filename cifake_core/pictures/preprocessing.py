"""From a picture of any size to the 32x32 pixels that the networks know."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

import cv2
import numpy as np

from cifake_core.basics.arrays import SIDE, Rgb
from cifake_core.pictures.reading import check_picture
from cifake_core.pictures.records import PreparedPicture

Kernel: TypeAlias = Literal["none", "area", "bicubic"]

#: The ways of shrinking on which no verdict may hang, by what people call them.
KERNELS: Final[Mapping[str, int]] = {
    "area": cv2.INTER_AREA,
    "bilinear": cv2.INTER_LINEAR,
    "bicubic": cv2.INTER_CUBIC,
    "Lanczos": cv2.INTER_LANCZOS4,
}


def prepare(image: Rgb) -> PreparedPicture:
    """Return `image` at 32x32 pixels, with a record of how it got there.

    A picture of 32x32 is copied untouched. Another is cropped to its centre
    square. If that is a 32x32 picture enlarged in blocks, by nearest neighbour,
    those pixels are taken back exactly; else it is shrunk with `cv2.INTER_AREA`,
    or enlarged with `cv2.INTER_CUBIC` if its side is 8 to 31 pixels.

    Args:
        image: (H, W, 3) uint8, RGB; it is not changed.

    Returns:
        The pixels, (32, 32, 3) uint8. Its notes give sizes as width x height;
        its kernel is "none" if no pixel's value was computed.

    Raises:
        InvalidImageError: If `image` has another shape or type, or is beyond
            the limits of `images`.
    """
    check_picture(image)
    height, width = image.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = image[top : top + side, left : left + side]
    pixels, kernel = _resample(square)
    return PreparedPicture(
        pixels=pixels,
        original_height=height,
        original_width=width,
        crop=(top, left, side),
        kernel=kernel,
        notes=(*_crop_notes(height, width), *_kernel_notes(side, kernel)),
    )


def by_kernel(image: Rgb, prepared: PreparedPicture) -> dict[str, Rgb]:
    """Return the square that `prepared` shows, at 32x32 by each of `KERNELS`.

    Args:
        image: (H, W, 3) uint8, RGB.
        prepared: what `prepare` made of it.
    """
    top, left, side = prepared.crop
    square = image[top : top + side, left : left + side]
    return {name: _resize(square, kernel) for name, kernel in KERNELS.items()}


def _resample(square: Rgb) -> tuple[Rgb, Kernel]:
    """Return a copy of `square` at 32x32 and the name of the kernel."""
    blocks = _undo_blocks(square)
    if blocks is not None:
        return blocks, "none"
    if len(square) > SIDE:
        return _resize(square, cv2.INTER_AREA), "area"
    return _resize(square, cv2.INTER_CUBIC), "bicubic"


def _undo_blocks(square: Rgb) -> Rgb | None:
    """Return the 32x32 pixels that were enlarged in blocks to `square`, if so."""
    factor, rest = divmod(len(square), SIDE)
    if not factor or rest:
        return None
    pixels = square[::factor, ::factor].copy()
    blocks = pixels.repeat(factor, axis=0).repeat(factor, axis=1)
    return pixels if np.array_equal(blocks, square) else None


def _resize(square: Rgb, interpolation: int) -> Rgb:
    """Return `square` at 32x32."""
    resized = cv2.resize(square, (SIDE, SIDE), interpolation=interpolation)
    return np.asarray(resized, np.uint8)


def _crop_notes(height: int, width: int) -> tuple[str, ...]:
    """Return the sentence on the crop, if there was one."""
    side = min(height, width)
    if height == width:
        return ()
    return (f"Cropped to the centre {side}x{side} of {width}x{height} pixels.",)


def _kernel_notes(side: int, kernel: Kernel) -> tuple[str, ...]:
    """Return the sentence on the resampling, if there was one."""
    sizes = f"from {side}x{side} to {SIDE}x{SIDE}"
    if side == SIDE:
        return ()
    if kernel == "none":
        block = f"{side // SIDE}x{side // SIDE}"
        return (f"Taken back exactly from {side}x{side}, in blocks of {block}.",)
    if kernel == "area":
        return (f"Shrunk {sizes} by averaging areas (cv2.INTER_AREA).",)
    return (f"Enlarged {sizes} by bicubic interpolation (cv2.INTER_CUBIC).",)
