"""The chart of corruption: what each point shows and carries, read back as data."""

import numpy as np
import pytest

from cifake_core import figures
from cifake_core.basics.estimates import proportion
from cifake_core.evaluation.records import RobustnessReport
from cifake_core.pictures.corruptions import CORRUPTION_KINDS, CORRUPTIONS


def report(least: int) -> RobustnessReport:
    """Return accuracies that fall from 99 of 100 to `least` of 100."""
    counts = np.linspace(99, least, 5).round().astype(int)
    return RobustnessReport(
        n=100,
        accuracy={
            kind: {
                strength: proportion(int(count), 100)
                for strength, count in zip(corruption.strengths, counts, strict=True)
            }
            for kind, corruption in CORRUPTION_KINDS.items()
        },
    )


@pytest.fixture
def figure():
    """Return the chart of two networks, one point of the second chosen."""
    return figures.robustness_figure(
        {"A": proportion(100, 100), "B": proportion(98, 100)},
        {"cnn": report(91), "cnn3d": report(50)},
        kind="blur",
        lowest=0.4,
        chosen=("cnn3d", CORRUPTIONS["blur_1"]),
    )


def test_lines_fall_from_the_undamaged_pictures(figure):
    """Each line begins with the clean accuracy and goes on from mild to hard."""
    first, second = figure.data

    assert first.x == ("none", "0.4", "0.6", "0.8", "1", "1.5")
    assert first.y == (1.0, 0.99, 0.97, 0.95, 0.93, 0.91)
    assert second.y[0] == 0.98
    assert second.y[-1] == 0.5
    assert figure.layout.xaxis.title.text == "sigma, pixels"
    assert tuple(figure.layout.yaxis.range) == (0.4, 1)


def test_points_have_their_intervals(figure):
    """The bars reach from the low to the high end of the interval."""
    share = proportion(91, 100)

    bars = figure.data[0].error_y

    assert bars.array[-1] == pytest.approx(share.high - share.value)
    assert bars.arrayminus[-1] == pytest.approx(share.value - share.low)


def test_each_point_carries_network_and_damage(figure):
    """A click tells both; the undamaged pictures have nothing behind them."""
    marks = [each[0] for each in figure.data[1].customdata]

    assert marks[0] == ""
    assert marks[4] == "cnn3d blur_1"


def test_lines_differ_by_more_than_colour(figure):
    """Dash and marker tell the networks apart, and the legend is there."""
    first, second = figure.data

    assert first.line.dash != second.line.dash
    assert first.marker.symbol != second.marker.symbol
    assert (first.name, second.name) == ("A", "B")
    assert figure.layout.showlegend


def test_the_chosen_point_alone_stands_out(figure):
    """It is larger and framed; a click fades nothing by itself."""
    first, second = figure.data

    assert len(set(first.marker.size)) == 1
    assert np.argmax(second.marker.size) == np.argmax(second.marker.line.width) == 4
    assert {trace.unselected.marker.opacity for trace in figure.data} == {1}
    assert figure.layout.xaxis.fixedrange
