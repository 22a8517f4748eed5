"""Signals of whole sets of pictures: from stored scores, features and changes."""

from dataclasses import dataclass, replace
from pathlib import Path
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
from cifake_core.networks.protocols import Scorer
from cifake_core.pictures.jpeg_grid import grid_distance
from cifake_core.pictures.preprocessing import prepare
from cifake_core.verdicts.mahalanobis import Domain
from cifake_core.verdicts.rule import NOT_ASKED, Signals
from cifake_core.verdicts.stability import VARIANTS, weigh_stability

#: The networks together: on their probability the rule is built.
TOGETHER: Final = "ensemble"

_CHUNK: Final = 1000


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Known:
    """Signals of the (N, 32, 32, 3) pictures of one set, and the truth."""

    scores: scores.Scores
    images: npt.NDArray[np.uint8]
    signals: Signals


def gather(
    models: Path, split: Split, file: str, network: Scorer, known: Domain
) -> Known:
    """Signals of a set as far as they need no changed picture.

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
    known: Known,
    chosen: npt.NDArray[np.bool_],
    network: Scorer,
    progress: ProgressCallback,
) -> Signals:
    """Signals with the stability of the `chosen` pictures under small changes."""
    kept = known.signals.kept.copy()
    positions = np.flatnonzero(chosen)
    for number, position in enumerate(positions):
        progress(number / len(positions))
        picture = prepare(known.images[position])
        stability = weigh_stability(network, picture)[network.name]
        kept[position] = stability.kept.sum()
    return replace(known.signals, kept=kept)
