"""CIFAKE's form: what is saved otherwise is saved so, what is so stays as it is."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cifake_core.basics.errors import InvalidImageError
from cifake_core.pictures.cifake_form import CIFAKE_QUALITY, in_cifake_form
from cifake_core.pictures.corruptions import recompress
from cifake_core.pictures.preprocessing import crop_and_resize
from tests.made_data import jpeg, noise, picture, png


def test_a_picture_without_loss_is_saved_as_cifakes_are():
    """As the generators' own pictures are."""
    made = picture("FAKE")

    found = in_cifake_form(png(made))

    np.testing.assert_array_equal(found, recompress(made, quality=CIFAKE_QUALITY))


def test_a_file_of_cifakes_form_is_taken_as_it_is():
    """Saved a second time it would be another picture."""
    data = jpeg(noise())
    with Image.open(BytesIO(data)) as image:
        once = np.array(image)

    found = in_cifake_form(data)

    np.testing.assert_array_equal(found, once)
    assert not np.array_equal(recompress(once, quality=CIFAKE_QUALITY), once)


def test_a_jpeg_of_another_quality_is_saved_again():
    """Its tables tell it apart."""
    file = BytesIO()
    Image.fromarray(noise()).save(file, "JPEG", quality=90)
    with Image.open(file) as image:
        once = np.array(image)

    found = in_cifake_form(file.getvalue())

    np.testing.assert_array_equal(found, recompress(once, quality=CIFAKE_QUALITY))


def test_another_size_is_brought_to_32_first():
    """Cropped and resized as the app does, also if its tables are CIFAKE's."""
    data = jpeg(noise(height=64, width=80))
    with Image.open(BytesIO(data)) as image:
        large = np.array(image)

    found = in_cifake_form(data)

    expected = recompress(crop_and_resize(large), quality=CIFAKE_QUALITY)
    np.testing.assert_array_equal(found, expected)


def test_what_is_no_picture_is_told():
    """In the words of the reader."""
    with pytest.raises(InvalidImageError, match="not a picture of a supported kind"):
        in_cifake_form(b"no picture")
