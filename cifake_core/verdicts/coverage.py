"""Coverage and risk of verdicts on sets whose truth is known."""

from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.estimates import proportion
from cifake_core.basics.labels import DECISIONS
from cifake_core.verdicts.card import RiskCurve, SetName, SetRow
from cifake_core.verdicts.known_sets import Known
from cifake_core.verdicts.rule import (
    NOT_ASKED,
    AbstainThresholds,
    Signals,
    abstain_reasons,
    decisions,
)

_UNSURE: Final = DECISIONS.index("UNSURE")
_NUM_POINTS: Final = 200


def measure(name: SetName, known: Known, thresholds: AbstainThresholds) -> SetRow:
    """Coverage and accuracy of the verdicts on a set, or on its leak-free part."""
    counted = known.scores.chosen(leak_free=name == "leak_free")
    given = decisions(known.signals, thresholds)[counted]
    num_judged = int((given != _UNSURE).sum())
    num_right = int((given == known.scores.labels[counted]).sum())
    found = abstain_reasons(known.signals, thresholds)
    return SetRow(
        name=name,
        n=given.size,
        coverage=proportion(num_judged, given.size),
        accuracy=proportion(num_right, num_judged),
        abstain_reasons={
            reason: int(about[counted].sum()) for reason, about in found.items()
        },
        num_changed=int((known.signals.kept[counted] != NOT_ASKED).sum()),
    )


def measure_all(
    validation: Known, official: Known, thresholds: AbstainThresholds
) -> tuple[SetRow, ...]:
    """Coverage and accuracy of the verdicts on each set."""
    return (
        measure("validation", validation, thresholds),
        measure("official", official, thresholds),
        measure("leak_free", official, thresholds),
    )


def risk_curve(labels: npt.NDArray[np.integer], signals: Signals) -> RiskCurve:
    """Accuracy of the surest answers, for each share of pictures."""
    order = np.argsort(-signals.confidence, kind="stable")
    right = ((signals.p_real >= 0.5) == (labels == 1))[order]
    counts = np.arange(1, right.size + 1)
    num_points = min(_NUM_POINTS, right.size)
    kept = np.linspace(right.size / num_points, right.size, num_points).astype(int) - 1
    return RiskCurve(
        coverage=tuple((counts / right.size)[kept].tolist()),
        accuracy=tuple((right.cumsum() / counts)[kept].tolist()),
    )
