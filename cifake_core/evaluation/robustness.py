"""What a network says of corrupted test pictures: made once, shipped, read by pages.

Each of `CORRUPTIONS` is one cell of a table, and a column of the file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Rgb
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.estimates import proportion
from cifake_core.basics.files import file_sha256
from cifake_core.basics.progress import ProgressCallback
from cifake_core.basics.registry import lookup
from cifake_core.data.archive import same_names
from cifake_core.data.cifake import Split
from cifake_core.data.cifake import leak_free as mark_leak_free
from cifake_core.data.labelled_pictures import PictureFiles
from cifake_core.evaluation.metrics import rightly_called, with_ci95
from cifake_core.evaluation.records import RobustnessReport
from cifake_core.evaluation.score_files import (
    check_same_pictures,
    read_table,
    write_table,
)
from cifake_core.evaluation.scores import Scores
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.card import TEST_SETS
from cifake_core.networks.ensemble import weighted_sum
from cifake_core.networks.protocols import Scorer
from cifake_core.pictures.corruptions import CORRUPTION_KINDS, CORRUPTIONS, Corruption

_CHUNK: Final = 1000
_FACTS: Final = ("members", "labels", "leak_free")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class CorruptionScores:
    """One network's answers on a set, corrupted in every way, in file order.

    `members` and `labels` are (N,) as in `scores.Scores`; `leak_free` is (N,),
    True for the pictures of the leak-free test set. `logits` is (4, 5, N)
    float16: kinds and strengths in the order of `CORRUPTION_KINDS`.
    """

    network: str
    model_sha256: str
    members: npt.NDArray[np.str_]
    labels: npt.NDArray[np.int8]
    leak_free: npt.NDArray[np.bool_]
    logits: npt.NDArray[np.float16]

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """(4, 5, N) True for the pictures that the network calls what they are."""
        return rightly_called(self.labels, self.logits)

    def report(self, *, leak_free: bool) -> RobustnessReport:
        """Return the accuracies on the official or the leak-free test set."""
        chosen = self.leak_free if leak_free else np.ones_like(self.leak_free)
        right = self.right[..., chosen].sum(axis=-1)
        n = int(np.count_nonzero(chosen))
        return RobustnessReport(
            n=n,
            accuracy={
                kind: {
                    strength: proportion(int(count), n)
                    for strength, count in zip(
                        corruption_kind.strengths, counts, strict=True
                    )
                }
                for (kind, corruption_kind), counts in zip(
                    CORRUPTION_KINDS.items(), right, strict=True
                )
            },
        )


def corrupt(
    images: npt.NDArray[np.uint8],
    hashes: npt.NDArray[np.str_],
    *,
    kind: str,
    strength: float,
) -> npt.NDArray[np.uint8]:
    """Return corrupted copies of `images`.

    A picture's noise follows from its hash alone, not from its place or its
    neighbours; of two strengths the stronger is the same noise, multiplied.

    Args:
        images: (N, 32, 32, 3) uint8, RGB.
        hashes: (N,) hex digests, as in `dataset.Split`.
        kind: a name of `CORRUPTION_KINDS`.
        strength: as that kind counts it.

    Returns:
        (N, 32, 32, 3) uint8.

    Raises:
        UnknownNameError: If there is no such kind.
    """
    apply = lookup(CORRUPTION_KINDS, kind, kind="corruption").apply
    return np.stack(
        [
            apply(image, strength, np.random.default_rng(int(digest, 16)))
            for image, digest in zip(images, hashes, strict=True)
        ]
    )


def corrupted(pictures: PictureFiles, position: int, corruption: Corruption) -> Rgb:
    """Return the picture at `position` as the networks saw it after `corruption`."""
    part = slice(position, position + 1)
    return corrupt(
        pictures.images[part],
        pictures.hashes[part],
        kind=corruption.kind,
        strength=corruption.strength,
    )[0]


def measure(
    network: Scorer,
    test: Split,
    train: Split,
    *,
    progress: Callable[[float], None] | None = None,
) -> CorruptionScores:
    """Return the network's logits on every picture of `test` in every cell.

    Only a thousand corrupted pictures are in memory at a time.

    Args:
        network: the compiled network or ensemble.
        test: the pictures to corruption and score.
        train: tells which of them were leaked; it is not scored.
        progress: told the share done, 0 to 1.
    """
    logits = corrupted_logits(network, test.images, test.hashes, progress=progress)
    return CorruptionScores(
        network=network.name,
        model_sha256=network.sha256,
        members=test.members,
        labels=test.labels,
        leak_free=mark_leak_free(test, train),
        logits=as_table(logits),
    )


def corrupted_logits(
    network: Scorer,
    images: npt.NDArray[np.uint8],
    hashes: npt.NDArray[np.str_],
    *,
    progress: ProgressCallback | None = None,
) -> npt.NDArray[np.float16]:
    """Logits that the network gives pictures in every cell, (20, N) float16.

    Args:
        network: the compiled network or ensemble.
        images: (N, 32, 32, 3) uint8, RGB.
        hashes: (N,) hex digests, as for `corrupt`.
        progress: told the share done, 0 to 1.
    """
    logits = np.empty((len(CORRUPTIONS), len(images)), np.float16)
    starts = range(0, len(images), _CHUNK)
    for row, corruption in enumerate(CORRUPTIONS.values()):
        for step, start in enumerate(starts, 1):
            part = slice(start, start + _CHUNK)
            changed = corrupt(
                images[part],
                hashes[part],
                kind=corruption.kind,
                strength=corruption.strength,
            )
            votes = [each.logits(changed).astype(np.float16) for each in network.parts]
            logits[row, part] = combined(votes, network.weights)
            if progress is not None:
                progress((row + step / len(starts)) / len(CORRUPTIONS))
    return logits


def write(scores: CorruptionScores, folder: Path) -> None:
    """Write the scores of the network in `folder`, whole or not at all."""
    columns = {name: getattr(scores, name) for name in _FACTS}
    rows = scores.logits.reshape(len(CORRUPTIONS), -1)
    write_table(
        columns | dict(zip(CORRUPTIONS, rows, strict=True)),
        folder / store.CORRUPTIONS_FILE,
        model_sha256=scores.model_sha256,
    )


def keep(scores: CorruptionScores, folder: Path, *, data_digest: str) -> None:
    """Put corruption scores beside the weights in `folder`, and figures on its card.

    Args:
        scores: on the official test set.
        folder: of the network that gave them.
        data_digest: the content digest of train/ and test/ together.
    """
    write(scores, folder)
    card = replace(
        store.load_card(folder),
        corruptions={
            name: scores.report(leak_free=name == "leak_free").by_kind
            for name in TEST_SETS
        },
        corruption_scores_sha256=file_sha256(folder / store.CORRUPTIONS_FILE),
        data_digest=data_digest,
    )
    store.write_card(folder, card)


def read(name: str, models: Path) -> CorruptionScores:
    """Return the shipped scores of a network; an ensemble's follow from its parts'.

    Args:
        name: of the network.
        models: the folder of networks.

    Raises:
        UnknownNameError: If there is no such network.
        ModelUnavailableError: If its scores are missing, corrupted or made with
            other weights.
    """
    members = lookup(NETWORKS, name, kind="network").members
    if not members:
        return _read_own(name, models)
    parts = [_read_own(member, models) for member in members]
    check_same_pictures(
        {part.network: part.members for part in parts}, store.CORRUPTIONS_FILE
    )
    votes = [part.logits for part in parts]
    return replace(
        parts[0],
        network=name,
        model_sha256=store.revision(name, models),
        logits=combined(votes, tuple(store.ensemble_weights(name, models).values())),
    )


def after(corruption: Corruption, clean: Scores, scores: CorruptionScores) -> Scores:
    """Scores of a network on the test pictures after `corruption`.

    Args:
        corruption: one of `CORRUPTIONS`.
        clean: the network's scores on the pictures as they are.
        scores: those of the same network on corrupted pictures.

    Raises:
        ModelUnavailableError: If the two are not on the same pictures.
    """
    if not same_names(clean.members, scores.members):
        measured = " and ".join(NETWORKS[clean.network].members or (clean.network,))
        msg = (
            f"The test scores of {clean.network!r} and those on corrupted pictures are "
            f"not on the same pictures. Make the latter again for {measured} with "
            "`python -m cifake_core evaluate NAME --corruptions --save`."
        )
        raise ModelUnavailableError(msg)
    rows = scores.logits.reshape(len(CORRUPTIONS), -1)
    row = rows[list(CORRUPTIONS).index(corruption.name)]
    return replace(clean, logits=row.astype(np.float32))


def report_to_json(report: RobustnessReport) -> dict[str, list[dict[str, object]]]:
    """Return the accuracies of `report` as plain numbers and lists.

    Returns:
        For each kind a list of `strength`, `accuracy` and `accuracy_ci95`
        ([low, high]).
    """
    return {
        kind: [
            {"strength": strength, **with_ci95("accuracy", estimate)}
            for strength, estimate in by_strength.items()
        ]
        for kind, by_strength in report.accuracy.items()
    }


def _read_own(name: str, models: Path) -> CorruptionScores:
    """Return the scores of a network that has weights of its own."""
    columns = read_table(
        name, models / name, store.CORRUPTIONS_FILE, columns=(*_FACTS, *CORRUPTIONS)
    )
    logits = np.stack([columns.pop(cell) for cell in CORRUPTIONS])
    return CorruptionScores(
        network=name,
        model_sha256=store.revision(name, models),
        logits=as_table(logits),
        **columns,
    )


def combined(
    votes: Sequence[npt.NDArray[np.float16]], weights: Sequence[float]
) -> npt.NDArray[np.float16]:
    """Return the logits of a whole from those of its parts, as they are kept."""
    precise = [vote.astype(np.float32) for vote in votes]
    return weighted_sum(precise, weights).astype(np.float16)


def as_table(rows: npt.NDArray[np.float16]) -> npt.NDArray[np.float16]:
    """Return (20, N) rows, one a cell, as (4, 5, N)."""
    return rows.reshape(len(CORRUPTION_KINDS), -1, rows.shape[-1])
