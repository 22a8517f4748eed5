"""Saliency: what stands out of a plain ground is found, and nothing of an even one."""

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE
from cifake_core.pictures.saliency import saliency, standing_out
from tests.fakes import noise
from tests.findings import spot


@pytest.mark.parametrize(("top", "left"), [(4, 4), (12, 20), (22, 3)])
def test_a_square_on_plain_ground_stands_out(top, left):
    """The part covers the square's middle, lies about it, and leaves the rest."""
    out = standing_out(spot(top, left))

    rows, columns = np.nonzero(out)
    assert out[top + 1 : top + 5, left + 1 : left + 5].all()
    assert out.mean() < 0.25
    assert abs(rows.mean() - (top + 2.5)) < 2
    assert abs(columns.mean() - (left + 2.5)) < 2


def test_values_are_shares_of_the_most_salient():
    """They reach 1, are never negative, and the picture is left as it is."""
    image = noise()
    image.flags.writeable = False

    values = saliency(image)

    assert values.shape == (SIDE, SIDE)
    assert values.dtype == np.float32
    assert values.max() == 1
    assert values.min() >= 0


def test_a_turned_picture_is_turned_throughout():
    """Mirroring the picture mirrors what stands out."""
    image = noise()

    mirrored = saliency(image[:, ::-1])

    np.testing.assert_allclose(mirrored[:, ::-1], saliency(image), atol=1e-5)


@pytest.mark.parametrize("value", [0, 117, 255])
def test_nothing_stands_out_of_an_even_picture(value):
    """There is no such part, rather than one made of rounding."""
    image = np.full((SIDE, SIDE, 3), value, np.uint8)

    assert not saliency(image).any()
    assert standing_out(image) is None
