"""Journal of a long work: finished parts are kept, and a killed run goes on."""

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from cifake_core.basics import files
from cifake_core.basics.errors import CifakeError

#: One line of a table: names to figures and words.
Row: TypeAlias = dict[str, Any]  # JSON: any value


class Journal:
    """A folder with a file for each finished part."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __contains__(self, name: str) -> bool:
        """Return whether the part `name` is finished."""
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
            kept = rows, time.perf_counter() - started
            self._write(name, rows, kept[1])
        return kept[0]

    def seconds(self, name: str) -> float:
        """Return how long the part `name` took, 0 if it is not finished."""
        kept = self._read(name)
        return 0.0 if kept is None else kept[1]

    def clear(self) -> None:
        """Throw every part away, once nobody needs them any more."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _read(self, name: str) -> tuple[list[Row], float] | None:
        """Return rows and seconds of a part, None if it is not there or corrupted."""
        try:
            kept = json.loads(self._file(name).read_text("utf-8"))
            return list(kept["rows"]), float(kept["seconds"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _write(self, name: str, rows: list[Row], seconds: float) -> None:
        """Keep a part, whole or not at all."""
        file = self._file(name)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            files.write_json(file, {"seconds": seconds, "rows": rows})
        except OSError as error:
            msg = (
                f"Finished parts cannot be kept in {self._folder}: {error}. Make room "
                "there and run the command again."
            )
            raise CifakeError(msg) from error

    def _file(self, name: str) -> Path:
        """Return where a part is kept."""
        return self._folder / f"{name}.json"
