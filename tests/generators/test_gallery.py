"""Galleries: what is shipped of each generator, and drawn again by its seed."""

import numpy as np
import pytest

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.places import CHECKOUT
from cifake_core.generators import collection, gallery, service, weights
from cifake_core.generators.catalogue import GENERATORS
from tests.made_generators import generator_card, made_gallery, put_generator

SHIPPED = CHECKOUT / "models" / service.FOLDER
FROM_NOISE = [name for name, each in GENERATORS.items() if each.kind == "noise"]


def test_of_several_strengths_each_has_its_share():
    """Ten pictures of four strengths are 2, 3, 2 and 3; a generator without has one."""
    assert collection.shares("diffusion_pass", 10) == [
        (0.1, 2),
        (0.2, 3),
        (0.3, 2),
        (0.4, 3),
    ]
    assert [share for _, share in collection.shares("diffusion_pass", 1)] == [1]
    assert [share for _, share in collection.shares("flow", 10)] == [10]


def test_what_is_written_is_read(tmp_path):
    """Pictures, spectrum and seed come back; other weights are refused."""
    weights.write_card(generator_card("flow", "a1"), tmp_path / "flow")
    made = made_gallery("flow", "a1")

    gallery.write(made, tmp_path)
    found = gallery.read("flow", tmp_path)

    np.testing.assert_array_equal(found.images, made.images)
    np.testing.assert_array_equal(found.spectrum.decibels, made.spectrum.decibels)
    assert (found.spectrum.n, found.seed) == (made.spectrum.n, gallery.SEED)
    assert len(found.spectrum.rings) == len(made.spectrum.rings)
    weights.write_card(generator_card("flow", "b2"), tmp_path / "flow")
    with pytest.raises(ModelUnavailableError, match="with other weights of flow"):
        gallery.read("flow", tmp_path)


def test_what_holds_no_pictures_is_refused(tmp_path):
    """Floats of another shape are none."""
    weights.write_card(generator_card("flow", "a1"), tmp_path / "flow")
    made = made_gallery("flow", "a1", images=np.zeros((2, 8, 8, 3), np.uint8))

    gallery.write(made, tmp_path)

    with pytest.raises(ModelUnavailableError, match=r"holds no pictures but uint8 of"):
        gallery.read("flow", tmp_path)


@pytest.mark.slow
def test_passed_photographs_stand_beside_what_they_were(tmp_path, tiny_dataset):
    """Picture i comes of original i, with its strength."""
    put_generator("diffusion", tmp_path)

    found = gallery.passed("diffusion_pass", models=tmp_path, data=tiny_dataset, n=4)

    assert found.strengths == (0.1, 0.2, 0.3, 0.4)
    assert found.images.shape == found.originals.shape == (4, 32, 32, 3)


@pytest.mark.parametrize("name", GENERATORS)
def test_the_shipped_galleries_are_small_and_hold_no_photograph(name):
    """40 pictures from noise, none of CIFAKE's, and the spectrum of 500."""
    shipped = gallery.read(name, SHIPPED)

    assert len(shipped.images) == (gallery.NUM_SHOWN if name in FROM_NOISE else 0)
    assert shipped.spectrum.n == gallery.NUM_MEASURED
    assert (SHIPPED / name / gallery.GALLERY_FILE).stat().st_size < 200_000


@pytest.mark.slow
@pytest.mark.parametrize("name", FROM_NOISE)
def test_the_shipped_pictures_are_drawn_again_by_their_seed(name):
    """Within rounding, which another machine's sums and JPEG make of them."""
    shipped = gallery.read(name, SHIPPED).images[:10].astype(int)

    drawn = collection.draw_saved(
        name, n=10, seed=gallery.SEED, data=None, models=SHIPPED
    )

    assert np.abs(shipped - drawn).mean() < 1
