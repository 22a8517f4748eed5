"""Augmentation of training pictures that keeps the evidence of how they were made.

Rotation, zoom and colour jitter interpolate that evidence away, so every picture
is only moved and mirrored; a share of them suffers one of the corruptions that
pictures meet outside, so that the networks do not break on them.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import SIDE, Floats, Rgb
from cifake_core.pictures.corruptions import (
    add_noise,
    blur,
    recompress,
    shrink_and_enlarge,
)

_BEST_JPEG: Final = 95
_LEAST_BLUR: Final = 0.3
#: Pixels to a side of the smallest and the largest square that is pasted.
_PATCH_SIDES: Final = (8, 24)
_KERNELS: Final = (
    cv2.INTER_AREA,
    cv2.INTER_LINEAR,
    cv2.INTER_CUBIC,
    cv2.INTER_LANCZOS4,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class AugmentConfig:
    """Strength of the augmentation.

    `shift` is the largest move in pixels, the border being mirrored; flips have
    chance one half. The share `corrupted` of the pictures then suffers one of
    four corruptions, each as often: JPEG of a quality from `jpeg_quality` to 95,
    Gaussian noise of a sigma up to `noise_sigma` (of 255), Gaussian blur of a
    sigma from 0.3 to `blur_sigma` pixels, or resizing to a side from
    `resize_side` to 31 and back with one of OpenCV's area, bilinear, bicubic and
    Lanczos kernels. Within its range each strength is as likely.

    The share `pasted` of the pictures gets a square of another picture of the batch,
    of 8 to 24 pixels to a side, and of its label what the square takes of the area.
    """

    shift: int = 3
    corrupted: float = 0.4
    jpeg_quality: int = 30
    noise_sigma: float = 10.0
    blur_sigma: float = 1.0
    resize_side: int = 20
    pasted: float = 0.0


def augment(
    images: npt.NDArray[np.uint8],
    config: AugmentConfig,
    *,
    generator: np.random.Generator,
) -> npt.NDArray[np.uint8]:
    """Augmented copies of training pictures.

    Args:
        images: (N, 32, 32, 3) uint8, RGB.
        config: what may happen and how strongly.
        generator: its state alone decides what happens to which picture.

    Returns:
        (N, 32, 32, 3) uint8.
    """
    changed = _shift_and_flip(images, config.shift, generator)
    for position in np.flatnonzero(generator.random(len(images)) < config.corrupted):
        changed[position] = _corrupt(changed[position], config, generator)
    return changed


def paste(
    images: npt.NDArray[np.uint8],
    labels: Floats,
    share: float,
    *,
    generator: np.random.Generator,
) -> tuple[npt.NDArray[np.uint8], Floats, npt.NDArray[np.bool_]]:
    """CutMix: pictures of which a share has got a square of another one.

    Args:
        images: (N, 32, 32, 3) uint8, RGB.
        labels: (N, 1) float32, 0 or 1.
        share: of the pictures, 0 to 1.
        generator: its state alone decides.

    Returns:
        The pictures; their labels, from 0 to 1 by the areas; which ones have got a
        square, (N,) bool.

    Source: Yun et al. 2019, arXiv:1905.04899, with squares and their sides
        equally likely.
    """
    num_images = len(images)
    pasted = generator.random(num_images) < share
    others = generator.permutation(num_images)
    least, most = _PATCH_SIDES
    sides = generator.integers(least, most + 1, num_images)
    corners = generator.integers(0, SIDE - sides + 1, (2, num_images))
    mixed, shares = images.copy(), np.zeros((num_images, 1), np.float32)
    for position in np.flatnonzero(pasted):
        side = sides[position]
        rows, columns = (slice(start, start + side) for start in corners[:, position])
        mixed[position, rows, columns] = images[others[position], rows, columns]
        shares[position] = side**2 / SIDE**2
    return mixed, labels + shares * (labels[others] - labels), pasted


def _corrupt(image: Rgb, config: AugmentConfig, generator: np.random.Generator) -> Rgb:
    """One of the four corruptions, each as likely."""
    corrupt = _CORRUPTIONS[generator.integers(len(_CORRUPTIONS))]
    return corrupt(image, config, generator)


def _compressed(
    image: Rgb, config: AugmentConfig, generator: np.random.Generator
) -> Rgb:
    """JPEG of a random quality."""
    quality = int(generator.integers(config.jpeg_quality, _BEST_JPEG + 1))
    return recompress(image, quality=quality)


def _noisy(image: Rgb, config: AugmentConfig, generator: np.random.Generator) -> Rgb:
    """Gaussian noise of a random sigma."""
    sigma = generator.uniform(0, config.noise_sigma)
    return add_noise(image, sigma=sigma, generator=generator)


def _blurred(image: Rgb, config: AugmentConfig, generator: np.random.Generator) -> Rgb:
    """Gaussian blur of a random sigma."""
    return blur(image, sigma=generator.uniform(_LEAST_BLUR, config.blur_sigma))


def _resized(image: Rgb, config: AugmentConfig, generator: np.random.Generator) -> Rgb:
    """Resizing to a random side and back, by a random kernel."""
    side = int(generator.integers(config.resize_side, SIDE))
    kernel = int(generator.choice(_KERNELS))
    return shrink_and_enlarge(image, side=side, kernel=kernel)


#: In the order of the numbers that are drawn for them: append, never reorder.
_CORRUPTIONS: Final = (_compressed, _noisy, _blurred, _resized)


def _shift_and_flip(
    images: npt.NDArray[np.uint8], shift: int, generator: np.random.Generator
) -> npt.NDArray[np.uint8]:
    """Random shifts of up to `shift` pixels, and horizontal flips."""
    num_images, height, width = images.shape[:3]
    border = (shift, shift)
    padded = np.pad(images, ((0, 0), border, border, (0, 0)), mode="reflect")
    top, left = generator.integers(0, 2 * shift + 1, (2, num_images, 1))
    rows = top + np.arange(height)
    columns = left + np.arange(width)
    flipped = generator.random(num_images) < 0.5
    columns[flipped] = columns[flipped, ::-1]
    picture = np.arange(num_images)[:, None, None]
    return padded[picture, rows[:, :, None], columns[:, None, :]]
