"""Folders and zips of pictures from elsewhere: fakes by generator, or photographs.

Every picture is brought to the form of CIFAKE's own files, see
`pictures.cifake_form`: what is compared is then how pictures were made, and not how
they were saved.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import SIDE
from cifake_core.basics.errors import CifakeError, DatasetError
from cifake_core.basics.labels import LABELS
from cifake_core.basics.progress import ProgressCallback, part_of, tell_nobody
from cifake_core.data.archive import ZipOrFolder, content_digest
from cifake_core.pictures.cifake_form import in_cifake_form

_FAKE: Final = LABELS[0]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ReadPictures:
    """Pictures that could be read, and the sentences on those that could not.

    `images` is (N, 32, 32, 3) uint8 in CIFAKE's form, `hashes` has the SHA-256 of
    their files by path, in the same order; `unreadable` has a sentence by path.
    """

    images: npt.NDArray[np.uint8]
    hashes: Mapping[str, str]
    unreadable: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Fakes:
    """Fakes of a folder by generator, each with at least one; `name` is the folder's.

    `digest` is the SHA-256 over the sorted names and hashes of all that was read.
    """

    name: str
    images: Mapping[str, npt.NDArray[np.uint8]]
    digest: str
    unreadable: Mapping[str, str]


def read_fakes(path: Path, progress: ProgressCallback = tell_nobody) -> Fakes:
    """Fakes of a zip or folder: <generator>/FAKE/*, or FAKE/* of one generator.

    That one is called as the zip or folder is. Folders may lie deeper.

    Args:
        path: the zip or folder.
        progress: told the share done, 0 to 1.

    Raises:
        DatasetError: If there is no such folder, or no readable picture in it.
    """
    held = open_pictures(path)
    members = _by_generator(held)
    total = sum(map(len, members.values()))
    read: dict[str, ReadPictures] = {}
    done = 0
    for name, names in members.items():
        after = done + len(names)
        read[name] = _read(held, names, part_of(progress, done / total, after / total))
        done = after
    unreadable = {
        member: why for each in read.values() for member, why in each.unreadable.items()
    }
    _check_any(path, total - len(unreadable))
    return Fakes(
        name=path.resolve().name,
        images={name: each.images for name, each in read.items() if len(each.images)},
        digest=content_digest(
            {
                f"{name}/{_FAKE}/{member.rsplit('/', 1)[-1]}": digest
                for name, each in read.items()
                for member, digest in each.hashes.items()
            }
        ),
        unreadable=unreadable,
    )


def read_photographs(
    path: Path, progress: ProgressCallback = tell_nobody
) -> ReadPictures:
    """Pictures of a zip or folder, however deep, but for those in a folder FAKE.

    Args:
        path: the zip or folder.
        progress: told the share done, 0 to 1.

    Raises:
        DatasetError: If there is no such folder, or no readable picture in it.
    """
    held = open_pictures(path)
    members = [each for each in held.pictures() if _FAKE not in each.split("/")[:-1]]
    found = _read(held, members, progress)
    _check_any(path, len(found.images))
    return found


def open_pictures(path: Path) -> ZipOrFolder:
    """Files of the zip or folder `path`; a `DatasetError` if it is not there."""
    if not path.exists():
        msg = f"There is nothing at {path}. Expected a zip or folder of pictures."
        raise DatasetError(msg)
    return ZipOrFolder(path)


def generator_of(member: str, whole: str) -> str | None:
    """Generator of a file in a folder FAKE: the folder above; None for other files.

    Args:
        member: the file's path.
        whole: the name where nothing lies above FAKE.
    """
    *folders, label, _ = ("", *member.split("/"))
    return (folders[-1] or whole) if label.upper() == _FAKE else None


def _by_generator(held: ZipOrFolder) -> dict[str, list[str]]:
    """Paths of fakes by the name of their generator."""
    place = held.path.resolve()
    whole = place.stem if place.is_file() else place.name
    found: dict[str, list[str]] = {}
    for member in held.pictures():
        name = generator_of(member, whole)
        if name is not None:
            found.setdefault(name, []).append(member)
    if not found:
        msg = (
            f"{held.path} holds no pictures in a folder FAKE. Expected "
            "<generator>/FAKE/* for each generator, or FAKE/* for one."
        )
        raise DatasetError(msg)
    return found


def _check_any(path: Path, count: int) -> None:
    """Raise `DatasetError` if no picture could be read."""
    if not count:
        msg = (
            f"No picture in {path} can be read. Expected files that `predict` reads, "
            "such as JPEG or PNG."
        )
        raise DatasetError(msg)


def _read(
    held: ZipOrFolder, members: Sequence[str], progress: ProgressCallback
) -> ReadPictures:
    """The pictures of some files."""
    images, hashes, unreadable = [], {}, {}
    for number, member in enumerate(members, 1):
        try:
            data = held.read(member)
            images.append(in_cifake_form(data))
        except CifakeError as error:
            unreadable[member] = str(error)
        else:
            hashes[member] = hashlib.sha256(data).hexdigest()
        progress(number / len(members))
    return ReadPictures(
        images=np.array(images, np.uint8).reshape(-1, SIDE, SIDE, 3),
        hashes=hashes,
        unreadable=unreadable,
    )
