"""Double compression: whether a JPEG file was made from pixels of an earlier one.

Quantised twice, some values of a cosine coefficient cannot occur: its histogram has
gaps, and where they lie tells the earlier step. Nothing is seen where the picture was
moved off its blocks, resized, or saved worse than before: then nothing is said.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from statistics import median
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from cifake_core.basics.arrays import Rgb
from cifake_core.pictures.file_form import file_form

_BLOCK: Final = 8
#: Blocks to a side, in the middle of the picture, that are looked at: for the time.
_MOST_BLOCKS: Final = 48
#: The low frequencies by row and column: others are nearly all 0.
_FREQUENCIES: Final = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1))
#: Earlier qualities that are tried.
_QUALITIES: Final = range(30, 99)
#: Times that an earlier step must be the later one: below, gaps are rare by chance.
_LEAST_RATIO: Final = 2
#: Coefficients that a frequency needs, other than 0, and frequencies that agree.
_FEWEST: Final = 50
_FEWEST_FREQUENCIES: Final = 3
#: Values of a coefficient that are counted, in later steps.
_MOST_STEPS: Final = 128
#: Score from which a file was saved before: single ones come to 0.05, most double
#: ones to 0.4 and more (`benchmarks/provenance.py`).
_CLEAR: Final = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class _Gaps:
    """Gaps that E earlier steps leave; each array is (E, sizes) float64.

    `allowed` is 1 for a size that a multiple of the earlier step comes to. What a
    histogram would have if it were smoothed is its product with `smooth`, and of that
    at the allowed sizes with `allowed_smooth`.
    """

    earlier: tuple[int, ...]
    allowed: npt.NDArray[np.float64]
    allowed_smooth: npt.NDArray[np.float64]
    smooth: npt.NDArray[np.float64]


def saved_twice(image: Rgb, table: tuple[int, ...]) -> bool:
    """Whether a JPEG file's pixels show that they were compressed before.

    Args:
        image: (H, W, 3) uint8, its pixels as stored, not turned.
        table: its 64 steps of luma, row by row.

    Returns:
        True if it shows; False is no sign that there was no earlier compression.

    Source: after Lukas & Fridrich 2003, "Estimation of primary quantization matrix in
    double compressed JPEG images".
    """
    return clearness(image, table) >= _CLEAR


def clearness(image: Rgb, table: tuple[int, ...]) -> float:
    """How well the gaps fit the best of the earlier qualities: 0 by chance, 1 wholly.

    Args:
        image: (H, W, 3) uint8, the pixels of a JPEG file as stored, not turned.
        table: its 64 steps of luma, row by row.
    """
    if len(table) != _BLOCK**2 or min(image.shape[:2]) < _BLOCK:
        return 0.0
    later = tuple(table[_BLOCK * row + column] for row, column in _FREQUENCIES)
    if min(later) < 1:  # no JPEG's, but a file may claim it
        return 0.0
    fits = [
        _fits(count, _gaps(step, earlier)) if count.sum() >= _FEWEST else {}
        for count, step, earlier in zip(
            _histograms(image, later), later, _tried(later), strict=True
        )
    ]
    return max(_score(fits, quality) for quality in _QUALITIES)


def _histograms(image: Rgb, later: tuple[int, ...]) -> list[npt.NDArray[np.float64]]:
    """How often each size of each low frequency occurs, in later steps from 1 on."""
    rows, columns = (min(side // _BLOCK, _MOST_BLOCKS) for side in image.shape[:2])
    top, left = (
        _BLOCK * ((side // _BLOCK - number) // 2)
        for side, number in zip(image.shape[:2], (rows, columns), strict=True)
    )
    part = image[top : top + _BLOCK * rows, left : left + _BLOCK * columns]
    luma = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY)
    blocks = luma.astype(np.float32).reshape(rows, _BLOCK, columns, _BLOCK)
    terms = blocks.swapaxes(1, 2).reshape(-1, _BLOCK**2) @ _waves()
    sizes = np.abs(np.rint(terms / np.array(later, np.float32))).astype(np.int64)
    limit = _MOST_STEPS + 1  # what is larger is not counted
    return [
        np.bincount(np.minimum(each, limit), minlength=limit + 1)[1:limit].astype(float)
        for each in sizes.T
    ]


@cache
def _waves() -> npt.NDArray[np.float32]:
    """(64, F), the cosine waves of the low frequencies, of length 1."""
    angles = np.pi * (2 * np.arange(_BLOCK) + 1) / (2 * _BLOCK)
    lengths = np.full(_BLOCK, np.sqrt(2 / _BLOCK))
    lengths[0] = np.sqrt(1 / _BLOCK)
    lines = [lengths[k] * np.cos(k * angles) for k in range(_BLOCK)]
    waves = [np.outer(lines[row], lines[column]) for row, column in _FREQUENCIES]
    return np.stack(waves).reshape(len(waves), -1).T.astype(np.float32)


@cache
def _steps(quality: int) -> tuple[int, ...]:
    """Steps of luma that libjpeg takes at a quality, by the low frequencies."""
    file = BytesIO()
    Image.new("L", (_BLOCK, _BLOCK)).save(file, "JPEG", quality=quality)
    (table,) = file_form(file.getvalue()).tables
    return tuple(table[_BLOCK * row + column] for row, column in _FREQUENCIES)


@lru_cache(maxsize=128)
def _tried(later: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Of each frequency the earlier steps that could leave gaps."""
    of_all = zip(*map(_steps, _QUALITIES), strict=True)
    return tuple(
        tuple({each for each in earlier if each >= _LEAST_RATIO * step})
        for earlier, step in zip(of_all, later, strict=True)
    )


def _score(fits: list[dict[int, float]], quality: int) -> float:
    """Median over frequencies of how far the gaps fit an earlier quality."""
    found = sorted(
        fit[earlier]
        for fit, earlier in zip(fits, _steps(quality), strict=True)
        if earlier in fit
    )
    return median(found) if len(found) >= _FEWEST_FREQUENCIES else 0.0


def _fits(count: npt.NDArray[np.float64], gaps: _Gaps) -> dict[int, float]:
    """How much more often than by chance a size is one that each earlier step allows.

    Chance is what the histogram would give if it had no gaps, that is smoothed.
    """
    share = gaps.allowed @ count / count.sum()
    chance = gaps.allowed_smooth @ count / np.maximum(gaps.smooth @ count, 1)
    fit = (share - chance) / np.maximum(1 - chance, 1e-9)
    return dict(zip(gaps.earlier, np.where(chance < 1, fit, 0).tolist(), strict=True))


@lru_cache(maxsize=1024)
def _gaps(later: int, earlier: tuple[int, ...]) -> _Gaps:
    """Gaps that these earlier steps leave before a later one."""
    sizes = np.arange(1, _MOST_STEPS + 1)
    steps = np.array(earlier).reshape(-1, 1)
    allowed = np.rint(np.rint(sizes * later / steps) * steps / later) == sizes
    widths = -(-steps // later).reshape(-1, 1, 1)
    near = np.abs(sizes[:, None] - sizes) <= widths  # (E, sizes, sizes)
    means = near / near.sum(axis=2, keepdims=True)
    return _Gaps(
        earlier=earlier,
        allowed=allowed.astype(np.float64),
        allowed_smooth=(allowed[:, :, None] * means).sum(axis=1),
        smooth=means.sum(axis=1),
    )
