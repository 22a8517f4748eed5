"""Active learning: which unlabelled pictures to label next, and why each.

Three criteria rank them: networks disagree on a picture, it lies far from what they
learnt from, or they are unsure of it. Of those at the top a few are taken that differ
from each other, so that nobody labels near-copies one after another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist
from scipy.special import entr
from scipy.stats import rankdata

from cifake_core.basics.arrays import Floats
from cifake_core.basics.errors import DatasetError, ModelUnavailableError
from cifake_core.basics.estimates import sigmoid
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.networks.protocols import Scorer
from cifake_core.verdicts.mahalanobis import Domain

Criterion: TypeAlias = Literal["disagreement", "distance", "uncertainty"]
#: "mix" ranks a picture as that criterion does in which it stands highest.
Strategy: TypeAlias = Literal["mix", "disagreement", "distance", "uncertainty"]
Doubles: TypeAlias = npt.NDArray[np.float64]

CRITERIA: Final[tuple[Criterion, ...]] = get_args(Criterion)
STRATEGIES: Final[tuple[Strategy, ...]] = get_args(Strategy)
#: Pictures that are asked about at a time, at the most.
MAX_QUERIES: Final = 20

#: For each picture that is asked about so many at the top are looked at.
#: Source: Zhdanov 2019, arXiv:1901.05954, which filters like this before it parts.
_SHORTLIST: Final = 10
#: Pictures at most so far apart in features of length 1 are copies.
_COPY: Final = 1e-4
_CHUNK: Final = 500
_TINY: Final = 1e-12


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PoolAnswers:
    """What networks say of the N pictures of an unlabelled pool, by their names.

    `p_real` are (N,) float64, probabilities of REAL; `features` (N, K) float32.
    """

    p_real: Mapping[str, Doubles]
    features: Mapping[str, Floats]


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """One picture to be labelled: its position in the pool, and why it is asked about.

    `criterion` is that in which it stands highest; `values` are its figures in all, see
    `values_of`.
    """

    position: int
    criterion: Criterion
    values: Mapping[Criterion, float]


def ask_networks(
    networks: Sequence[Scorer],
    images: npt.NDArray[np.uint8],
    *,
    progress: ProgressCallback = tell_nobody,
) -> PoolAnswers:
    """Answers of a committee of networks on a pool.

    Args:
        networks: at least one, each with features: no ensemble.
        images: (N, 32, 32, 3) uint8, RGB, N at least 1.
        progress: told the share done, 0 to 1; what it raises comes through.

    Raises:
        DatasetError: If there is no picture.
        ModelUnavailableError: If there is no network.
    """
    if not networks:
        msg = "Expected a trained network to choose pictures by. There is none."
        raise ModelUnavailableError(msg)
    if not len(images):
        msg = "Expected pictures without a label. There is none: all are labelled."
        raise DatasetError(msg)
    p_real, features = {}, {}
    starts = range(0, len(images), _CHUNK)
    for number, network in enumerate(networks):
        said, found = [], []
        for start in starts:
            answers = network.answers(images[start : start + _CHUNK])
            if answers.features is None:
                msg = f"Expected a network with features. Received {network.name!r}."
                raise TypeError(msg)
            said.append(sigmoid(answers.logits))
            found.append(answers.features)
            done = number + min(1.0, (start + _CHUNK) / len(images))
            progress(done / len(networks))
        p_real[network.name] = np.concatenate(said)
        features[network.name] = np.concatenate(found)
    return PoolAnswers(p_real=p_real, features=features)


def values_of(
    answers: PoolAnswers, domain: Domain | None = None
) -> dict[Criterion, Doubles]:
    """Figures of each picture by each criterion that can be had, (N,) float64.

    The higher, the more there is to learn from it. "disagreement", of two networks or
    more, is the mean Kullback-Leibler divergence of their answers from the mean
    answer, 0 to ln 2. "distance" is the domain's: about 1 for a picture like
    those of training. "uncertainty" is the least confidence, 0 to 0.5.

    Args:
        answers: of the networks.
        domain: where the features of training pictures lie, or None if not known.

    Source: Settles 2009, Active Learning Literature Survey, sections 3.1 and 3.2;
        the divergence after McCallum & Nigam 1998.
    """
    p_real = np.stack(list(answers.p_real.values()))
    mean = p_real.mean(axis=0)
    found: dict[Criterion, Doubles] = {}
    if len(p_real) > 1:
        apart = _entropy(mean) - _entropy(p_real).mean(axis=0)
        found["disagreement"] = np.maximum(apart, 0)
    if domain is not None:
        found["distance"] = domain.distances(answers.features)
    found["uncertainty"] = np.minimum(mean, 1 - mean)
    return found


def choose(
    values: Mapping[Criterion, Doubles],
    features: Mapping[str, Floats],
    *,
    num_queries: int = MAX_QUERIES,
    strategy: Strategy = "mix",
    labelled: Sequence[int] = (),
) -> tuple[Query, ...]:
    """Pictures to label next, the first first; fewer if the rest are copies of these.

    From the top of the ranking that which lies furthest from all before it in the
    networks' features comes next, so that groups of alike pictures are met once.

    Args:
        values: as `values_of` gives them, (N,) each.
        features: of the networks, (N, K) each.
        num_queries: how many, at the most.
        strategy: what ranks the pictures.
        labelled: positions that have a label by now: they are not asked again, nor
            are their copies.

    Raises:
        ModelUnavailableError: If `strategy` needs figures that are not there.

    Source: Sener & Savarese 2018, arXiv:1708.00489, algorithm 1 (k-center greedy).
    """
    wanted = CRITERIA if strategy == "mix" else (strategy,)
    ranks = {
        name: rankdata(_standing(values[name], labelled)) / len(values[name])
        for name in wanted
        if name in values
    }
    if not ranks:
        msg = f"Expected figures on {strategy} of the pictures. {_LACKING[strategy]}"
        raise ModelUnavailableError(msg)
    names, table = list(ranks), np.stack(list(ranks.values()))
    order = np.argsort(-table.max(axis=0), kind="stable")
    # `labelled` come last in the order
    shortlist = order[: len(order) - len(labelled)][: _SHORTLIST * num_queries]
    chosen = _k_center_greedy(
        _directions(features), shortlist, covered=labelled, num_centers=num_queries
    )
    best = table.argmax(axis=0)
    return tuple(
        Query(
            position=position,
            criterion=names[best[position]],
            values={name: float(found[position]) for name, found in values.items()},
        )
        for position in chosen
    )


def _standing(values: Doubles, labelled: Sequence[int]) -> Doubles:
    """Figures by which pictures are ranked: labelled ones stand below all others."""
    standing = values.copy()
    standing[list(labelled)] = -np.inf
    return standing


def _k_center_greedy(
    points: Doubles,
    shortlist: npt.NDArray[np.int64],
    *,
    covered: Sequence[int],
    num_centers: int,
) -> list[int]:
    """Positions of centers in the order in which they are taken.

    The first of the shortlist is the first center, unless `covered` points are centers
    already; each further one is the furthest from all centers. What is no further from
    one than a copy is never taken.
    """
    places = points[shortlist]
    apart = np.full(len(shortlist), np.inf)
    if len(covered):
        apart = cdist(places, points[list(covered)]).min(axis=1)
    chosen: list[int] = []
    while len(chosen) < min(num_centers, len(shortlist)):
        furthest = int(apart.argmax())  # of equals the first: the highest in rank
        if apart[furthest] <= _COPY:
            break
        chosen.append(int(shortlist[furthest]))
        new = cdist(places, places[furthest : furthest + 1])[:, 0]
        apart = np.minimum(apart, new)
    return chosen


def _directions(features: Mapping[str, Floats]) -> Doubles:
    """(N, K of all networks) features, those of each network at length 1."""
    parts = []
    for each in features.values():
        exact = each.astype(np.float64)
        lengths = np.linalg.norm(exact, axis=1, keepdims=True)
        parts.append(exact / np.maximum(lengths, _TINY))
    return np.concatenate(parts, axis=1)


def _entropy(p_real: Doubles) -> Doubles:
    """Entropy of answers with two outcomes, in nats."""
    return np.asarray(entr(p_real) + entr(1 - p_real), np.float64)


_MEASURE: Final = "Make it with `python -m cifake_core policy`."
_LACKING: Final[Mapping[Strategy, str]] = {
    "disagreement": "It takes two networks or more: train another.",
    "distance": f"The feature domain of these networks is missing. {_MEASURE}",
}
