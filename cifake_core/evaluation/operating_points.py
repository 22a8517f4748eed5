"""Operating points: metrics at any threshold, and the curves over all of them.

A picture is called REAL if its probability of REAL is at least the threshold, and
FAKE, or flagged, if it is lower. A threshold is a probability, 0 to 1.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import precision_recall_curve, roc_curve

from cifake_core.basics.estimates import Estimate, proportion, sigmoid
from cifake_core.basics.labels import OBJECT_CLASSES
from cifake_core.evaluation.metrics import check_scores, f1_estimate

#: Where the networks themselves go over from FAKE to REAL.
EVEN: Final = 0.5
#: Of `histogram`: 50 bars of 0.02.
EDGES: Final = tuple(number / 50 for number in range(51))

_MAX_CURVE_POINTS: Final = 500
#: Shares of pictures that differ, differ before this.
_DECIMALS: Final = 9


@dataclass(frozen=True, kw_only=True, eq=False)
class OperatingPoint:
    """What comes of one threshold; REAL is the positive class.

    `confusion` is as in `results.EvalReport`. The point on the ROC curve is
    (`fake_missed`, `recall`).
    """

    threshold: float
    confusion: tuple[tuple[int, int], tuple[int, int]]

    @property
    def n(self) -> int:
        """The number of pictures."""
        return sum(map(sum, self.confusion))

    @cached_property
    def accuracy(self) -> Estimate:
        """The share of pictures that are rightly called."""
        (fake_right, _), (_, real_right) = self.confusion
        return proportion(fake_right + real_right, self.n)

    @cached_property
    def precision(self) -> Estimate:
        """The share of pictures called REAL that are."""
        (_, missed), (_, real_right) = self.confusion
        return proportion(real_right, missed + real_right)

    @cached_property
    def recall(self) -> Estimate:
        """The share of REAL pictures that are called so."""
        _, (flagged, real_right) = self.confusion
        return proportion(real_right, flagged + real_right)

    @cached_property
    def f1(self) -> Estimate:
        """The harmonic mean of precision and recall."""
        return f1_estimate(np.array(self.confusion))

    @cached_property
    def real_flagged(self) -> Estimate:
        """The share of REAL pictures that are called FAKE."""
        _, (flagged, real_right) = self.confusion
        return proportion(flagged, flagged + real_right)

    @cached_property
    def fake_missed(self) -> Estimate:
        """The share of FAKE pictures that are called REAL."""
        (fake_right, missed), _ = self.confusion
        return proportion(missed, fake_right + missed)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Curves:
    """What is drawn of a set of scores beside its ROC curve.

    `recall` and `precision`, (M,) float64, are the points of the precision-recall
    curve for REAL, recall falling. `fake` and `real`, (50,) integers, count the
    pictures of each label whose probability of REAL lies between two `EDGES`: above
    the lower, at most the upper; 0 itself is in the first.
    """

    recall: npt.NDArray[np.float64]
    precision: npt.NDArray[np.float64]
    fake: npt.NDArray[np.int64]
    real: npt.NDArray[np.int64]


def operating_point(
    labels: npt.NDArray[np.integer],
    logits: npt.NDArray[np.floating],
    *,
    threshold: float,
) -> OperatingPoint:
    """Return the metrics of the calls at `threshold`.

    Shares have Wilson intervals, F1 the one of `evaluation.evaluate_logits`. A
    share of no pictures is 0, from 0 to 1.

    Args:
        labels: (N,) integers, FAKE = 0 and REAL = 1, at least one of each.
        logits: (N,) finite floats, the raw outputs for REAL.
        threshold: probability of REAL, 0 to 1.

    Raises:
        ValueError: If an argument is not as said above.
    """
    check_scores(labels, logits)
    _check_share(threshold, "a threshold")
    return _point(labels, sigmoid(logits), threshold)


def by_object_class(
    labels: npt.NDArray[np.integer],
    logits: npt.NDArray[np.floating],
    object_classes: npt.NDArray[np.integer],
    *,
    threshold: float,
) -> dict[str, OperatingPoint]:
    """Return the operating point on each object class that has pictures.

    Args:
        labels: as for `operating_point`.
        logits: as for `operating_point`.
        object_classes: (N,) integers, numbers of `dataset.OBJECT_CLASSES`; a
            picture of unknown class, -1, is left out.
        threshold: as for `operating_point`.

    Raises:
        ValueError: If an argument is not as said above.
    """
    check_scores(labels, logits)
    _check_share(threshold, "a threshold")
    p_real = sigmoid(logits)
    members = {
        name: object_classes == number for number, name in enumerate(OBJECT_CLASSES)
    }
    return {
        name: _point(labels[chosen], p_real[chosen], threshold)
        for name, chosen in members.items()
        if chosen.any()
    }


def equal_error(
    labels: npt.NDArray[np.integer], logits: npt.NDArray[np.floating]
) -> float:
    """Return the threshold at which both kinds of error are as equal as they get.

    There the share of REAL pictures that are flagged is closest to the share of
    FAKE pictures that are missed; of two thresholds alike in this, the higher.

    Args:
        labels: as for `operating_point`.
        logits: as for `operating_point`.

    Raises:
        ValueError: If an argument is not as said there.
    """
    check_scores(labels, logits)
    curve = roc_curve(labels, sigmoid(logits), drop_intermediate=False)
    missed, found, thresholds = (each[1:] for each in curve)  # the first is infinite
    gaps = np.abs(missed - (1 - found)).round(_DECIMALS)  # equal ones are equal
    return float(thresholds[np.argmin(gaps)])


def flagging_at_most(
    labels: npt.NDArray[np.integer],
    logits: npt.NDArray[np.floating],
    *,
    share: float,
) -> float:
    """Return the highest threshold that flags at most `share` of the REAL pictures.

    Args:
        labels: as for `operating_point`.
        logits: as for `operating_point`.
        share: of the REAL pictures, 0 to 1.

    Raises:
        ValueError: If an argument is not as said above.
    """
    check_scores(labels, logits)
    _check_share(share, "a share of REAL pictures")
    real = np.sort(sigmoid(logits[labels == 1]))
    allowed = math.floor(round(share * real.size, _DECIMALS))
    return float(real[allowed]) if allowed < real.size else 1.0


def curves(labels: npt.NDArray[np.integer], logits: npt.NDArray[np.floating]) -> Curves:
    """Return precision-recall curve and histogram, which no threshold changes.

    The curve is evenly thinned to at most 500 points, both ends kept.

    Args:
        labels: as for `operating_point`.
        logits: as for `operating_point`.

    Raises:
        ValueError: If an argument is not as said there.
    """
    check_scores(labels, logits)
    p_real = sigmoid(logits)
    precision, recall, _ = precision_recall_curve(labels, p_real)
    count = min(recall.size, _MAX_CURVE_POINTS)
    kept = np.linspace(0, recall.size - 1, count).round().astype(int)
    bars = np.maximum(np.searchsorted(EDGES, p_real, side="left") - 1, 0)
    fake, real = (
        np.bincount(bars[labels == label], minlength=len(EDGES) - 1) for label in (0, 1)
    )
    return Curves(recall=recall[kept], precision=precision[kept], fake=fake, real=real)


def _check_share(share: float, what: str) -> None:
    """Raise `ValueError` unless `share` lies in 0 to 1."""
    if not 0 <= share <= 1:
        msg = f"Expected {what}, from 0 to 1. Received {share}."
        raise ValueError(msg)


def _point(
    labels: npt.NDArray[np.integer], p_real: npt.NDArray[np.float64], threshold: float
) -> OperatingPoint:
    """Return an operating point, also where all pictures have one label."""
    cells = np.bincount(2 * labels + (p_real >= threshold), minlength=4)
    fake_right, missed, flagged, real_right = map(int, cells)
    return OperatingPoint(
        threshold=threshold,
        confusion=((fake_right, missed), (flagged, real_right)),
    )
