"""Uploaded files as a source: kept under numbers, so that no name leads anywhere."""

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final

from cifake_core.basics.errors import InvalidImageError, JobError
from cifake_core.jobs.sources.folder import read_bounded
from cifake_core.jobs.sources.protocol import Item, printable

_NAMES_FILE: Final = "names.json"
#: Letters of a name that are kept.
_MAX_NAME: Final = 500


class UploadedSource:
    """Files that `put_files` has put into a folder, under the names they came with.

    Args:
        folder: of the files.
    """

    def __init__(self, folder: Path) -> None:
        self.place = str(folder)
        self._folder = folder

    def items(self) -> Iterator[Item]:
        """Every file, in the order it was uploaded."""
        try:
            names = json.loads((self._folder / _NAMES_FILE).read_text("utf-8"))
        except (OSError, ValueError) as error:
            msg = "The uploaded files are gone from the disk. Upload them again."
            raise JobError(msg) from error
        for number, name in enumerate(names):
            yield Item(path=name, key=str(number))

    def read(self, key: str) -> bytes:
        """Bytes of the file with this number."""
        try:
            return read_bounded(self._folder / key)
        except OSError as error:
            msg = "The uploaded file is gone from the disk. Upload it again."
            raise InvalidImageError(msg) from error


def put_files(folder: Path, files: Iterable[tuple[str, IO[bytes]]]) -> int:
    """Put files with their names into a folder that is there; how many there were.

    Raises:
        OSError: If they cannot be written.
    """
    names = []
    for number, (name, file) in enumerate(files):
        with (folder / str(number)).open("wb") as target:
            shutil.copyfileobj(file, target)
        names.append(printable(name.replace("\0", ""))[:_MAX_NAME] or str(number))
    (folder / _NAMES_FILE).write_text(json.dumps(names), "utf-8")
    return len(names)
