"""Types of pictures: a checked one of 32x32, its hash, and scaled arrays."""

import hashlib

import numpy as np
import pytest

from cifake_core.basics.arrays import as_rgb32, pixels_sha256, unit_range
from cifake_core.basics.errors import InvalidImageError
from tests.fakes import noise


def test_a_picture_of_32x32_is_taken_as_it_is():
    """No copy is made."""
    image = np.zeros((32, 32, 3), np.uint8)

    assert as_rgb32(image) is image


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.zeros((32, 33, 3), np.uint8), "Received 33x32; bring it to that size"),
        (np.zeros((32, 32), np.uint8), r"Received shape \(32, 32\)"),
        (np.zeros((32, 32, 3), np.float32), "Received float32"),
    ],
)
def test_another_array_is_refused(image, message):
    """The sentence says what was received and what to do."""
    with pytest.raises(InvalidImageError, match=message):
        as_rgb32(image)


def test_the_hash_is_of_the_pixels_row_by_row():
    """How the array lies in memory does not count."""
    image = noise()

    expected = hashlib.sha256(image.tobytes()).hexdigest()
    assert pixels_sha256(image) == expected
    assert pixels_sha256(np.asfortranarray(image)) == expected


def test_values_are_scaled_by_their_largest_size():
    """The sign stays; nothing is divided by 0."""
    assert unit_range(np.array([-4.0, 2.0])).tolist() == [-1, 0.5]
    assert unit_range(np.zeros(2)).tolist() == [0, 0]
    assert unit_range(np.empty(0)).tolist() == []
