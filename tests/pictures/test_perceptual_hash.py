"""Perceptual hashes: alike for what looks alike, and for nothing else."""

import cv2
import numpy as np
import pytest
from PIL import Image

from cifake_core.basics.arrays import as_rgb32
from cifake_core.basics.places import ASSETS
from cifake_core.pictures.perceptual_hash import (
    DIGITS,
    difference_hash,
    hamming_distance,
    perceptual_hash,
)
from cifake_core.pictures.reading import read_picture
from tests.made_history import picture


def test_bits_are_low_frequencies_above_their_median():
    """Row by row, the first the highest bit; by cosines written out."""
    image = picture(0)
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(float)
    places = np.arange(32)
    waves = np.cos(np.pi * np.outer(np.arange(8), 2 * places + 1) / 64) / 4
    waves[0] /= np.sqrt(2)

    terms = waves @ grey @ waves.T

    bits = "".join("01"[int(each > np.median(terms))] for each in terms.ravel())
    assert perceptual_hash(as_rgb32(image)) == f"{int(bits, 2):016x}"


def test_a_change_that_is_hardly_seen_changes_few_bits():
    """Noise, brightness and JPEG; another picture differs in about half of them."""
    far = []
    for seed in range(20):
        image = picture(seed)
        own = perceptual_hash(as_rgb32(image))
        noise = np.random.RandomState(seed).normal(0, 3, image.shape)
        _, jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 80])
        for changed in (image + noise, image + 10.0, cv2.imdecode(jpeg, 1)):
            array = np.clip(changed, 0, 255).astype(np.uint8)
            assert hamming_distance(own, perceptual_hash(as_rgb32(array))) <= 8
        far.append(hamming_distance(own, perceptual_hash(as_rgb32(picture(99 - seed)))))

    assert np.mean(far) == pytest.approx(32, abs=4)


@pytest.mark.parametrize("grey", [0, 90, 255])
def test_a_flat_picture_has_no_frequencies(grey):
    """But its brightness; rounding errors are none."""
    flat = np.full((32, 32, 3), grey, np.uint8)

    assert perceptual_hash(as_rgb32(flat)) == ("8" if grey else "0") + "0" * 15


def test_the_distance_is_the_number_of_bits():
    """Of 64, at most all."""
    assert hamming_distance("0" * 16, "f" * 16) == 64
    assert hamming_distance("0" * 15 + "5", "0" * 16) == 2


def test_dhash_is_of_the_steps_to_the_right():
    """A ramp to the right is all ones, to the left all zeros, a flat one, too."""
    ramp = np.repeat(np.arange(0, 252, 7, dtype=np.uint8)[None, :, None], 36, axis=0)
    ramp = np.repeat(ramp, 3, axis=2)

    assert difference_hash(ramp) == "f" * DIGITS
    assert difference_hash(ramp[:, ::-1]) == "0" * DIGITS
    assert difference_hash(np.full((9, 9, 3), 5, np.uint8)) == "0" * DIGITS


def test_dhash_stays_when_a_picture_is_saved_or_shrunk():
    """Of a large photograph, thinned out before; another one is far."""
    image = read_picture(ASSETS / "samples" / "astronaut.jpg").pixels
    small = np.asarray(Image.fromarray(image).resize((200, 200)))
    large = np.asarray(Image.fromarray(image).resize((2000, 2000)))
    other = read_picture(ASSETS / "samples" / "rocket.jpg").pixels
    own = difference_hash(image)

    for changed in (small, large):
        assert hamming_distance(own, difference_hash(changed)) <= 4
    assert hamming_distance(own, difference_hash(other)) > 16
