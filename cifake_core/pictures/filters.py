"""Filters: the six channels of a picture, as Hosen et al. (2025) define them.

Every filter is a pure function from an RGB picture to one plane of the same
height and width, byte for byte what OpenCV gives.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Plane, Planes, Rgb, check_rgb
from cifake_core.basics.errors import InvalidImageError

Filter: TypeAlias = Callable[[Rgb], Plane]


@dataclass(frozen=True, kw_only=True, slots=True)
class FilterSettings:
    """Settings of the filters, for a demonstration.

    No network was trained on other values than these. CLAHE cuts the picture into
    `tiles` x `tiles` and raises contrast up to `clip_limit`, above 0; the blur's
    kernel has `blur_side` pixels, odd; a Canny edge begins where the gradient is over
    `canny_high` and goes on where it is over `canny_low`; the Sobel kernel has
    `sobel_side` pixels: 1, 3, 5 or 7.
    """

    clip_limit: float = 2.0
    tiles: int = 8
    blur_side: int = 5
    canny_low: int = 100
    canny_high: int = 200
    sobel_side: int = 5


#: Those of every network.
_SETTINGS: Final = FilterSettings()


def green_channel(image: Rgb) -> Plane:
    """Return the green channel of `image`.

    Args:
        image: (H, W, 3) uint8, RGB.

    Returns:
        (H, W) uint8, the pixels as they are.

    Raises:
        InvalidImageError: If `image` has another shape or type.

    Source: Hosen et al. 2025, filter 1.
    """
    check_rgb(image)
    return np.ascontiguousarray(image[:, :, 1])


def clahe_green(image: Rgb) -> Plane:
    """Return the green channel after local contrast equalisation.

    Args:
        image: (H, W, 3) uint8, RGB.

    Returns:
        (H, W) uint8.

    Raises:
        InvalidImageError: If `image` has another shape or type.

    Source: Hosen et al. 2025, filter 2: clip limit 2.0, 8x8 tiles.
    """
    return _equalize(green_channel(image))


def gaussian_blur(image: Rgb) -> Plane:
    """Return the equalised green channel after a 5x5 Gaussian blur.

    Args:
        image: (H, W, 3) uint8, RGB.

    Returns:
        (H, W) uint8.

    Raises:
        InvalidImageError: If `image` has another shape or type.

    Source: Hosen et al. 2025, filter 3: it blurs the plane of filter 2.
    """
    return _blur(clahe_green(image))


def grayscale(image: Rgb) -> Plane:
    """Return the luma of `image`, 0.299 R + 0.587 G + 0.114 B.

    Args:
        image: (H, W, 3) uint8, RGB.

    Returns:
        (H, W) uint8.

    Raises:
        InvalidImageError: If `image` has another shape or type.

    Source: Hosen et al. 2025, filter 4.
    """
    check_rgb(image)
    return _plane(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))


def canny_edges(image: Rgb) -> Plane:
    """Return the Canny edges of the luma of `image`.

    Args:
        image: (H, W, 3) uint8, RGB.

    Returns:
        (H, W) uint8, 255 on an edge and 0 elsewhere.

    Raises:
        InvalidImageError: If `image` has another shape or type.

    Source: Hosen et al. 2025, filter 5: thresholds 100 and 200.
    """
    return _canny(grayscale(image))


def sobel_magnitude(image: Rgb) -> Plane:
    """Return the Sobel gradient magnitude of the luma of `image`.

    Args:
        image: (H, W, 3) uint8, RGB.

    Returns:
        (H, W) uint8, scaled so that the weakest edge of this picture is 0 and
        the strongest 255; 0 everywhere if the picture is flat.

    Raises:
        InvalidImageError: If `image` has another shape or type.

    Source: Hosen et al. 2025, filter 6: kernel 5, min-max scaling.
    """
    return _sobel(grayscale(image))


@dataclass(frozen=True, kw_only=True, slots=True)
class FilterText:
    """Title of a channel, and a sentence on what it shows."""

    title: str
    shows: str


#: The order is the channel order of every saved network: append, never reorder.
FILTERS: Final[Mapping[str, Filter]] = {
    "green_channel": green_channel,
    "clahe_green": clahe_green,
    "gaussian_blur": gaussian_blur,
    "grayscale": grayscale,
    "canny_edges": canny_edges,
    "sobel_magnitude": sobel_magnitude,
}

FILTER_TEXTS: Final[Mapping[str, FilterText]] = {
    "green_channel": FilterText(
        title="Green", shows="How green each pixel is: the camera's sharpest channel."
    ),
    "clahe_green": FilterText(
        title="CLAHE", shows="Green with local contrast raised, so that texture shows."
    ),
    "gaussian_blur": FilterText(
        title="Gaussian blur", shows="CLAHE smoothed: shapes stay, noise goes."
    ),
    "grayscale": FilterText(
        title="Greyscale", shows="Brightness alone, without colour."
    ),
    "canny_edges": FilterText(
        title="Canny", shows="Thin outlines: white where an edge was found."
    ),
    "sobel_magnitude": FilterText(
        title="Sobel", shows="How steeply brightness changes at each pixel."
    ),
}


def stack(image: Rgb) -> Planes:
    """Return all six planes of `image`, in the order of `FILTERS`.

    Args:
        image: (H, W, 3) uint8, RGB.

    Returns:
        (6, H, W) uint8, each plane equal to its filter's; what two filters have
        in common is computed once.

    Raises:
        InvalidImageError: If `image` has another shape or type.
    """
    return demonstrate(image, _SETTINGS)


def demonstrate(image: Rgb, settings: FilterSettings) -> Planes:
    """Return all six planes of `image` with other settings of the filters.

    Args:
        image: (H, W, 3) uint8, RGB.
        settings: to look at; networks know the default alone.

    Returns:
        (6, H, W) uint8.

    Raises:
        InvalidImageError: If `image` has another shape or type.
    """
    green = green_channel(image)
    gray = grayscale(image)
    equalized = _equalize(green, settings)
    return np.stack(
        (
            green,
            equalized,
            _blur(equalized, settings),
            gray,
            _canny(gray, settings),
            _sobel(gray, settings),
        )
    )


def stack_batch(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return the planes of many pictures.

    Args:
        images: (N, H, W, 3) uint8, RGB.

    Returns:
        (N, 6, H, W) uint8.

    Raises:
        InvalidImageError: If a picture has another shape or type.
    """
    if images.ndim != 4:
        msg = f"Expected pictures of shape (N, H, W, 3). Received {images.shape}."
        raise InvalidImageError(msg)
    num_images, height, width = images.shape[:3]
    planes = np.empty((num_images, len(FILTERS), height, width), np.uint8)
    # one after the other: each step of a small picture is so short that threads
    # would spend more time on taking turns
    for image, filled in zip(images, planes, strict=True):
        filled[:] = stack(image)
    return planes


def _equalize(green: Plane, settings: FilterSettings = _SETTINGS) -> Plane:
    """Return `green` after CLAHE; the OpenCV object is not safe to share."""
    tiles = (settings.tiles, settings.tiles)
    return _plane(cv2.createCLAHE(settings.clip_limit, tiles).apply(green))


def _blur(equalized: Plane, settings: FilterSettings = _SETTINGS) -> Plane:
    """Return `equalized` after the blur, sigma from the kernel's size."""
    side = settings.blur_side
    return _plane(cv2.GaussianBlur(equalized, (side, side), 0))


def _canny(gray: Plane, settings: FilterSettings = _SETTINGS) -> Plane:
    """Return the Canny edges of `gray`."""
    return _plane(cv2.Canny(gray, settings.canny_low, settings.canny_high))


def _sobel(gray: Plane, settings: FilterSettings = _SETTINGS) -> Plane:
    """Return the scaled gradient magnitude; `np.hypot` would round differently."""
    side = settings.sobel_side
    across = cv2.Sobel(gray, cv2.CV_64F, 1, 0, ksize=side)
    down = cv2.Sobel(gray, cv2.CV_64F, 0, 1, ksize=side)
    magnitude = np.sqrt(across**2 + down**2)
    # OpenCV's stubs want an array for the output that its documentation lets be None
    scaled = cv2.normalize(magnitude, None, 0, 255, cv2.NORM_MINMAX, cv2.CV_8U)  # type: ignore[call-overload]
    return _plane(scaled)


def _plane(array: npt.NDArray[np.generic]) -> Plane:
    """Return the array as a plane, as OpenCV's types are loose."""
    return np.asarray(array, np.uint8)
