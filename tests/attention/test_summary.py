"""Figures of a study: pushes with their sign, and errors by where evidence lies."""

from dataclasses import replace

import numpy as np
import pytest

from cifake_core.attention import summary
from cifake_core.attention.records import Attention
from cifake_core.data import cifake
from tests import made_attention

ALL = np.ones(12, bool)


@pytest.fixture
def found(tiny_dataset) -> Attention:
    """A study of twelve pictures."""
    return made_attention.attention("cnn3d", "a1", cifake.load(tiny_dataset, "test"))


def test_pushes_have_the_sign_of_the_label(found):
    """What speaks for FAKE speaks as much against REAL."""
    for pushes in (summary.channel_pushes, summary.piece_pushes):
        fake, real = (pushes(found, ALL, label) for label in ("FAKE", "REAL"))

        for one, other in zip(fake, real, strict=True):
            if one.mean is not None:
                assert one.mean.value == pytest.approx(-other.mean.value)
                assert one.mean.low == pytest.approx(-other.mean.high)
    assert fake != real


def test_each_picture_has_one_leading_channel(found):
    """The counts add up to the pictures; the mean is that of the values."""
    chosen = np.arange(12) % 2 == 0

    pushes = summary.channel_pushes(found, chosen, "FAKE")

    assert sum(push.count for push in pushes) == 6
    assert {push.n for push in pushes} == {6}
    assert pushes[2].mean.value == pytest.approx(found.channels[chosen, 2].mean())


def test_pieces_count_by_picture(found):
    """A kind that no picture has is no figure; of one picture there is no interval."""
    num_pieces = np.zeros_like(found.num_pieces)
    num_pieces[:3, 1], num_pieces[0, 2] = 4, 7
    found = replace(found, num_pieces=num_pieces)

    pushes = summary.piece_pushes(found, ALL, "FAKE")

    assert (pushes[0].n, pushes[0].mean) == (0, None)
    assert (pushes[1].n, pushes[1].count) == (3, 12)
    assert pushes[1].mean.value == pytest.approx(found.pushes[:3, 1].mean())
    assert (pushes[2].n, pushes[2].count, pushes[2].mean) == (1, 7, None)


def test_regions_are_four_by_four(found):
    """Of 8x8 places, four make a region, from the top left."""
    peaks = np.array([0, 1, 8, 9, 2, 7, 56, 63, 27, 36, 18, 45], np.int16)
    found = replace(found, peaks=peaks)

    regions = summary.regions(found)

    assert regions.tolist() == [0, 0, 0, 0, 1, 3, 12, 15, 5, 10, 5, 10]


def test_errors_are_counted_where_they_are(found):
    """Every picture is in one region and one third."""
    right = np.arange(12) % 4 != 0
    found = replace(found, peaks=np.array([0] * 8 + [63] * 4, np.int16))

    wrong = summary.wrong_by_region(found, right, ALL)

    assert (wrong[0].n, wrong[0].errors) == (8, 2)
    assert wrong[0].share.low < wrong[0].share.value == 0.25 < wrong[0].share.high
    assert (wrong[15].n, wrong[15].errors) == (4, 1)
    assert sum(each.n for each in wrong) == 12


def test_thirds_leave_out_what_has_no_figure(found):
    """A picture in which nothing stands out is in none."""
    figures = np.array([np.nan, *range(11)], np.float32)
    found = replace(found, on_salient=figures)

    which = summary.thirds(found, "on_salient")
    thirds = summary.wrong_by_third(found, ALL, ALL, "on_salient")

    assert which[0] == -1
    assert (np.diff(which[1:]) >= 0).all()
    assert sum(each.n for each in thirds.values()) == 11
    assert (thirds[0].low, thirds[2].high) == (0, 10)
    assert summary.wrong_by_third(found, ALL, which == -1, "on_salient") == {}


def test_a_figure_that_no_picture_has_makes_no_thirds(found):
    """They are all left out."""
    found = replace(found, on_salient=np.full(12, np.nan, np.float32))

    assert (summary.thirds(found, "on_salient") == -1).all()
