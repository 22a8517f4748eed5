"""Double compression: found where a better save hides a worse one, and only there."""

import numpy as np
import pytest
import skimage.data
from PIL import Image

from cifake_core.pictures.double_compression import clearness, saved_twice
from cifake_core.pictures.file_form import file_form
from cifake_core.pictures.reading import read_picture
from tests import made_data

NAMES = ("astronaut", "coffee", "coins", "rocket")


def photograph(name: str):
    """A photograph, halved so that no trace of its own compression is left."""
    image = Image.fromarray(getattr(skimage.data, name)()).convert("RGB")
    return np.asarray(
        image.resize((image.width // 2, image.height // 2), Image.LANCZOS)
    )


def found(image, *qualities: int) -> bool:
    """Whether it shows, after saving with these qualities in turn."""
    for quality in qualities:
        file = made_data.jpeg(image, quality=quality)
        image = read_picture(file).pixels
    return saved_twice(image, file_form(file).tables[0])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("quality", [60, 75, 90, 98])
def test_saved_once_shows_nothing(name, quality):
    """No false alarm on photographs."""
    assert not found(photograph(name), quality)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("qualities", [(50, 80), (60, 90), (75, 95), (30, 60, 90)])
def test_a_better_save_shows_the_worse_one(name, qualities):
    """Its steps leave gaps."""
    assert found(photograph(name), *qualities)


def test_what_hides_it_is_no_alarm():
    """A worse save, a shift off the blocks, and pixels too few say nothing."""
    image = photograph("coffee")
    first = read_picture(made_data.jpeg(image, quality=60)).pixels

    assert not found(image, 90, 60)
    assert not found(first[3:, 5:], 90)
    assert not found(first[:32, :32], 90)


def test_flat_and_odd_pictures_say_nothing():
    """Nothing is divided by nothing."""
    table = file_form(made_data.jpeg(made_data.noise())).tables[0]

    assert clearness(np.full((64, 64, 3), 7, np.uint8), table) == 0
    assert clearness(np.zeros((4, 64, 3), np.uint8), table) == 0
    assert clearness(made_data.noise(height=64, width=64), (0,) * 64) == 0
    assert clearness(made_data.noise(height=64, width=64), (65535,) * 64) == 0
    assert clearness(made_data.noise(height=64, width=64), (1,) * 10) == 0
