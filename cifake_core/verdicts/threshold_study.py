"""Choice of the abstain thresholds, on validation; then one look at the other sets."""

import time
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from itertools import product
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from cifake_core.basics.estimates import Estimate, proportion
from cifake_core.basics.labels import DECISIONS
from cifake_core.basics.progress import ProgressCallback, part_of
from cifake_core.data import cifake
from cifake_core.data.cifake import Split
from cifake_core.data.out_of_distribution import (
    OutOfDistributionSet,
    out_of_distribution_sets,
)
from cifake_core.evaluation.embedding_map import features_of
from cifake_core.networks import OWN, store
from cifake_core.networks.pool import NetworkPool
from cifake_core.networks.protocols import Scorer
from cifake_core.verdicts import mahalanobis
from cifake_core.verdicts.card import PolicyCard, RiskCurve, SetName, SetRow, letters
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.known_sets import TOGETHER, Known, ask_changes, gather
from cifake_core.verdicts.mahalanobis import Domain
from cifake_core.verdicts.rule import (
    NOT_ASKED,
    AbstainThresholds,
    Signals,
    abstain_reasons,
    decisions,
    needs_stability,
)
from cifake_core.verdicts.stability import VARIANTS
from cifake_core.verdicts.trials import try_forms, try_out_of_distribution

_UNSURE: Final = DECISIONS.index("UNSURE")
_NUM_POINTS: Final = 200
#: What is tried for each threshold but the two distances, which are quantiles.
_MIN_CONFIDENCES: Final = tuple(percent / 100 for percent in range(50, 95, 2))
_CLEAR_CONFIDENCES: Final = (0.8, 0.85, 0.9, 0.95)
_MIN_KEPT: Final = tuple(range(len(VARIANTS) // 2 + 1, len(VARIANTS) + 1))

_Marks = npt.NDArray[np.bool_]


class OutsideSets(Protocol):
    """Source of out-of-distribution pictures, such as `out_of_distribution_sets`."""

    def __call__(self, *, seed: int) -> tuple[OutOfDistributionSet, ...]:
        """Sets of pictures, the same for the same seed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyConfig:
    """Demands on the thresholds, and the numbers of pictures that they are tried on.

    `accepted` is the share of validation that each of the two distances lets in, and
    `accuracy` what its verdicts must reach: above the promised 99.0 % by more than
    the interval of 10,000 pictures is wide. `num_forms` test pictures are judged in
    other forms, `num_clear` clear ones with small changes, and `num_fitted` training
    pictures say where features lie. `seed` draws all three, and the pictures from
    outside; `split_seed` says which pictures are held out of training.
    """

    accepted: float = 0.99
    accuracy: float = 0.993
    num_forms: int = 200
    num_clear: int = 300
    num_fitted: int = 20_000
    seed: int = 0
    split_seed: int = 0


def study(  # noqa: PLR0913 - on what, how much, told to whom: most by keyword
    pool: NetworkPool,
    train: Split,
    test: Split,
    *,
    config: PolicyConfig,
    progress: ProgressCallback,
    outside: OutsideSets = out_of_distribution_sets,
) -> tuple[PolicyCard, Domain]:
    """Thresholds newly chosen for the networks in `pool`, on a card, and their domain.

    The domain is what one of the thresholds rests on. Logits are those stored with
    the weights; features, changed pictures and those from outside are new.

    Args:
        pool: the networks.
        train: holds the validation pictures.
        test: the official test set.
        config: how much is asked, and tried.
        progress: told the share done, 0 to 1.
        outside: draws the out-of-distribution pictures by a seed.

    Raises:
        ModelUnavailableError: If networks or their scores are missing, or the scores
            are on other pictures than these.
    """
    started = time.perf_counter()
    network = pool.network(TOGETHER)
    domain = find_domain(network, train, config=config)
    progress(0.1)
    validation = gather(pool.models, train, store.VALIDATION_FILE, network, domain)
    official = gather(pool.models, test, store.SCORES_FILE, network, domain)
    thresholds, validation = _choose_on(
        validation, network, config, part_of(progress, 0.25, 0.5)
    )
    worth = needs_stability(official.signals, thresholds)
    signals = ask_changes(official, worth, network, part_of(progress, 0.5, 0.7))
    official = replace(official, signals=signals)
    given = decisions(signals, thresholds)
    again = _draw(given != _UNSURE, config.num_forms, config.seed)
    judge = Judge(pool, thresholds=thresholds, known=domain)
    # over 40 lines as the card has so many fields, each filled in one place
    card = PolicyCard(
        thresholds=thresholds,
        settings=asdict(config),
        model_sha256={name: store.revision(name, pool.models) for name in OWN},
        data_digest=cifake.digest(train, test),
        versions={name: version(name) for name in ("keras", "numpy", "tensorflow")},
        sets=_measure_all(validation, official, thresholds),
        clear_kept=_clear_kept(
            official, thresholds, network, config, part_of(progress, 0.7, 0.8)
        ),
        forms=try_forms(
            judge, official.images[again], given[again], part_of(progress, 0.8, 0.85)
        ),
        out_of_distribution=try_out_of_distribution(
            judge, outside(seed=config.seed), part_of(progress, 0.85, 1)
        ),
        curve=risk_curve(official.scores.labels, signals),
        test_decisions=letters(given),
        seconds=time.perf_counter() - started,
    )
    return card, domain


def find_domain(network: Scorer, train: Split, *, config: PolicyConfig) -> Domain:
    """Domain of the features of training pictures, those held out left out."""
    training, _ = cifake.split_training(train, seed=config.split_seed)
    order = np.random.default_rng(config.seed).permutation(training)
    images = train.images[np.sort(order[: config.num_fitted])]
    return mahalanobis.fit(
        {part.name: features_of(part, images) for part in network.parts},
        model_sha256={part.name: part.sha256 for part in network.parts},
    )


def choose(
    labels: npt.NDArray[np.integer], signals: Signals, *, config: PolicyConfig
) -> AbstainThresholds:
    """Thresholds with the most verdicts of which enough are right.

    If no thresholds reach `config.accuracy`, they are those that come nearest.

    Args:
        labels: (N,) integers, FAKE = 0 and REAL = 1, of validation.
        signals: of the same pictures, with small changes wherever the confidence is
            below all that is tried as clear.
        config: what is asked of them.
    """
    grid, features = _limits(signals, config)
    tried = [
        AbstainThresholds(
            max_grid_distance=grid,
            max_feature_distance=features,
            min_confidence=least,
            clear_confidence=clear,
            min_kept=min_kept,
        )
        for least, clear, min_kept in product(
            _MIN_CONFIDENCES, _CLEAR_CONFIDENCES, _MIN_KEPT
        )
        if least < clear
    ]

    def worth(thresholds: AbstainThresholds) -> tuple[float, int]:
        given = decisions(signals, thresholds)
        judged = int((given != _UNSURE).sum())
        accuracy = int((given == labels).sum()) / max(1, judged)
        return min(accuracy, config.accuracy), judged

    return max(tried, key=worth)


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


def _measure_all(
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


def _choose_on(
    validation: Known, network: Scorer, config: PolicyConfig, progress: ProgressCallback
) -> tuple[AbstainThresholds, Known]:
    """Thresholds chosen on validation, and the signals there that they ask for."""
    signals = validation.signals
    grid, features = _limits(signals, config)
    tried = signals.confidence < max(_CLEAR_CONFIDENCES)
    tried &= signals.grid_distance <= grid
    tried &= signals.feature_distance <= features
    changed = ask_changes(validation, tried, network, progress)
    thresholds = choose(validation.scores.labels, changed, config=config)
    kept = np.where(needs_stability(signals, thresholds), changed.kept, NOT_ASKED)
    return thresholds, replace(validation, signals=replace(changed, kept=kept))


def _limits(signals: Signals, config: PolicyConfig) -> tuple[float, float]:
    """Greatest distances, of grid and features, of the asked share of pictures."""
    grid, features = (
        float(np.quantile(distance, config.accepted))
        for distance in (signals.grid_distance, signals.feature_distance)
    )
    return grid, features


def _clear_kept(
    known: Known,
    thresholds: AbstainThresholds,
    network: Scorer,
    config: PolicyConfig,
    progress: ProgressCallback,
) -> Estimate:
    """Share of clear verdicts, given without small changes, that these would keep."""
    given = decisions(known.signals, thresholds) != _UNSURE
    unasked = known.signals.kept == NOT_ASKED
    clear = _draw(given & unasked, config.num_clear, config.seed)
    changed = ask_changes(known, clear, network, progress)
    held = changed.kept[clear] >= thresholds.min_kept
    return proportion(int(held.sum()), held.size)


def _draw(candidates: _Marks, count: int, seed: int) -> _Marks:
    """Marks on `count` of the candidates, drawn at random."""
    order = np.random.default_rng(seed).permutation(np.flatnonzero(candidates))
    return np.isin(np.arange(candidates.size), order[:count])
