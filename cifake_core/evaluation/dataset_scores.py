"""Scores on a data set of one's own: what a network says of each of its pictures.

They are computed once and kept in the cache; an ensemble's follow from its members'.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

import numpy as np

from cifake_core.basics.arrays import Floats
from cifake_core.basics.errors import DatasetError
from cifake_core.basics.progress import ProgressCallback, part_of, tell_nobody
from cifake_core.data.datasets.records import DataSetPictures
from cifake_core.evaluation import robustness
from cifake_core.evaluation.dataset_cache import Answers, answers_on, are_kept
from cifake_core.evaluation.robustness import CorruptionScores
from cifake_core.evaluation.score_files import Column
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.scores import ask as ask_network
from cifake_core.networks.card import NetworkCard
from cifake_core.networks.ensemble import weighted_sum
from cifake_core.networks.protocols import Probe, Scorer
from cifake_core.pictures.corruptions import CORRUPTIONS

_CHUNK: Final = 500


def is_taught(cards: Iterable[NetworkCard], *, name: str, digest: str) -> bool:
    """True if one of the networks has learnt from the training part of a set.

    Args:
        cards: of the networks, of an ensemble those of its members.
        name: of the set; one of the same name may share pictures with it.
        digest: of the set, which may have got another name.
    """
    taught = [each.config.get("datasets", {}) for each in cards]
    return any(
        name in sets or digest in (each["digest"] for each in sets.values())
        for sets in taught
    )


def score(
    network: Scorer,
    pictures: DataSetPictures,
    *,
    taught: bool = False,
    progress: ProgressCallback = tell_nobody,
) -> Scores:
    """Scores of a network on the pictures, from the cache where they are kept.

    Args:
        network: ready to answer.
        pictures: whole parts of a set.
        taught: mark the training part as pictures that were learnt from.
        progress: told the share done, 0 to 1, if there is something to compute.

    Raises:
        DatasetError: If they cannot be kept.
    """
    columns = ("logits", "seen_classes")
    answers = _of_parts(network, pictures, "scores", columns, _ask, progress)
    return Scores(
        network=network.name,
        model_sha256=network.sha256,
        members=pictures.members,
        labels=pictures.labels,
        object_classes=pictures.object_classes,
        logits=weighted_sum([each["logits"] for each in answers], network.weights),
        seen_classes=answers[0]["seen_classes"],
        in_training=(pictures.parts == "training") & taught,
        repeats=np.zeros(len(pictures.labels), np.bool_),
        generators=pictures.generators,
    )


def score_corrupted(
    network: Scorer,
    pictures: DataSetPictures,
    *,
    taught: bool = False,
    progress: ProgressCallback = tell_nobody,
) -> CorruptionScores:
    """Scores on the pictures after every corruption; see `score`."""
    answers = _of_parts(
        network, pictures, "corruptions", tuple(CORRUPTIONS), _ask_corrupted, progress
    )
    rows = [np.stack([each[cell] for cell in CORRUPTIONS]) for each in answers]
    return CorruptionScores(
        network=network.name,
        model_sha256=network.sha256,
        members=pictures.members,
        labels=pictures.labels,
        leak_free=~((pictures.parts == "training") & taught),
        logits=robustness.as_table(robustness.combined(rows, network.weights)),
    )


def logits(
    model_sha256: str,
    pictures: DataSetPictures,
    load: Callable[[], Probe] | None = None,
    *,
    progress: ProgressCallback = tell_nobody,
) -> Floats | None:
    """Logits of a network with weights of its own, which is loaded only to be asked.

    Args:
        model_sha256: of its weights.
        pictures: whole parts of a set.
        load: gives the network; without it None is returned if nothing is kept.
        progress: told the share done, 0 to 1, if there is something to compute.

    Raises:
        DatasetError: If they cannot be kept.
    """
    if load is None and not are_kept(pictures, what="scores", by=model_sha256):
        return None

    def ask(part: DataSetPictures, told: ProgressCallback) -> Answers:
        if load is None:
            msg = f"The answers that are kept on {part.name!r} are damaged."
            raise DatasetError(msg)
        return _ask(load(), part, told)

    columns = ("logits", "seen_classes")
    answers = answers_on(
        pictures,
        ask,
        what="scores",
        by=model_sha256,
        columns=columns,
        progress=progress,
    )
    return answers["logits"]


def _of_parts(  # noqa: PLR0913, PLR0917 - as `answers_on`
    network: Scorer,
    pictures: DataSetPictures,
    what: str,
    columns: tuple[str, ...],
    ask: Callable[[Probe, DataSetPictures, ProgressCallback], Answers],
    progress: ProgressCallback,
) -> list[dict[str, Column]]:
    """Answers of the networks whose logits make up this one's."""
    num = len(network.parts)
    return [
        answers_on(
            pictures,
            partial(ask, each),
            what=what,
            by=each.sha256,
            columns=columns,
            progress=part_of(progress, place / num, (place + 1) / num),
        )
        for place, each in enumerate(network.parts)
    ]


def _ask(
    network: Probe, pictures: DataSetPictures, progress: ProgressCallback
) -> Answers:
    """Logits of one network, and the object classes it sees, -1 if it names none."""
    logits, seen = ask_network(network, pictures.images, progress=progress)
    return {"logits": logits, "seen_classes": seen}


def _ask_corrupted(
    network: Probe, pictures: DataSetPictures, progress: ProgressCallback
) -> Answers:
    """Logits of one network after each corruption, a column each."""
    rows = robustness.corrupted_logits(
        network, pictures.images, pictures.hashes, progress=progress
    )
    return dict(zip(CORRUPTIONS, rows, strict=True))
