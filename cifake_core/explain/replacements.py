"""Replacement values for pixels that are taken away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from cifake_core.basics.arrays import Rgb

#: Pixels; what is finer than about twice this is gone.
_BLUR_SIGMA: Final = 4.0


def blurred(image: Rgb) -> Rgb:
    """Return `image` without its texture: blurred with a sigma of 4 pixels."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), _BLUR_SIGMA), np.uint8)


def mean_colour(image: Rgb) -> Rgb:
    """Return a picture like `image` that is nothing but its mean colour, rounded."""
    colour = np.rint(image.mean(axis=(0, 1))).astype(np.uint8)
    return np.broadcast_to(colour, image.shape)


@dataclass(frozen=True, kw_only=True, slots=True)
class Replacement:
    """What stands where pixels are taken away."""

    title: str
    fill: Callable[[Rgb], Rgb]


#: In menu order.
REPLACEMENTS: Final[Mapping[str, Replacement]] = {
    "blurred": Replacement(title="Blurred picture", fill=blurred),
    "mean_colour": Replacement(title="Mean colour", fill=mean_colour),
}
