"""Drawings of an explanation: curves, channel bars, maps with signs, the sheet."""

from contextvars import copy_context

import numpy as np
import pytest

from cifake_core import figures
from cifake_core.basics.arrays import SIDE, Floats
from cifake_core.explain.records import ChannelValues, Explanation
from cifake_core.pictures.filters import FILTER_TEXTS
from cifake_core.trust.curves import Curves
from cifake_core.trust.measure import Trust
from tests.fakes import noise


def trust() -> Trust:
    """Return the trust in a map with two random ones, whose curves are known."""
    falls = np.array([[3.0, 1.0, 0.0], [3.0, 2.0, 0.0], [3.0, 2.5, 0.0]])
    curves = Curves(deletion=falls, insertion=falls[:, ::-1] + 1)
    return Trust(
        curves={"blurred": curves, "mean_colour": curves},
        label="FAKE",
        method="lime",
        network="cnn",
        model_sha256="a",
        seed=0,
        seconds=0.1,
    )


def explanation(heatmap: Floats, *, signed: bool) -> Explanation:
    """Return the record of a map for FAKE."""
    return Explanation(
        heatmap=heatmap.astype(np.float32),
        label="FAKE",
        signed=signed,
        method="lime",
        network="cnn",
        model_sha256="a" * 64,
        seed=0,
        seconds=0.1,
        settings={},
    )


def channel_values(values: list[float]) -> ChannelValues:
    """Return the record of these Shapley values, from a baseline of -1."""
    amounts = np.array(values)
    return ChannelValues(
        values=amounts,
        drops=amounts / 2,
        baseline=-1.0,
        full=-1.0 + amounts.sum(),
        label="REAL",
        network="cnn3d",
        model_sha256="a",
        replacement="training_mean",
        seed=0,
        seconds=0.1,
    )


def test_curves_of_the_map_stand_out_from_those_of_chance():
    """Both panels have the map's curve whole and each random one, with gaps."""
    figure = figures.trust_figure(trust(), replacement="mean_colour")

    chance, deletion, chance_back, insertion = figure.data
    assert list(deletion.x) == [0, 0.5, 1]
    assert list(deletion.y) == [3, 1, 0]
    assert list(insertion.y) == [1, 2, 4]
    assert np.array_equal(
        chance.y, [3, 2, 0, np.nan, 3, 2.5, 0, np.nan], equal_nan=True
    )
    assert np.isnan(chance_back.y).sum() == 2
    assert deletion.line.width > chance.line.width
    assert (deletion.line.dash, chance.line.dash) == (None, "dot")
    assert [trace.showlegend for trace in figure.data] == [True, True, False, False]
    assert figure.layout.yaxis.title.text == "score for FAKE"


def test_large_text_reaches_the_evidence():
    """Legend, names and figures grow with the text of who asked for it."""

    def sizes() -> list[int]:
        curves = figures.trust_figure(trust(), replacement="mean_colour")
        bars = figures.channels_figure(channel_values([2.0, 1, 0, 0, 0, -1]))
        return [
            curves.layout.legend.font.size,
            bars.data[0].textfont.size,
            bars.layout.yaxis.tickfont.size,
            bars.layout.yaxis2.tickfont.size,
        ]

    visitor = copy_context()
    visitor.run(figures.TEXT_SCALE.set, 2.0)

    assert sizes() == [13, 15, 15, 15]
    assert visitor.run(sizes) == [26, 30, 30, 30]


def test_channel_bars_add_up_and_carry_their_signs():
    """Bars are the values; each is written with its sign, and so is their sum."""
    figure = figures.channels_figure(channel_values([1.5, -0.5, 0, 0, 0.25, 0.25]))

    adds, lost = figure.data
    assert list(adds.x) == [1.5, -0.5, 0, 0, 0.25, 0.25]
    assert list(lost.x) == [0.75, -0.25, 0, 0, 0.125, 0.125]
    assert list(adds.text[:2]) == ["+1.50", "\N{MINUS SIGN}0.50"]
    assert list(adds.y) == [text.title for text in FILTER_TEXTS.values()]
    assert "sum +1.50" in figure.layout.annotations[0].text
    low, high = figure.layout.xaxis.range
    assert low == -high
    assert high > 1.5
    assert "for REAL" in figure.layout.xaxis.title.text


def test_channels_that_add_nothing_are_drawn():
    """A network that sees no channel has bars of no length, on a scale that is one."""
    figure = figures.channels_figure(channel_values([0.0] * 6))

    assert figure.layout.xaxis.range[1] > 0


def test_signs_tell_for_from_against_without_colour():
    """A plus stands where the evidence is for the label, a minus where against."""
    heatmap = np.zeros((SIDE, SIDE))
    heatmap[:4, :4], heatmap[:4, 8:12], heatmap[:4, 16:20] = 1.0, -1.0, 0.1

    drawn = figures.map_picture(explanation(heatmap, signed=True), size=8 * SIDE)

    plain = figures.enlarge(
        figures.colorize(heatmap.astype(np.float32), signed=True), size=8 * SIDE
    )
    marked = (drawn != plain).any(axis=2)
    plus, minus, faint = (marked[:32, left : left + 32] for left in (0, 64, 128))
    assert plus.any(axis=1).sum() > plus.shape[0] // 3
    assert 0 < minus.any(axis=1).sum() < 5
    assert minus.any(axis=0).sum() == plus.any(axis=0).sum()
    assert not faint.any()
    assert not marked[32:].any()


def test_a_map_of_one_sign_needs_no_signs():
    """Where there is nothing against the label, brightness tells all."""
    heatmap = np.tile(np.linspace(0, 1, SIDE, dtype=np.float32), (SIDE, 1))

    drawn = figures.map_picture(explanation(heatmap, signed=False), size=2 * SIDE)

    colors = figures.colorize(heatmap, signed=False)
    assert np.array_equal(drawn, figures.enlarge(colors, size=2 * SIDE))


def test_a_map_of_nothing_has_no_signs():
    """Where nothing speaks either way, no sign is drawn."""
    nothing = np.zeros((SIDE, SIDE))

    drawn = figures.map_picture(explanation(nothing, signed=True), size=2 * SIDE)

    assert len(np.unique(drawn.reshape(-1, 3), axis=0)) == 1


@pytest.mark.parametrize("signed", [False, True])
def test_the_sheet_has_picture_map_and_overlay(signed: bool):  # noqa: FBT001
    """All three stand side by side at 12 times their size, below the words."""
    image = noise()
    heatmap = np.zeros((SIDE, SIDE))
    heatmap[:, 16:] = 1.0
    record = explanation(heatmap, signed=signed)

    page = figures.sheet(image, record, lines=("One line", "Another"))

    size, top = 12 * SIDE, 16 + 2 * 30
    panels = [
        page[top : top + size, 16 + n * (size + 16) :][:, :size] for n in range(3)
    ]
    assert page.shape[1] == 3 * size + 4 * 16
    assert np.array_equal(panels[0], figures.enlarge(image, size=size))
    assert np.array_equal(panels[1], figures.map_picture(record, size=size))
    left = size // 2 - 12  # where a map that is smooth has not begun to rise
    assert np.array_equal(panels[2][:, :left], panels[0][:, :left])
    assert not np.array_equal(panels[2], panels[0])
    assert (page[:top] < 100).any()
    assert (page[top + size :] < 100).any()
