"""Statistics of sets of pictures: colours, frequencies and means.

Every function takes a pile of pictures, (N, 32, 32, 3) uint8 RGB, which may be a
memory map: only a thousand of them are in memory as floats at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.fft import dctn, fft2, fftshift

from cifake_core.basics.arrays import SIDE, Floats, Rgb
from cifake_core.basics.estimates import Estimate, mean_estimate

Pile: TypeAlias = npt.NDArray[np.uint8]

#: Rings of a spectrum: 1 to 16 cycles a picture, that is up to half a cycle a pixel.
NUM_RINGS: Final = SIDE // 2

_CHUNK: Final = 1000
_BLOCK: Final = 8
_LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Spectrum:
    """Mean power spectrum of `n` pictures, in decibels.

    `decibels` is (32, 32) float32 with the frequency 0 at [16, 16]: rows are
    vertical frequencies, columns horizontal ones, 1/32 cycle a pixel each.
    `rings` has the mean over all directions for 1 to 16 cycles a picture.
    """

    n: int
    decibels: Floats
    rings: tuple[Estimate, ...]


def color_spread(images: Pile) -> Floats:
    """Return the colour spread of pictures: 0 for a grey one.

    Returns:
        (N,) float32, 0 to 255: for each picture the mean over its pixels of the
        largest less the smallest of red, green and blue.
    """
    spreads = [np.ptp(part, axis=3).mean(axis=(1, 2)) for part in _chunks(images)]
    return np.concatenate(spreads).astype(np.float32)


def mean_picture(images: Pile) -> Rgb:
    """Return the mean of at least one picture, (32, 32, 3) uint8."""
    total = sum(part.sum(axis=0, dtype=np.int64) for part in _chunks(images))
    return np.rint(np.asarray(total) / len(images)).astype(np.uint8)


def mean_spectrum(images: Pile) -> Spectrum:
    """Return the mean spectrum of the luma of at least two pictures.

    Each picture's mean is taken off, a Hann window fades its border (which would
    else show as a cross), and the power is scaled so that noise of variance v has
    the power v at every frequency. The mean is over 10 log10(1 + power): a flat
    picture has 0 decibels. Rings have 95 % intervals.
    """
    hann = np.hanning(SIDE + 1)[:-1]
    window = np.outer(hann, hann).astype(np.float32)
    ring = _rings()
    total = np.zeros((SIDE, SIDE))
    by_ring = []
    for part in _chunks(images):
        luma = part @ _LUMA
        luma -= luma.mean(axis=(1, 2), keepdims=True)
        power = np.abs(fft2(luma * window)) ** 2 / (window**2).sum()
        decibels = fftshift(10 * np.log10(1 + power), axes=(1, 2))
        total += decibels.sum(axis=0, dtype=np.float64)
        flat = decibels.reshape(len(part), -1)
        by_ring.append(
            [flat[:, ring == each].mean(axis=1) for each in range(1, NUM_RINGS + 1)]
        )
    return Spectrum(
        n=len(images),
        decibels=(total / len(images)).astype(np.float32),
        rings=tuple(map(mean_estimate, np.concatenate(by_ring, axis=1))),
    )


def ring_differences(spectrum: Spectrum, other: Spectrum) -> tuple[Estimate, ...]:
    """Return the rings of a spectrum less those of another, of other pictures.

    Half of each 95 % interval is the root of the sum of both squared halves, as for
    independent means.
    """
    found = []
    for a, b in zip(spectrum.rings, other.rings, strict=True):
        value = a.value - b.value
        half = np.hypot(a.high - a.low, b.high - b.low) / 2
        found.append(Estimate(value=value, low=value - half, high=value + half))
    return tuple(found)


def color_statistics(images: Pile) -> Floats:
    """Return eight figures on the colours of each picture.

    Returns:
        (N, 8) float32, 0 to 255: means of red, green and blue, their standard
        deviations over the pixels, and both of the spread of `color_spread`.
    """
    found = []
    for part in _chunks(images):
        spread = np.ptp(part, axis=3, keepdims=True)
        values = np.concatenate([part, spread], axis=3).astype(np.float32)
        both = values.mean(axis=(1, 2)), values.std(axis=(1, 2))
        found.append(np.concatenate(both, axis=1))
    return np.concatenate(found)


def cosine_magnitudes(images: Pile) -> Floats:
    """Return the strength of 64 cosine patterns of 8x8 pixels in each picture.

    Returns:
        (N, 64) float32: log(1 + the mean, over the 16 blocks of the luma, of the
        absolute cosine coefficient).
    """
    found = []
    for part in _chunks(images):
        side = SIDE // _BLOCK
        blocks = (part @ _LUMA).reshape(-1, side, _BLOCK, side, _BLOCK)
        coefficients = dctn(blocks, axes=(2, 4), norm="ortho")
        means = np.abs(coefficients).mean(axis=(1, 3))
        found.append(np.log1p(means).reshape(len(part), -1))
    return np.concatenate(found).astype(np.float32)


def peak_signal_to_noise(images: Pile, originals: Pile) -> npt.NDArray[np.float64]:
    """Return the peak signal-to-noise ratio of changed pictures.

    Args:
        images: as they are after the change.
        originals: as they were, in the same order.

    Returns:
        (N,) float64, decibels; infinite for a picture that was not changed.
    """
    errors = [
        ((one.astype(np.float64) - other) ** 2).mean(axis=(1, 2, 3))
        for one, other in zip(_chunks(images), _chunks(originals), strict=True)
    ]
    with np.errstate(divide="ignore"):
        return np.asarray(10 * np.log10(255**2 / np.concatenate(errors)), np.float64)


def _chunks(images: Pile) -> Iterator[Pile]:
    """Yield the pictures, a thousand at a time."""
    for start in range(0, len(images), _CHUNK):
        yield images[start : start + _CHUNK]


def _rings() -> npt.NDArray[np.int64]:
    """Return the ring, (1024,), of each frequency: its distance from 0, rounded."""
    steps = np.arange(SIDE) - SIDE // 2
    return np.rint(np.hypot(*np.meshgrid(steps, steps))).astype(np.int64).ravel()
