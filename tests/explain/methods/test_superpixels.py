"""Pieces that fit 32x32 pixels, and what is left of them without their detail."""

import json
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE
from cifake_core.explain.methods.superpixels import (
    MAX_PIECES,
    MIN_PIECES,
    fade,
    segment,
)
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.reading import read_picture
from tests.fakes import checker, noise

ASSETS = Path(__file__).resolve().parents[3] / "assets"
SAMPLES = [
    sample["file"]
    for sample in json.loads((ASSETS / "samples.json").read_text(encoding="utf-8"))
]


def ramp() -> np.ndarray:
    """Return a grey picture that grows brighter from left to right."""
    row = np.linspace(0, 255, SIDE).astype(np.uint8)
    return np.broadcast_to(row[None, :, None], (SIDE, SIDE, 3)).copy()


def check_pieces(pieces: np.ndarray) -> None:
    """Check that the pieces are numbered without a gap, and how many there are."""
    numbers = np.unique(pieces)
    np.testing.assert_array_equal(numbers, np.arange(len(numbers)))
    assert pieces.shape == (SIDE, SIDE)
    assert pieces.dtype == np.int64
    assert MIN_PIECES <= len(numbers) <= MAX_PIECES


@pytest.mark.parametrize("file", SAMPLES)
def test_a_natural_picture_is_cut_into_a_readable_number(file):
    """Every sample gives 20 to 40 pieces."""
    picture = read_picture(ASSETS / "samples" / file)

    pieces = segment(prepare(picture.pixels).pixels)

    check_pieces(pieces)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((SIDE, SIDE, 3), np.uint8),
        np.full((SIDE, SIDE, 3), 90, np.uint8),
        ramp(),
        noise(),
        (127 + 127 * checker()).astype(np.uint8)[..., None].repeat(3, axis=2),
    ],
    ids=["black", "grey", "ramp", "noise", "checker"],
)
def test_an_odd_picture_is_cut_too(image):
    """Flat, smooth and wild pictures give 20 to 40 pieces as well."""
    pieces = segment(image)

    check_pieces(pieces)


def test_pieces_follow_an_edge():
    """No piece lies on both sides of a strong edge."""
    image = np.zeros((SIDE, SIDE, 3), np.uint8)
    image[:, 13:] = 255

    pieces = segment(image)

    assert not set(pieces[:, :13].ravel()) & set(pieces[:, 13:].ravel())


def test_fading_leaves_the_mean_colour_of_each_piece():
    """Means are taken piece by piece and colour by colour, and rounded down."""
    image = np.zeros((SIDE, SIDE, 3), np.uint8)
    image[0, 0] = 10, 20, 255
    image[0, 1] = 11, 40, 0
    pieces = np.ones((SIDE, SIDE), np.int64)
    pieces[0, :2] = 0

    faded = fade(image, pieces)

    np.testing.assert_array_equal(faded[0, :2], [[10, 30, 127]] * 2)
    assert not faded[1:].any()
    assert faded.dtype == np.uint8
    assert image[0, 0, 0] == 10
