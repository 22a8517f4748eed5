"""Choice of the abstain thresholds, on validation; then one look at the other sets."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib.metadata import version
from typing import Final, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from cifake_core.basics.estimates import Estimate, proportion
from cifake_core.basics.labels import DECISIONS
from cifake_core.basics.progress import ProgressCallback, part_of, tell_nobody
from cifake_core.data import cifake
from cifake_core.data.cifake import Split
from cifake_core.data.out_of_distribution import (
    OutOfDistributionSet,
    out_of_distribution_sets,
)
from cifake_core.evaluation.embedding_map import features_of
from cifake_core.evaluation.generator_scores import HeldOut
from cifake_core.networks import OWN, store
from cifake_core.networks.pool import NetworkPool
from cifake_core.networks.protocols import Scorer
from cifake_core.verdicts import mahalanobis
from cifake_core.verdicts.card import GuardCurve, PolicyCard, letters
from cifake_core.verdicts.coverage import measure_all, risk_curve
from cifake_core.verdicts.generator_fakes import observe_fakes, remaining, rows
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.known_sets import (
    Known,
    Pictures,
    ask_changes,
    gather,
    observe,
    parts_of,
)
from cifake_core.verdicts.mahalanobis import Domain
from cifake_core.verdicts.rule import (
    NOT_ASKED,
    TOGETHER,
    AbstainThresholds,
    decisions,
    needs_stability,
)
from cifake_core.verdicts.threshold_choice import (
    PolicyConfig,
    choose_guarded,
    may_hang_on_changes,
)
from cifake_core.verdicts.trials import try_forms, try_out_of_distribution

_UNSURE: Final = DECISIONS.index("UNSURE")
_Marks = npt.NDArray[np.bool_]
P = TypeVar("P", bound=Pictures)


class OutsideSets(Protocol):
    """Source of out-of-distribution pictures, such as `out_of_distribution_sets`."""

    def __call__(self, *, seed: int) -> tuple[OutOfDistributionSet, ...]:
        """Sets of pictures, the same for the same seed."""


class FakeSets(Protocol):
    """Source of the generators' pictures, such as `generator_pictures.held_out`."""

    def __call__(self, part: HeldOut) -> Mapping[str, npt.NDArray[np.uint8]]:
        """(N, 32, 32, 3) uint8 of a part, by generator; none if there are none."""


def study(  # noqa: PLR0913 - on what, how much, told to whom: most by keyword
    pool: NetworkPool,
    train: Split,
    test: Split,
    *,
    fakes: FakeSets,
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
        fakes: gives the generators' pictures by part.
        config: how much is asked, and tried.
        progress: told the share done, 0 to 1.
        outside: draws the out-of-distribution pictures by a seed; some of them are
            tuned and marked.

    Raises:
        ModelUnavailableError: If networks or their scores are missing, or the scores
            are on other pictures than these.
    """
    started = time.perf_counter()
    network, models = pool.network(TOGETHER), pool.models
    groups, known_fakes = outside(seed=config.seed), fakes("validation")
    further = remaining(known_fakes, count=config.num_fakes)
    domain = find_domain(pool, train, further, config=config)
    progress(0.1)

    def observed(found: Mapping[str, npt.NDArray[np.uint8]]) -> dict[str, Pictures]:
        return observe_fakes(found, pool, domain, count=config.num_fakes)

    chosen = _choose(
        gather(pool, train, store.VALIDATION_FILE, domain),
        observe(_strangers(groups), pool, domain),
        observed(known_fakes),
        network,
        config,
        part_of(progress, 0.25, 0.5),
    )
    thresholds = chosen.thresholds
    asked = partial(_with_changes, network)
    official = gather(pool, test, store.SCORES_FILE, domain)
    official = asked(
        official,
        needs_stability(official.signals, thresholds),
        part_of(progress, 0.5, 0.7),
    )
    unknown = {
        name: asked(each, needs_stability(each.signals, thresholds), tell_nobody)
        for name, each in observed(fakes("test")).items()
    }
    given = decisions(official.signals, thresholds)
    again = _draw(given != _UNSURE, config.num_forms, config.seed)
    judge = Judge(pool, thresholds=thresholds, known=domain)
    # over 40 lines as the card has so many fields, each filled in one place
    card = PolicyCard(
        thresholds=thresholds,
        settings=asdict(config),
        model_sha256={name: store.revision(name, models) for name in OWN},
        data_digest=cifake.digest(train, test),
        versions={name: version(name) for name in ("keras", "numpy", "tensorflow")},
        sets=measure_all(chosen.validation, official, thresholds),
        clear_kept=_clear_kept(
            official, thresholds, network, config, part_of(progress, 0.7, 0.8)
        ),
        forms=try_forms(
            judge, official.images[again], given[again], part_of(progress, 0.8, 0.85)
        ),
        out_of_distribution=try_out_of_distribution(
            judge, groups, part_of(progress, 0.85, 1)
        ),
        generators=(
            *rows("validation", chosen.fakes, thresholds),
            *rows("test", unknown, thresholds),
        ),
        guard=chosen.guard,
        curve=risk_curve(official.scores.labels, official.signals),
        test_decisions=letters(given),
        seconds=time.perf_counter() - started,
    )
    return card, domain


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Choice:
    """The thresholds, and what they were chosen on, with the changes they ask for."""

    thresholds: AbstainThresholds
    guard: GuardCurve
    validation: Known
    fakes: Mapping[str, Pictures]


def _choose(  # noqa: PLR0913, PLR0917 - three sets of pictures, and how to ask of them
    validation: Known,
    strangers: Pictures,
    fakes: Mapping[str, Pictures],
    network: Scorer,
    config: PolicyConfig,
    progress: ProgressCallback,
) -> _Choice:
    """Choose on pictures of which nothing was changed so far."""

    def tried(pictures: P, told: ProgressCallback = tell_nobody) -> P:
        asked = may_hang_on_changes(pictures.signals, validation.signals, config=config)
        return _with_changes(network, pictures, asked, told)

    def as_judged(pictures: P, changed: P) -> P:
        needed = needs_stability(pictures.signals, thresholds)
        kept = np.where(needed, changed.signals.kept, NOT_ASKED)
        return replace(pictures, signals=replace(pictures.signals, kept=kept))

    changed = tried(validation, progress)
    changed_fakes = {name: tried(each) for name, each in fakes.items()}
    thresholds, guard = choose_guarded(
        validation.scores.labels,
        changed.signals,
        tried(strangers).signals,
        [each.signals for each in changed_fakes.values()],
        config=config,
    )
    return _Choice(
        thresholds=thresholds,
        guard=guard,
        validation=as_judged(validation, changed),
        fakes={
            name: as_judged(each, changed_fakes[name]) for name, each in fakes.items()
        },
    )


def _with_changes(
    network: Scorer, pictures: P, asked: _Marks, progress: ProgressCallback
) -> P:
    """Pictures with the stability of those that are `asked`."""
    signals = ask_changes(pictures, asked, network, progress)
    return replace(pictures, signals=signals)


def _strangers(groups: tuple[OutOfDistributionSet, ...]) -> npt.NDArray[np.uint8]:
    """Return the pictures with CIFAKE's marks that may be looked at, (N, 32, 32, 3)."""
    return np.concatenate(
        [np.stack(group.pictures) for group in groups if group.tuned and group.marked]
    )


def find_domain(
    pool: NetworkPool,
    train: Split,
    fakes: Mapping[str, npt.NDArray[np.uint8]],
    *,
    config: PolicyConfig,
) -> Domain:
    """Domain of the features of training pictures, those held out left out.

    A network that has learnt generators is at home among their fakes, too: without
    them in its domain most would be turned away that it finds.

    Args:
        pool: the networks.
        train: the training pictures.
        fakes: pictures of generators that are not used for choosing, by their name.
        config: how many pictures of `train` to fit on.
    """
    training, _ = cifake.split_training(train, seed=config.split_seed)
    order = np.random.default_rng(config.seed).permutation(training)
    images = train.images[np.sort(order[: config.num_fitted])]
    features, hashes = {}, {}
    for part in parts_of(pool):
        learnt = store.load_card(pool.models / part.name).generators
        its = [each for name, each in fakes.items() if name in learnt]
        features[part.name] = features_of(part, np.concatenate([images, *its]))
        hashes[part.name] = part.sha256
    return mahalanobis.fit(features, model_sha256=hashes)


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
