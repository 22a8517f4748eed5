"""Pixel replacements: the values of pixels that are taken away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Rgb32, as_rgb32

#: Pixels; what is finer than about twice this is gone.
_BLUR_SIGMA: Final = 4.0


def blurred(pixels: Rgb32) -> Rgb32:
    """Return a picture without its texture: blurred with a sigma of 4 pixels."""
    smooth: npt.NDArray[np.uint8] = np.asarray(
        cv2.GaussianBlur(pixels, (0, 0), _BLUR_SIGMA), np.uint8
    )
    return as_rgb32(smooth)


def mean_colour(pixels: Rgb32) -> Rgb32:
    """Return a picture of one colour: the mean of `pixels`, rounded."""
    colour = np.rint(pixels.mean(axis=(0, 1))).astype(np.uint8)
    return as_rgb32(np.broadcast_to(colour, pixels.shape))


@dataclass(frozen=True, kw_only=True, slots=True)
class PixelReplacement:
    """Replacement of pixels that are taken away, made from the picture."""

    title: str
    fill: Callable[[Rgb32], Rgb32]


#: In menu order.
PIXEL_REPLACEMENTS: Final[Mapping[str, PixelReplacement]] = {
    "blurred": PixelReplacement(title="Blurred picture", fill=blurred),
    "mean_colour": PixelReplacement(title="Mean colour", fill=mean_colour),
}
