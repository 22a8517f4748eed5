"""Choice of the thresholds for abstaining: on validation, and on strangers.

Strangers are pictures that were saved as CIFAKE's are and come from elsewhere. The
mark of saving says nothing about them, so the limit on the distance of features is the
guard against them. The tighter it is the fewer of them get a verdict, and the fewer
of CIFAKE's own: the limit is the one that does least harm at a promised coverage.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.labels import DECISIONS
from cifake_core.verdicts.card import GuardCurve
from cifake_core.verdicts.rule import EVEN, AbstainThresholds, Signals, decisions
from cifake_core.verdicts.stability import VARIANTS

#: Shares of validation that a limit on the feature distance lets in.
FEATURE_SHARES: Final = tuple(share / 400 for share in range(360, 401))
#: What is tried for each threshold but the two distances, which are quantiles.
_MIN_CONFIDENCES: Final = tuple(percent / 100 for percent in range(50, 95, 2))
_CLEAR_CONFIDENCES: Final = (0.8, 0.85, 0.9, 0.95)
_MIN_KEPT: Final = tuple(range(len(VARIANTS) // 2 + 1, len(VARIANTS) + 1))
_FAKE, _REAL, _UNSURE = (DECISIONS.index(name) for name in ("FAKE", "REAL", "UNSURE"))


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyConfig:
    """Demands on the thresholds, and the numbers of pictures that they are tried on.

    `accepted` is the share of validation that the grid distance lets in: nearly all, as
    pictures that were saved otherwise lie far beyond. `coverage` is the share that gets
    a verdict, and `accuracy` what these must reach: both above what is promised, 95 %
    and 99.0 %, by about what the interval of 10,000 pictures is wide. At most
    `strangers_fake` of the strangers are to be called FAKE. The expert's limits are
    quantiles, too: `found` is the share of validation photographs that it surely calls
    FAKE, `doubted` the share in which it sees a trace at the least, and `vetoed` the
    share of CIFAKE's validation fakes in which it sees none. `num_forms` test pictures
    are judged in other forms, `num_clear` clear ones with small changes, `num_fitted`
    training pictures say where features lie, and `num_fakes` of each generator are
    judged, or as many as there are. `seed` draws all but the last, and the pictures
    from outside; `split_seed` says what is held out of training.
    """

    accepted: float = 0.9975
    coverage: float = 0.955
    accuracy: float = 0.992
    strangers_fake: float = 0.02
    found: float = 0.001
    doubted: float = 0.02
    vetoed: float = 0.01
    num_forms: int = 200
    num_clear: int = 300
    num_fitted: int = 10_000
    num_fakes: int = 250
    seed: int = 0
    split_seed: int = 0


def choose_guarded(
    labels: npt.NDArray[np.integer],
    signals: Signals,
    strangers: Signals,
    fakes: Sequence[Signals],
    *,
    config: PolicyConfig,
) -> tuple[AbstainThresholds, GuardCurve]:
    """Thresholds that do least harm among those with the coverage asked for.

    For each limit on the feature distance the others are those of `choose`. Harm is the
    share of strangers that get a verdict, plus the share of the generators' fakes that
    are called REAL. Where the coverage is out of reach it is to be as high as it can,
    and then at most the share asked for of strangers are to be called FAKE.

    Args:
        labels: (N,) integers, FAKE = 0 and REAL = 1, of validation.
        signals: of the same pictures, as for `choose`.
        strangers: of pictures with CIFAKE's marks from elsewhere.
        fakes: of each generator's validation pictures; none if there are none.
        config: what is asked of the thresholds.
    """
    tried = [
        choose(labels, signals, accepted=share, config=config)
        for share in FEATURE_SHARES
    ]

    def shares(of: Sequence[Signals], *called: int) -> tuple[float, ...]:
        n = max(1, sum(each.p_real.size for each in of))
        return tuple(
            sum(int(np.isin(decisions(each, limits), called).sum()) for each in of) / n
            for limits in tried
        )

    coverage = shares([signals], _FAKE, _REAL)
    judged, called_fake = shares([strangers], _FAKE, _REAL), shares([strangers], _FAKE)
    called_real = shares(fakes, _REAL)

    def faults(place: int) -> tuple[float, ...]:
        return (
            max(0.0, config.coverage - coverage[place]),
            max(0.0, called_fake[place] - config.strangers_fake),
            judged[place] + called_real[place],
            -coverage[place],
        )

    chosen = min(range(len(tried)), key=faults)
    return tried[chosen], GuardCurve(
        accepted=FEATURE_SHARES,
        coverage=coverage,
        strangers=judged,
        strangers_fake=called_fake,
        fakes_real=called_real,
        n_strangers=strangers.p_real.size,
        n_fakes=sum(each.p_real.size for each in fakes),
        chosen=chosen,
    )


def choose(
    labels: npt.NDArray[np.integer],
    signals: Signals,
    *,
    accepted: float,
    config: PolicyConfig,
) -> AbstainThresholds:
    """Thresholds with the most verdicts of which enough are right.

    If no thresholds reach `config.accuracy`, they are those that come nearest.

    Args:
        labels: (N,) integers, FAKE = 0 and REAL = 1, of validation.
        signals: of the same pictures, with small changes wherever the confidence is
            below all that is tried as clear.
        accepted: the share of validation that the feature distance lets in.
        config: what is asked of them.
    """
    grid = float(np.quantile(signals.grid_distance, config.accepted))
    features = float(np.quantile(signals.feature_distance, accepted))
    expert = _expert_limits(labels, signals, config)
    tried = [
        AbstainThresholds(
            max_grid_distance=grid,
            max_feature_distance=features,
            min_confidence=least,
            clear_confidence=clear,
            min_kept=min_kept,
            **expert,
        )
        for least, clear, min_kept in product(
            _MIN_CONFIDENCES, _CLEAR_CONFIDENCES, _MIN_KEPT
        )
        if least < clear
    ]

    # the clear ones within both limits on which the expert is of one mind with the
    # ensemble get a verdict by any of these, the others beyond the limits by none: only
    # the rest has to be asked each time
    within = (signals.grid_distance <= grid) & (signals.feature_distance <= features)
    clear = signals.confidence >= max(_CLEAR_CONFIDENCES)
    p_fake = 1 - signals.expert
    clear &= np.where(
        signals.p_real >= EVEN,
        p_fake <= expert["expert_doubt"],
        p_fake >= expert["expert_veto"],
    )
    sure, open_ = within & clear, within & ~clear
    num_sure = int(sure.sum())
    num_right = int(((signals.p_real >= EVEN) == (labels == 1))[sure].sum())
    unsure, truths = signals.of(open_), labels[open_]

    def worth(thresholds: AbstainThresholds) -> tuple[float, int]:
        given = decisions(unsure, thresholds)
        judged = num_sure + int((given != _UNSURE).sum())
        right = num_right + int((given == truths).sum())
        return min(right / max(1, judged), config.accuracy), judged

    return max(tried, key=worth)


def _expert_limits(
    labels: npt.NDArray[np.integer], signals: Signals, config: PolicyConfig
) -> dict[str, float]:
    """Limits on the probability of FAKE by the expert, as quantiles on validation."""
    on_fake, on_real = (1 - signals.expert[labels == label] for label in (0, 1))
    return {
        "expert_fake": float(np.quantile(on_real, 1 - config.found)),
        "expert_doubt": float(np.quantile(on_real, 1 - config.doubted)),
        "expert_veto": float(np.quantile(on_fake, config.vetoed)),
    }


def may_hang_on_changes(
    signals: Signals, validation: Signals, *, config: PolicyConfig
) -> npt.NDArray[np.bool_]:
    """Return the pictures whose verdict some of the thresholds tried leave to changes.

    (N,) True where small changes have to be made before `choose_guarded`.

    Args:
        signals: of N pictures.
        validation: by which the limits are set.
        config: what is asked of the thresholds.
    """
    grid = np.quantile(validation.grid_distance, config.accepted)
    features = np.quantile(validation.feature_distance, max(FEATURE_SHARES))
    within = (signals.grid_distance <= grid) & (signals.feature_distance <= features)
    return np.asarray(within & (signals.confidence < max(_CLEAR_CONFIDENCES)), np.bool_)
