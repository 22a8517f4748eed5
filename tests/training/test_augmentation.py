"""Augmentation: seeded, small, and on the picture alone."""

from itertools import product

import cv2
import numpy as np
import pytest

from cifake_core.pictures.corruptions import blur, recompress, shrink_and_enlarge
from cifake_core.training.augmentation import AugmentConfig, augment, paste

STILL = AugmentConfig(shift=0, corrupted=0)


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

    result = changed(images, AugmentConfig(shift=2, corrupted=0))

    for new, old in zip(result, images, strict=True):
        inner = new[2:-2, 2:-2]
        places = [
            np.array_equal(inner, view[row : row + 28, column : column + 28])
            for view in (old, old[:, ::-1])
            for row in range(5)
            for column in range(5)
        ]
        assert sum(places) == 1


def is_kept(new: np.ndarray, old: np.ndarray) -> bool:
    """Return whether `new` is `old` or its mirror image."""
    return any(np.array_equal(new, view) for view in (old, old[:, ::-1]))


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_share_of_corruption(share):
    """All pictures are corrupted or none, whatever else happens to them."""
    images = pictures(40)
    config = AugmentConfig(shift=0, corrupted=share)

    result = changed(images, config)

    kept = [is_kept(new, old) for new, old in zip(result, images, strict=True)]
    assert all(kept) if share == 0 else not any(kept)


def test_a_part_is_corrupted_by_chance():
    """A share of 0.4 hits about that many of 1,000 pictures, four sigmas wide."""
    images = pictures(1000)

    result = changed(images, AugmentConfig(shift=0, corrupted=0.4))

    hit = [not is_kept(new, old) for new, old in zip(result, images, strict=True)]
    assert 0.4 - 0.062 < np.mean(hit) < 0.4 + 0.062


def test_the_rest_of_a_batch_does_not_depend_on_the_share():
    """Pictures that are not hit are moved and mirrored as without corruption."""
    images = pictures(40)

    with_it = changed(images, AugmentConfig(corrupted=0.4))
    without = changed(images, AugmentConfig(corrupted=0))

    same = [np.array_equal(a, b) for a, b in zip(with_it, without, strict=True)]
    assert 0 < sum(same) < len(same)


def mirrored_noise() -> np.ndarray:
    """Return a picture of mild noise that equals its mirror image."""
    half = np.random.RandomState(0).randint(60, 196, (32, 16, 3)).astype(np.uint8)
    return np.concatenate([half, half[:, ::-1]], axis=1)


def without_noise(picture: np.ndarray) -> dict[bytes, tuple]:
    """Return all that can be made of a picture without chance, with what makes it."""
    made = {}
    for quality in range(1, 101):
        made[recompress(picture, quality=quality).tobytes()] = ("jpeg", quality)
    kernels = (cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)
    for way in product(range(10, 32), kernels):
        resized = shrink_and_enlarge(picture, side=way[0], kernel=way[1])
        made[resized.tobytes()] = ("resized", way)
    # OpenCV rounds its kernels, so that a range of sigmas gives one picture
    for sigma in np.arange(0.2, 1.5, 0.0005):
        made[blur(picture, sigma=sigma).tobytes()] = ("blurred", sigma)
    return made


def recognised(config: AugmentConfig, count: int = 2000) -> dict[str, list]:
    """Return the strengths of each corruption, read off corrupted pictures.

    What only noise can have made is noise, as strong as what it adds spreads.
    """
    picture = mirrored_noise()
    made = without_noise(picture)
    del made[picture.tobytes()]  # a blur of next to nothing
    found: dict[str, list] = {"jpeg": [], "noisy": [], "blurred": [], "resized": []}
    for new in changed(picture[None].repeat(count, axis=0), config):
        added = new.astype(float) - picture
        name, strength = made.get(new.tobytes(), ("noisy", added.std()))
        found[name].append(strength)
    return found


def test_each_corruption_comes_as_often():
    """Of 2,000 pictures each of the four hits about 500, four sigmas wide."""
    found = recognised(AugmentConfig(shift=0, corrupted=1))

    counts = [len(strengths) for strengths in found.values()]

    assert sum(counts) == 2000
    assert all(abs(count - 500) < 78 for count in counts)


def test_strengths_fill_their_ranges():
    """Both ends come up where they are whole numbers, and nothing lies beyond."""
    config = AugmentConfig(
        shift=0,
        corrupted=1,
        jpeg_quality=90,
        noise_sigma=4,
        blur_sigma=0.8,
        resize_side=28,
    )

    found = recognised(config)

    assert set(found["jpeg"]) == set(range(90, 96))
    assert {side for side, _ in found["resized"]} == set(range(28, 32))
    assert len({kernel for _, kernel in found["resized"]}) == 4
    for name, low, high in (("noisy", 0, 4), ("blurred", 0.3, 0.8)):
        span = high - low
        assert min(found[name]) == pytest.approx(low, abs=span / 25)
        assert max(found[name]) == pytest.approx(high, abs=span / 25)


def test_a_pasted_square_brings_its_share_of_the_label():
    """A white picture in black ones: where it stands, and what it counts."""
    images = np.zeros((64, 32, 32, 3), np.uint8)
    images[:32] = 255
    labels = (images[:, :1, 0, 0] / 255).astype(np.float32)

    mixed, shares, pasted = paste(
        images, labels, 0.5, generator=np.random.default_rng(0)
    )

    assert 0 < pasted.sum() < 64
    assert np.array_equal(mixed[~pasted], images[~pasted])
    white = (mixed[..., 0] == 255).mean(axis=(1, 2))
    np.testing.assert_allclose(shares[:, 0], white, atol=1e-6)
    foreign = np.flatnonzero(white % 1)
    assert len(foreign) > 4
    for position in foreign:
        odd = mixed[position, :, :, 0] != images[position, 0, 0, 0]
        side = odd.any(axis=0).sum()
        assert 8 <= side <= 24
        assert (odd.any(axis=1).sum(), odd.sum()) == (side, side**2)
    assert set(images[:, 0, 0, 0]) == {0, 255}  # those given stay as they were


def test_nothing_is_pasted_unless_asked():
    """The share 0 leaves pictures and labels alone."""
    images = np.random.RandomState(0).randint(0, 256, (8, 32, 32, 3)).astype(np.uint8)
    labels = np.ones((8, 1), np.float32)

    mixed, shares, pasted = paste(images, labels, 0, generator=np.random.default_rng(0))

    assert np.array_equal(mixed, images)
    assert np.array_equal(shares, labels)
    assert not pasted.any()
