"""Decision rule: REAL, FAKE, or to abstain, from the signals of a picture.

It is selective classification: the ensemble's answer stands unless a reason speaks for
abstaining. Was the picture saved as the networks' own were, is it in their
distribution, does the answer depend on how the picture was resampled, is it confident
enough, and, where it is not quite, do the networks agree and stay with it after small
changes?

The ensemble knows the fakes of CIFAKE alone. Beside it an expert is asked, which has
learnt those of more generators: what it surely finds is FAKE, whatever the others say;
where it finds a weak trace a REAL of theirs does not stand, and where it finds none
a FAKE of theirs does not. They are not stacked, as an average of who knows and who
cannot know is worse at either task.

The thresholds trade coverage, the share of pictures with a verdict, for risk, the share
of verdicts that are wrong.

Source: El-Yaniv & Wiener 2010, JMLR 11, 1605-1641; Geifman & El-Yaniv 2017,
    arXiv:1705.08500.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from cifake_core.basics.labels import DECISIONS

AbstainReason: TypeAlias = Literal[
    "origin", "unlike", "kernel", "weak", "split", "unstable", "trace", "alone"
]

#: In the order in which a person is told of them.
ABSTAIN_REASONS: Final[tuple[AbstainReason, ...]] = get_args(AbstainReason)
#: The networks together that know CIFAKE's fakes: on their answer the rule is built.
TOGETHER: Final = "ensemble"
#: The network beside them that has learnt the fakes of more generators.
EXPERT: Final = "cnn_multi"
#: Value of `Signals.kept` for a picture whose stability was not measured.
NOT_ASKED: Final = -1
#: The probability of a tie, which is REAL.
EVEN: Final = 0.5

Shares: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class AbstainThresholds:
    """Thresholds for abstaining, chosen on validation by `cifake_core policy`.

    A picture is out of distribution if its `jpeg_grid.grid_distance` is above
    `max_grid_distance`, or its `mahalanobis.Domain.distances` above
    `max_feature_distance`. The answer is weak below `min_confidence`, the calibrated
    probability of the more probable label, and clear from `clear_confidence` on. In
    between the networks must agree, and at least `min_kept` of the changes in
    `stability.VARIANTS` must leave the answer as it is.

    The other three are on the probability of FAKE by the expert: above `expert_fake`
    the verdict is FAKE, above `expert_doubt` an answer REAL does not stand, and below
    `expert_veto` an answer FAKE does not.
    """

    max_grid_distance: float
    max_feature_distance: float
    min_confidence: float
    clear_confidence: float
    min_kept: int
    expert_fake: float
    expert_doubt: float
    expert_veto: float


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Signals:
    """Signals of N pictures, on which the decision rests.

    `p_real` is (N,), the probability of REAL by the ensemble, `parts` has that of each
    of its members, by name, and `expert` that of the expert. `grid_distance` is (N,),
    as in `jpeg_grid`, `feature_distance` (N,), as in `mahalanobis`. `kept` is (N,)
    integers: how many of `num_changes` small changes leave the answer as it is, or
    `NOT_ASKED`. `kernels` has (N,) probabilities of REAL by the name of the kernel for
    pictures that had to be resampled.
    """

    p_real: Shares
    parts: Mapping[str, Shares]
    expert: Shares
    grid_distance: Shares
    feature_distance: Shares
    kept: npt.NDArray[np.int64]
    num_changes: int
    kernels: Mapping[str, Shares] = field(default_factory=dict)

    @property
    def confidence(self) -> Shares:
        """(N,) probability of the more probable label, 0.5 to 1."""
        return np.maximum(self.p_real, 1 - self.p_real)

    def of(self, chosen: npt.NDArray[np.bool_]) -> "Signals":
        """Signals of some of the pictures, which (N,) True marks."""
        return replace(
            self,
            p_real=self.p_real[chosen],
            parts={name: p[chosen] for name, p in self.parts.items()},
            expert=self.expert[chosen],
            grid_distance=self.grid_distance[chosen],
            feature_distance=self.feature_distance[chosen],
            kept=self.kept[chosen],
            kernels={name: p[chosen] for name, p in self.kernels.items()},
        )


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
    # what the expert surely finds does not hang on what the others say
    open_ = ~found_by_expert(signals, thresholds)
    says_real, p_fake = signals.p_real >= EVEN, 1 - signals.expert
    return {
        "origin": signals.grid_distance > thresholds.max_grid_distance,
        "unlike": signals.feature_distance > thresholds.max_feature_distance,
        "kernel": open_ & differ(signals.kernels, signals.p_real),
        "weak": open_ & (confidence < thresholds.min_confidence),
        "split": open_ & ~clear & differ(signals.parts, signals.p_real),
        "unstable": open_ & ~clear & asked & (signals.kept < thresholds.min_kept),
        "trace": open_ & says_real & (p_fake > thresholds.expert_doubt),
        "alone": ~says_real & (p_fake < thresholds.expert_veto),
    }


def needs_stability(
    signals: Signals, thresholds: AbstainThresholds
) -> npt.NDArray[np.bool_]:
    """Return the pictures whose decision depends on their stability, (N,) bool.

    To measure it takes twenty times as long as all the rest, so it comes last.
    """
    settled = signals.confidence >= thresholds.clear_confidence
    settled |= found_by_expert(signals, thresholds)
    return np.asarray(~_abstained(signals, thresholds) & ~settled, np.bool_)


def decisions(signals: Signals, thresholds: AbstainThresholds) -> npt.NDArray[np.int64]:
    """Return (N,) numbers of `labels.DECISIONS`; a tie of probabilities is REAL."""
    real = (signals.p_real >= EVEN) & ~found_by_expert(signals, thresholds)
    called = real.astype(np.int64)
    return np.where(_abstained(signals, thresholds), DECISIONS.index("UNSURE"), called)


def found_by_expert(
    signals: Signals, thresholds: AbstainThresholds
) -> npt.NDArray[np.bool_]:
    """Return the pictures in which the expert surely finds a generator, (N,) bool."""
    return np.asarray(1 - signals.expert > thresholds.expert_fake, np.bool_)


def _abstained(
    signals: Signals, thresholds: AbstainThresholds
) -> npt.NDArray[np.bool_]:
    """Return the pictures with at least one reason to abstain, (N,) bool."""
    applies = abstain_reasons(signals, thresholds)
    return np.any(list(applies.values()), axis=0)


def differ(votes: Mapping[str, Shares], p_real: Shares) -> npt.NDArray[np.bool_]:
    """Return (N,) True where one of the votes, each (N,), is not that of `p_real`."""
    real = p_real >= EVEN
    differ = np.zeros_like(real)
    for vote in votes.values():
        differ |= (vote >= EVEN) != real
    return differ
