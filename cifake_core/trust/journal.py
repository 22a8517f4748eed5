"""Journal of a long work: finished parts are kept, and a killed run goes on."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import CifakeError, ModelUnavailableError

#: One line of a table: names to figures and words.
Row: TypeAlias = dict[str, Any]  # JSON: any value


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Part:
    """Rows of a finished part, and the seconds it took."""

    SCHEMA: ClassVar[int] = 1

    seconds: float
    rows: list[Row]


class Journal:
    """A folder with a file for each finished part."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __contains__(self, name: str) -> bool:
        """True if the part `name` is finished."""
        return self._read(name) is not None

    def rows(self, name: str, make: Callable[[], list[Row]]) -> list[Row]:
        """Return the rows of the part `name`, made and kept if they are not there.

        Raises:
            CifakeError: If they cannot be kept.
        """
        kept = self._read(name)
        if kept is None:
            started = time.perf_counter()
            rows = make()
            kept = _Part(seconds=time.perf_counter() - started, rows=rows)
            self._write(name, kept)
        return kept.rows

    def seconds(self, name: str) -> float:
        """Seconds that the part `name` took, 0 if it is not finished."""
        kept = self._read(name)
        return 0.0 if kept is None else kept.seconds

    def clear(self) -> None:
        """Throw every part away, once nobody needs them any more."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _read(self, name: str) -> _Part | None:
        """Part of that name, None if it is not there or damaged."""
        try:
            return self._artefact(name).read(_Part)
        except ModelUnavailableError:
            return None

    def _write(self, name: str, part: _Part) -> None:
        """Keep a part, whole or not at all."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._artefact(name).write(part)
        except OSError as error:
            msg = (
                f"Finished parts cannot be kept in {self._folder}: {error}. Make room "
                "there and run the command again."
            )
            raise CifakeError(msg) from error

    def _artefact(self, name: str) -> Artefact:
        """The file of a part."""
        path = self._folder / f"{name}.json"
        return Artefact(path, what="finished part", remedy="It is made again.")
