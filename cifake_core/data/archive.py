"""Archive of a data set, zip or folder: its list of files and their bytes."""

import hashlib
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.errors import DatasetError
from cifake_core.basics.labels import LABELS

SplitName: TypeAlias = Literal["train", "test"]
SPLITS: Final[tuple[SplitName, SplitName]] = ("train", "test")

_MEMBER = re.compile(r"^(?:.*/)?(train|test)/(FAKE|REAL)/[^/]+$")
_ENDINGS = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif"}
)
#: What reading a corrupted, encrypted or vanished file can raise.
_UNREADABLE: Final = (
    OSError,
    EOFError,
    KeyError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)


class ZipOrFolder:
    """The files of a zip or of a folder, to read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, member: str) -> bytes:
        """Return the bytes of one file.

        Raises:
            DatasetError: If the file is corrupted or cannot be read.
        """
        try:
            if self._zip is None:
                return (self.path / member).read_bytes()
            return self._zip.read(member)
        except _UNREADABLE as error:
            msg = f"{member} in {self.path} cannot be read: {error}."
            raise DatasetError(msg) from error

    def num_bytes_of(self, member: str) -> int:
        """Return the size of one file, unpacked, as the zip or the folder states it.

        Raises:
            DatasetError: If there is no such file.
        """
        try:
            if self._zip is None:
                return (self.path / member).stat().st_size
            return self._zip.getinfo(member).file_size
        except (OSError, KeyError) as error:
            msg = f"There is no file {member} in {self.path}."
            raise DatasetError(msg) from error

    def pictures(self) -> list[str]:
        """Return all pictures, however deep, sorted, as paths inside it.

        Raises:
            DatasetError: If a file is no zip.
        """
        if self._zip is None:
            files = (file for file in self.path.rglob("*") if file.is_file())
            found = (file.relative_to(self.path).as_posix() for file in files)
        else:
            found = (name for name in self._zip.namelist())
        return sorted(filter(_is_picture, found))

    @cached_property
    def _zip(self) -> zipfile.ZipFile | None:
        """The opened zip, or None for a folder; listing it takes half a second."""
        return _open_zip(self.path) if self.path.is_file() else None


class Archive(ZipOrFolder):
    """A read-only view on `<split>/<label>/<file>` in a zip or a folder.

    Only the split that is asked for is listed and opened. The folders may lie
    deeper in a zip, as they do when a folder was packed as a whole.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        if not path.exists():
            msg = (
                f"There is no data set at {path}. Expected the CIFAKE zip or a "
                "folder with train/ and test/. Check the path, or get the data "
                "with `python -m cifake_core data download`."
            )
            raise DatasetError(msg)

    def members(self, split: SplitName) -> list[str]:
        """Return the pictures of `split`, sorted, as paths inside the data set.

        Raises:
            DatasetError: If a class folder of the split is missing or empty.
        """
        if self._zip is None:
            found = [name for name, _ in self._entries(split)]
        else:
            names = self._zip.namelist()
            found = [name for name in names if _is_member(name, split)]
        for label in LABELS:
            if not any(f"{split}/{label}/" in name for name in found):
                msg = (
                    f"{self.path} holds no pictures in {split}/{label}. Expected the "
                    "layout of CIFAKE: train/FAKE, train/REAL, test/FAKE, test/REAL."
                )
                raise DatasetError(msg)
        return sorted(found)

    def fingerprint(self, split: SplitName) -> str:
        """Return a short name that changes when the files of `split` change.

        It looks at names, sizes and times of change only, and opens nothing.
        """
        place = self.path.resolve()
        digest = hashlib.sha256(f"{place} {split}".encode())
        if self.path.is_file():
            sources = [(str(place), self.path.stat())]
        else:
            entries = self._entries(split)
            sources = sorted((name, entry.stat()) for name, entry in entries)
        for name, stat in sources:
            digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
        return digest.hexdigest()[:20]

    def num_bytes(self) -> int:
        """Return the size of the zip, or of all pictures of the folder."""
        if self.path.is_file():
            return self.path.stat().st_size
        return sum(
            entry.stat().st_size
            for split in SPLITS
            for _, entry in self._entries(split)
        )

    def _entries(self, split: SplitName) -> Iterator[tuple[str, os.DirEntry[str]]]:
        """Yield name and entry of each picture in a folder's split."""
        for label in LABELS:
            folder = self.path / split / label
            if folder.is_dir():
                with os.scandir(folder) as entries:  # Path.iterdir stats every file
                    for entry in entries:
                        name = f"{split}/{label}/{entry.name}"
                        if _is_member(name, split) and entry.is_file():
                            yield name, entry


def content_digest(lines: dict[str, str]) -> str:
    """Return the digest that is the same for a zip and a folder of one data set.

    Args:
        lines: from `<split>/<label>/<file>` to the SHA-256 of the file, in hex.

    Source: FACTS of the data set: SHA-256 over the sorted lines "path hash".
    """
    text = "".join(sorted(f"{name} {digest}\n" for name, digest in lines.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def inner_name(member: str) -> str:
    """Return `<split>/<label>/<file>` of a member that may lie deeper."""
    return "/".join(member.split("/")[-3:])


def same_names(one: npt.NDArray[np.str_], other: npt.NDArray[np.str_]) -> bool:
    """Whether two lists of members name the same pictures in the same order."""
    if np.array_equal(one, other):  # as a rule, and at once
        return True
    return list(map(inner_name, one)) == list(map(inner_name, other))


def names_sha256(members: Iterable[str]) -> str:
    """Return the hash of the pictures' names in their order, wherever the set lies."""
    return hashlib.sha256("\n".join(map(inner_name, members)).encode()).hexdigest()


def _open_zip(path: Path) -> zipfile.ZipFile:
    """Return the opened zip, or say that it is none."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        msg = (
            f"{path} is not a complete zip archive ({error}). Expected a zip or a "
            "folder of pictures, as the CIFAKE zip of Kaggle; get it again."
        )
        raise DatasetError(msg) from error


def _is_member(name: str, split: SplitName) -> bool:
    """Whether `name` is a picture of `split`, not a folder or a stray file."""
    match = _MEMBER.match(name)
    return match is not None and match[1] == split and _is_picture(name)


def _is_picture(name: str) -> bool:
    """Whether a path is that of a picture, not of a folder or a stray file."""
    file = name.rsplit("/", 1)[-1]
    stray = file.startswith(".") or "__MACOSX" in name
    return not stray and file[file.rfind(".") :].lower() in _ENDINGS
