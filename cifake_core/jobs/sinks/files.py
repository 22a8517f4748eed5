"""Files of rows, each written from a stream of rows that may be long."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, Protocol, TypeAlias

import pyarrow as pa
from pyarrow import parquet

from cifake_core.basics.errors import JobError
from cifake_core.basics.text import without_formula
from cifake_core.jobs.judging import Row
from cifake_core.jobs.sinks.types import PREDICTIONS
from cifake_core.verdicts.scope import HEADLINES
from cifake_core.verdicts.scope_words import knows

#: Makes the rows anew each time: a file may have to look at them twice.
Rows: TypeAlias = Callable[[], Iterable[Row]]

#: Rows in memory at once.
_CHUNK: Final = 10_000
_CSV_COLUMNS: Final = (
    *("path", "error", "verdict", "headline", "network", "label", "p_fake", "p_real"),
    *("network_knows", "reasons", "scope", "milliseconds"),
    *("object_class", "object_probability"),
)


class Stated(Protocol):
    """What the sentences on the scope of verdicts are taken from."""

    @property
    def sentences(self) -> Sequence[str]:
        """The sentences."""


def write_csv(rows: Rows, path: Path, *, scope: Stated) -> None:
    """Write rows as CSV; lists and the scope as a person reads them, no formulas.

    Args:
        rows: those of `predict --json`.
        path: of the file.
        scope: of the verdicts.

    Raises:
        OSError: If it cannot be written.
    """
    stated = _joined(scope.sentences)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _CSV_COLUMNS, restval="")
        writer.writeheader()
        for row in rows():
            writer.writerow(_in_words(row, stated))


def write_jsonl(rows: Rows, path: Path, *, scope: Stated) -> None:
    """Write rows as JSON Lines, each as `predict --json` prints it; see `write_csv`."""
    del scope  # each row has it
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows():
            file.write(json.dumps(row, allow_nan=False) + "\n")


def write_parquet(rows: Rows, path: Path, *, scope: Stated) -> None:
    """Write rows as Parquet, a column for each key that there is; see `write_csv`.

    The scope's sentences also stand in the schema's metadata.
    """
    found = {key for row in rows() for key in row}
    fields = [field for field in PREDICTIONS if field.name in found]
    words = {"scope": " ".join(scope.sentences)}
    schema = pa.schema(fields, metadata=words)
    waiting = iter(rows())
    with parquet.ParquetWriter(path, schema) as writer:
        while chunk := list(islice(waiting, _CHUNK)):
            writer.write_table(pa.Table.from_pylist(chunk, schema))


#: By the ending of the file's name.
SINKS: Final[Mapping[str, Callable[..., None]]] = {
    ".csv": write_csv,
    ".jsonl": write_jsonl,
    ".parquet": write_parquet,
}


def check_sink(path: Path) -> None:
    """Raise `JobError` unless a file's name says what it is to be."""
    if path.suffix.lower() not in SINKS:
        msg = (
            f"The file {path} ends in {path.suffix or 'nothing'}. Expected a name that "
            f"ends in {', '.join(SINKS)}."
        )
        raise JobError(msg)


def _in_words(row: Row, stated: str) -> dict[str, str]:
    """Cells of a row of CSV, with what is stated on the scope of its verdict."""
    cells = dict(_cells(row, stated))
    return {name: without_formula(cell) for name, cell in cells.items()}


def _cells(row: Row, stated: str) -> Iterator[tuple[str, str]]:
    """Name and text of each cell that a row has."""
    for key, value in row.items():
        if key == "knows":
            yield "network_knows", knows(value)
        elif key == "scope":
            continue
        elif key == "reasons":
            yield key, _joined(value)
        elif key == "milliseconds":
            yield key, f"{value:.1f}"
        else:
            yield key, f"{value:.6f}" if isinstance(value, float) else str(value)
    if "verdict" in row:
        yield "headline", HEADLINES[row["verdict"]]
        yield "scope", stated


def _joined(sentences: Sequence[str]) -> str:
    """Sentences as a paragraph."""
    return " ".join(sentences)
