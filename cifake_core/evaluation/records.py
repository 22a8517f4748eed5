"""Records of evaluation: metrics with intervals, reliability, robustness."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cifake_core.basics.estimates import Estimate


@dataclass(frozen=True, kw_only=True, slots=True)
class ReliabilityBin:
    """The `n` pictures on which a network's confidence lies in (`low`, `high`].

    `confidence` is their mean confidence, `accuracy` the share rightly called;
    a calibrated network has the two alike.
    """

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ObjectReport:
    """How often a network rightly names the object in a picture, of `n` pictures.

    `confusion` is 10x10 counts in the order of `dataset.OBJECT_CLASSES`: rows are
    the truth, columns what the network sees.
    """

    n: int
    accuracy: Estimate
    confusion: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class EvalReport:
    """How one set of scores does against the truth.

    REAL is the positive class. `confusion` is [[FAKE called FAKE, FAKE called
    REAL], [REAL called FAKE, REAL called REAL]]. `ece` is the expected
    calibration error over 15 equal bins, of which `reliability` has those with
    pictures in them. `roc_fpr` and `roc_tpr` are the points
    of the ROC curve, 0 to 1. `objects` is None for a network that names none.
    """

    n: int
    accuracy: Estimate
    precision: Estimate
    recall: Estimate
    f1: Estimate
    roc_auc: Estimate
    ece: float
    reliability: tuple[ReliabilityBin, ...]
    confusion: tuple[tuple[int, int], tuple[int, int]]
    roc_fpr: npt.NDArray[np.float64]
    roc_tpr: npt.NDArray[np.float64]
    objects: ObjectReport | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RobustnessReport:
    """How often a network is right on `n` pictures, corrupted in every way.

    `accuracy` leads from a kind of `corruptions.CORRUPTION_KINDS` and a strength of it
    to the share rightly called.
    """

    n: int
    accuracy: Mapping[str, Mapping[float, Estimate]]
