"""Deletion and insertion curves: a label's logit as the pixels of a map go or come.

If a map is right, the label is soon lost when the map's highest pixels are taken
from the picture, and soon won when they are put where nothing of it is left.

The curves are of the label's logit, not of its probability: the logit is what the
methods explain, and where a network is sure, as it mostly is, a good part of the
picture can go before the probability moves at all. A map for the label that the
network does not give could not be judged by a probability that stays near 0.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import SIDE, Floats, Rgb32
from cifake_core.basics.labels import Label, sign_of
from cifake_core.basics.progress import ProgressCallback
from cifake_core.explain.replacements import PIXEL_REPLACEMENTS
from cifake_core.networks.protocols import Scorer

#: Equal steps in which all pixels go or come.
NUM_STEPS: Final = 25

#: How many pixels have gone or come after each step but the last, when all have.
_COUNTS: Final = np.rint(np.linspace(0, SIDE * SIDE, NUM_STEPS + 1)[1:-1])
#: Turns over, about a horizontal and a vertical axis, times moves by whole pixels.
_MOVES: Final = (2, 2, SIDE, SIDE)
#: Pictures scored at a time; between two batches progress is told.
_BATCH: Final = 250


#: Beside their names: the mean over all of them.
ALL_REPLACEMENTS: Final = "all"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Curves:
    """The curves of M maps with one replacement, both (M, 26) float64.

    Column `k` is the logit of the label after `k` of 25 steps: pixels go in
    `deletion` and come in `insertion`, the highest of the map first. An area is a
    mean logit, as all the pixels together count as 1.
    """

    deletion: npt.NDArray[np.float64]
    insertion: npt.NDArray[np.float64]

    @property
    def deletion_auc(self) -> npt.NDArray[np.float64]:
        """(M,) areas under the deletion curves; low for a map that is right."""
        return _area(self.deletion)

    @property
    def insertion_auc(self) -> npt.NDArray[np.float64]:
        """(M,) areas under the insertion curves; high for a map that is right."""
        return _area(self.insertion)


def draw_curves(
    network: Scorer,
    pixels: Rgb32,
    heatmaps: Floats,
    *,
    label: Label,
    progress: ProgressCallback,
) -> dict[str, Curves]:
    """Return the curves of `heatmaps` with each of `PIXEL_REPLACEMENTS`.

    Maps are scored together, and those with the same order of pixels only once.

    Args:
        network: a compiled network or ensemble.
        pixels: (32, 32, 3) uint8, RGB, of the picture that is explained.
        heatmaps: (M, 32, 32) float32; the highest values speak most for `label`,
            and of equal ones the upper, then the left one comes first.
        label: whose logit is drawn.
        progress: told the share done, 0 to 1, now and then; may raise to stop.

    Source: Petsiuk et al. 2018, arXiv:1806.07421, section 3.
    """
    ranks, which = np.unique(_ranks(heatmaps), axis=0, return_inverse=True)
    early = ranks[:, np.newaxis] < _COUNTS[:, np.newaxis]
    early = early.reshape(-1, SIDE, SIDE, 1)
    curves = {}
    for number, (name, replacement) in enumerate(PIXEL_REPLACEMENTS.items()):
        rest = replacement.fill(pixels)
        gone, come = np.where(early, rest, pixels), np.where(early, pixels, rest)
        scores = []
        batches = _batches(np.concatenate([np.stack([pixels, rest]), gone, come]))
        for position, batch in enumerate(batches):
            progress((number + position / len(batches)) / len(PIXEL_REPLACEMENTS))
            scores.append(network.logits(batch))
        logits = sign_of(label) * np.concatenate(scores).astype(np.float64)
        deletion, insertion = logits[2:].reshape(2, len(ranks), -1)[:, which]
        curves[name] = Curves(
            deletion=_between(logits[0], deletion, logits[1]),
            insertion=_between(logits[1], insertion, logits[0]),
        )
    progress(1.0)
    return curves


def random_maps(heatmap: Floats, *, count: int, seed: int) -> Floats:
    """Return random maps: `heatmap`'s texture in random places.

    Each is the map turned over, or not, about either axis, then moved by whole
    pixels in both directions; what leaves at one side comes back at the other. All
    4,096 such moves but the one that changes nothing are as likely, and no two are
    the same: where the map is no better than chance, it is as likely to be best, or
    second best, or last of itself and these.

    Args:
        heatmap: (32, 32) float32.
        count: how many.
        seed: the same seed gives the same moves, whatever the map.

    Returns:
        (count, 32, 32) float32.

    Source: on tests with random members of a group, Hemerik & Goeman 2018,
        arXiv:1411.7565.
    """
    generator = np.random.default_rng(seed)
    numbers = generator.choice(np.arange(1, np.prod(_MOVES)), count, replace=False)
    maps = []
    for upside_down, mirrored, down, right in zip(
        *np.unravel_index(numbers, _MOVES), strict=True
    ):
        moved = np.flipud(heatmap) if upside_down else heatmap
        moved = np.fliplr(moved) if mirrored else moved
        maps.append(np.roll(moved, (down, right), axis=(0, 1)))
    return np.stack(maps)


def _ranks(heatmaps: Floats) -> npt.NDArray[np.int64]:
    """Return the place of each pixel in its map's order, from 0, (M, 1024)."""
    flat = heatmaps.reshape(len(heatmaps), -1)
    return np.argsort(-flat, axis=1, kind="stable").argsort(axis=1)


def _batches(pictures: npt.NDArray[np.uint8]) -> list[npt.NDArray[np.uint8]]:
    """Return `pictures` in batches of about the same size."""
    return np.array_split(pictures, math.ceil(len(pictures) / _BATCH))


def _between(
    first: float, inner: npt.NDArray[np.float64], last: float
) -> npt.NDArray[np.float64]:
    """Return (M, 24) inner points of curves with their common ends, (M, 26)."""
    return np.pad(inner, ((0, 0), (1, 1)), constant_values=((0, 0), (first, last)))


def _area(curves: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the area under each curve, by the trapezoidal rule."""
    return np.asarray(np.trapezoid(curves, dx=1 / NUM_STEPS), np.float64)
