"""A data set on disk, as a zip or a folder: what it lists and the bytes it holds."""

import hashlib
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, TypeAlias

from cifake_core.errors import DatasetError
from cifake_core.results import LABELS

SplitName: TypeAlias = Literal["train", "test"]
SPLITS: Final[tuple[SplitName, SplitName]] = ("train", "test")

_MEMBER = re.compile(r"^(?:.*/)?(train|test)/(FAKE|REAL)/[^/]+$")
_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})


class Archive:
    """A read-only view on `<split>/<label>/<file>` in a zip or a folder.

    Only the split that is asked for is listed and opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip = _open_zip(path) if path.is_file() else None
        if self._zip is None and not path.is_dir():
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
            found = list(self._files(split))
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

    def read(self, member: str) -> bytes:
        """Return the bytes of one file.

        Raises:
            DatasetError: If the file is damaged or cannot be read.
        """
        try:
            if self._zip is None:
                return (self.path / member).read_bytes()
            return self._zip.read(member)
        except (OSError, zipfile.BadZipFile, KeyError) as error:
            msg = f"{member} in {self.path} cannot be read: {error}."
            raise DatasetError(msg) from error

    def fingerprint(self, split: SplitName) -> str:
        """Return a short name that changes when the files of `split` change."""
        if self._zip is not None:
            sources = [(str(self.path.resolve()), self.path)]
        else:
            sources = [(name, self.path / name) for name in self.members(split)]
        digest = hashlib.sha256(f"{self.path.resolve()} {split}".encode())
        for name, file in sources:
            stat = file.stat()
            digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
        return digest.hexdigest()[:20]

    def _files(self, split: SplitName) -> Iterator[str]:
        """Yield the picture files of a folder's split."""
        for label in LABELS:
            folder = self.path / split / label
            if folder.is_dir():
                for file in folder.iterdir():
                    name = f"{split}/{label}/{file.name}"
                    if file.is_file() and _is_member(name, split):
                        yield name


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


def _open_zip(path: Path) -> zipfile.ZipFile:
    """Return the opened zip, or say that it is none."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        msg = (
            f"{path} is not a complete zip archive ({error}). Expected the CIFAKE "
            "zip of Kaggle; download it again."
        )
        raise DatasetError(msg) from error


def _is_member(name: str, split: SplitName) -> bool:
    """Whether `name` is a picture of `split`, not a folder or a stray file."""
    match = _MEMBER.match(name)
    suffix = Path(name).suffix.lower()
    hidden = "__MACOSX" in name or Path(name).name.startswith(".")
    return bool(match) and match[1] == split and suffix in _ENDINGS and not hidden
