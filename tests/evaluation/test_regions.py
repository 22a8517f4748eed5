"""Regions drawn by hand: what lies in them, and how an address holds them."""

import numpy as np
import pytest

from cifake_core.evaluation import regions

SQUARE = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0))
#: A U, open above: the notch is outside.
NOTCHED = (
    *((0.0, 0.0), (3.0, 0.0), (3.0, 3.0), (2.0, 3.0)),
    *((2.0, 1.0), (1.0, 1.0), (1.0, 3.0), (0.0, 3.0)),
)


@pytest.mark.parametrize(
    ("region", "place", "expected"),
    [
        (SQUARE, (1, 1), True),
        (SQUARE, (3, 1), False),
        (SQUARE, (-1, 1), False),
        (SQUARE, (1, 2.5), False),
        (NOTCHED, (0.5, 2), True),
        (NOTCHED, (1.5, 2), False),
        (NOTCHED, (1.5, 0.5), True),
    ],
)
def test_what_lies_inside(region, place, expected):
    """Either way round, whatever side is the first."""
    places = np.array([place], np.float32)

    for corners in (region, region[::-1], (*region[2:], *region[:2])):
        assert regions.inside(places, corners).tolist() == [expected]


def test_a_box_has_four_corners():
    """Two opposite corners are enough."""
    box = regions.drawn([2.0, 0.0], [0.0, 2.0])

    places = np.array([[1, 1], [3, 1]], np.float32)
    assert len(box) == 4
    assert regions.inside(places, box).tolist() == [True, False]


def test_many_corners_are_thinned():
    """A circle of 1,000 corners keeps its form with sixty."""
    angles = np.linspace(0, 2 * np.pi, 1000, endpoint=False)

    circle = regions.drawn(np.cos(angles).tolist(), np.sin(angles).tolist())

    radius = np.array([[0.98, 0], [0, -0.98], [1.02, 0], [0, 1.02]], np.float32)
    assert len(circle) == regions.MAX_CORNERS
    assert regions.inside(radius, circle).tolist() == [True, True, False, False]


def test_a_click_is_no_region():
    """Less than two corners enclose nothing."""
    assert regions.drawn([], []) == ()
    assert regions.drawn([1.0], [1.0]) == ()


def test_a_region_comes_back_from_its_text():
    """To two decimals, which is finer than a point on the screen."""
    text = regions.to_text(((0.123, -4.0), (1.0, 2.0), (3.0, 0.5)))

    assert text == "0.12,-4.00;1.00,2.00;3.00,0.50"
    assert regions.from_text(text) == ((0.12, -4.0), (1.0, 2.0), (3.0, 0.5))


@pytest.mark.parametrize(
    "text",
    ["", "1,2", "1,2;3,4", "1,2;3,4;5", "a,b;c,d;e,f", "1,2;3,4;nan,0", "1,2;" * 90],
)
def test_other_texts_are_no_region(text):
    """An address that somebody changed shows the whole map."""
    assert regions.from_text(text) == ()
    assert regions.from_text("1,2;" * 90 + "1,2") == ()
