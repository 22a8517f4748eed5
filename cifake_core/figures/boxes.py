"""Boxes of objects drawn on a picture, with their numbers."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from cifake_core.basics.arrays import Rgb
from cifake_core.figures.heat_maps import fit
from cifake_core.objects.records import DetectedObject

_BLACK: Final = (0, 0, 0)
_WHITE: Final = (255, 255, 255)
_FONT: Final = cv2.FONT_HERSHEY_SIMPLEX


def boxed(image: Rgb, found: Sequence[DetectedObject], *, side: int) -> Rgb:
    """Return a picture with the boxes of objects, numbered from 1.

    Lines are white between black: they are seen on black, on white and by those who
    see no colours.

    Args:
        image: (H, W, 3) uint8, RGB.
        found: the objects on it.
        side: the largest height and width of the result, in pixels.
    """
    drawn = fit(image, side=side).copy()
    share = drawn.shape[0] / image.shape[0]
    for number, each in enumerate(found, start=1):
        first = round(each.left * share), round(each.top * share)
        last = (
            round((each.left + each.width) * share) - 1,
            round((each.top + each.height) * share) - 1,
        )
        for color, thickness in ((_BLACK, 6), (_WHITE, 2)):
            cv2.rectangle(drawn, first, last, color, thickness)
        place = first[0] + 6, min(first[1] + 24, drawn.shape[0] - 4)
        for color, thickness in ((_BLACK, 5), (_WHITE, 2)):
            cv2.putText(drawn, str(number), place, _FONT, 0.8, color, thickness)
    return np.asarray(drawn, np.uint8)
