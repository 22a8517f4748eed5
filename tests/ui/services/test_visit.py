"""What a session holds: a picture has one name and one address on every page."""

from dataclasses import replace

import numpy as np

from cifake_core.ui.services import services, visit
from tests.ui import records


def test_a_test_picture_is_named_by_its_number():
    """Number, kind, truth and address; of a kind that is not known nothing is said."""
    split = records.split()
    unknown = replace(split, object_classes=np.full_like(split.object_classes, -1))

    chosen = visit.test_picture(split, 40)

    assert (chosen.name, chosen.truth) == ("Test picture 40 (cat)", "REAL")
    assert chosen.address == "40"
    np.testing.assert_array_equal(chosen.picture.pixels, split.images[40])
    assert visit.test_picture(unknown, 40).name == "Test picture 40"


def test_a_sample_is_named_by_its_title():
    """Its file is its address; the truth is not told."""
    chosen = visit.sample("cat_32.png")

    assert (chosen.name, chosen.address) == ("Cat, 32x32", "cat_32.png")
    assert chosen.truth is None
    assert chosen.picture.pixels.shape == services.sample("cat_32.png").pixels.shape
