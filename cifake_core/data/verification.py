"""Verification of a data set: counts, digest, and whether it is CIFAKE as published."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from cifake_core.basics import labels
from cifake_core.basics.errors import DatasetError
from cifake_core.basics.labels import LABELS
from cifake_core.basics.progress import ProgressCallback, part_of
from cifake_core.data import cifake
from cifake_core.data.archive import SPLITS, Archive, content_digest, inner_name
from cifake_core.data.cifake import Split

#: Pictures between two calls of a progress callback.
_REPORT_EVERY = 500


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DatasetFacts:
    """What `data info` tells of a data set.

    `counts` is pictures by class folder ("train/FAKE", ...); `object_classes` is
    pictures by the class in their names, over both splits; `duplicates` are the
    counts of `dataset.duplicate_facts`; `num_bytes` is the size of the zip, or
    of all pictures of a folder; `content_digest` is the same for both.
    """

    path: Path
    counts: Mapping[str, int]
    object_classes: Mapping[str, int]
    duplicates: Mapping[str, int]
    num_bytes: int
    content_digest: str


def describe(path: Path, *, progress: ProgressCallback | None = None) -> DatasetFacts:
    """Return the description of the data set at `path`, from its decoded pictures.

    Args:
        path: the zip or the folder.
        progress: told the share done, 0 to 1, while pictures are decoded.

    Raises:
        DatasetError: If the data set is missing, incomplete or holds a file
            that is not a picture.
    """
    train, test = (
        cifake.load(path, split, progress=_part(progress, number))
        for number, split in enumerate(SPLITS)
    )
    return DatasetFacts(
        path=path,
        counts={**count_labels(train), **count_labels(test)},
        object_classes=_count_object_classes(train, test),
        duplicates=cifake.duplicate_facts(train, test),
        num_bytes=Archive(path).num_bytes(),
        content_digest=cifake.digest(train, test),
    )


def verify(path: Path, *, progress: ProgressCallback | None = None) -> str:
    """Return the content digest of `path`, which is that of the published CIFAKE.

    Every file is read afresh; the cache of decoded pictures is not asked.

    Args:
        path: the zip or the folder.
        progress: told the share done, 0 to 1.

    Raises:
        DatasetError: If anything differs; the message names the class folders
            with too few or too many pictures.
    """
    archive = Archive(path)
    members = [name for split in SPLITS for name in archive.members(split)]
    _check_counts(path, Counter(_class_folder(name) for name in members))
    lines: dict[str, str] = {}
    for position, member in enumerate(members):
        data = archive.read(member)
        lines[inner_name(member)] = hashlib.sha256(data).hexdigest()
        if progress is not None and position % _REPORT_EVERY == 0:
            progress(position / len(members))
    digest = content_digest(lines)
    why = (
        "Every class folder has its number of pictures, but some were renamed or "
        "changed."
    )
    cifake.check_published(path, digest, remedy=f"{why} {_REMEDY}")
    return digest


_REMEDY: Final = "Get it again with `python -m cifake_core data download`."


def _check_counts(path: Path, counts: Mapping[str, int]) -> None:
    """Raise `DatasetError` if a class folder has not the published number."""
    faults = []
    for split in SPLITS:
        expected = cifake.PUBLISHED_COUNTS[split]
        for folder in (f"{split}/{label}" for label in LABELS):
            surplus = counts[folder] - expected
            if surplus:
                kind = "too many" if surplus > 0 else "missing"
                faults.append(f"{folder} {abs(surplus):,} {kind} of {expected:,}")
    if faults:
        msg = f"{path} is not CIFAKE as published: {'; '.join(faults)}. {_REMEDY}"
        raise DatasetError(msg)


def _class_folder(member: str) -> str:
    """Return `<split>/<label>` of a member."""
    return inner_name(member).rpartition("/")[0]


def count_labels(split: Split) -> dict[str, int]:
    """Return the pictures of a split by class folder."""
    numbers = np.bincount(split.labels, minlength=len(LABELS))
    return {
        f"{split.name}/{label}": int(number)
        for label, number in zip(LABELS, numbers, strict=True)
    }


def _count_object_classes(*splits: Split) -> dict[str, int]:
    """Return the pictures by the object class in their names, where there is one."""
    classes = np.concatenate([split.object_classes for split in splits])
    names = labels.OBJECT_CLASSES
    numbers = np.bincount(classes[classes >= 0], minlength=len(names))
    return {name: int(n) for name, n in zip(names, numbers, strict=True)}


def _part(progress: ProgressCallback | None, number: int) -> ProgressCallback | None:
    """Callback for the progress of one split, as a part of that of both."""
    if progress is None:
        return None
    sizes = [cifake.PUBLISHED_COUNTS[split] for split in SPLITS]
    start, end = (sum(sizes[:last]) / sum(sizes) for last in (number, number + 1))
    return part_of(progress, start, end)
