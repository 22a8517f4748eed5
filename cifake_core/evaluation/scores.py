"""What a network says of every test picture: made once, shipped, read by pages."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics import files
from cifake_core.basics.arrays import Floats
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.basics.registry import lookup
from cifake_core.data.cifake import Split, leaked
from cifake_core.evaluation.metrics import (
    evaluate_logits,
    evaluate_objects,
    rightly_called,
)
from cifake_core.evaluation.records import EvalReport
from cifake_core.evaluation.score_files import (
    check_same_pictures,
    read_table,
    write_table,
)
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.card import TEST_SETS, Metrics, TestSet
from cifake_core.networks.ensemble import weighted_sum
from cifake_core.networks.protocols import Scorer

_CHUNK: Final = 1000
_COLUMNS: Final = (
    "members",
    "labels",
    "object_classes",
    "logits",
    "seen_classes",
    "in_training",
    "repeats",
)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Scores:
    """One network's answers on a set, in the order of the sorted files.

    `members` are the pictures' paths inside the data set: for finding them, not
    for showing. `labels` and `object_classes` are (N,) int8 as in
    `dataset.Split`; `logits` is (N,) float32; `seen_classes` is (N,) int8, the
    object class the network sees or -1 if it names none. `in_training` marks
    pictures whose bytes stand in the training split, `repeats` second copies
    within the set. `generators` is (N,) str, who made each fake, "" for photographs,
    or None where that is not told apart, as in CIFAKE.
    """

    network: str
    model_sha256: str
    members: npt.NDArray[np.str_]
    labels: npt.NDArray[np.int8]
    object_classes: npt.NDArray[np.int8]
    logits: Floats
    seen_classes: npt.NDArray[np.int8]
    in_training: npt.NDArray[np.bool_]
    repeats: npt.NDArray[np.bool_]
    generators: npt.NDArray[np.str_] | None = None

    @property
    def leak_free(self) -> npt.NDArray[np.bool_]:
        """(N,) True for the pictures of the leak-free test set."""
        return ~(self.in_training | self.repeats)

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """(N,) True for the pictures that the network calls what they are."""
        return rightly_called(self.labels, self.logits)

    def chosen(self, *, leak_free: bool) -> npt.NDArray[np.bool_]:
        """Return (N,) True for the pictures of the official or leak-free test set."""
        return self.leak_free if leak_free else np.ones_like(self.repeats)

    def report(self, *, leak_free: bool) -> EvalReport:
        """Report on the official or the leak-free test set."""
        chosen = self.chosen(leak_free=leak_free)
        report = evaluate_logits(self.labels[chosen], self.logits[chosen])
        objects = evaluate_objects(
            self.object_classes[chosen], self.seen_classes[chosen]
        )
        return replace(report, objects=objects)


def ask(
    network: Scorer, images: npt.NDArray[np.uint8], *, progress: ProgressCallback
) -> tuple[Floats, npt.NDArray[np.int8]]:
    """(N,) logits of REAL, and (N,) object classes seen, -1 if a network names none.

    Args:
        network: the compiled network or ensemble.
        images: (N, 32, 32, 3) uint8, RGB; may be a memory map.
        progress: told the share done, 0 to 1.
    """
    logits = np.empty(len(images), np.float32)
    seen = np.full(len(logits), -1, np.int8)
    for start in range(0, len(logits), _CHUNK):
        part = slice(start, start + _CHUNK)
        answers = network.answers(images[part])
        logits[part] = answers.logits
        if answers.objects is not None:
            seen[part] = answers.objects.argmax(axis=1)
        progress(min(1.0, (start + _CHUNK) / len(logits)))
    return logits, seen


def score(
    network: Scorer,
    test: Split,
    train: Split,
    *,
    progress: Callable[[float], None] | None = None,
) -> Scores:
    """Return the network's logits on every picture of `test`.

    Args:
        network: the compiled network or ensemble.
        test: the pictures to score.
        train: tells which of them were leaked; it is not scored.
        progress: told the share done, 0 to 1.
    """
    logits, seen = ask(network, test.images, progress=progress or tell_nobody)
    return Scores(
        network=network.name,
        model_sha256=network.sha256,
        members=test.members,
        labels=test.labels,
        object_classes=test.object_classes,
        logits=logits,
        seen_classes=seen,
        in_training=leaked(test, train),
        repeats=test.repeats,
    )


def write(scores: Scores, folder: Path, file: str = store.SCORES_FILE) -> None:
    """Write the scores of the network in `folder`, whole or not at all."""
    columns = {name: getattr(scores, name) for name in _COLUMNS}
    write_table(columns, folder / file, model_sha256=scores.model_sha256)


def keep(scores: Scores, folder: Path, *, data_digest: str) -> None:
    """Put test scores beside the weights in `folder`, and their figures on its card.

    Args:
        scores: on the official test set.
        folder: of the network that gave them.
        data_digest: the content digest of train/ and test/ together.
    """
    write(scores, folder)
    card = replace(
        store.load_card(folder),
        test=test_metrics(scores),
        test_scores_sha256=files.file_sha256(folder / store.SCORES_FILE),
        data_digest=data_digest,
    )
    store.write_card(folder, card)


def test_metrics(scores: Scores) -> dict[TestSet, Metrics]:
    """Metrics on both test sets, for a card."""
    return {
        name: scores.report(leak_free=name == "leak_free").metrics for name in TEST_SETS
    }


def read(name: str, models: Path, file: str = store.SCORES_FILE) -> Scores:
    """Return the shipped scores of a network; an ensemble's follow from its parts'.

    Args:
        name: of the network.
        models: the folder of networks.
        file: the test scores, or `store.VALIDATION_FILE`.

    Raises:
        UnknownNameError: If there is no such network.
        ModelUnavailableError: If its scores are missing, corrupted or made with
            other weights.
    """
    members = lookup(NETWORKS, name, kind="network").members
    if not members:
        return _read_own(name, models, file)
    parts = [read(member, models, file) for member in members]
    check_same_pictures({part.network: part.members for part in parts}, file)
    return replace(
        parts[0],
        network=name,
        model_sha256=store.revision(name, models),
        logits=weighted_sum(
            [part.logits for part in parts],
            tuple(store.ensemble_weights(name, models).values()),
        ),
    )


def read_run(folder: Path, file: str = store.SCORES_FILE) -> Scores:
    """Return the scores of the finished run in `folder`.

    Args:
        folder: of the run.
        file: the test scores, or `store.VALIDATION_FILE`.

    Raises:
        UnknownNameError: If its card names no network that there is.
        ModelUnavailableError: If card or scores are missing, corrupted or made with
            other weights.
    """
    card = store.load_card(folder)
    lookup(NETWORKS, card.name, kind="network")
    columns = read_table(str(folder), folder, file, columns=_COLUMNS)
    return Scores(network=card.name, model_sha256=card.model_sha256, **columns)


def _read_own(name: str, models: Path, file: str) -> Scores:
    """Return the scores of a network that has weights of its own."""
    columns = read_table(name, models / name, file, columns=_COLUMNS)
    return Scores(network=name, model_sha256=store.revision(name, models), **columns)
