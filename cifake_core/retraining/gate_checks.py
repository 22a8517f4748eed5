"""Checks of the gate: two figures on the same pictures, and the limit between them.

Where both networks were asked about the same pictures, their point estimates decide,
and the sentence has the interval; only a gain in recall must be beyond chance.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.estimates import Estimate, share_of
from cifake_core.basics.text import PERCENT, signed
from cifake_core.evaluation.comparison import (
    Agreement,
    agreement,
    p_value_of_worse,
    paired_difference,
)
from cifake_core.pictures.corruptions import Corruption
from cifake_core.retraining.gate_records import GateCheck
from cifake_core.verdicts.card import SetRow

#: What may be lost at the most: of accuracy on CIFAKE, of the area under the ROC curve
#: of each generator, of accuracy under each corruption.
ACCURACY_LOST: Final = 0.002
AUC_LOST: Final = 0.005
ROBUSTNESS_LOST: Final = 0.01
#: The p-value above which a loss may well be chance.
P_VALUE: Final = 0.05
CALIBRATION_ERROR: Final = 0.010
#: How many times the time and the memory of the version in use.
COST: Final = 1.1

_Marks = npt.NDArray[np.bool_]
#: Figures that differ, differ before this: 0.985 - 0.983 is not above 0.002.
_DECIMALS: Final = 9
_GENTLER: Final = "Teach it again for fewer minutes"
_MORE: Final = "Teach it again with more of its pictures or for more minutes"


def accuracy_checks(table: Agreement, *, of: str = "") -> tuple[GateCheck, GateCheck]:
    """`cifake_accuracy` and `cifake_mcnemar`: is the candidate worse on CIFAKE?

    Args:
        table: the candidate (A) and the version in use (B) on leak-free test pictures.
        of: the ensemble, if it is not the taught network that is meant.
    """
    old, new, p_value = table.accuracy_b, table.accuracy_a, p_value_of_worse(table)
    suffix, who = (f":{of}", f"The {of} with it") if of else ("", "The candidate")
    lost = not _at_least(new, old - ACCURACY_LOST)
    worse = p_value <= P_VALUE
    return (
        GateCheck(
            name=f"cifake_accuracy{suffix}",
            old=old,
            new=new,
            limit=old - ACCURACY_LOST,
            passed=not lost,
            sentence=(
                f"{who} calls {_change(new, old)} of {table.n:,} leak-free CIFAKE "
                f"pictures rightly: {_apart(paired_difference(table))}, where "
                f"{_points(ACCURACY_LOST)} may be lost."
                + _remedy(
                    lost,
                    f"{_GENTLER}, and see whether the labels of the new pictures are "
                    "right",
                )
            ),
        ),
        GateCheck(
            name=f"cifake_mcnemar{suffix}",
            old=None,
            new=p_value,
            limit=P_VALUE,
            passed=not worse,
            sentence=(
                f"{who} alone is right on {table.only_a:,} of these pictures, the "
                f"version in use alone on {table.only_b:,}: were both equally good, so "
                f"few or fewer would be its share with p {p_value:.2g}, which has to "
                f"be above {P_VALUE:g}." + _remedy(worse, _GENTLER)
            ),
        ),
    )


def auc_check(name: str, old: Estimate, new: Estimate, *, n: int) -> GateCheck:
    """`auc:NAME`: is a generator forgotten, of which `n` fakes were shown?"""
    forgotten = not _at_least(new.value, old.value - AUC_LOST)
    return GateCheck(
        name=f"auc:{name}",
        old=old.value,
        new=new.value,
        limit=old.value - AUC_LOST,
        passed=not forgotten,
        sentence=(
            f"The area under the ROC curve of {n:,} fakes by {name} is "
            f"{_change(new.value, old.value)}: "
            f"{signed(100 * (new.value - old.value))} points ({_interval(new)} now), "
            f"where {_points(AUC_LOST)} may be lost."
            + _remedy(forgotten, f"{_GENTLER}, so that it forgets less")
        ),
    )


def recall_check(
    name: str, old: _Marks, new: _Marks, *, whole: bool = True
) -> GateCheck:
    """`recall:NAME`: are more of the new set's sealed fakes found?

    Of the whole set more must be found, beyond chance. Of one of several generators in
    it there may be few pictures, or all were found before: of these no fewer.

    Args:
        name: of the set, and of a generator of it.
        old: (N,) True for the fakes that the version in use finds.
        new: (N,) True for those that the candidate finds.
        whole: all fakes of the set are meant.
    """
    found_old, found_new = share_of(old), share_of(new)
    difference = paired_difference(agreement(new, old))
    gained = difference.low > 0 if whole else difference.value >= 0
    asked = "which has to lie above 0" if whole else "where it may not be fewer"
    return GateCheck(
        name=f"recall:{name}",
        old=found_old.value,
        new=found_new.value,
        limit=found_old.value,
        passed=gained,
        sentence=(
            f"It finds {_change(found_new.value, found_old.value)} of {old.size:,} "
            f"sealed fakes of {name}, where 2{PERCENT} of CIFAKE's photographs are "
            f"flagged: {_apart(difference)}, {asked}." + _remedy(not gained, _MORE)
        ),
    )


def photographs_check(
    name: str, old: Estimate, new: Estimate, *, what: str
) -> GateCheck:
    """`photographs_called_fake:NAME`: are more photographs called FAKE?

    Args:
        name: of the pictures.
        old: the share called FAKE with the version in use.
        new: that with the candidate.
        what: says whose pictures, and what of them is counted.
    """
    more = not _at_least(-new.value, -old.value)
    return GateCheck(
        name=f"photographs_called_fake:{name}",
        old=old.value,
        new=new.value,
        limit=old.value,
        passed=not more,
        sentence=(
            f"FAKE is {what} of {_change(new.value, old.value)} ({_interval(new)} "
            "now), where it may not be more than before."
            + _remedy(
                more, "Teach it again with more photographs from elsewhere in REAL/"
            )
        ),
    )


def policy_check(old: SetRow, new: SetRow) -> GateCheck:
    """`policy`: thresholds that go with the candidate; its coverage has no limit."""
    return GateCheck(
        name="policy",
        old=old.coverage.value,
        new=new.coverage.value,
        limit=None,
        passed=True,
        sentence=(
            "Thresholds and domain were chosen for the candidate's weights: "
            f"{_change(new.coverage.value, old.coverage.value)} of {new.n:,} CIFAKE "
            "pictures get a verdict, of which "
            f"{_change(new.accuracy.value, old.accuracy.value)} are right."
        ),
    )


def unmeasured(name: str, sentence: str) -> GateCheck:
    """Check that fails, as what it asks of cannot be measured for what is said."""
    return GateCheck(
        name=name, old=None, new=None, limit=None, passed=False, sentence=sentence
    )


def calibration_check(old: float, new: float, *, n: int) -> GateCheck:
    """`calibration_error`: do probabilities mean what they say, on `n` pictures?"""
    off = not _at_least(-new, -CALIBRATION_ERROR)
    return GateCheck(
        name="calibration_error",
        old=old,
        new=new,
        limit=CALIBRATION_ERROR,
        passed=not off,
        sentence=(
            f"The calibration error on {n:,} test pictures of all that it has learnt "
            f"is {new:.4f} ({old:.4f} before), where {CALIBRATION_ERROR:.3f} is the "
            "most."
            + _remedy(
                off, "Teach it again with more pictures: a fifth of them calibrates it"
            )
        ),
    )


def robustness_check(corruption: Corruption, old: _Marks, new: _Marks) -> GateCheck:
    """`robustness:KIND:STRENGTH`: is accuracy on corrupted pictures lost?

    Args:
        corruption: what was done to the pictures.
        old: (N,) True for those that the version in use calls rightly.
        new: likewise by the candidate.
    """
    table = agreement(new, old)
    lost = not _at_least(table.accuracy_a, table.accuracy_b - ROBUSTNESS_LOST)
    return GateCheck(
        name=f"robustness:{corruption.kind}:{corruption.strength:g}",
        old=table.accuracy_b,
        new=table.accuracy_a,
        limit=table.accuracy_b - ROBUSTNESS_LOST,
        passed=not lost,
        sentence=(
            f"After {corruption.title} it calls "
            f"{_change(table.accuracy_a, table.accuracy_b)} of {table.n:,} leak-free "
            f"CIFAKE pictures rightly: {_apart(paired_difference(table))}, where "
            f"{_points(ROBUSTNESS_LOST)} may be lost." + _remedy(lost, _GENTLER)
        ),
    )


def cost_check(name: str, old: float, new: float, *, what: str) -> GateCheck:
    """`milliseconds` or `memory`, which `what` names: does an answer cost more?"""
    more = not _at_least(-new, -COST * old)
    return GateCheck(
        name=name,
        old=old,
        new=new,
        limit=COST * old,
        passed=not more,
        sentence=(
            f"{what} is {new:,.1f} ({old:,.1f} before), where {COST:g} times as much "
            "is the most."
            + _remedy(more, "Ask again when the machine does nothing else")
        ),
    )


def _at_least(value: float, limit: float) -> bool:
    """True if a value reaches its limit, as far as floats tell."""
    return round(value - limit, _DECIMALS) >= 0


def _remedy(failed: bool, what: str) -> str:  # noqa: FBT001 - of a check
    """What could be done, where a check failed."""
    return f" {what}." if failed else ""


def _change(new: float, old: float) -> str:
    """Two shares in percent: "98.30 %, 98.46 % before,"."""
    return f"{100 * new:.2f}{PERCENT} ({100 * old:.2f}{PERCENT} before)"


def _apart(difference: Estimate) -> str:
    """A difference in points with its interval."""
    value, low, high = (
        signed(100 * share)
        for share in (difference.value, difference.low, difference.high)
    )
    return f"{value} points (95{PERCENT} interval {low} to {high})"


def _interval(estimate: Estimate) -> str:
    """The interval of a share."""
    low, high = 100 * estimate.low, 100 * estimate.high
    return f"95{PERCENT} interval {low:.2f} to {high:.2f}{PERCENT}"


def _points(share: float) -> str:
    """A limit in points: "0.2 points"."""
    return f"{100 * share:g} point{'s' * (100 * share != 1)}"
