"""Signals of whole sets of pictures: from stored scores, features and changes."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.estimates import sigmoid
from cifake_core.basics.progress import ProgressCallback
from cifake_core.data.archive import inner_name
from cifake_core.data.cifake import Split
from cifake_core.evaluation import scores
from cifake_core.evaluation.embedding_map import features_of
from cifake_core.networks import NETWORKS, OWN
from cifake_core.networks.ensemble import weighted_sum
from cifake_core.networks.pool import NetworkPool
from cifake_core.networks.protocols import Probe, Scorer
from cifake_core.pictures.jpeg_grid import grid_distance
from cifake_core.pictures.preprocessing import prepare
from cifake_core.verdicts.mahalanobis import Domain
from cifake_core.verdicts.rule import EXPERT, NOT_ASKED, TOGETHER, Signals
from cifake_core.verdicts.stability import VARIANTS, weigh_stability

_CHUNK: Final = 1000


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Pictures:
    """(N, 32, 32, 3) pictures and their signals."""

    images: npt.NDArray[np.uint8]
    signals: Signals


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Known(Pictures):
    """Pictures of one set of CIFAKE, with their scores and so the truth."""

    scores: scores.Scores


def parts_of(pool: NetworkPool) -> tuple[Probe, ...]:
    """Networks with weights of their own that a verdict rests on, the expert last."""
    return (*pool.network(TOGETHER).parts, *pool.network(EXPERT).parts)


def gather(pool: NetworkPool, split: Split, file: str, known: Domain) -> Known:
    """Signals of a set as far as they need no changed picture.

    Args:
        pool: the networks, with their scores beside them.
        split: where the pictures stand.
        file: the validation or the test scores.
        known: where those of training lie.

    Raises:
        ModelUnavailableError: If scores are missing, or on other pictures.
    """
    found = {name: scores.read(name, pool.models, file) for name in OWN}
    places = {inner_name(each): place for place, each in enumerate(split.members)}
    names = list(map(inner_name, found[TOGETHER].members))
    if not places.keys() >= set(names):
        msg = (
            f"The scores in {file} are on pictures that {split.name}/ does not hold. "
            "Name the data set on which the networks were trained and evaluated."
        )
        raise ModelUnavailableError(msg)
    images = split.images[[places[name] for name in names]]
    distances = [grid_distance(each) for each in _chunks(images)]
    p_real = {name: sigmoid(each.logits) for name, each in found.items()}
    signals = Signals(
        p_real=p_real[TOGETHER],
        parts={name: p_real[name] for name in NETWORKS[TOGETHER].members},
        expert=p_real[EXPERT],
        grid_distance=np.concatenate(distances),
        feature_distance=known.distances(
            {part.name: features_of(part, images) for part in parts_of(pool)}
        ),
        kept=np.full(len(images), NOT_ASKED),
        num_changes=len(VARIANTS),
    )
    return Known(scores=found[TOGETHER], images=images, signals=signals)


def observe(
    images: npt.NDArray[np.uint8], pool: NetworkPool, known: Domain
) -> Pictures:
    """Pictures of 32x32 pixels, with their signals so far as no changed one is needed.

    Args:
        images: (N, 32, 32, 3) uint8, RGB, one at the least.
        pool: the networks.
        known: where those of training lie.
    """
    network = pool.network(TOGETHER)
    logits, features = {}, {}
    for part in parts_of(pool):
        answers = [part.answers(chunk) for chunk in _chunks(images)]
        logits[part.name] = np.concatenate([each.logits for each in answers])
        found = [each.features for each in answers if each.features is not None]
        features[part.name] = np.concatenate(found)
    members = NETWORKS[TOGETHER].members
    signals = Signals(
        p_real=sigmoid(
            weighted_sum([logits[name] for name in members], network.weights)
        ),
        parts={name: sigmoid(logits[name]) for name in members},
        expert=sigmoid(logits[EXPERT]),
        grid_distance=np.concatenate([grid_distance(each) for each in _chunks(images)]),
        feature_distance=known.distances(features),
        kept=np.full(len(images), NOT_ASKED),
        num_changes=len(VARIANTS),
    )
    return Pictures(images=images, signals=signals)


def ask_changes(
    pictures: Pictures,
    chosen: npt.NDArray[np.bool_],
    network: Scorer,
    progress: ProgressCallback,
) -> Signals:
    """Signals with the stability of the `chosen` pictures under small changes."""
    kept = pictures.signals.kept.copy()
    positions = np.flatnonzero(chosen)
    for number, position in enumerate(positions):
        progress(number / len(positions))
        picture = prepare(pictures.images[position])
        stability = weigh_stability(network, picture)[network.name]
        kept[position] = stability.kept.sum()
    return replace(pictures.signals, kept=kept)


def _chunks(images: npt.NDArray[np.uint8]) -> list[npt.NDArray[np.uint8]]:
    """Pictures in parts of a size that fits into memory."""
    return [images[start : start + _CHUNK] for start in range(0, len(images), _CHUNK)]
