"""Portraits: a user's picture, small, and nothing in it but its pixels."""

from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from cifake_core.pictures.reading import read_picture

#: Pixels of each side.
SIDE: Final = 128


def portrait(file: bytes) -> bytes:
    """PNG of a picture's middle; place, camera and words of the file stay behind.

    Raises:
        InvalidImageError: If it is no picture.
    """
    image = Image.fromarray(read_picture(file).pixels)
    out = BytesIO()
    ImageOps.fit(image, (SIDE, SIDE)).save(out, "PNG", optimize=True)
    return out.getvalue()
