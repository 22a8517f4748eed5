"""Changes to training pictures that keep the evidence of how they were made.

Rotation, zoom and colour jitter interpolate that evidence away, so the list is
short: shift, flip, JPEG and noise. All of it happens to the RGB picture, before
any filter, so that picture and planes never disagree.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cifake_core.arrays import Rgb


@dataclass(frozen=True, kw_only=True, slots=True)
class AugmentConfig:
    """How strongly training pictures are changed.

    `shift` is the largest move in pixels, the border being mirrored. Each
    picture is recompressed with chance `jpeg_share` at a quality between
    `jpeg_quality` and 95, and gets Gaussian noise with chance `noise_share` of
    a sigma up to `noise_sigma` (of 255). Flips have chance one half.
    """

    shift: int = 3
    jpeg_share: float = 0.25
    jpeg_quality: int = 40
    noise_share: float = 0.25
    noise_sigma: float = 8.0


def augment(
    images: npt.NDArray[np.uint8],
    config: AugmentConfig,
    *,
    generator: np.random.Generator,
) -> npt.NDArray[np.uint8]:
    """Return changed copies of `images`.

    Args:
        images: (N, H, W, 3) uint8, RGB.
        config: what may happen and how strongly.
        generator: its state alone decides what happens to which picture.

    Returns:
        (N, H, W, 3) uint8.
    """
    changed = _shift_and_flip(images, config.shift, generator)
    noisy = np.flatnonzero(generator.random(len(images)) < config.noise_share)
    sigmas = generator.uniform(0, config.noise_sigma, (len(noisy), 1, 1, 1))
    noise = generator.standard_normal((len(noisy), *images.shape[1:]), np.float32)
    rounded = np.rint(changed[noisy] + noise * sigmas)
    changed[noisy] = np.clip(rounded, 0, 255).astype(np.uint8)
    for position in np.flatnonzero(generator.random(len(images)) < config.jpeg_share):
        quality = int(generator.integers(config.jpeg_quality, 96))
        changed[position] = recompress(changed[position], quality=quality)
    return changed


def recompress(image: Rgb, *, quality: int) -> Rgb:
    """Return `image` after a JPEG round trip at `quality`, 1 to 100."""
    _, data = cv2.imencode(
        ".jpg", image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)


def _shift_and_flip(
    images: npt.NDArray[np.uint8], shift: int, generator: np.random.Generator
) -> npt.NDArray[np.uint8]:
    """Return every picture moved by up to `shift` and perhaps mirrored."""
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
