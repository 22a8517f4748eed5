"""CIFAKE's form: any picture as the files of that data set show it.

A fake that was saved without loss differs from CIFAKE's photographs in how it was
saved, before anybody asks how it was made. So both are brought to one form first.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np

from cifake_core.basics.arrays import SIDE, Rgb32, as_rgb32
from cifake_core.pictures.corruptions import recompress
from cifake_core.pictures.file_form import FileForm, Tables, file_form
from cifake_core.pictures.preprocessing import crop_and_resize
from cifake_core.pictures.reading import read_picture

#: Quality of the JPEG files of CIFAKE.
CIFAKE_QUALITY: Final = 75


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class CifakePicture:
    """Picture in CIFAKE's form: `pixels`, and how it came.

    `resized` has its pixels at 32x32 before it was saved as CIFAKE's are: two files
    with the same ones show the same picture, however they were saved without loss.
    """

    pixels: Rgb32
    resized: Rgb32
    file: FileForm


def in_cifake_form(source: bytes) -> Rgb32:
    """Pixels of a picture file in the form of CIFAKE's; see `bring_to_cifake_form`."""
    return bring_to_cifake_form(source).pixels


def bring_to_cifake_form(source: bytes) -> CifakePicture:
    """Picture file in the form of CIFAKE's.

    A JPEG of 32x32 pixels with CIFAKE's quantisation tables is read as it is. Any
    other picture is cropped and resized to 32x32 as the app does, saved as such a
    JPEG and read again.

    Args:
        source: the bytes of the file.

    Raises:
        InvalidImageError: If it is not a usable picture, see `reading.read_picture`.
    """
    resized = crop_and_resize(read_picture(source).pixels)
    file = file_form(source)
    if (file.width, file.height) == (SIDE, SIDE) and file.tables == _cifake_tables():
        return CifakePicture(pixels=resized, resized=resized, file=file)
    pixels = as_rgb32(recompress(resized, quality=CIFAKE_QUALITY))
    return CifakePicture(pixels=pixels, resized=resized, file=file)


@lru_cache(maxsize=1)
def _cifake_tables() -> Tables:
    """Those of CIFAKE, from a picture saved so."""
    grey = np.full((SIDE, SIDE, 3), 128, np.uint8)
    options = [cv2.IMWRITE_JPEG_QUALITY, CIFAKE_QUALITY]
    return file_form(cv2.imencode(".jpg", grey, options)[1].tobytes()).tables
