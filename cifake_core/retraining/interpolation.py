"""Interpolation between the weights before and after: how much of the new is kept.

Between the two lie networks that find almost as much of the new as the last, and
forget almost as little of the old as the first (WiSE-FT). Which one is chosen on
validation pictures, by the limits of the gate.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.basics.labels import LABELS
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.evaluation.metrics import roc_auc
from cifake_core.retraining.gate_checks import (
    ACCURACY_LOST,
    AUC_LOST,
    ROBUSTNESS_LOST,
)

#: The share is looked for on a grid of so many places.
PLACES: Final = 16
#: Of what the gate allows on the test set, so much is allowed on validation: of areas
#: and under corruptions, and of accuracy, as McNemar's test is stricter than the limit
#: on it.
_AREAS: Final = 0.8
_ACCURACY: Final = 0.25
#: So many weights are asked about: both ends, and one for each halving.
_MAX_ASKED: Final = 2 + math.ceil(math.log2(PLACES))
_REAL: Final = LABELS.index("REAL")

Weights = Sequence[npt.NDArray[np.float32]]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Asked:
    """Validation pictures that weights are compared on.

    `images` is (N, 32, 32, 3) uint8, `labels` (N,) int8. `cifake` marks CIFAKE's
    pictures, (N,) bool; `known` those of each generator that may not be forgotten, and
    `corrupted` the copies of CIFAKE's after each of some corruptions, by its name.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int8]
    cifake: npt.NDArray[np.bool_]
    known: Mapping[str, npt.NDArray[np.bool_]]
    corrupted: Mapping[str, npt.NDArray[np.bool_]]


def interpolate(
    old: Weights, new: Weights, share: float
) -> list[npt.NDArray[np.float32]]:
    """Weights at a share of the way from the old ones, 0, to the new ones, 1."""
    return [
        ((1 - share) * before + share * after).astype(after.dtype)
        for before, after in zip(old, new, strict=True)
    ]


def choose_share(
    old: Weights,
    new: Weights,
    asked: Asked,
    answer: Callable[[Weights], Floats],
    progress: ProgressCallback = tell_nobody,
) -> float:
    """Largest share of the way to the new weights at which little is forgotten.

    Little is a part of what the gate allows: of the area under the ROC curve of each
    known generator, CIFAKE's among them, against CIFAKE's photographs, and of the
    accuracy on CIFAKE, as it is and corrupted, at the threshold that is best for it.
    Neither depends on a calibration, which comes after and would be unstable on so few.
    Where even the first of `PLACES` loses more, it is that one: the gate will say what
    is lost.

    Args:
        old: the weights before.
        new: the weights after.
        asked: the pictures.
        answer: (N,) logits of REAL that some weights give to them.
        progress: told the share done.

    Source: Wortsman et al. 2022, arXiv:2109.01903.
    """
    num_asked = 0

    def figures(weights: Weights) -> npt.NDArray[np.float64]:
        nonlocal num_asked
        logits = answer(weights)
        num_asked += 1
        progress(num_asked / _MAX_ASKED)
        return np.array(
            [
                *(
                    _best_accuracy(asked.labels[each], logits[each])
                    for each in (asked.cifake, *asked.corrupted.values())
                ),
                *_areas(asked, logits),
            ]
        )

    before = figures(old)
    allowed = np.array(
        [
            _ACCURACY * ACCURACY_LOST,
            *(_AREAS * ROBUSTNESS_LOST for _ in asked.corrupted),
            *(_AREAS * AUC_LOST for _ in asked.known),
        ]
    )

    def forgets_little(place: int) -> bool:
        lost = before - figures(interpolate(old, new, place / PLACES))
        return bool((lost <= allowed).all())

    if forgets_little(PLACES):
        return 1.0
    low, high = 1, PLACES  # bisection, as the farther the more is forgotten
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if forgets_little(middle) else (low, middle)
    return low / PLACES


def _areas(asked: Asked, logits: Floats) -> list[float]:
    """Area under the ROC curve of each known generator, against photographs."""
    real = asked.cifake & (asked.labels == _REAL)
    return [
        roc_auc(asked.labels[real | made], logits[real | made]).value
        for made in asked.known.values()
    ]


def _best_accuracy(labels: npt.NDArray[np.int8], logits: Floats) -> float:
    """Share of pictures called rightly at the threshold at which it is largest."""
    steps = np.where(labels[np.argsort(logits)] == _REAL, -1, 1)
    # where none is below the threshold all are called REAL; each one below changes one
    right = np.count_nonzero(labels == _REAL) + np.cumsum(steps)
    return float(max(right.max(), np.count_nonzero(labels == _REAL)) / len(labels))
