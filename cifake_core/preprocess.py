"""From a picture of any size to the 32x32 pixels that the networks know."""

from typing import Literal, TypeAlias

import cv2
import numpy as np

from cifake_core.arrays import SIDE, Rgb
from cifake_core.images import check_picture
from cifake_core.results import Prepared

Kernel: TypeAlias = Literal["none", "area", "bicubic"]


def prepare(image: Rgb) -> Prepared:
    """Return `image` at 32x32 pixels, with a record of how it got there.

    A picture of 32x32 is copied untouched. Another is cropped to its centre
    square, which is shrunk with `cv2.INTER_AREA`, or enlarged with
    `cv2.INTER_CUBIC` if its side is 8 to 31 pixels.

    Args:
        image: (H, W, 3) uint8, RGB; it is not changed.

    Returns:
        The pixels, (32, 32, 3) uint8. Its notes give sizes as width x height;
        its kernel is "none" if a crop alone gave 32x32.

    Raises:
        InvalidImageError: If `image` has another shape or type, or is beyond
            the limits of `images`.
    """
    check_picture(image)
    height, width = image.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    pixels, kernel = _resample(image[top : top + side, left : left + side])
    return Prepared(
        pixels=pixels,
        original_height=height,
        original_width=width,
        crop=(top, left, side),
        kernel=kernel,
        notes=(*_crop_notes(height, width), *_kernel_notes(side, kernel)),
    )


def _resample(square: Rgb) -> tuple[Rgb, Kernel]:
    """Return a copy of `square` at 32x32 and the name of the kernel."""
    if len(square) == SIDE:
        return square.copy(), "none"
    if len(square) > SIDE:
        return _resize(square, cv2.INTER_AREA), "area"
    return _resize(square, cv2.INTER_CUBIC), "bicubic"


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
    if kernel == "none":
        return ()
    if kernel == "area":
        return (f"Shrunk {sizes} by averaging areas (cv2.INTER_AREA).",)
    return (f"Enlarged {sizes} by bicubic interpolation (cv2.INTER_CUBIC).",)
