"""Kinds of superpixels: the colour of a piece in a word, and how rough it is."""

from typing import Final, Literal, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats, Rgb32

Color: TypeAlias = Literal[
    "dark", "grey", "white", "red", "yellow", "green", "blue", "purple"
]
Texture: TypeAlias = Literal["smooth", "middling", "rough"]

COLORS: Final[tuple[Color, ...]] = (
    *("dark", "grey", "white"),
    *("red", "yellow", "green", "blue", "purple"),
)
TEXTURES: Final[tuple[Texture, ...]] = ("smooth", "middling", "rough")
#: A kind is a colour and a texture; its number counts through the textures of each
#: colour in turn.
NUM_KINDS: Final = len(COLORS) * len(TEXTURES)

#: Of 255. Below the first a piece is dark, and one that is as good as without colour
#: is white from the second on, else grey.
_DARK, _WHITE = 48, 192
#: The largest less the smallest of red, green and blue, below which there is no hue.
_HUELESS: Final = 24
#: Where each hue ends, in degrees: red (which goes on below 360), yellow with orange
#: and brown, green, blue with cyan, purple with pink.
_HUE_ENDS: Final = (15, 70, 170, 260, 340)


def colors_of(colors: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Return the number in `COLORS` of each of P colours, (P,), from (P, 3) RGB."""
    brightest = colors.max(axis=1).astype(int)
    hueless = brightest - colors.min(axis=1) < _HUELESS
    pixels = np.asarray(colors, np.float32)[np.newaxis] / 255
    degrees = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)[0, :, 0]
    first = COLORS.index("red")
    hues = first + np.searchsorted(_HUE_ENDS, degrees, side="right") % len(_HUE_ENDS)
    greys = np.where(brightest >= _WHITE, COLORS.index("white"), COLORS.index("grey"))
    found = np.where(hueless, greys, hues)
    return np.where(brightest < _DARK, COLORS.index("dark"), found)


def roughness(pixels: Rgb32, pieces: npt.NDArray[np.int64]) -> Floats:
    """Return how rough each piece is: the standard deviation of its luma.

    Args:
        pixels: (32, 32, 3) uint8, RGB.
        pieces: (32, 32) int64, numbered from 0.

    Returns:
        (P,) float32, of 255; 0 for a piece of one brightness.
    """
    luma = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).ravel().astype(np.float64)
    flat = pieces.ravel()
    sizes = np.bincount(flat)
    means = np.bincount(flat, luma) / sizes
    return np.sqrt(np.bincount(flat, (luma - means[flat]) ** 2) / sizes).astype(
        np.float32
    )


def kinds_of(
    colors: npt.NDArray[np.int64], rough: Floats, edges: npt.NDArray[np.floating]
) -> npt.NDArray[np.int64]:
    """Return the kind of each of P pieces, (P,), 0 to `NUM_KINDS` - 1.

    Args:
        colors: (P,) numbers in `COLORS`.
        rough: (P,) as `roughness` returns it.
        edges: (2,) from which roughness on a piece is middling, and rough.
    """
    return colors * len(TEXTURES) + np.searchsorted(edges, rough, side="right")


def kind_name(kind: int) -> str:
    """Words for a kind: "rough green"."""
    color, texture = divmod(kind, len(TEXTURES))
    return f"{TEXTURES[texture]} {COLORS[color]}"
