"""Export of records: CSV, JSON Lines or Parquet, of exactly what a filter lets through.

Records are read and written in parts, so that a million take no more memory than a
few.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from cifake_core.basics.errors import SettingError
from cifake_core.basics.files import write_whole
from cifake_core.basics.registry import lookup
from cifake_core.basics.text import without_formula
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.history import History
from cifake_core.cases.records import HistoryRecord
from cifake_core.cases.rows import column_names, column_type, record_json, row_of

Format: TypeAlias = Literal["csv", "jsonl", "parquet"]
#: Parts of records, as `History.pages` gives them.
Parts: TypeAlias = Iterable[Sequence[HistoryRecord]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """What an export came to: records written, and whether more were left out."""

    count: int
    capped: bool

    @property
    def sentence(self) -> str:
        """The count in words, with the cap if it was met."""
        if self.capped:
            return f"The newest {self.count:,} records; more match and are left out."
        return f"{self.count:,} record{'s' * (self.count != 1)}, all that match."


def export(
    history: History,
    wanted: HistoryFilter,
    path: Path,
    *,
    kind: Format,
    most: int | None = None,
) -> Exported:
    """Write what a filter lets through to a file, newest first, whole or not at all.

    Args:
        history: to read.
        wanted: the filter.
        path: of the file.
        kind: of the file.
        most: records to write at most; None writes all.

    Raises:
        SettingError: If `most` is less than 1.
        UnknownNameError: If there is no such kind.
        OSError: If the file cannot be written.
        DatabaseUnavailableError: If the database cannot be used.
    """
    write = lookup(_WRITERS, kind, kind="format")
    if most is not None and most < 1:
        msg = f"Expected one record or more to export. Received {most}."
        raise SettingError(msg)
    counter = _Counter(most)
    with write_whole(path) as scratch:
        write(scratch, counter.parts(history.pages(wanted)), history.networks())
    return Exported(count=counter.count, capped=counter.capped)


def write_csv(path: Path, parts: Parts, networks: Sequence[str]) -> None:
    """Write records as CSV, a line for each; no cell is a formula.

    Args:
        path: of the file.
        parts: the records.
        networks: whose answers have columns.

    Raises:
        OSError: If it cannot be written.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(column_names(networks))
        for part in parts:
            writer.writerows(
                list(map(_cell, row_of(record, networks).values())) for record in part
            )


def _cell(value: object) -> object:
    """Cell of a CSV file, which is no formula; a number stays one."""
    return without_formula(value) if isinstance(value, str) else value


def write_jsonl(path: Path, parts: Parts, networks: Sequence[str] = ()) -> None:
    """Write records as JSON Lines, an object for each; see `record_json`.

    Raises:
        OSError: If it cannot be written.
    """
    del networks
    with path.open("w", encoding="utf-8") as file:
        for part in parts:
            for record in part:
                file.write(json.dumps(record_json(record), allow_nan=False) + "\n")


def _write_parquet(path: Path, parts: Parts, networks: Sequence[str]) -> None:
    """Write records as Parquet, with the columns of the CSV."""
    names = column_names(networks)
    types = [column_type(name) for name in names]
    schema = pa.schema(list(zip(names, types, strict=True)))
    with pq.ParquetWriter(path, schema) as writer:
        for part in parts:
            rows = [row_of(record, networks, blank=None) for record in part]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))


class _Counter:
    """Records that go by on their way to a file, at most so many."""

    def __init__(self, most: int | None) -> None:
        self._most = most
        self.count = 0
        self.capped = False

    def parts(self, parts: Parts) -> Iterator[Sequence[HistoryRecord]]:
        """The same records, until there are enough."""
        for part in parts:
            room = len(part) if self._most is None else self._most - self.count
            self.count += min(room, len(part))
            self.capped = len(part) > room
            yield part[:room]
            if self.capped:
                return


_Writer: TypeAlias = Callable[[Path, Parts, Sequence[str]], None]
_WRITERS: Final[Mapping[str, _Writer]] = {
    "csv": write_csv,
    "jsonl": write_jsonl,
    "parquet": _write_parquet,
}
