"""Decision rule: REAL, FAKE, or to abstain, from the signals of a picture.

It is selective classification: the networks' answer stands unless one of six reasons
speaks for abstaining. Was the picture saved as the networks' own were, is it in their
distribution, does the answer depend on how the picture was resampled, is it confident
enough, and, where it is not quite, do the networks agree and stay with it after small
changes? The thresholds trade coverage, the share of pictures with a verdict, for risk,
the share of verdicts that are wrong.

Source: El-Yaniv & Wiener 2010, JMLR 11, 1605-1641; Geifman & El-Yaniv 2017,
    arXiv:1705.08500.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from cifake_core.basics.labels import DECISIONS, LABELS, Decision
from cifake_core.basics.text import whole_percent
from cifake_core.networks import NETWORKS

AbstainReason: TypeAlias = Literal[
    "origin", "unlike", "kernel", "weak", "split", "unstable"
]

#: In the order in which a person is told of them.
ABSTAIN_REASONS: Final[tuple[AbstainReason, ...]] = get_args(AbstainReason)
#: Value of `Signals.kept` for a picture whose stability was not measured.
NOT_ASKED: Final = -1
_EVEN: Final = 0.5

_Shares: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class AbstainThresholds:
    """Thresholds for abstaining, chosen on validation by `cifake_core policy`.

    A picture is out of distribution if its `jpeg_grid.grid_distance` is above
    `max_grid_distance`, or its `mahalanobis.Domain.distances` above
    `max_feature_distance`. The answer is weak below `min_confidence`, the calibrated
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
    """Signals of N pictures, on which the decision rests.

    `p_real` is (N,), the probability of REAL by the networks together, and `parts`
    has that of each network, by its name. `grid_distance` is (N,), as in
    `jpeg_grid`, `feature_distance` (N,), as in `mahalanobis`. `kept` is (N,) integers:
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
        """(N,) probability of the more probable label, 0.5 to 1."""
        return np.maximum(self.p_real, 1 - self.p_real)


def abstain_reasons(
    signals: Signals, thresholds: AbstainThresholds
) -> dict[AbstainReason, npt.NDArray[np.bool_]]:
    """Return the pictures that each reason for abstaining applies to.

    A picture to which none applies has a verdict.

    Returns:
        (N,) True where the reason applies, in the order of `ABSTAIN_REASONS`.
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


def needs_stability(
    signals: Signals, thresholds: AbstainThresholds
) -> npt.NDArray[np.bool_]:
    """Return the pictures whose decision depends on their stability, (N,) bool.

    To measure it takes twenty times as long as all the rest, so it comes last.
    """
    clear = signals.confidence >= thresholds.clear_confidence
    return np.asarray(~_abstained(signals, thresholds) & ~clear, np.bool_)


def decisions(signals: Signals, thresholds: AbstainThresholds) -> npt.NDArray[np.int64]:
    """Return (N,) numbers of `labels.DECISIONS`; a tie of probabilities is REAL."""
    called = (signals.p_real >= _EVEN).astype(np.int64)
    return np.where(_abstained(signals, thresholds), DECISIONS.index("UNSURE"), called)


def decide(
    signals: Signals, thresholds: AbstainThresholds
) -> tuple[Decision, tuple[str, ...]]:
    """Return the decision on one picture, and a sentence for each reason.

    The reasons are those for abstaining if the decision is UNSURE, and support the
    decision otherwise.

    Args:
        signals: of one picture.
        thresholds: those of the card.
    """
    decision = DECISIONS[int(decisions(signals, thresholds)[0])]
    if decision != "UNSURE":
        return decision, _support(signals)
    applies = abstain_reasons(signals, thresholds)
    return decision, tuple(
        _SENTENCES[reason](signals) for reason in ABSTAIN_REASONS if applies[reason][0]
    )


def _abstained(
    signals: Signals, thresholds: AbstainThresholds
) -> npt.NDArray[np.bool_]:
    """Return the pictures with at least one reason to abstain, (N,) bool."""
    applies = abstain_reasons(signals, thresholds)
    return np.any(list(applies.values()), axis=0)


def _differ(votes: Mapping[str, _Shares], p_real: _Shares) -> npt.NDArray[np.bool_]:
    """Return (N,) True where one of the votes, each (N,), is not that of `p_real`."""
    real = p_real >= _EVEN
    differ = np.zeros_like(real)
    for vote in votes.values():
        differ |= (vote >= _EVEN) != real
    return differ


def _support(signals: Signals) -> tuple[str, ...]:
    """Return the sentences in support of a verdict."""
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
    """Return the sentence on a picture without the traces of CIFAKE's compression."""
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


def _unlike(_signals: Signals) -> str:
    """Return the sentence on features outside of the training distribution."""
    return (
        "What the networks see in the picture lies outside of what they learnt from: "
        "there they can be sure and wrong."
    )


def _kernel(signals: Signals) -> str:
    """Return the sentence on the labels by each resampling kernel."""
    words = {
        label: [name for name, p in signals.kernels.items() if (p[0] >= _EVEN) == real]
        for real, label in enumerate(LABELS)
    }
    sides = " but ".join(f"{label} by {', '.join(words[label])}" for label in LABELS)
    return f"The answer follows the way of bringing it to 32x32 pixels: {sides}."


def _weak(signals: Signals) -> str:
    """Return the sentence on a low confidence."""
    return f"Together the networks are only {_sure(signals.p_real)} sure."


def _split(signals: Signals) -> str:
    """Return the sentence on networks with different labels."""
    return f"The networks disagree: {_votes(signals.parts)}."


def _unstable(signals: Signals) -> str:
    """Return the sentence on an answer that small changes overturn."""
    return f"Only {_kept(signals)} leave the answer as it is."


def _sure(p_real: _Shares) -> str:
    """Return the confidence of a probability of REAL, in words."""
    return whole_percent(float(max(p_real[0], 1 - p_real[0])))


def _votes(parts: Mapping[str, _Shares]) -> str:
    """Return the label and confidence of each network, in words."""
    return ", ".join(
        f"the {NETWORKS[name].title} says {LABELS[int(p[0] >= _EVEN)]} ({_sure(p)})"
        for name, p in parts.items()
    )


def _kept(signals: Signals) -> str:
    """Return the number of changes that leave the answer as it is, in words."""
    return f"{signals.kept[0]} of {signals.num_changes} small changes"


#: Sentence of each reason for abstaining.
_SENTENCES: Final[Mapping[AbstainReason, Callable[[Signals], str]]] = {
    "origin": _origin,
    "unlike": _unlike,
    "kernel": _kernel,
    "weak": _weak,
    "split": _split,
    "unstable": _unstable,
}
