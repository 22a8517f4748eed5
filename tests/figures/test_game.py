"""What a class looks at, read back as data and as arrays worked by hand."""

import numpy as np
import pytest

from cifake_core import figures
from cifake_core.basics.estimates import Estimate
from cifake_core.evaluation.records import ReliabilityBin
from cifake_core.explain.methods.cam import CamSteps
from cifake_core.explain.methods.lime import LineFit


def test_a_montage_puts_each_tile_in_its_place():
    """Tiles follow in rows with a gap between; an unfinished row ends in the gap."""
    tiles = np.array([0, 1, 0.5], np.float32)[:, None, None] * np.ones((3, 2, 2), "f4")

    picture = figures.montage(tiles, columns=2, side=4, signed=False)

    assert picture.shape == (12, 12, 3)
    for tile, (top, left) in zip(tiles, [(0, 0), (0, 8), (8, 0)], strict=True):
        color = figures.colorize(tile, signed=False)[0, 0]
        assert (picture[top : top + 4, left : left + 4] == color).all()
    assert (picture[4:8] == 128).all()
    assert (picture[8:, 4:] == 128).all()


def test_pieces_are_outlined():
    """Both sides of every border are black, everything else is the picture."""
    image = np.full((2, 2, 3), 200, np.uint8)
    pieces = np.array([[0, 1], [0, 0]])

    picture = figures.outlined(image, pieces, size=8)

    black = (picture == 0).all(axis=-1)
    expected = np.zeros((8, 8), bool)
    expected[:4, 3:5] = True
    expected[3:5, 4:] = True
    np.testing.assert_array_equal(black, expected)
    assert (picture[~black] == 200).all()


def test_the_channels_weights_are_sorted():
    """The largest comes first; those of the largest size stand out, either sign."""
    nothing = np.zeros((1, 1, 4), np.float32)
    steps = CamSteps(
        layer="last",
        label="REAL",
        activations=nothing,
        gradients=nothing,
        weights=np.array([0.1, -3, 2, 0.5], np.float32),
        evidence=nothing[..., 0],
        heatmap=np.zeros((32, 32), np.float32),
    )

    bars = figures.channel_weights_figure(steps, num_strong=2).data[0]

    assert list(bars.y) == pytest.approx([2, 0.5, 0.1, -3])
    assert list(bars.customdata) == [3, 4, 1, 2]
    first, second, third, last = bars.marker.color
    assert first == last != second == third


def test_the_line_and_its_points():
    """Changed pictures are points, the whole one is a star, the line is y = x."""
    fit = LineFit(
        pieces=np.zeros((32, 32), np.int64),
        kept=np.array([[1, 1], [1, 0], [0, 1]]),
        scores=np.array([3, 1, 2.5], np.float32),
        nearness=np.array([1, 0.5, 0.25], np.float32),
        weights=np.array([1, 2], np.float32),
        intercept=0.5,
        r_squared=0.9,
    )

    line, points, star = figures.line_figure(fit, label="FAKE").data

    assert list(line.x) == list(line.y) == [1.5, 3.5]
    assert (list(points.x), list(points.y)) == ([1.5, 2.5], [1, 2.5])
    assert points.marker.size[0] == 16 > points.marker.size[1] == 10
    assert (list(star.x), list(star.y)) == ([3.5], [3])


def test_each_players_points():
    """The share that was right stands over the confidence, with n and interval."""
    share = Estimate(value=0.5, low=0.15, high=0.85)
    one = ReliabilityBin(low=0.5, high=0.7, n=4, confidence=0.6, accuracy=share)

    figure = figures.players_figure({"You": [one], "2D-CNN": [one]})

    diagonal, you, network = figure.data
    assert list(diagonal.x) == list(diagonal.y)
    assert (you.name, list(you.x), list(you.y)) == ("You", [0.6], [0.5])
    assert network.x[0] > 0.6
    assert list(you.text) == ["4"]
    assert you.error_y.array[0] == pytest.approx(0.35)
    assert you.marker.symbol != network.marker.symbol
