"""Folders and single files as sources."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cifake_core.basics.errors import InvalidImageError, JobError
from cifake_core.jobs.sources.protocol import Item, printable
from cifake_core.pictures.reading import MAX_BYTES, check_num_bytes

#: What systems leave in folders and zips; nobody means them as pictures.
_STRAY: Final = frozenset({"thumbs.db", "desktop.ini", "__macosx"})

_LEADS_OUT: Final = (
    "It is a link that leads out of the folder; put the file itself there, or name it."
)
_NO_FILE: Final = "It is no file but a device, pipe or socket; leave it out."
_BROKEN: Final = "It is a link to nothing; remove it, or put the file there."


class FolderSource:
    """Folder with all that lies in it, however deep; links do not lead out of it.

    Hidden files and what systems leave behind are no items. A link to a file of the
    folder is an item like any other; a link to a folder within is none, as what is
    there is listed where it lies.

    Args:
        folder: must exist.
    """

    def __init__(self, folder: Path) -> None:
        self.place = str(folder)
        self._root = folder.resolve()

    def items(self) -> Iterator[Item]:
        """Every file, sorted by the parts of its path."""
        return self._within("")

    def read(self, key: str) -> bytes:
        """Bytes of the file at the path `key`, looked at again: it may have changed."""
        path = self._root / key
        try:
            fault = self._fault(path)
            if fault:
                raise InvalidImageError(fault)
            return read_bounded(path)
        except (OSError, ValueError) as error:
            raise InvalidImageError(_unreadable(error)) from error

    def _within(self, folder: str) -> Iterator[Item]:
        """Items of a folder inside, and of those in it."""
        try:
            with os.scandir(self._root / folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            if not folder:
                msg = f"The folder {self.place} cannot be listed: {error.strerror}."
                raise JobError(msg) from error
            fault = f"The folder cannot be listed: {error.strerror}."
            yield Item(path=printable(folder), key=folder, fault=fault)
            return
        for entry in entries:
            key = f"{folder}/{entry.name}" if folder else entry.name
            if is_stray(entry.name) or self._is_listed_elsewhere(entry):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from self._within(key)
            else:
                fault = self._fault(self._root / key)
                yield Item(path=printable(key), key=key, fault=fault)

    def _is_listed_elsewhere(self, entry: os.DirEntry[str]) -> bool:
        """Whether an entry is a link to a folder inside."""
        try:
            is_link = entry.is_symlink() and entry.is_dir()
        except OSError:  # a loop of links
            return False
        return is_link and self._is_inside(Path(entry.path))

    def _fault(self, path: Path) -> str:
        """Sentence on a file that is not to be opened, "" for others."""
        try:
            if not self._is_inside(path):
                return _LEADS_OUT
            return "" if stat.S_ISREG(path.stat().st_mode) else _NO_FILE
        except (
            OSError,
            RuntimeError,
        ) as error:  # Python 3.12 and less raise the latter
            return _BROKEN if path.is_symlink() else _unreadable(error)

    def _is_inside(self, path: Path) -> bool:
        """Whether a path leads to a place in the folder, links followed."""
        return path.resolve().is_relative_to(self._root)


class FileSource:
    """One file that a person named, under the name that was given.

    Args:
        path: of the file, which may be missing: that is its row.
    """

    def __init__(self, path: Path) -> None:
        self.place = str(path)

    def items(self) -> Iterator[Item]:
        """The file alone."""
        yield Item(path=printable(self.place), key="")

    def read(self, key: str) -> bytes:
        """Bytes of the file."""
        del key
        path = Path(self.place)
        try:
            if path.exists() and not path.is_file():
                raise InvalidImageError(_NO_FILE)
            return read_bounded(path)
        except FileNotFoundError as error:
            msg = f"There is no file at {self.place!r}; check its name and folder."
            raise InvalidImageError(msg) from error
        except (OSError, ValueError) as error:
            raise InvalidImageError(_unreadable(error)) from error


def is_stray(name: str) -> bool:
    """Whether a file or folder of this name is hidden, or left by a system."""
    return name.startswith(".") or name.lower() in _STRAY


def read_bounded(path: Path) -> bytes:
    """Bytes of a file that may be a picture by its size.

    Raises:
        InvalidImageError: If it is empty or has more bytes than a picture may have.
        OSError: If it cannot be read.
    """
    check_num_bytes(path.stat().st_size)
    with path.open("rb") as file:  # it may grow meanwhile
        data = file.read(MAX_BYTES + 1)
    check_num_bytes(len(data))
    return data


def _unreadable(error: Exception) -> str:
    """Sentence on a file that the system does not give."""
    why = getattr(error, "strerror", None) or error
    return f"The file cannot be read: {why}; check that it is there, and who may."
