"""Heat maps as RGB arrays: colours, overlays, enlargements and files."""

from base64 import b64encode
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import SIDE, Floats, Plane, Rgb, check_rgb
from cifake_core.explain.records import Explanation
from cifake_core.figures.style import PURPLE_GREEN

#: The percentile of a map's sizes from which a pixel has the full colour.
_FULL: Final = 99
#: The least size that has it: noise about a few pixels is not blown up.
_LEAST: Final = 0.2


def colorize(heatmap: Floats, *, signed: bool) -> Rgb:
    """Return a map in colours: viridis, or purple (against) to green (for).

    Args:
        heatmap: (H, W) float, 0 to 1, or -1 to 1 if `signed`.
        signed: whether negative values speak against the label.

    Returns:
        (H, W, 3) uint8, RGB; a signed 0 is the neutral near-white.

    Raises:
        ValueError: If `heatmap` has another shape or leaves that range.
    """
    low = -1 if signed else 0
    if heatmap.ndim != 2 or not (heatmap.min() >= low and heatmap.max() <= 1):
        msg = (
            f"Expected a map of shape (H, W) with values from {low} to 1. Received "
            f"shape {heatmap.shape} with {heatmap.min()} to {heatmap.max()}."
        )
        raise ValueError(msg)
    if signed:
        return _DIVERGING[np.rint((heatmap + 1) * 127).astype(int)]
    steps = np.rint(heatmap * 255).astype(np.uint8)
    colors = cv2.applyColorMap(steps, cv2.COLORMAP_VIRIDIS)
    return np.asarray(cv2.cvtColor(colors, cv2.COLOR_BGR2RGB), np.uint8)


def capped(heatmap: Floats) -> Floats:
    """Return a map with its strongest hundredth at full size, the rest in proportion.

    Else a few pixels, of a gradient above all, would leave all others pale.

    Args:
        heatmap: (H, W) float32, -1 to 1; nothing is raised more than fivefold.

    Source: Smilkov et al. 2017, arXiv:1706.03825, section 3.
    """
    full = max(float(np.percentile(np.abs(heatmap), _FULL)), _LEAST)
    return np.clip(heatmap / full, -1, 1)


def emphasize(heatmap: Floats) -> Floats:
    """Return a map, -1 to 1, with its weak evidence raised: the signed square root."""
    return np.asarray(np.sign(heatmap) * np.sqrt(np.abs(heatmap)), np.float32)


def colorbar(*, signed: bool) -> Rgb:
    """Return the colours of `colorize` from lowest to highest, (12, 255, 3) uint8."""
    values = np.linspace(-1 if signed else 0, 1, 255, dtype=np.float32)
    return colorize(np.tile(values, (12, 1)), signed=signed)


def overlay(image: Rgb, explanation: Explanation, *, opacity: float, size: int) -> Rgb:
    """Return `image` enlarged, with the map of an explanation laid over it.

    It is as `laid_over` has it.
    """
    return laid_over(
        image,
        explanation.heatmap,
        signed=explanation.signed,
        opacity=opacity,
        size=size,
    )


def laid_over(
    image: Rgb, heatmap: Floats, *, signed: bool, opacity: float, size: int
) -> Rgb:
    """Return `image` enlarged, with the map laid over it where there is evidence.

    A pixel is covered by `opacity` times the strength of its evidence, as in
    `capped`: where the map is 0 the picture stays as it is. Signed maps keep their
    pixels and pieces sharp, others are enlarged bilinearly.

    Args:
        image: (S, S, 3) uint8, RGB, the picture that was explained.
        heatmap: (S, S) float32, 0 to 1, or -1 to 1 if `signed`.
        signed: whether a negative pixel speaks against the label.
        opacity: 0 to 1, how far the strongest evidence covers the picture.
        size: height and width of the result in pixels, a multiple of S.

    Returns:
        (size, size, 3) uint8, RGB.

    Raises:
        InvalidImageError: If `image` is not an RGB picture.
        ValueError: If map and picture differ in shape, or the opacity or size is not
            as said above.
    """
    check_rgb(image)
    if heatmap.shape != image.shape[:2]:
        msg = (
            "Expected a map on the pixels of the picture. Received a map of shape "
            f"{heatmap.shape} for a picture of shape {image.shape}."
        )
        raise ValueError(msg)
    if not 0 <= opacity <= 1:
        msg = f"Expected an opacity from 0 to 1. Received {opacity}."
        raise ValueError(msg)
    pixels = enlarge(image, size=size)
    kernel = cv2.INTER_NEAREST if signed else cv2.INTER_LINEAR
    resized = cv2.resize(capped(heatmap), (size, size), interpolation=kernel)
    strength = resized.astype(np.float32, copy=False)
    colors = colorize(strength, signed=signed)
    alpha = opacity * np.abs(strength)[:, :, np.newaxis]
    return np.rint((1 - alpha) * pixels + alpha * colors).astype(np.uint8)


def enlarge(image: Rgb | Plane, *, size: int) -> Rgb | Plane:
    """Return a square picture with each pixel as a block, nothing in between.

    Args:
        image: (S, S, 3) or (S, S) uint8.
        size: height and width of the result in pixels, a multiple of S.

    Raises:
        ValueError: If the picture is not square or `size` is no multiple of S.
    """
    height, width = image.shape[:2]
    if height != width or size < height or size % height:
        msg = (
            "Expected a square picture and a multiple of its side. "
            f"Received shape {image.shape} and size {size}."
        )
        raise ValueError(msg)
    return image.repeat(size // height, axis=0).repeat(size // height, axis=1)


def framed(picture: Rgb, *, top: int, left: int, size: int) -> Rgb:
    """Return an enlarged picture with a frame of black and white dashes in it.

    The frame lies just within a square of the 32x32 pixels, on whatever is there: it
    is seen on black, on white and by those who see no colours.

    Args:
        picture: (S, S, 3) uint8, RGB; S is a multiple of 32, at least 4 times.
        top: first row of the square, in pixels of 32.
        left: its first column.
        size: pixels to a side.
    """
    block = picture.shape[0] // SIDE
    rows, columns = np.indices(picture.shape[:2])
    down, right = rows - top * block, columns - left * block
    last = size * block - 1
    depth = np.minimum.reduce([down, right, last - down, last - right])
    dashes = (rows + columns) // (2 * block) % 2 * 255
    on_frame = (depth >= 0) & (depth < block // 2)
    return np.where(on_frame[..., None], dashes[..., None], picture).astype(np.uint8)


def fit(image: Rgb, *, side: int) -> Rgb:
    """Return a picture no larger than `side` in height and width, in proportion.

    Args:
        image: (H, W, 3) uint8, RGB; a smaller one comes back as it is.
        side: in pixels.
    """
    height, width = image.shape[:2]
    share = side / max(height, width)
    if share >= 1:
        return image
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def png_bytes(image: Rgb | Plane) -> bytes:
    """Return `image`, (H, W, 3) RGB or (H, W) uint8, as a PNG file."""
    pixels = cv2.cvtColor(image, cv2.COLOR_RGB2BGR) if image.ndim == 3 else image
    return cv2.imencode(".png", pixels)[1].tobytes()


def data_uri(image: Rgb | Plane) -> str:
    """Return `image` as an address that holds it, for which no page has to ask."""
    return f"data:image/png;base64,{b64encode(png_bytes(image)).decode()}"


def _diverging_table() -> npt.NDArray[np.uint8]:
    """Return 255 colours through the anchors, evenly in Lab; number 127 is neutral."""
    hexadecimal = "".join(PURPLE_GREEN).replace("#", "")
    anchors = np.frombuffer(bytes.fromhex(hexadecimal), np.uint8)
    colors = anchors.reshape(1, -1, 3).astype(np.float32) / 255
    lab = cv2.cvtColor(colors, cv2.COLOR_RGB2Lab)[0]
    steps = np.linspace(0, len(lab) - 1, 255)
    between = [np.interp(steps, np.arange(len(lab)), channel) for channel in lab.T]
    table = np.stack(between, axis=-1)[np.newaxis].astype(np.float32)
    rgb = cv2.cvtColor(table, cv2.COLOR_Lab2RGB)[0]
    return np.rint(rgb * 255).clip(0, 255).astype(np.uint8)


_DIVERGING: Final = _diverging_table()
