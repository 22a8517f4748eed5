"""Entries of a data set: its files read, hashed and brought to CIFAKE's form."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from cifake_core.basics.arrays import SIDE, pixels_sha256
from cifake_core.basics.errors import CifakeError, InvalidImageError
from cifake_core.basics.progress import ProgressCallback
from cifake_core.data.archive import ZipOrFolder
from cifake_core.data.datasets.records import PARTS, Part
from cifake_core.data.datasets.sources import Source
from cifake_core.pictures.cifake_form import CifakePicture, bring_to_cifake_form
from cifake_core.pictures.reading import check_num_bytes

#: Shares of the files that training, validation and the sealed test get.
_SHARES: Final[Mapping[Part, float]] = {
    "training": 0.6,
    "validation": 0.2,
    "test": 0.2,
}
_DIGITS: Final = 8


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Entries:
    """Files that could be read: a row each in `table`, `images` in the same order.

    `images` is (N, 32, 32, 3) uint8 in CIFAKE's form. The columns of `table` are those
    of `sources.SourceFile`, then `sha256` of the file, `pixels` (the SHA-256 of its
    pixels at 32x32, before they were saved as CIFAKE's), `num_bytes`, `part`, and the
    fields of `pictures.file_form.FileForm`. `unreadable` has a sentence by path.
    """

    table: pd.DataFrame
    images: npt.NDArray[np.uint8]
    unreadable: Mapping[str, str]


def read_entries(source: Source, progress: ProgressCallback) -> Entries:
    """Entries of a source, sorted by path; one that cannot be read stops no other.

    Args:
        source: the pictures and what is said of them.
        progress: told the share done, 0 to 1.
    """
    rows, images, unreadable = [], [], {}
    files = sorted(source.files, key=lambda file: file.member)
    for number, file in enumerate(files, 1):
        try:
            data = read_file(source.held, file.member)
            found = bring_to_cifake_form(data)
        except CifakeError as error:
            unreadable[file.member] = str(error)
        else:
            images.append(found.pixels)
            rows.append(
                {
                    "member": file.member,
                    "label": file.label,
                    "generator": file.generator,
                    "object_class": file.object_class,
                    **_facts(data, found),
                }
            )
        progress(number / len(files))
    return Entries(
        table=pd.DataFrame(rows),
        images=np.array(images, np.uint8).reshape(-1, SIDE, SIDE, 3),
        unreadable=unreadable,
    )


def read_file(held: ZipOrFolder, member: str) -> bytes:
    """Bytes of a picture file, of which only those of a picture's size are read.

    Raises:
        CifakeError: If it is gone, empty or too large, or cannot be read.
    """
    size = held.num_bytes_of(member)
    try:
        check_num_bytes(size)
    except InvalidImageError as error:
        msg = f"{member} in {held.path}: {error}"
        raise InvalidImageError(msg) from error
    return held.read(member)


def part_of_file(sha256: str) -> Part:
    """What a file serves: the same in whatever set it stands, and however often.

    Args:
        sha256: of the file, in hexadecimal; its first digits are as good as a draw.
    """
    drawn = int(sha256[:_DIGITS], 16) / 16**_DIGITS
    limits = np.cumsum([_SHARES[part] for part in PARTS[:-1]])
    return PARTS[int(np.searchsorted(limits, drawn, side="right"))]


def _facts(data: bytes, found: CifakePicture) -> dict[str, object]:
    """Columns on a file and on the picture in it."""
    sha256 = hashlib.sha256(data).hexdigest()
    return {
        "sha256": sha256,
        "pixels": pixels_sha256(found.resized),
        "num_bytes": len(data),
        "part": part_of_file(sha256),
        "kind": found.file.kind,
        "width": found.file.width,
        "height": found.file.height,
        "tables": found.file.tables,
        "sampling": found.file.sampling,
    }
