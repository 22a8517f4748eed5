"""Means of the filtered planes over the training split."""

from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.data.cifake import Split
from cifake_core.pictures.filters import FILTERS, stack_batch

_CHUNK: Final = 1000


def plane_means(
    split: Split, *, progress: ProgressCallback = tell_nobody
) -> npt.NDArray[np.float64]:
    """Return the mean of each plane over all pictures of `split`.

    Args:
        split: the training split; `evaluate --save` puts its means on the card.
        progress: told the share done, 0 to 1.

    Returns:
        (6,) float64, 0 to 255, in the order of `FILTERS`.
    """
    total = np.zeros(len(FILTERS))
    for start in range(0, len(split.images), _CHUNK):
        planes = stack_batch(split.images[start : start + _CHUNK])
        total += planes.mean(axis=(2, 3)).sum(axis=0)
        progress(start / len(split.images))
    return total / len(split.images)
