"""The logits of a network on every test picture: made once, shipped, read by pages."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from cifake_core.arrays import Floats
from cifake_core.dataset import Split, leaked
from cifake_core.errors import ModelUnavailableError
from cifake_core.evaluation import evaluate_logits
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.ensemble import mean_logit
from cifake_core.networks.protocols import Scorer
from cifake_core.registry import lookup
from cifake_core.results import EvalReport

_CHUNK: Final = 1000


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Scores:
    """One network's logits on the test set, in the order of the sorted files.

    `members` are the pictures' paths inside the data set: for finding them, not
    for showing. `labels` and `object_classes` are (N,) int8 as in
    `dataset.Split`; `logits` is (N,) float32. `in_training` marks pictures whose
    bytes stand in the training split, `repeats` second copies within the test set.
    """

    network: str
    model_sha256: str
    members: npt.NDArray[np.str_]
    labels: npt.NDArray[np.int8]
    object_classes: npt.NDArray[np.int8]
    logits: Floats
    in_training: npt.NDArray[np.bool_]
    repeats: npt.NDArray[np.bool_]

    @property
    def leak_free(self) -> npt.NDArray[np.bool_]:
        """(N,) True for the pictures of the leak-free test set."""
        return ~(self.in_training | self.repeats)

    def report(self, *, leak_free: bool) -> EvalReport:
        """Return how the network does on the official or the leak-free test set."""
        chosen = self.leak_free if leak_free else np.ones_like(self.repeats)
        return evaluate_logits(self.labels[chosen], self.logits[chosen])


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
    logits = np.empty(len(test.labels), np.float32)
    for start in range(0, len(logits), _CHUNK):
        logits[start : start + _CHUNK] = network.logits(
            test.images[start : start + _CHUNK]
        )
        if progress is not None:
            progress(min(1.0, (start + _CHUNK) / len(logits)))
    return Scores(
        network=network.name,
        model_sha256=network.sha256,
        members=test.members,
        labels=test.labels,
        object_classes=test.object_classes,
        logits=logits,
        in_training=leaked(test, train),
        repeats=test.repeats,
    )


def write(scores: Scores, folder: Path) -> None:
    """Write the scores of the network in `folder`, whole or not at all."""
    columns = {name: getattr(scores, name) for name in _COLUMNS}
    scratch = folder / f"part.{store.SCORES_FILE}"
    pd.DataFrame(columns).to_parquet(scratch, index=False)
    os.replace(scratch, folder / store.SCORES_FILE)


def read(name: str, models: Path = store.MODELS) -> Scores:
    """Return the shipped scores of a network; an ensemble's follow from its parts'.

    Raises:
        UnknownNameError: If there is no such network.
        ModelUnavailableError: If its test scores were never made.
    """
    members = lookup(NETWORKS, name, kind="network").members
    if members:
        parts = [read(member, models) for member in members]
        logits = mean_logit([part.logits for part in parts])
        first = parts[0]
        columns = {column: getattr(first, column) for column in _COLUMNS}
        columns["logits"] = logits
    else:
        table = _read_table(models / name)
        columns = {column: table[column].to_numpy() for column in _COLUMNS}
        columns["members"] = columns["members"].astype(np.str_)
    revision = store.revision(name, models)
    return Scores(network=name, model_sha256=revision, **columns)


_COLUMNS: Final = (
    "members",
    "labels",
    "object_classes",
    "logits",
    "in_training",
    "repeats",
)


def _read_table(folder: Path) -> pd.DataFrame:
    """Return the table of `folder`, or say how to make it."""
    path = folder / store.SCORES_FILE
    if not path.is_file():
        msg = (
            f"There are no test scores for {folder.name!r}. Make them with `python "
            f"-m cifake_core evaluate {folder.name} --save`."
        )
        raise ModelUnavailableError(msg)
    return pd.read_parquet(path)
