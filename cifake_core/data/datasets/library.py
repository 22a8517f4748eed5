"""Library of one's own data sets: add, list, load, label and remove them.

Each lies in a folder of its own under `root`: a card, and an index with the hashes of
its pictures. The pictures stay where they are.
"""

import os
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from cifake_core.basics.errors import DatasetError, ModelUnavailableError
from cifake_core.basics.labels import LABELS
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.data.datasets import decoded, index
from cifake_core.data.datasets.adding import add
from cifake_core.data.datasets.index import check_new
from cifake_core.data.datasets.records import (
    PARTS,
    UNLABELLED,
    DataSetCard,
    DataSetPictures,
    Part,
)
from cifake_core.data.datasets.sources import held_pictures

__all__ = [
    "FOLDER",
    "add",
    "card",
    "check_new",
    "listing",
    "load",
    "remove",
    "restore",
    "set_labels",
    "unlabelled",
]

#: The folder of data sets in the user's data.
FOLDER: Final = "datasets"
_FAKE, _REAL = range(len(LABELS))
#: Two who label at once must not lose each other's labels.
_LABELLING: Final = threading.Lock()


def listing(root: Path) -> tuple[DataSetCard, ...]:
    """Cards of all data sets, by name.

    Raises:
        ModelUnavailableError: If a card is damaged.
    """
    return tuple(index.read_card(root / name) for name in index.names(root))


def card(name: str, root: Path) -> DataSetCard:
    """Card of one data set.

    Raises:
        DatasetError: If there is none of that name.
        ModelUnavailableError: If the card is damaged.
    """
    return index.read_card(index.folder_of(name, root))


def remove(name: str, root: Path) -> None:
    """Forget a data set and its decoded pictures; the files of its source stay.

    Its index is laid aside until a set of that name is removed again.

    Raises:
        DatasetError: If there is none of that name, or it cannot be laid aside.
    """
    folder = index.folder_of(name, root)
    with suppress(ModelUnavailableError):  # damaged: removed all the same
        decoded.forget(index.read_index(folder))
    aside = index.aside(name, root)
    try:
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
        os.utime(aside)  # its time as a forgotten one begins
    except OSError as error:
        msg = f"The data set {name} cannot be removed: {error}."
        raise DatasetError(msg) from error


def restore(name: str, root: Path) -> DataSetCard:
    """Take back the removal of a data set, with the labels given by hand.

    Raises:
        DatasetError: If none of that name was removed, or there is a new one.
        ModelUnavailableError: If its card is damaged.
    """
    check_new(name, root)
    try:
        index.aside(name, root).rename(root / name)
    except OSError as error:
        msg = f"The data set {name} cannot be brought back: {error}. Add it again."
        raise DatasetError(msg) from error
    return card(name, root)


def load(
    name: str,
    *,
    root: Path,
    parts: Sequence[Part] = PARTS,
    progress: ProgressCallback = tell_nobody,
) -> DataSetPictures:
    """Labelled pictures of a data set, or of some parts of it.

    Args:
        name: of the set.
        root: the folder of data sets.
        parts: the only ones that are returned.
        progress: told the share done, 0 to 1, while pictures are decoded.

    Raises:
        DatasetError: If there is no such set, or a file is gone or has changed.
        ModelUnavailableError: If card or index are damaged.
    """
    return _pictures(
        name,
        root,
        lambda rows: (rows["label"] != UNLABELLED) & rows["part"].isin(list(parts)),
        progress,
    )


def unlabelled(
    name: str, *, root: Path, progress: ProgressCallback = tell_nobody
) -> DataSetPictures:
    """Pictures of a data set whose label is not known yet, of all parts.

    Raises:
        DatasetError: If there is no such set, or a file is gone or has changed.
        ModelUnavailableError: If card or index are damaged.
    """
    return _pictures(name, root, lambda rows: rows["label"] == UNLABELLED, progress)


def set_labels(name: str, labels: Mapping[str, int], *, root: Path) -> DataSetCard:
    """Label pictures to which the source gives no label, by hand; return the new card.

    A fake that is found so bears the name of the set as its generator's. A picture
    serves what it served before: its part goes by its hash.

    Args:
        name: of the set.
        labels: from the SHA-256 of a file to FAKE = 0, REAL = 1 or UNLABELLED, which
            takes a label back.
        root: the folder of data sets.

    Raises:
        DatasetError: If there is no such set, a picture is not in it or came with a
            label, or a label is none.
        ModelUnavailableError: If card or index are damaged.
    """
    with _LABELLING:
        folder = index.folder_of(name, root)
        table = index.read_index(folder)
        _check_labels(name, labels, table)
        given = table["sha256"].map(labels)
        table["label"] = given.fillna(table["label"]).astype(np.int8)
        named = given.map({_FAKE: name, _REAL: "", UNLABELLED: ""})
        table["generator"] = named.where(given.notna(), table["generator"])
        before = index.read_card(folder)
        after = replace(before, digest=index.digest(table), counts=index.counts(table))
        index.write_index(table, folder)
        index.write_card(after, folder)
        return after


def _pictures(
    name: str,
    root: Path,
    wanted: Callable[[pd.DataFrame], pd.Series],
    progress: ProgressCallback,
) -> DataSetPictures:
    """Pictures of a set whose rows are wanted."""
    folder = index.folder_of(name, root)
    source = Path(index.read_card(folder).source)
    table = index.read_index(folder)
    images = decoded.pictures(table, held_pictures(source), progress)
    chosen = wanted(table).to_numpy()
    rows = table[chosen]
    return DataSetPictures(
        name=name,
        digest=index.digest(table),
        images=images[chosen],
        labels=rows["label"].to_numpy(),
        object_classes=rows["object_class"].to_numpy(),
        generators=_words(rows["generator"]),
        members=_words(rows["member"]),
        hashes=_words(rows["sha256"]),
        parts=_words(rows["part"]),
    )


def _words(column: pd.Series) -> npt.NDArray[np.str_]:
    """A column of words as an array."""
    return column.to_numpy().astype(np.str_)


def _check_labels(name: str, labels: Mapping[str, int], table: pd.DataFrame) -> None:
    """Raise `DatasetError` if a label is none or is for a picture that has one."""
    wrong = set(labels.values()) - {_FAKE, _REAL, UNLABELLED}
    if wrong:
        msg = f"Expected the labels 0 (FAKE), 1 (REAL) or -1. Received {sorted(wrong)}."
        raise DatasetError(msg)
    foreign = labels.keys() - set(table.loc[table["by_hand"], "sha256"])
    if foreign:
        msg = (
            f"{len(foreign):,} of the pictures, such as that with SHA-256 "
            f"{min(foreign)[:12]}…, are none that came to {name} without a label. "
            "Label pictures of UNLABELLED/ alone."
        )
        raise DatasetError(msg)
