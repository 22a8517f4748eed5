"""From what is known of a picture to the word the product stands by.

Five questions can make a picture UNSURE: was it saved as the networks' own were, do
they see in it what they know, does the answer hang on how it was shrunk, are they
sure, and, where they are not quite, do they agree and hold to it after small changes?
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.labels import DECISIONS, LABELS, Decision
from cifake_core.basics.text import whole_percent
from cifake_core.networks import NETWORKS

AbstainReason: TypeAlias = Literal[
    "origin", "unlike", "kernel", "weak", "split", "unstable"
]

#: In the order in which a person is told of them.
ABSTAIN_REASONS: Final[tuple[AbstainReason, ...]] = (
    *("origin", "unlike", "kernel"),
    *("weak", "split", "unstable"),
)
#: What `Signals.kept` says of a picture whose changes were not looked at.
NOT_ASKED: Final = -1
_EVEN: Final = 0.5

_Shares: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class AbstainThresholds:
    """Where doubt begins; chosen on validation by `python -m cifake_core policy`.

    Of a picture whose `compression.grid_distance` is above `max_grid_distance`, or
    whose `domain.Domain.distances` is above `max_feature_distance`, the networks
    know nothing. The answer is weak below `min_confidence`, the calibrated
    probability of the more probable label, and clear from `clear_confidence` on. In
    between the networks must agree, and at least `min_kept` of the changes in
    `stability.VARIANTS` must leave the answer as it is.
    """

    max_grid_distance: float
    max_feature_distance: float
    min_confidence: float
    clear_confidence: float
    min_kept: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Signals:
    """What is known of N pictures before they are ruled on.

    `p_real` is (N,), the probability of REAL by the networks together, and `parts`
    has that of each network, by its name. `grid_distance` is (N,), as in
    `compression`, `feature_distance` (N,), as in `domain`. `kept` is (N,) integers:
    how many of `num_changes` small changes leave the answer as it is, or `NOT_ASKED`.
    `kernels` has (N,) probabilities of REAL by the name of the kernel for pictures
    that had to be resampled.
    """

    p_real: _Shares
    parts: Mapping[str, _Shares]
    grid_distance: _Shares
    feature_distance: _Shares
    kept: npt.NDArray[np.int64]
    num_changes: int
    kernels: Mapping[str, _Shares] = field(default_factory=dict)

    @property
    def confidence(self) -> _Shares:
        """(N,) The probability of the more probable label, 0.5 to 1."""
        return np.maximum(self.p_real, 1 - self.p_real)


def abstain_reasons(
    signals: Signals, thresholds: AbstainThresholds
) -> dict[AbstainReason, npt.NDArray[np.bool_]]:
    """Return for each doubt, in the order of `ABSTAIN_REASONS`, which pictures it is about.

    A picture without any has a verdict.

    Returns:
        (N,) True where there is that doubt.
    """
    confidence = signals.confidence
    clear = confidence >= thresholds.clear_confidence
    asked = signals.kept != NOT_ASKED
    return {
        "origin": signals.grid_distance > thresholds.max_grid_distance,
        "unlike": signals.feature_distance > thresholds.max_feature_distance,
        "kernel": _differ(signals.kernels, signals.p_real),
        "weak": confidence < thresholds.min_confidence,
        "split": ~clear & _differ(signals.parts, signals.p_real),
        "unstable": ~clear & asked & (signals.kept < thresholds.min_kept),
    }


def worth_changing(
    signals: Signals, thresholds: AbstainThresholds
) -> npt.NDArray[np.bool_]:
    """Return (N,) True where the verdict hangs on how many changes leave it as it is.

    That takes twenty times as long as the rest, so it is asked last.
    """
    doubtful = np.any(list(abstain_reasons(signals, thresholds).values()), axis=0)
    clear = signals.confidence >= thresholds.clear_confidence
    return np.asarray(~doubtful & ~clear, np.bool_)


def decisions(signals: Signals, thresholds: AbstainThresholds) -> npt.NDArray[np.int64]:
    """Return (N,) numbers of `results.DECISIONS`; a tie of probabilities is REAL."""
    doubtful = np.any(list(abstain_reasons(signals, thresholds).values()), axis=0)
    called = (signals.p_real >= _EVEN).astype(np.int64)
    return np.where(doubtful, DECISIONS.index("UNSURE"), called)


def rule(
    signals: Signals, thresholds: AbstainThresholds
) -> tuple[Decision, tuple[str, ...]]:
    """Return the decision on one picture, and a sentence for each reason.

    The reasons speak against the networks' word if the decision is UNSURE, and for it
    otherwise.

    Args:
        signals: of one picture.
        thresholds: those of the card.
    """
    decision = DECISIONS[int(decisions(signals, thresholds)[0])]
    if decision != "UNSURE":
        return decision, _support(signals)
    found = abstain_reasons(signals, thresholds)
    return decision, tuple(
        _AGAINST[doubt](signals) for doubt in ABSTAIN_REASONS if found[doubt][0]
    )


def _differ(votes: Mapping[str, _Shares], p_real: _Shares) -> npt.NDArray[np.bool_]:
    """Return (N,) True where one of the votes, each (N,), is not that of `p_real`."""
    real = p_real >= _EVEN
    differ = np.zeros_like(real)
    for vote in votes.values():
        differ |= (vote >= _EVEN) != real
    return differ


def _support(signals: Signals) -> tuple[str, ...]:
    """Return the sentences for a verdict."""
    sure = f"together they are {_sure(signals.p_real)} sure"
    if _differ(signals.parts, signals.p_real)[0]:
        first = (
            f"The networks do not quite agree ({_votes(signals.parts)}), but {sure}."
        )
    else:
        first = f"The networks agree, and {sure}."
    origin = "It was saved as the pictures they learnt from were, and looks like them."
    if signals.kept[0] == NOT_ASKED:
        return first, origin
    return first, origin, f"{_kept(signals)} leave the answer as it is."


def _origin(signals: Signals) -> str:
    """Return why the networks do not know their way about this picture."""
    if signals.kernels:
        return (
            "The picture was not made at 32x32 pixels, and bringing it to that size "
            "wipes out the traces that the networks look for."
        )
    return (
        "The picture lacks the traces of saving that all pictures have from which the "
        "networks learnt: it was shrunk, edited or made in another way, and of such "
        "pictures they know nothing."
    )


def _hanging(signals: Signals) -> str:
    """Return what each kernel makes of the answer."""
    words = {
        label: [name for name, p in signals.kernels.items() if (p[0] >= _EVEN) == real]
        for real, label in enumerate(LABELS)
    }
    sides = " but ".join(f"{label} by {', '.join(words[label])}" for label in LABELS)
    return f"The answer follows the way of bringing it to 32x32 pixels: {sides}."


def _sure(p_real: _Shares) -> str:
    """Return how sure of its label a probability is, in words."""
    return whole_percent(float(max(p_real[0], 1 - p_real[0])))


def _votes(parts: Mapping[str, _Shares]) -> str:
    """Return what each network says."""
    return ", ".join(
        f"the {NETWORKS[name].title} says {LABELS[int(p[0] >= _EVEN)]} ({_sure(p)})"
        for name, p in parts.items()
    )


def _kept(signals: Signals) -> str:
    """Return how many changes leave the answer as it is."""
    return f"{signals.kept[0]} of {signals.num_changes} small changes"


_AGAINST: Final[Mapping[AbstainReason, Callable[[Signals], str]]] = {
    "origin": _origin,
    "unlike": lambda _evidence: (
        "What the networks see in the picture lies outside of what they learnt from: "
        "there they can be sure and wrong."
    ),
    "kernel": _hanging,
    "weak": lambda signals: (
        f"Together the networks are only {_sure(signals.p_real)} sure."
    ),
    "split": lambda signals: f"The networks disagree: {_votes(signals.parts)}.",
    "unstable": lambda signals: f"Only {_kept(signals)} leave the answer as it is.",
}
