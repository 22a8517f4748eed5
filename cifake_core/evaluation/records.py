"""Records of evaluation: metrics with intervals, reliability, robustness."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from cifake_core.basics.estimates import Estimate
from cifake_core.networks.card import (
    CorruptionAccuracy,
    Metrics,
    ObjectReport,
    ReliabilityBin,
)

__all__ = ["EvalReport", "ObjectReport", "ReliabilityBin", "RobustnessReport"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class EvalReport(Metrics):
    """Metrics of one set of scores against the truth, with its ROC curve.

    `roc_fpr` and `roc_tpr` are the points of the curve, 0 to 1.
    """

    roc_fpr: npt.NDArray[np.float64]
    roc_tpr: npt.NDArray[np.float64]

    @property
    def metrics(self) -> Metrics:
        """The metrics alone, as a card keeps them."""
        return Metrics(
            **{each.name: getattr(self, each.name) for each in fields(Metrics)}
        )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RobustnessReport:
    """How often a network is right on `n` pictures, corrupted in every way.

    `accuracy` leads from a kind of `corruptions.CORRUPTION_KINDS` and a strength of it
    to the share rightly called.
    """

    n: int
    accuracy: Mapping[str, Mapping[float, Estimate]]

    @property
    def by_kind(self) -> dict[str, tuple[CorruptionAccuracy, ...]]:
        """The accuracies as a card keeps them."""
        return {
            kind: tuple(
                CorruptionAccuracy(strength=strength, accuracy=accuracy)
                for strength, accuracy in by_strength.items()
            )
            for kind, by_strength in self.accuracy.items()
        }
