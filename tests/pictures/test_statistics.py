"""Colours, frequencies and means: of pictures whose answer is known."""

import numpy as np
import pytest
from scipy.fft import dctn
from scipy.special import exp1

from cifake_core.pictures import statistics
from cifake_core.pictures.statistics import (
    NUM_RINGS,
    color_spread,
    color_statistics,
    cosine_magnitudes,
    mean_picture,
    mean_spectrum,
    peak_signal_to_noise,
    ring_differences,
)


def flat(*color: int, count: int = 2) -> np.ndarray:
    """Return pictures of one colour."""
    return np.tile(np.array(color, np.uint8), (count, 32, 32, 1))


def noisy(count: int, *, sigma: float, seed: int = 0) -> np.ndarray:
    """Return grey pictures with Gaussian noise."""
    noise = np.random.RandomState(seed).normal(128, sigma, (count, 32, 32, 1))
    return np.rint(noise).clip(0, 255).astype(np.uint8).repeat(3, axis=3)


def wave(*, cycles: int) -> np.ndarray:
    """Return two pictures of a wave that runs from left to right."""
    values = 128 + 100 * np.cos(2 * np.pi * cycles * np.arange(32) / 32)
    return np.tile(np.rint(values).astype(np.uint8)[:, None], (2, 32, 1, 3))


def test_grey_has_no_spread_and_colour_has_its_own():
    """It is the largest less the smallest of the three values, pixel by pixel."""
    half = flat(10, 20, 90)
    half[:, :16] = 77

    assert color_spread(flat(77, 77, 77)).tolist() == [0, 0]
    assert color_spread(flat(10, 20, 90)).tolist() == [80, 80]
    assert color_spread(half).tolist() == [40, 40]


def test_the_mean_picture_is_rounded_pixel_by_pixel():
    """Of 1, 2 and 255 the mean is 86; the picture keeps its places."""
    images = flat(1, 1, 1, count=3)
    images[1], images[2] = 2, 255
    images[:, 5, 6] = (0, 9, 0)

    mean = mean_picture(images)

    assert mean.dtype == np.uint8
    assert mean[0, 0].tolist() == [86, 86, 86]
    assert mean[5, 6].tolist() == [0, 9, 0]


def test_a_flat_picture_has_no_frequencies():
    """Nothing but its mean is in it, and that is taken off."""
    spectrum = mean_spectrum(flat(200, 200, 200))

    np.testing.assert_allclose(spectrum.decibels, 0, atol=1e-6)
    assert len(spectrum.rings) == NUM_RINGS
    assert {round(ring.value, 6) for ring in spectrum.rings} == {0}


def test_a_wave_stands_at_its_frequency():
    """Eight cycles across give two peaks, eight columns from the middle."""
    spectrum = mean_spectrum(wave(cycles=8))

    highest = np.argwhere(spectrum.decibels > spectrum.decibels.max() - 0.1)
    assert highest.tolist() == [[16, 8], [16, 24]]
    rings = [ring.value for ring in spectrum.rings]
    assert min(rings[6:9]) > 3 * max(rings[:6] + rings[9:])  # the window blurs


def test_noise_is_as_strong_at_every_frequency():
    """Powers of noise are exponential around 100: so is the mean of the logarithm."""
    images = noisy(400, sigma=10)

    spectrum = mean_spectrum(images)

    expected = 10 / np.log(10) * np.exp(1 / 100) * exp1(1 / 100)  # 17.71
    assert spectrum.n == 400
    for ring in spectrum.rings[2:]:  # the first two are near the mean taken off
        assert ring.value == pytest.approx(expected, abs=0.1)
        assert ring.low < ring.value < ring.high < ring.low + 0.5


def test_intervals_of_rings_narrow_with_the_root_of_n():
    """Four times the pictures halve the interval, as a mean's does."""
    few, many = (mean_spectrum(noisy(count, sigma=20)).rings[7] for count in (100, 400))

    assert (many.high - many.low) / (few.high - few.low) == pytest.approx(0.5, abs=0.1)


def test_eight_colour_statistics_are_means_and_deviations():
    """Half black, half (10, 20, 90): means are halves, deviations too."""
    images = flat(10, 20, 90, count=1)
    images[:, :, :16] = 0

    np.testing.assert_allclose(
        color_statistics(images), [[5, 10, 45, 40, 5, 10, 45, 40]], rtol=1e-6
    )


def test_cosine_magnitudes_are_those_of_the_blocks():
    """The first is the mean brightness; each is the mean over the 16 blocks."""
    images = noisy(3, sigma=30)
    luma = images[1] @ np.array([0.299, 0.587, 0.114])
    blocks = [
        np.abs(dctn(luma[r : r + 8, c : c + 8], norm="ortho"))
        for r in range(0, 32, 8)
        for c in range(0, 32, 8)
    ]

    found = cosine_magnitudes(images)

    assert found.shape == (3, 64)
    expected = np.log1p(np.mean(blocks, axis=0)).ravel()
    np.testing.assert_allclose(found[1], expected, rtol=1e-4)


def test_parts_of_a_pile_give_what_the_whole_gives(monkeypatch):
    """How many pictures are looked at at once makes no difference."""
    images = noisy(7, sigma=40)
    whole = (color_spread(images), color_statistics(images), cosine_magnitudes(images))
    mean, spectrum = mean_picture(images), mean_spectrum(images)

    monkeypatch.setattr(statistics, "_CHUNK", 3)

    parts = (color_spread(images), color_statistics(images), cosine_magnitudes(images))
    for one, other in zip(whole, parts, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)
    np.testing.assert_array_equal(mean_picture(images), mean)
    again = mean_spectrum(images)
    np.testing.assert_allclose(again.decibels, spectrum.decibels, rtol=1e-5)
    assert again.rings[3].value == pytest.approx(spectrum.rings[3].value, rel=1e-6)


def test_the_ratio_of_a_changed_picture_is_that_of_its_squared_error():
    """One step everywhere is 48.1 dB, all of the range 0, no change infinite."""
    images = np.concatenate([flat(11, 11, 11, count=1), flat(255, 255, 255, count=2)])
    originals = images.copy()
    originals[0] = 10
    originals[1] = 0

    found = peak_signal_to_noise(images, originals)

    np.testing.assert_allclose(found, [20 * np.log10(255), 0, np.inf])


def test_rings_less_those_of_another_set():
    """Differences of the means; half an interval is the root of both squared."""
    few, many = (
        mean_spectrum(noisy(count, sigma=sigma, seed=count))
        for count, sigma in ((20, 20), (50, 10))
    )

    found = ring_differences(few, many)

    for each, a, b in zip(found, few.rings, many.rings, strict=True):
        halves = [(o.high - o.low) / 2 for o in (a, b)]
        assert each.value == pytest.approx(a.value - b.value)
        assert each.high - each.value == pytest.approx(np.hypot(*halves))
        assert each.value - each.low == pytest.approx(np.hypot(*halves))
    assert found[8].low > 5  # twice the noise is four times the power: 6 decibels
