"""Filters: the six channels of a picture, as Hosen et al. (2025) define them.

Every filter is a pure function from an RGB picture, (H, W, 3) uint8, to one plane of
the same height and width, (H, W) uint8, byte for byte what OpenCV gives. Each raises
`InvalidImageError` if the picture has another shape or type. The settings are those of
the notebook of Hosen et al., whose number each docstring gives.

Example:
    >>> import numpy as np
    >>> image = np.zeros((32, 32, 3), np.uint8)
    >>> image[:, 16:] = 255
    >>> int(sobel_magnitude(image)[0, 15]), int(sobel_magnitude(image)[0, 0])
    (255, 0)
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
    """Green channel, the pixels as they are.

    Source: Hosen et al. 2025, filter 1.
    """
    check_rgb(image)
    return np.ascontiguousarray(image[:, :, 1])


def clahe_green(image: Rgb) -> Plane:
    """Green channel after CLAHE, with clip limit 2.0 and 8x8 tiles.

    Source: Hosen et al. 2025, filter 2; contrast-limited adaptive histogram
        equalisation, Pizer et al. 1987, doi:10.1016/S0734-189X(87)80186-X.
    """
    return _equalize(green_channel(image))


def gaussian_blur(image: Rgb) -> Plane:
    """Equalised green channel after a 5x5 Gaussian blur.

    Source: Hosen et al. 2025, filter 3: it blurs the plane of filter 2.
    """
    return _blur(clahe_green(image))


def grayscale(image: Rgb) -> Plane:
    """Luma, 0.299 R + 0.587 G + 0.114 B.

    Source: Hosen et al. 2025, filter 4; Recommendation ITU-R BT.601.
    """
    check_rgb(image)
    return _plane(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))


def canny_edges(image: Rgb) -> Plane:
    """Canny edges of the luma, 255 on an edge and 0 elsewhere; thresholds 100 and 200.

    Source: Hosen et al. 2025, filter 5; Canny 1986, doi:10.1109/TPAMI.1986.4767851.
    """
    return _canny(grayscale(image))


def sobel_magnitude(image: Rgb) -> Plane:
    """Sobel gradient magnitude of the luma, by 5x5 kernels.

    It is scaled so that the weakest edge of this picture is 0 and the strongest 255;
    a flat picture is 0 everywhere.

    Source: Hosen et al. 2025, filter 6; Sobel & Feldman 1968.
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
    """All six planes of a picture, (6, H, W) uint8, in the order of `FILTERS`.

    Each equals its filter's; what two filters have in common is computed once.
    """
    return demonstrate(image, _SETTINGS)


def demonstrate(image: Rgb, settings: FilterSettings) -> Planes:
    """All six planes of a picture, (6, H, W) uint8, with these settings.

    Networks know the default ones alone.
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
    """All six planes of many pictures, from (N, H, W, 3) to (N, 6, H, W) uint8."""
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
