"""Perceptual hashes of a picture: alike for pictures that look alike."""

from typing import Final

import cv2
import numpy as np

from cifake_core.basics.arrays import Rgb, Rgb32

#: Hexadecimal digits of a hash; it has 64 bits.
DIGITS: Final = 16
#: Low frequencies to a side that the hash is of.
_FREQUENCIES: Final = 8
#: Rows of the dHash, and its steps in a row.
_GRADIENTS: Final = 8
#: Pixels of the shorter side that the dHash needs no more of.
_THINNED: Final = 256
#: Sizes of cosine terms below are rounding errors: a flat picture has no frequencies.
_DECIMALS: Final = 2


def perceptual_hash(image: Rgb32) -> str:
    """Return the 64-bit pHash of a picture, in hexadecimal.

    A bit says whether one of the 64 lowest frequencies of the luminance is above their
    median, row by row, the first the highest bit; 32x32 pixels are what pHash shrinks
    every picture to.

    Source: Zauner 2010, "Implementation and benchmarking of perceptual image hash
    functions", section 3.2.1.
    """
    luminance = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    terms = cv2.dct(luminance)[:_FREQUENCIES, :_FREQUENCIES].round(_DECIMALS)
    bits = np.packbits(terms.ravel() > np.median(terms))
    return bits.tobytes().hex()


def difference_hash(image: Rgb) -> str:
    """Return the 64-bit dHash of a picture of any size, in hexadecimal.

    A bit says whether the luminance grows to the right between two of 8 rows of 9
    means, the first the highest bit. A large picture is thinned out first, which its
    means hardly notice.

    Source: Krawetz 2013, "Kind of like that" (The Hacker Factor Blog).
    """
    step = max(1, min(image.shape[:2]) // _THINNED)
    thin = np.ascontiguousarray(image[::step, ::step])
    size = (_GRADIENTS + 1, _GRADIENTS)
    small = cv2.resize(thin, size, interpolation=cv2.INTER_AREA)
    luminance = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    bits = np.packbits(luminance[:, 1:] > luminance[:, :-1])
    return bits.tobytes().hex()


def hamming_distance(one: str, other: str) -> int:
    """Number of bits, 0 to 64, in which two hashes differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
