"""Adding a data set of one's own: read, checked, and its index written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pandas as pd

from cifake_core.basics.errors import DatasetError
from cifake_core.basics.files import scratch_folder
from cifake_core.basics.progress import ProgressCallback, part_of, tell_nobody
from cifake_core.data.datasets import decoded, index
from cifake_core.data.datasets.checks import check_entries
from cifake_core.data.datasets.copies import find_copies
from cifake_core.data.datasets.entries import read_entries
from cifake_core.data.datasets.records import (
    UNLABELLED,
    Check,
    DataSetCard,
)
from cifake_core.data.datasets.sources import Source, open_source

#: Share of the work of adding a set that is done once its files are read.
_READ: Final = 0.6
_COMPARED: Final = 0.95


class DataSetRefusedError(DatasetError):
    """A data set that a check refuses; `checks` has them all."""

    def __init__(self, name: str, checks: Sequence[Check]) -> None:
        self.checks = tuple(checks)
        failed = " ".join(check.sentence for check in checks if not check.passed)
        super().__init__(f"The data set {name} is refused. {failed}")


def add(
    name: str,
    path: Path,
    *,
    root: Path,
    cifake: Path | None,
    progress: ProgressCallback = tell_nobody,
) -> DataSetCard:
    """Read and check a data set and write its index; return its card.

    Args:
        name: what it is called from now on.
        path: its folder, zip or CSV file; see `sources.open_source`.
        root: the folder of data sets.
        cifake: the zip or folder of CIFAKE, among which copies are looked for; None if
            it is not on this machine.
        progress: told the share done, 0 to 1.

    Raises:
        DataSetRefusedError: If a check refuses it; nothing is left.
        DatasetError: If the name is taken or is none, or there is no such source.
    """
    index.check_new(name, root)
    source = open_source(path.expanduser().resolve(), name=name)
    entries = read_entries(source, part_of(progress, 0, _READ))
    table, images = entries.table, entries.images
    copies = None
    if cifake is not None and len(table):
        comparing = part_of(progress, _READ, _COMPARED)
        copies = find_copies(table, images, cifake, comparing)
    found = check_entries(table, num_unreadable=len(entries.unreadable), copies=copies)
    if not all(check.passed for check in found.checks):
        raise DataSetRefusedError(name, found.checks)
    table = table[found.kept].reset_index(drop=True)
    table["by_hand"] = table["label"] == UNLABELLED
    card = _card(
        name,
        source,
        table=table,
        checks=found.checks,
        left_out=source.left_out | dict(entries.unreadable) | dict(found.left_out),
    )
    decoded.keep(table, images[found.kept])
    _store(card, table, root)
    progress(1.0)
    return card


def _card(
    name: str,
    source: Source,
    *,
    table: pd.DataFrame,
    checks: tuple[Check, ...],
    left_out: Mapping[str, str],
) -> DataSetCard:
    """Card of a set that passed its checks."""
    sizes = table["width"].astype(str) + "x" + table["height"].astype(str)
    return DataSetCard(
        name=name,
        source=str(source.path),
        layout=source.layout,
        added=datetime.now(UTC).isoformat(timespec="seconds"),
        digest=index.digest(table),
        counts=index.counts(table),
        sizes=dict(Counter(sizes).most_common()),
        left_out=dict(sorted(left_out.items())),
        checks=checks,
    )


def _store(made: DataSetCard, table: pd.DataFrame, root: Path) -> None:
    """Write the folder of a new set whole or not at all."""
    place = root / made.name
    try:
        root.mkdir(parents=True, exist_ok=True)
        with scratch_folder(place) as scratch:
            index.write_index(table, scratch)
            index.write_card(made, scratch)
            scratch.rename(place)
    except OSError as error:
        msg = f"The data set {made.name} cannot be kept in {root}: {error}."
        raise DatasetError(msg) from error
