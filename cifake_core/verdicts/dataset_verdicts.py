"""Verdicts on a data set of one's own: which pictures get one, and how many are right.

They are the judge's, found for many pictures at once, and kept in the cache.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from cifake_core.basics.estimates import Estimate, proportion
from cifake_core.basics.files import file_sha256
from cifake_core.basics.labels import DECISIONS
from cifake_core.basics.progress import ProgressCallback, part_of, tell_nobody
from cifake_core.data.datasets.records import DataSetPictures
from cifake_core.evaluation.dataset_cache import Answers, answers_on, are_kept
from cifake_core.evaluation.metrics import with_ci95
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.pool import NetworkPool
from cifake_core.verdicts import card, mahalanobis
from cifake_core.verdicts.known_sets import ask_changes, observe
from cifake_core.verdicts.rule import TOGETHER, decisions, needs_stability

_WHAT = "verdicts"
#: Share of the time that is spent on pictures as they are; the rest on changed ones.
_AS_THEY_ARE = 0.3


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class VerdictReport:
    """How verdicts fare on `n` pictures whose truth is known.

    `coverage` is the share that gets one, `accuracy` the share of these that is right.
    `counts` has the number of each decision by the maker of the pictures, photographs
    under "REAL".
    """

    n: int
    coverage: Estimate
    accuracy: Estimate
    counts: Mapping[str, Mapping[str, int]]


def decide_all(
    pool: NetworkPool,
    pictures: DataSetPictures,
    *,
    progress: ProgressCallback = tell_nobody,
) -> npt.NDArray[np.int64]:
    """Decision on each picture, (N,) numbers of `DECISIONS`, as `Judge.judge` gives it.

    Args:
        pool: our own networks, on which verdicts rest.
        pictures: whole parts of a set.
        progress: told the share done, 0 to 1, if there is something to decide.

    Raises:
        ModelUnavailableError: If there is no card on verdicts for these networks.
        DatasetError: If the decisions cannot be kept.
    """
    kept = answers_on(
        pictures,
        partial(_decide, pool),
        what=_WHAT,
        by=_made_with(pool),
        columns=("decisions",),
        progress=progress,
    )
    return np.asarray(kept["decisions"], np.int64)


def are_decided(pool: NetworkPool, pictures: DataSetPictures) -> bool:
    """True if the decisions on the pictures are in the cache.

    Raises:
        ModelUnavailableError: If there is no card on verdicts for these networks.
    """
    return are_kept(pictures, what=_WHAT, by=_made_with(pool))


def report(
    given: npt.NDArray[np.int64],
    labels: npt.NDArray[np.integer],
    generators: npt.NDArray[np.str_],
) -> VerdictReport:
    """How verdicts fare; all arguments are (N,), `generators` "" for photographs."""
    judged = given != DECISIONS.index("UNSURE")
    return VerdictReport(
        n=given.size,
        coverage=proportion(int(judged.sum()), given.size),
        accuracy=proportion(int((given == labels).sum()), int(judged.sum())),
        counts={
            name or "REAL": {
                decision: int(((given == number) & (generators == name)).sum())
                for number, decision in enumerate(DECISIONS)
            }
            for name in np.unique(generators).tolist()
        },
    )


def to_json(found: VerdictReport) -> dict[str, object]:
    """Figures of a report: `n`, `coverage`, `accuracy`, and the `counts`."""
    return {
        "n": found.n,
        **with_ci95("coverage", found.coverage),
        **with_ci95("accuracy", found.accuracy),
        "counts": {name: dict(counts) for name, counts in found.counts.items()},
    }


def _decide(
    pool: NetworkPool, pictures: DataSetPictures, progress: ProgressCallback
) -> Answers:
    """Decisions on pictures that were not judged before."""
    hashes = store.revisions(pool.models)
    thresholds = card.read(hashes, pool.models).thresholds
    progress(0.0)
    known = mahalanobis.read(_with_features(hashes), pool.models)
    seen = observe(pictures.images, pool, known)
    signals = ask_changes(
        seen,
        needs_stability(seen.signals, thresholds),
        pool.network(TOGETHER),
        part_of(progress, _AS_THEY_ARE, 1.0),
    )
    return {"decisions": decisions(signals, thresholds)}


def _with_features(hashes: Mapping[str, str]) -> dict[str, str]:
    """Hashes of the networks that have weights, and so features, of their own."""
    return {
        name: sha256 for name, sha256 in hashes.items() if not NETWORKS[name].members
    }


def _made_with(pool: NetworkPool) -> str:
    """SHA-256 over all that the decisions follow from.

    Raises:
        ModelUnavailableError: If there is no card on verdicts for these networks, or
            it is not known where their features lie.
    """
    hashes = store.revisions(pool.models)
    card.read(hashes, pool.models)
    mahalanobis.read(_with_features(hashes), pool.models)
    files = [pool.models / name for name in (card.POLICY_FILE, mahalanobis.DOMAIN_FILE)]
    parts = [*hashes.values(), *(file_sha256(each) for each in files)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
