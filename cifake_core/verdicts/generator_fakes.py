"""Fakes of the generators under the decision rule: their signals, and the verdicts."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cifake_core.basics.errors import NotMadeError
from cifake_core.basics.estimates import proportion
from cifake_core.basics.labels import DECISIONS
from cifake_core.evaluation import generator_scores
from cifake_core.evaluation.generator_scores import HeldOut
from cifake_core.generators import collection, service
from cifake_core.networks.pool import NetworkPool
from cifake_core.verdicts.card import GeneratorRow
from cifake_core.verdicts.known_sets import Pictures, observe
from cifake_core.verdicts.mahalanobis import Domain
from cifake_core.verdicts.rule import EVEN, EXPERT, AbstainThresholds, decisions


def held_out(
    part: HeldOut, *, models: Path, data: Path
) -> dict[str, npt.NDArray[np.uint8]]:
    """Pictures by generator that the networks were asked about, (N, 32, 32, 3) uint8.

    None where they were not asked: `evaluate NETWORK --generators --save` does it, and
    draws the pictures, which are kept.

    Args:
        part: what the pictures serve.
        models: the folder of networks.
        data: the data set, for photographs to pass through.
    """
    try:
        scores = generator_scores.read(EXPERT, models)
    except NotMadeError:
        return {}
    return {
        name: collection.pictures(
            name, part, n=len(logits), data=data, models=models / service.FOLDER
        )
        for name, logits in scores.part(part).items()
    }


def observe_fakes(
    found: Mapping[str, npt.NDArray[np.uint8]],
    pool: NetworkPool,
    known: Domain,
    *,
    count: int,
) -> dict[str, Pictures]:
    """Pictures of each generator, by its name, with their signals.

    Args:
        found: (N, 32, 32, 3) uint8 by generator.
        pool: the networks.
        known: where those of training lie.
        count: how many of each, evenly spread, as their order may be by strength.
    """
    return {
        name: observe(images[_chosen(len(images), count)], pool, known)
        for name, images in found.items()
    }


def remaining(
    found: Mapping[str, npt.NDArray[np.uint8]], *, count: int
) -> dict[str, npt.NDArray[np.uint8]]:
    """Pictures of each generator that `observe_fakes` leaves for fitting a domain."""
    return {
        name: images[~_chosen(len(images), count)] for name, images in found.items()
    }


def rows(
    part: HeldOut, fakes: Mapping[str, Pictures], thresholds: AbstainThresholds
) -> tuple[GeneratorRow, ...]:
    """Verdicts on the fakes of each generator."""
    found = []
    for name, pictures in fakes.items():
        given = decisions(pictures.signals, thresholds)
        counts = np.bincount(given, minlength=len(DECISIONS)).tolist()
        labelled_fake, expert_fake = (
            int((p_real < EVEN).sum())
            for p_real in (pictures.signals.p_real, pictures.signals.expert)
        )
        found.append(
            GeneratorRow(
                generator=name,
                part=part,
                n=given.size,
                verdicts=dict(zip(DECISIONS, counts, strict=True)),
                labelled_fake=proportion(labelled_fake, given.size),
                expert_fake=proportion(expert_fake, given.size),
            )
        )
    return tuple(found)


def _chosen(total: int, count: int) -> npt.NDArray[np.bool_]:
    """Mark `count` of `total` pictures, evenly spread; all if there are fewer."""
    few = min(total, count)
    return np.isin(np.arange(total), np.arange(few) * total // few)
