"""Augmentation: seeded, small, and on the picture alone."""

import numpy as np
import pytest

from cifake_core.augmentation import AugmentConfig, augment, recompress

STILL = AugmentConfig(shift=0, jpeg_share=0, noise_share=0)


def pictures(count: int = 6, seed: int = 0) -> np.ndarray:
    """Return random RGB pictures."""
    random = np.random.RandomState(seed)
    return random.randint(0, 256, (count, 32, 32, 3)).astype(np.uint8)


def changed(images: np.ndarray, config: AugmentConfig, seed: int = 0) -> np.ndarray:
    """Return `images` after augmentation from a fresh generator."""
    return augment(images, config, generator=np.random.default_rng(seed))


def test_shape_and_type_stay():
    """As many pictures of whole pixels come out as went in, all of them new."""
    images = pictures()
    before = images.copy()

    result = changed(images, AugmentConfig())

    assert result.shape == images.shape
    assert result.dtype == np.uint8
    assert np.array_equal(images, before)
    assert not np.shares_memory(result, images)


def test_the_generator_decides():
    """Equal seeds change alike, others differently."""
    images, config = pictures(), AugmentConfig()

    assert np.array_equal(changed(images, config, 1), changed(images, config, 1))
    assert not np.array_equal(changed(images, config, 1), changed(images, config, 2))


def test_without_the_rest_a_picture_is_at_most_mirrored():
    """With nothing switched on each picture is itself or its mirror image."""
    images = pictures(40)

    result = changed(images, STILL)

    same = [np.array_equal(a, b) for a, b in zip(result, images, strict=True)]
    mirrored = [
        np.array_equal(a, b[:, ::-1]) for a, b in zip(result, images, strict=True)
    ]
    assert all(np.logical_xor(same, mirrored))
    assert 10 < sum(mirrored) < 30


def test_a_shift_moves_by_whole_pixels():
    """The inner part of a moved picture stands in the original unchanged."""
    images = pictures(20)

    result = changed(images, AugmentConfig(shift=2, jpeg_share=0, noise_share=0))

    for new, old in zip(result, images, strict=True):
        inner = new[2:-2, 2:-2]
        places = [
            np.array_equal(inner, view[row : row + 28, column : column + 28])
            for view in (old, old[:, ::-1])
            for row in range(5)
            for column in range(5)
        ]
        assert sum(places) == 1


def test_noise_changes_the_pictures_it_hits():
    """A share of 1 changes all, by little, and stays within the range of a pixel."""
    images = np.full((50, 32, 32, 3), 128, np.uint8)
    config = AugmentConfig(shift=0, jpeg_share=0, noise_share=1, noise_sigma=8)

    result = changed(images, config).astype(float) - 128

    sigmas = result.std(axis=(1, 2, 3))
    assert 0 < sigmas.max() < 8.5
    assert np.abs(result.mean()) < 0.1


def test_noise_does_not_wrap_around():
    """Black stays near black and white near white."""
    black = np.zeros((20, 32, 32, 3), np.uint8)
    config = AugmentConfig(shift=0, jpeg_share=0, noise_share=1, noise_sigma=8)

    assert changed(black, config).max() < 64
    assert changed(black + 255, config).min() > 191


def test_recompression_is_what_jpeg_does():
    """A low quality loses more than a high one, and a flat grey stays flat."""
    image = pictures(1)[0]
    flat = np.full((32, 32, 3), 90, np.uint8)

    low, high = (
        np.abs(recompress(image, quality=q).astype(int) - image).mean()
        for q in (40, 95)
    )

    assert low > high > 0
    assert np.ptp(recompress(flat, quality=40)) == 0


def test_recompression_keeps_the_order_of_the_channels():
    """Red stays red."""
    red = np.tile(np.array([200, 30, 30], np.uint8), (32, 32, 1))

    result = recompress(red, quality=90)

    assert np.abs(result.astype(int) - red).max() < 8


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_share_of_recompression(share):
    """All pictures are recompressed or none."""
    images = pictures(10)
    config = AugmentConfig(shift=0, jpeg_share=share, noise_share=0)

    result = changed(images, config)

    kept = [
        np.array_equal(new, old) or np.array_equal(new, old[:, ::-1])
        for new, old in zip(result, images, strict=True)
    ]
    assert all(kept) if share == 0 else not any(kept)
