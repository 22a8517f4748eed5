"""What a session holds: a picture has one name and one address on every page."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from cifake_core.data import cifake
from cifake_core.ui.services import samples, visit


def test_a_test_picture_is_named_by_its_number(made_dataset: Path):
    """Number, kind, truth and address; of a kind that is not known nothing is said."""
    split = cifake.load(made_dataset, "test")
    unknown = replace(split, object_classes=np.full_like(split.object_classes, -1))

    chosen = visit.labelled_picture(split, 40)

    assert (chosen.name, chosen.truth) == ("Test picture 40 (cat)", "REAL")
    assert chosen.address == "40"
    np.testing.assert_array_equal(chosen.picture.pixels, split.images[40])
    assert visit.labelled_picture(unknown, 40).name == "Test picture 40"


def test_every_sample_is_named_by_its_title():
    """Its file is its address; the truth is not told."""
    for entry in samples.entries():
        chosen = visit.sample(entry["file"])

        assert (chosen.name, chosen.address) == (entry["title"], entry["file"])
        assert chosen.truth is None
        pixels = samples.picture(entry["file"]).pixels
        assert chosen.picture.pixels.shape == pixels.shape
