"""CIFAKE: where it lies on disk, its splits in memory, duplicates and leaks.

A file's name says its label (FACTS of the data set), so names serve only to find
a picture again: they are fed to nothing and shown nowhere that someone guesses.
"""

import hashlib
import os
import re
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import CifakeError, DatasetError, ModelUnavailableError
from cifake_core.basics.files import scratch_folder
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES
from cifake_core.basics.places import CHECKOUT, cache_folder
from cifake_core.basics.progress import ProgressCallback
from cifake_core.data.archive import Archive, SplitName, content_digest, inner_name
from cifake_core.pictures.preprocessing import crop_and_resize
from cifake_core.pictures.reading import read_picture

#: Digest of the published set, for `archive.content_digest`.
PUBLISHED_DIGEST: Final = (
    "8b6c7ccb5a18adaafe5aea84515fa0a09a3560aa5c4d60d140187899a9b5625c"
)
#: Files per class folder of the published set.
PUBLISHED_COUNTS: Final = {"train": 50_000, "test": 10_000}

_NUMBER = re.compile(r"^\d+(?: \((\d+)\))?\.\w+$")
_IMAGES_FILE: Final = "images.npy"
_INDEX_FILE: Final = "index.npz"
_COLUMNS: Final = ("labels", "object_classes", "hashes", "members")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Header:
    """Beside the arrays of a decoded split stands its schema alone."""

    SCHEMA: ClassVar[int] = 2


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Split:
    """One published split, decoded, in the order of the sorted file names.

    `images` is (N, 32, 32, 3) uint8 and may be a read-only memory map; `labels`
    is (N,) int8, FAKE = 0 and REAL = 1; `object_classes` is (N,) int8, an index
    into `OBJECT_CLASSES` or -1; `hashes` is (N,) of SHA-256 hex digests of the
    files' bytes; `members` are the files' paths in the archive.
    """

    name: SplitName
    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int8]
    object_classes: npt.NDArray[np.int8]
    hashes: npt.NDArray[np.str_]
    members: npt.NDArray[np.str_]

    @property
    def repeats(self) -> npt.NDArray[np.bool_]:
        """(N,) True where an earlier picture of this split has the same bytes."""
        first = np.unique(self.hashes, return_index=True)[1]
        marks = np.ones(len(self.hashes), np.bool_)
        marks[first] = False
        return marks

    def lines(self) -> dict[str, str]:
        """Return `<split>/<label>/<file>` to hash, for `content_digest`."""
        names = map(inner_name, self.members)
        return dict(zip(names, self.hashes.tolist(), strict=True))


def find(path: Path | str | None = None) -> Path:
    """Return the place of the data set: `path`, CIFAKE_DATA, data/ or the cache.

    Raises:
        DatasetError: If it is in none of those places.
    """
    named = path or os.environ.get("CIFAKE_DATA")
    if named:
        return Path(named).expanduser()
    home = CHECKOUT / "data"
    for folder in (home, cache_folder() / "data"):
        for candidate in (*sorted(folder.glob("*.zip")), folder):
            if candidate.is_file() or (candidate / "train").is_dir():
                return candidate
    msg = (
        "The CIFAKE data set is not on this machine. Download it with `python -m "
        "cifake_core data download`, or name its zip or folder with --data or in "
        "the environment variable CIFAKE_DATA."
    )
    raise DatasetError(msg)


def load(
    path: Path, split: SplitName, *, progress: ProgressCallback | None = None
) -> Split:
    """Return one split, from the cache if these files were decoded before.

    Args:
        path: the zip or the folder.
        split: the only split that is opened.
        progress: told the share done while pictures are decoded.

    Raises:
        DatasetError: If the data set is missing, incomplete or holds a file
            that is not a picture; the message names the file.
    """
    archive = Archive(path)
    name = f"{split}-{archive.fingerprint(split)}-v{_Header.SCHEMA}"
    folder = cache_folder() / "decoded" / name
    try:
        return _cached(split, folder)
    except ModelUnavailableError:
        shutil.rmtree(folder, ignore_errors=True)  # damaged: made again
    _store(_decode(archive, split, progress), folder)
    return _cached(split, folder)


def leaked(test: Split, train: Split) -> npt.NDArray[np.bool_]:
    """Return (N,) True where a test picture's bytes stand in the training split."""
    return np.isin(test.hashes, train.hashes)


def leak_free(test: Split, train: Split) -> npt.NDArray[np.bool_]:
    """Return (N,) True for test pictures neither in training nor second copies."""
    return ~(leaked(test, train) | test.repeats)


def check_leak_free(test: Split, train: Split, data: Path) -> None:
    """Raise `DatasetError` if no test picture of some label is free of leaks."""
    kept = test.labels[leak_free(test, train)]
    if len(np.unique(kept)) < len(np.unique(test.labels)):
        msg = (
            f"All test pictures of a label in {data} stand in train/ too, so there is "
            "no leak-free test set. Expected a data set with some that do not; name "
            "another."
        )
        raise DatasetError(msg)


def check_published(data: Path, data_digest: str, *, remedy: str) -> None:
    """Raise `DatasetError` unless a data set is CIFAKE as published.

    Args:
        data: the zip or folder, for the message.
        data_digest: its content digest.
        remedy: the sentence on what else to do.
    """
    if data_digest != PUBLISHED_DIGEST:
        msg = (
            f"{data} is not CIFAKE as published (content digest {data_digest[:12]}…, "
            f"expected {PUBLISHED_DIGEST[:12]}…). {remedy}"
        )
        raise DatasetError(msg)


def split_training(
    train: Split, *, seed: int, validation_share: float = 0.1
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the positions for training and for validation, both sorted.

    Each label gives the same share, and pictures with the same bytes are on one
    side.

    Args:
        train: the published training split.
        seed: the same seed gives the same division, in any process.
        validation_share: part of each label that is held out, 0 to 1.

    Raises:
        DatasetError: If a label has too few pictures to hold one out.
    """
    generator = np.random.default_rng(seed)
    held_out: list[npt.NDArray[np.int64]] = []
    for label in range(len(LABELS)):
        positions = np.flatnonzero(train.labels == label)
        wanted = round(len(positions) * validation_share)
        _, group = np.unique(train.hashes[positions], return_inverse=True)
        sizes = np.bincount(group)
        order = generator.permutation(len(sizes))
        chosen = _fill(sizes, order, wanted)
        held_out.append(positions[np.isin(group, chosen)])
    if not all(map(len, held_out)):
        msg = (
            f"The training split has {len(train.labels)} pictures. Expected enough "
            f"to hold out {validation_share:.0%} of each label; add pictures."
        )
        raise DatasetError(msg)
    validation = np.sort(np.concatenate(held_out))
    training = np.setdiff1d(np.arange(len(train.labels)), validation)
    return training, validation


def digest(*splits: Split) -> str:
    """Return the content digest of the splits given, together."""
    return content_digest({k: v for split in splits for k, v in split.lines().items()})


def duplicate_facts(train: Split, test: Split) -> dict[str, int]:
    """Return the counts of duplicates, within and across the splits."""
    counts = {side.name: Counter(side.hashes.tolist()) for side in (train, test)}
    return {
        "pairs_within_train": sum(n > 1 for n in counts["train"].values()),
        "pairs_within_test": sum(n > 1 for n in counts["test"].values()),
        "pairs_across": len(counts["train"].keys() & counts["test"].keys()),
        "leak_free_test": int(leak_free(test, train).sum()),
    }


def _fill(
    sizes: npt.NDArray[np.int64], order: npt.NDArray[np.int64], wanted: int
) -> list[int]:
    """Return groups, taken in `order`, whose sizes add up to `wanted`."""
    chosen: list[int] = []
    for group in order:
        if sizes[group] <= wanted:
            chosen.append(int(group))
            wanted -= int(sizes[group])
    return chosen


def _decode(
    archive: Archive, split: SplitName, progress: ProgressCallback | None
) -> Split:
    """Read and decode every picture of one split."""
    members = archive.members(split)
    images = np.empty((len(members), 32, 32, 3), np.uint8)
    hashes = []
    for position, member in enumerate(members):
        data = archive.read(member)
        hashes.append(hashlib.sha256(data).hexdigest())
        try:
            images[position] = crop_and_resize(read_picture(data).pixels)
        except CifakeError as error:
            msg = f"{member} in {archive.path} is not a usable picture. {error}"
            raise DatasetError(msg) from error
        if progress is not None and position % 500 == 0:
            progress(position / len(members))
    labels = [LABELS.index(inner_name(name).split("/")[1]) for name in members]
    return Split(
        name=split,
        images=images,
        labels=np.array(labels, np.int8),
        object_classes=np.array([_object_class(name) for name in members], np.int8),
        hashes=np.array(hashes),
        members=np.array(members),
    )


def _object_class(member: str) -> int:
    """Return the class number in a CIFAKE file name, or -1 for another name."""
    match = _NUMBER.match(member.rsplit("/", 1)[-1])
    number = int(match[1] or 1) if match else 0
    return number - 1 if 1 <= number <= len(OBJECT_CLASSES) else -1


def _artefact(path: Path) -> Artefact:
    """One of the files of a decoded split."""
    return Artefact(path, what="decoded split", remedy=f"Delete {path.parent}.")


def _cached(split: SplitName, folder: Path) -> Split:
    """Decoded split of a folder of the cache.

    Raises:
        ModelUnavailableError: If it is not there, damaged or of another schema.
    """
    _, index = _artefact(folder / _INDEX_FILE).read_arrays(_Header)
    path = folder / _IMAGES_FILE
    with _artefact(path).reading():
        images = np.load(path, mmap_mode="r", allow_pickle=False)
        return Split(name=split, images=images, **index)


def _store(split: Split, folder: Path) -> None:
    """Write the decoded split beside its place, then move it there whole."""
    index = {name: getattr(split, name) for name in _COLUMNS}
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with scratch_folder(folder) as scratch:
            np.save(scratch / _IMAGES_FILE, split.images)
            place = _artefact(scratch / _INDEX_FILE)
            place.write_arrays(_Header(), index, compressed=False)
            if not folder.is_dir():  # another process may have been faster
                scratch.rename(folder)
    except OSError as error:
        msg = (
            f"The decoded pictures cannot be kept in {folder.parent}: {error}. Make "
            "room there and run the command again."
        )
        raise DatasetError(msg) from error
