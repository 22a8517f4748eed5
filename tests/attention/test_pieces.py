"""Kinds of superpixels: colours that anyone would name, and roughness."""

import numpy as np
import pytest

from cifake_core.attention.pieces import (
    COLORS,
    NUM_KINDS,
    colors_of,
    kind_name,
    kinds_of,
    roughness,
)
from cifake_core.basics.arrays import SIDE
from tests import made_data


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((0, 0, 0), "dark"),
        ((30, 10, 40), "dark"),
        ((120, 125, 118), "grey"),
        ((250, 250, 250), "white"),
        ((200, 20, 30), "red"),
        ((220, 30, 90), "red"),  # beyond 340 degrees: hues go round
        ((150, 100, 40), "yellow"),  # brown
        ((240, 220, 60), "yellow"),
        ((40, 140, 60), "green"),
        ((90, 160, 230), "blue"),
        ((150, 60, 200), "purple"),
        ((230, 120, 200), "purple"),  # pink
    ],
)
def test_a_colour_has_its_name(rgb, name):
    """Dark and pale ones by brightness, the others by hue."""
    (number,) = colors_of(np.array([rgb], np.uint8))

    assert COLORS[number] == name


def test_one_brightness_is_smooth_and_a_checker_is_rough():
    """Each piece is measured about its own mean, so that a step between is nothing."""
    pieces = np.zeros((SIDE, SIDE), np.int64)
    pieces[:, SIDE // 2 :] = 1
    pixels = made_data.even(50, 50, 50)
    pixels[:, SIDE // 2 :] = 150
    pixels[::2, SIDE // 2 :] = 170

    assert roughness(pixels, pieces).tolist() == [0, 10]


def test_kinds_count_through_the_textures_of_each_colour():
    """What is as rough as an edge lies above it."""
    kinds = kinds_of(np.array([0, 0, 1]), np.array([1, 5, 9]), np.array([5, 8]))

    assert kinds.tolist() == [0, 1, 5]
    assert [kind_name(kind) for kind in (0, 1, 5)] == [
        "smooth dark",
        "middling dark",
        "rough grey",
    ]
    assert kind_name(NUM_KINDS - 1) == "rough purple"
