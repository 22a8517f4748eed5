"""Decoded pictures of a data set, kept in the cache by the hashes of its files."""

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from cifake_core.basics.arrays import SIDE
from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import CifakeError, DatasetError, ModelUnavailableError
from cifake_core.basics.files import write_whole
from cifake_core.basics.places import cache_folder
from cifake_core.basics.progress import ProgressCallback
from cifake_core.data.archive import ZipOrFolder
from cifake_core.data.datasets.entries import read_file
from cifake_core.pictures.cifake_form import in_cifake_form

#: Raised whenever CIFAKE's form is made in another way.
_VERSION: Final = 1
_AGAIN: Final = (
    "Put the file back as it was, or remove the set and add it again with `data add`."
)


def keep(table: pd.DataFrame, images: npt.NDArray[np.uint8]) -> None:
    """Keep the pictures of an index, (N, 32, 32, 3) uint8, in the order of its rows.

    Raises:
        DatasetError: If there is no room for them.
    """
    path = _place(table)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with write_whole(path) as scratch:
            np.save(scratch, images, allow_pickle=False)
    except OSError as error:
        msg = f"The pictures cannot be kept in {path.parent}: {error}. Make room there."
        raise DatasetError(msg) from error


def forget(table: pd.DataFrame) -> None:
    """Delete the kept pictures of an index, if there are any."""
    with suppress(OSError):  # one that is just looked at stays on some systems
        _place(table).unlink(missing_ok=True)


def pictures(
    table: pd.DataFrame, held: ZipOrFolder, progress: ProgressCallback
) -> npt.NDArray[np.uint8]:
    """Pictures of an index in CIFAKE's form, decoded again if they are not kept.

    Args:
        table: of `index.read_index`.
        held: the files of its source.
        progress: told the share done, 0 to 1, while pictures are decoded.

    Returns:
        (N, 32, 32, 3) uint8, a read-only memory map.

    Raises:
        DatasetError: If a file is gone or is not the one that was added.
    """
    _check_sizes(table, held)
    path = _place(table)
    artefact = Artefact(path, what="pictures of a data set", remedy=f"Delete {path}.")
    shape = (len(table), SIDE, SIDE, 3)
    try:
        with artefact.reading():
            found = np.load(path, mmap_mode="r", allow_pickle=False)
        if found.shape == shape:
            return found
    except ModelUnavailableError:
        path.unlink(missing_ok=True)  # damaged, or not there: made again
    keep(table, _decode(table, held, progress))
    return np.load(path, mmap_mode="r", allow_pickle=False)


def _place(table: pd.DataFrame) -> Path:
    """File of the pictures, named by the hashes of their files in order."""
    digest = hashlib.sha256("\n".join(table["sha256"]).encode()).hexdigest()
    return cache_folder() / "datasets" / f"{digest[:20]}-v{_VERSION}.npy"


def _check_sizes(table: pd.DataFrame, held: ZipOrFolder) -> None:
    """Raise `DatasetError` if a file is gone or has another size than it had."""
    for member, expected in zip(table["member"], table["num_bytes"], strict=True):
        try:
            found = held.num_bytes_of(member)
        except DatasetError as error:
            msg = f"{error} It was there when the data set was added. {_AGAIN}"
            raise DatasetError(msg) from error
        if found != expected:
            msg = (
                f"{member} in {held.path} has changed since the data set was added: "
                f"expected {expected:,} bytes, found {found:,}. {_AGAIN}"
            )
            raise DatasetError(msg)


def _decode(
    table: pd.DataFrame, held: ZipOrFolder, progress: ProgressCallback
) -> npt.NDArray[np.uint8]:
    """Pictures of an index, read from their files."""
    images = np.empty((len(table), SIDE, SIDE, 3), np.uint8)
    rows = zip(table["member"], table["sha256"], strict=True)
    for number, (member, sha256) in enumerate(rows):
        try:
            data = read_file(held, member)
            if hashlib.sha256(data).hexdigest() == sha256:
                images[number] = in_cifake_form(data)
                progress((number + 1) / len(table))
                continue
            why = f"{member} in {held.path} has changed since the data set was added."
        except CifakeError as error:
            why = str(error)
        msg = f"{why} {_AGAIN}"
        raise DatasetError(msg)
    return images
