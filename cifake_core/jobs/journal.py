"""Journal of a job: one line for each item that is done, so that a killed job goes on.

Lines are only ever appended, so a kill leaves whole lines and at most one that is cut
off, which is taken away again.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from cifake_core.basics.errors import JobError
from cifake_core.jobs.judging import Row

_ORDER: Final = "order"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Entry:
    """Item that is done: the number of its source, its key there, its rows."""

    source: int
    key: str
    rows: list[Row]


class Journal:
    """File of entries below the job's order, which says what the job is.

    Args:
        path: of the file.
        order: JSON values; a journal of another order is not gone on with.
    """

    def __init__(self, path: Path, order: dict[str, Any]) -> None:
        self._path = path
        self._order = order

    def begin(self) -> None:
        """Begin anew; what was there is gone."""
        with self._path.open("w", encoding="ascii") as file:
            _write(file, [{_ORDER: self._order}])

    def go_on(self) -> set[tuple[int, str]]:
        """Source and key of each item that is done; a line cut off is taken away.

        Raises:
            JobError: If the journal is of another order, or damaged.
        """
        self._cut()
        lines = self._lines()
        order = next(lines, {}).get(_ORDER)
        if order is None:
            self.begin()
            return set()
        if order != self._order:
            changed = [name for name in order if order[name] != self._order.get(name)]
            msg = (
                f"What was begun in {self._path.parent} is another job: its "
                f"{' and '.join(changed)} differ. Begin anew, without --resume."
            )
            raise JobError(msg)
        return {(line["source"], line["key"]) for line in lines}

    def append(self, entries: Iterable[Entry]) -> None:
        """Keep entries; on return they survive a kill and the loss of power."""
        with self._path.open("a", encoding="ascii") as file:
            _write(
                file,
                (
                    {"source": each.source, "key": each.key, "rows": each.rows}
                    for each in entries
                ),
            )

    def rows(self) -> Iterator[Row]:
        """Rows of all items that are done, in order."""
        for line in self._lines():
            yield from line.get("rows", ())

    def _lines(self) -> Iterator[dict[str, Any]]:
        """Objects of the lines."""
        with self._path.open(encoding="ascii") as file:
            for line in file:
                try:
                    yield json.loads(line)
                except ValueError as error:
                    msg = (
                        f"The journal {self._path} is damaged. Begin anew, without "
                        "--resume."
                    )
                    raise JobError(msg) from error

    def _cut(self) -> None:
        """Take away what follows the last whole line."""
        if not self._path.exists():
            self.begin()
        with self._path.open("rb+") as file:
            end = file.seek(0, os.SEEK_END)
            while end:
                start = max(0, end - 65536)
                file.seek(start)
                found = file.read(end - start).rfind(b"\n")
                if found >= 0:
                    end = start + found + 1
                    break
                end = start
            file.truncate(end)


def _write(file: IO[str], lines: Iterable[dict[str, Any]]) -> None:
    """Write a line for each object, down to the disk."""
    for line in lines:
        file.write(json.dumps(line, allow_nan=False) + "\n")
    file.flush()
    os.fsync(file.fileno())
