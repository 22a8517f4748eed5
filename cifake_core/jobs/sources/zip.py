"""Zips as sources, read in place: nothing is unpacked to a disk."""

import stat
import threading
import zipfile
import zlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final

from cifake_core.basics.errors import InvalidImageError, JobError
from cifake_core.jobs.sources.folder import is_stray
from cifake_core.jobs.sources.protocol import Item
from cifake_core.pictures.reading import MAX_BYTES, check_num_bytes

#: Entries of a zip; the list of more would fill the memory of a worker.
MAX_ENTRIES: Final = 200_000
#: Bytes of all entries unpacked, and how many times the zip's own size that may be.
MAX_UNPACKED: Final = 100 * 1024**3
MAX_RATIO: Final = 200
#: Below, no ratio can do harm: a small zip of flat pictures is no bomb.
_HARMLESS: Final = 50 * 1024**2

_ENCRYPTED: Final = 0x1
#: How zips begin, an empty one among them.
_SIGNATURES: Final = (b"PK\x03\x04", b"PK\x05\x06")
#: What reading a damaged or odd entry can raise.
_FAULTS: Final = (
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


def is_zip(path: Path) -> bool:
    """Whether a file is a zip, or is called one; a picture with a zip behind is none.

    Raises:
        OSError: If it cannot be read.
    """
    if path.suffix.lower() == ".zip":
        return True
    with path.open("rb") as file:
        return file.read(4).startswith(_SIGNATURES)


class ZipSource:
    """Zip of pictures; threads may share it.

    An entry that is encrypted or damaged, a link, or named so that its path would
    leave the zip, is an item with a fault.

    Args:
        path: of the zip.
    """

    def __init__(self, path: Path) -> None:
        self.place = str(path)
        self._path = path
        self._reading = threading.Lock()

    def items(self) -> Iterator[Item]:
        """Every file in the order of the zip, keyed by its number there and name."""
        for number, entry in enumerate(self._entries):
            name = entry.filename
            if not entry.is_dir() and not any(map(is_stray, _parts(name))):
                path = name.encode("utf-8", "backslashreplace").decode()
                yield Item(path=path, key=f"{number}/{name}", fault=_fault(entry))

    def read(self, key: str) -> bytes:
        """Bytes of an entry; one that is not where it was listed is not read."""
        number, _, name = key.partition("/")
        found = self._entries[int(number) :][:1]
        if [entry.filename for entry in found] != [name]:
            msg = f"The zip {self.place} has changed since it was listed; begin anew."
            raise InvalidImageError(msg)
        [entry] = found
        fault = _fault(entry)
        if fault:
            raise InvalidImageError(fault)
        check_num_bytes(entry.file_size)
        try:
            with self._reading, self._zip.open(entry) as file:
                # no more than it says of itself, which is checked above
                data = file.read(MAX_BYTES + 1)
        except _FAULTS as error:
            msg = f"The entry of the zip is damaged ({error}); pack it again."
            raise InvalidImageError(msg) from error
        check_num_bytes(len(data))
        return data

    @cached_property
    def _zip(self) -> zipfile.ZipFile:
        """The opened zip."""
        try:
            return zipfile.ZipFile(self._path)
        except (*_FAULTS, zipfile.LargeZipFile) as error:
            msg = f"{self.place} is no whole zip ({error}). Get or pack it again."
            raise JobError(msg) from error

    @cached_property
    def _entries(self) -> list[zipfile.ZipInfo]:
        """Entries of the zip, which is within its bounds."""
        entries = self._zip.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        packed = self._path.stat().st_size
        if len(entries) > MAX_ENTRIES:
            self._refuse(
                f"{len(entries):,} entries",
                f"at most {MAX_ENTRIES:,}; make several zips, or name a folder",
            )
        if unpacked > MAX_UNPACKED:
            self._refuse(
                f"{unpacked / 1e9:,.0f} GB when it is unpacked",
                f"at most {MAX_UNPACKED / 1e9:,.0f} GB; make several zips",
            )
        if unpacked > max(_HARMLESS, MAX_RATIO * packed):
            self._refuse(
                f"{unpacked / packed:,.0f} times its size when it is unpacked",
                f"at most {MAX_RATIO} times; such a zip is made to do harm",
            )
        return entries

    def _refuse(self, found: str, expected: str) -> None:
        """Raise the sentence on a zip beyond its bounds."""
        msg = f"{self.place} has {found}. Expected {expected}."
        raise JobError(msg)


def _parts(name: str) -> tuple[str, ...]:
    """Folders and file of an entry's name but for those that lead upwards."""
    parts = name.replace("\\", "/").split("/")
    return tuple(part for part in parts if part not in {"", ".", ".."})


def _fault(entry: zipfile.ZipInfo) -> str:
    """Sentence on an entry that is not to be opened, "" for others."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]):
        return "The path of the entry leads out of the zip; pack it again."
    if entry.flag_bits & _ENCRYPTED:
        return "The entry of the zip is encrypted; pack it without a password."
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "The entry of the zip is a link; pack the file itself."
    return ""
