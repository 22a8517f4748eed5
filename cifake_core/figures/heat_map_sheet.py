"""Sheet of an explanation: the picture, its heat map, both together."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from cifake_core.basics.arrays import SIDE, Rgb
from cifake_core.explain.records import Explanation
from cifake_core.figures.heat_maps import capped, colorbar, colorize, enlarge, overlay

#: Pixels of the map to a side of the cells that get one sign each.
_CELL: Final = 4
#: A cell has a sign if its evidence is at least so much of the strongest cell's.
_WORTH_A_SIGN: Final = 0.3
#: Up to this mean a cell is dark, and its sign white. 0 to 255.
_DARK: Final = 140
_OPACITY: Final = 0.6
#: Pixels: of a panel's side, of what is between panels, of a line of words.
_PANEL: Final = 12 * SIDE
_GAP: Final = 16
_LINE: Final = 30
_INK: Final = (17, 17, 17)


def map_picture(explanation: Explanation, *, size: int) -> Rgb:
    """Return a map, as `capped`, in colours; if it is signed, signs tell them too.

    Args:
        explanation: its `heatmap` is (32, 32).
        size: height and width of the result in pixels, a multiple of 32.

    Returns:
        (size, size, 3) uint8, RGB. Each 4x4 pixels of the map with clear evidence
        bear a plus (for the label) or a minus (against it).
    """
    heatmap = explanation.heatmap
    colors = enlarge(colorize(capped(heatmap), signed=explanation.signed), size=size)
    if not explanation.signed:
        return colors
    count, cell = SIDE // _CELL, size * _CELL // SIDE
    means = heatmap.reshape(count, _CELL, count, _CELL).mean(axis=(1, 3))
    clear = np.abs(means) >= _WORTH_A_SIGN * max(np.abs(means).max(), np.spacing(1))
    for row, column in np.argwhere(clear):
        top, left = row * cell, column * cell
        dark = colors[top : top + cell, left : left + cell].mean() <= _DARK
        middle, arm = (left + cell // 2, top + cell // 2), cell // 5
        _draw_sign(
            colors, middle, arm, plus=means[row, column] > 0, ink=255 if dark else 17
        )
    return colors


def sheet(image: Rgb, explanation: Explanation, *, lines: tuple[str, ...]) -> Rgb:
    """Return picture, map and overlay side by side on white, with words.

    Args:
        image: (32, 32, 3) uint8, RGB, the picture that was explained.
        explanation: its map.
        lines: what is written above the panels.

    Returns:
        (H, W, 3) uint8, RGB.
    """
    panels = (
        enlarge(image, size=_PANEL),
        map_picture(explanation, size=_PANEL),
        overlay(image, explanation, opacity=_OPACITY, size=_PANEL),
    )
    width = 4 * _GAP + 3 * _PANEL
    top = _GAP + _LINE * len(lines)
    low = top + _PANEL + _GAP // 2
    page = np.full((low + _LINE + _GAP, width, 3), 255, np.uint8)
    for number, panel in enumerate(panels):
        left = _GAP + number * (_PANEL + _GAP)
        page[top : top + _PANEL, left : left + _PANEL] = panel
    bar = colorbar(signed=explanation.signed)
    left = 2 * _GAP + _PANEL
    page[low : low + len(bar), left : left + _PANEL] = cv2.resize(
        bar, (_PANEL, len(bar))
    )
    against = f"against {explanation.label}" if explanation.signed else "no evidence"
    legend = f"left end: {against}; right end: for {explanation.label}"
    words = [(_GAP, _GAP // 2 + _LINE * n, line) for n, line in enumerate(lines)]
    return _written(page, [*words, (left, low + len(bar), legend)])


def _draw_sign(
    colors: npt.NDArray[np.uint8],
    middle: tuple[int, int],
    arm: int,
    *,
    plus: bool,
    ink: int,
) -> None:
    """Draw a plus or a minus about `middle`, (x, y), into `colors`."""
    x, y = map(int, middle)
    shade = (ink, ink, ink)
    cv2.line(colors, (x - arm, y), (x + arm, y), shade, 2)
    if plus:
        cv2.line(colors, (x, y - arm), (x, y + arm), shade, 2)


def _written(page: Rgb, words: list[tuple[int, int, str]]) -> Rgb:
    """Return `page` with words on it, each with the left and top of its line."""
    paper = Image.fromarray(page)
    draw = ImageDraw.Draw(paper)
    for left, top, line in words:
        size = 20 if left == _GAP else 14
        draw.text((left, top), line, _INK, font=ImageFont.load_default(size))
    return np.asarray(paper)
