"""Choice of the abstain thresholds, on validation; then one look at the other sets."""

import time
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.estimates import proportion, sigmoid
from cifake_core.basics.labels import DECISIONS
from cifake_core.basics.progress import ProgressCallback
from cifake_core.data import cifake
from cifake_core.data.archive import inner_name
from cifake_core.data.cifake import Split
from cifake_core.data.out_of_distribution import (
    OutOfDistributionSet,
    out_of_distribution_sets,
)
from cifake_core.evaluation import scores
from cifake_core.evaluation.embedding_map import features_of
from cifake_core.networks import NETWORKS, OWN, store
from cifake_core.networks.pool import NetworkPool
from cifake_core.networks.protocols import Scorer
from cifake_core.pictures.jpeg_grid import grid_distance
from cifake_core.pictures.preprocessing import prepare
from cifake_core.verdicts import mahalanobis
from cifake_core.verdicts.card import PolicyCard, RiskCurve, SetName, SetRow, letters
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.mahalanobis import Domain
from cifake_core.verdicts.rule import (
    NOT_ASKED,
    AbstainThresholds,
    Signals,
    abstain_reasons,
    decisions,
    needs_stability,
)
from cifake_core.verdicts.stability import VARIANTS, weigh_stability
from cifake_core.verdicts.trials import try_forms, try_out_of_distribution

#: The networks together: on their probability the rule is built.
TOGETHER: Final = "ensemble"

_UNSURE: Final = DECISIONS.index("UNSURE")
_CHUNK: Final = 1000
_NUM_POINTS: Final = 200
#: What is tried for each threshold but the two distances, which are quantiles.
_MIN_CONFIDENCES: Final = tuple(percent / 100 for percent in range(50, 95, 2))
_CLEAR_CONFIDENCES: Final = (0.8, 0.85, 0.9, 0.95)
_MIN_KEPT: Final = tuple(range(len(VARIANTS) // 2 + 1, len(VARIANTS) + 1))

_Marks = npt.NDArray[np.bool_]


class OutsideSets(Protocol):
    """What draws out-of-distribution pictures, as `out_of_distribution_sets`."""

    def __call__(self, *, seed: int) -> tuple[OutOfDistributionSet, ...]:
        """Return sets of pictures, the same for the same seed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyConfig:
    """What is asked of the thresholds, and on how much they are tried.

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


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Known:
    """What is known of the (N, 32, 32, 3) pictures of one set, and the truth."""

    scores: scores.Scores
    images: npt.NDArray[np.uint8]
    signals: Signals


def study(  # noqa: PLR0913 - on what, how much, told to whom: most by keyword
    pool: NetworkPool,
    train: Split,
    test: Split,
    *,
    config: PolicyConfig,
    progress: ProgressCallback,
    outside: OutsideSets = out_of_distribution_sets,
) -> tuple[PolicyCard, Domain]:
    """Return the card of the networks in `pool`, its thresholds newly chosen.

    With it comes the domain on which one of them rests. Logits are those stored with
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
    models = pool.models
    network = pool.network(TOGETHER)
    known = find_domain(network, train, config=config)
    progress(0.1)
    validation = gather(models, train, store.VALIDATION_FILE, network, known)
    official = gather(models, test, store.SCORES_FILE, network, known)
    asked = _ask_all(validation, network, config, _part(progress, 0.25, 0.5))
    thresholds = choose(validation.scores.labels, asked, config=config)
    worth = needs_stability(validation.signals, thresholds)
    kept = np.where(worth, asked.kept, NOT_ASKED)
    validation = replace(validation, signals=replace(asked, kept=kept))
    worth = needs_stability(official.signals, thresholds)
    signals = ask_changes(official, worth, network, _part(progress, 0.5, 0.7))
    official = replace(official, signals=signals)
    given = decisions(signals, thresholds)
    clear = _draw(
        given != _UNSURE, signals.kept == NOT_ASKED, config.num_clear, config.seed
    )
    changed = ask_changes(official, clear, network, _part(progress, 0.7, 0.8))
    held = changed.kept[clear] >= thresholds.min_kept
    judged = given != _UNSURE
    again = _draw(judged, judged, config.num_forms, config.seed)
    judge = Judge(pool, thresholds=thresholds, known=known)
    card = PolicyCard(
        thresholds=thresholds,
        settings=asdict(config),
        model_sha256={name: store.revision(name, models) for name in OWN},
        data_digest=cifake.digest(train, test),
        versions={name: version(name) for name in ("keras", "numpy", "tensorflow")},
        sets=(
            measure("validation", validation, thresholds),
            measure("official", official, thresholds),
            measure("leak_free", official, thresholds),
        ),
        forms=try_forms(
            judge, official.images[again], given[again], _part(progress, 0.8, 0.85)
        ),
        out_of_distribution=try_out_of_distribution(
            judge, outside(seed=config.seed), _part(progress, 0.85, 1)
        ),
        clear_kept=proportion(int(held.sum()), held.size),
        curve=risk_curve(official.scores.labels, signals),
        test_decisions=letters(given),
        seconds=time.perf_counter() - started,
    )
    return card, known


def find_domain(network: Scorer, train: Split, *, config: PolicyConfig) -> Domain:
    """Return where the features of training pictures lie, those held out left out."""
    training, _ = cifake.split_training(train, seed=config.split_seed)
    order = np.random.default_rng(config.seed).permutation(training)
    images = train.images[np.sort(order[: config.num_fitted])]
    return mahalanobis.fit(
        {part.name: features_of(part, images) for part in network.parts},
        model_sha256={part.name: part.sha256 for part in network.parts},
    )


def gather(
    models: Path, split: Split, file: str, network: Scorer, known: Domain
) -> Known:
    """Return what is known of a set without judging a changed picture.

    Args:
        models: the folder of networks.
        split: where the pictures stand.
        file: the validation or the test scores.
        network: all networks together, for their features.
        known: where those of training lie.

    Raises:
        ModelUnavailableError: If scores are missing, or on other pictures.
    """
    found = {name: scores.read(name, models, file) for name in OWN}
    places = {inner_name(each): place for place, each in enumerate(split.members)}
    names = list(map(inner_name, found[TOGETHER].members))
    if not places.keys() >= set(names):
        msg = (
            f"The scores in {file} are on pictures that {split.name}/ does not hold. "
            "Name the data set on which the networks were trained and evaluated."
        )
        raise ModelUnavailableError(msg)
    images = split.images[[places[name] for name in names]]
    chunks = range(0, len(images), _CHUNK)
    distances = [grid_distance(images[start : start + _CHUNK]) for start in chunks]
    p_real = {name: sigmoid(each.logits) for name, each in found.items()}
    signals = Signals(
        p_real=p_real[TOGETHER],
        parts={name: p_real[name] for name in NETWORKS[TOGETHER].members},
        grid_distance=np.concatenate(distances),
        feature_distance=known.distances(
            {part.name: features_of(part, images) for part in network.parts}
        ),
        kept=np.full(len(images), NOT_ASKED),
        num_changes=len(VARIANTS),
    )
    return Known(scores=found[TOGETHER], images=images, signals=signals)


def ask_changes(
    known: Known, chosen: _Marks, network: Scorer, progress: ProgressCallback
) -> Signals:
    """Return the signals with what small changes do to the `chosen` pictures."""
    kept = known.signals.kept.copy()
    positions = np.flatnonzero(chosen)
    for number, position in enumerate(positions):
        progress(number / len(positions))
        picture = prepare(known.images[position])
        stability = weigh_stability(network, picture)[network.name]
        kept[position] = stability.kept.sum()
    return replace(known.signals, kept=kept)


def choose(
    labels: npt.NDArray[np.integer], signals: Signals, *, config: PolicyConfig
) -> AbstainThresholds:
    """Return the thresholds with the most verdicts of which enough are right.

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
    """Return how verdicts fare on a set, or on the leak-free part of it."""
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


def risk_curve(labels: npt.NDArray[np.integer], signals: Signals) -> RiskCurve:
    """Return how often the surest answers are right, for each share of pictures."""
    order = np.argsort(-signals.confidence, kind="stable")
    right = ((signals.p_real >= 0.5) == (labels == 1))[order]
    counts = np.arange(1, right.size + 1)
    num_points = min(_NUM_POINTS, right.size)
    kept = np.linspace(right.size / num_points, right.size, num_points).astype(int) - 1
    return RiskCurve(
        coverage=tuple((counts / right.size)[kept].tolist()),
        accuracy=tuple((right.cumsum() / counts)[kept].tolist()),
    )


def _ask_all(
    known: Known, network: Scorer, config: PolicyConfig, progress: ProgressCallback
) -> Signals:
    """Return the signals with small changes wherever a threshold may ask for them."""
    signals = known.signals
    grid, features = _limits(signals, config)
    asked = signals.confidence < max(_CLEAR_CONFIDENCES)
    asked &= signals.grid_distance <= grid
    asked &= signals.feature_distance <= features
    return ask_changes(known, asked, network, progress)


def _limits(signals: Signals, config: PolicyConfig) -> tuple[float, float]:
    """Return up to which distances the asked share of pictures is let in."""
    grid, features = (
        float(np.quantile(distance, config.accepted))
        for distance in (signals.grid_distance, signals.feature_distance)
    )
    return grid, features


def _draw(judged: _Marks, unasked: _Marks, count: int, seed: int) -> _Marks:
    """Return marks on `count` pictures with a verdict that asked for no changes."""
    positions = np.flatnonzero(judged & unasked)
    order = np.random.default_rng(seed).permutation(positions)
    return np.isin(np.arange(judged.size), order[:count])


def _part(progress: ProgressCallback, start: float, end: float) -> ProgressCallback:
    """Return a callback for the part of the work between two shares."""
    return lambda share: progress(start + share * (end - start))
