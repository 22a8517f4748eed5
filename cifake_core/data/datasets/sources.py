"""Sources of data sets of one's own: which pictures a folder, zip or CSV file names."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cifake_core.basics.errors import DatasetError
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES
from cifake_core.data.archive import ZipOrFolder
from cifake_core.data.datasets.records import UNLABELLED, Layout
from cifake_core.data.picture_folders import generator_of, open_pictures

#: Pictures of a set; what is more could not be held in memory at once.
MAX_PICTURES: Final = 100_000
#: Names of the folder, and words of a CSV file, for what has no label yet.
_NO_LABEL: Final = frozenset({"UNLABELLED", "UNLABELED", ""})
_FAKE, _REAL = range(len(LABELS))
_COLUMNS: Final = ("path", "label")
_FORMS: Final = (
    "Expected REAL/ and FAKE/, or REAL/ and a folder for each generator, or a CSV "
    "file with the columns path and label."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceFile:
    """Picture that a source names: its path in it, and what the source says of it.

    `label` is FAKE = 0, REAL = 1 or UNLABELLED; `generator` is "" for photographs and
    where the label is not known; `object_class` is an index into OBJECT_CLASSES or -1.
    """

    member: str
    label: int
    generator: str = ""
    object_class: int = -1


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Source:
    """Source of a data set: its pictures, and a sentence for each that has no place."""

    path: Path
    held: ZipOrFolder
    layout: Layout
    files: tuple[SourceFile, ...]
    left_out: dict[str, str]


def open_source(path: Path, *, name: str) -> Source:
    """Source at `path`, listed and not yet read.

    Args:
        path: a folder or zip with REAL/ and FAKE/, with REAL/ and a folder for each
            generator, and perhaps UNLABELLED/; or a CSV file, whose paths count from
            its own folder.
        name: what a generator is called that the source gives no name.

    Raises:
        DatasetError: If there is no such source, or it names no or too many pictures.
    """
    held = held_pictures(path)
    source = _of_table(path, held, name) if _is_table(path) else _of_folders(held, name)
    if not source.files:
        msg = f"{path} names no picture of a label. {_FORMS}"
        raise DatasetError(msg)
    if len(source.files) > MAX_PICTURES:
        msg = (
            f"{path} names {len(source.files):,} pictures. Expected at most "
            f"{MAX_PICTURES:,}; make several data sets of it."
        )
        raise DatasetError(msg)
    return source


def held_pictures(path: Path) -> ZipOrFolder:
    """Files of a source, by the paths that its index has.

    Raises:
        DatasetError: If there is nothing at `path`.
    """
    held = open_pictures(path)
    return ZipOrFolder(path.parent) if _is_table(path) else held


def _is_table(path: Path) -> bool:
    """Whether a source is a CSV file."""
    return path.suffix.lower() == ".csv"


def _of_folders(held: ZipOrFolder, name: str) -> Source:
    """Source of a folder or zip, which may have been packed as a whole."""
    members = held.pictures()
    start = _shared_folders(members)
    files, left_out = [], {}
    for member in members:
        file = _placed(member, member.split("/")[start:], name)
        if file is None:
            left_out[member] = "It lies in no folder of a label or generator."
        else:
            files.append(file)
    own = {each.generator for each in files} - {"", name}
    return Source(
        path=held.path,
        held=held,
        layout="generators" if own else "labels",
        files=tuple(files),
        left_out=left_out,
    )


def _shared_folders(members: list[str]) -> int:
    """Number of folders around all pictures that are no folders of a label."""
    count = 0
    paths = [member.split("/")[:-1] for member in members]
    words = {*LABELS, *_NO_LABEL}
    while paths and all(len(path) > count for path in paths):
        shared = {path[count] for path in paths}
        if len(shared) > 1 or shared.pop().upper() in words:
            break
        count += 1
    return count


def _placed(member: str, path: list[str], name: str) -> SourceFile | None:
    """What the folders of a picture, `path`, say of it; None if they say nothing."""
    folders = [folder.upper() for folder in path[:-1]]
    generator = generator_of("/".join(path), name)
    if generator is not None:
        return SourceFile(member=member, label=_FAKE, generator=generator)
    if LABELS[_REAL] in folders:
        return SourceFile(member=member, label=_REAL)
    if folders and folders[0] in _NO_LABEL:
        return SourceFile(member=member, label=UNLABELLED)
    if folders:
        own = name if folders[0] == LABELS[_FAKE] else path[0]
        return SourceFile(member=member, label=_FAKE, generator=own)
    return None


def _of_table(path: Path, held: ZipOrFolder, name: str) -> Source:
    """Source of a CSV file."""
    found: dict[str, SourceFile] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for number, row in _rows(path, stream):
                file = _of_row(row, name, where=f"Line {number} of {path}")
                before = found.setdefault(file.member, file)
                if before != file:
                    msg = (
                        f"Line {number} of {path} says something else of {file.member} "
                        "than a line before. Expected one line for each picture."
                    )
                    raise DatasetError(msg)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        msg = f"{path} cannot be read: {error}. Expected a CSV file in UTF-8."
        raise DatasetError(msg) from error
    return Source(
        path=path, held=held, layout="csv", files=tuple(found.values()), left_out={}
    )


def _rows(path: Path, stream: Iterator[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number and the columns of each line of a CSV file."""
    reader = csv.DictReader(stream, restval="")
    names = [str(column).strip().lower() for column in reader.fieldnames or ()]
    missing = [column for column in _COLUMNS if column not in names]
    if missing:
        msg = (
            f"{path} has the columns {', '.join(names) or 'none'}. Expected path and "
            "label, and if known generator and object."
        )
        raise DatasetError(msg)
    reader.fieldnames = names
    for row in reader:
        yield reader.line_num, {name: str(row[name]).strip() for name in names}


def _of_row(row: dict[str, str], name: str, *, where: str) -> SourceFile:
    """What a line of a CSV file says of a picture."""
    word = row["label"].upper()
    if not row["path"] or word not in {*LABELS, *_NO_LABEL}:
        msg = (
            f"{where} has the path {row['path']!r} and the label {row['label']!r}. "
            "Expected a path, and REAL, FAKE or UNLABELLED."
        )
        raise DatasetError(msg)
    label = UNLABELLED if word in _NO_LABEL else LABELS.index(word)
    known = row.get("object", "").lower()
    return SourceFile(
        member=row["path"],
        label=label,
        generator=(row.get("generator") or name) if label == _FAKE else "",
        object_class=OBJECT_CLASSES.index(known) if known in OBJECT_CLASSES else -1,
    )
