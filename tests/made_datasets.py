"""Data sets of one's own made by hand, good ones and poisoned ones."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from cifake_core.basics.arrays import Rgb
from cifake_core.data.datasets import library
from cifake_core.data.datasets.records import DataSetCard
from tests.made_data import jpeg, picture

#: Pictures of each label: some more than a set must have.
PER_LABEL: Final = 60


def write_set(  # noqa: PLR0913 - all by keyword
    root: Path,
    *,
    generators: tuple[str, ...] = ("FAKE",),
    per_label: int = PER_LABEL,
    num_unlabelled: int = 0,
    seed: int = 0,
    save: Callable[[str, Rgb], bytes] = lambda _, image: jpeg(image),
) -> Path:
    """Write a folder with REAL/ and a folder for each generator; return it.

    Args:
        root: the folder; it may be there.
        generators: the names of the folders of fakes, which share `per_label`.
        per_label: pictures of either label.
        num_unlabelled: pictures in UNLABELLED/, of both labels in turn.
        seed: sets whose seeds are far apart have no picture in common.
        save: makes the bytes of a file of a picture with a label.
    """
    for number in range(per_label):
        folder = root / generators[number % len(generators)]
        _write(
            folder / f"{number:03}.jpg", save("FAKE", picture("FAKE", seed + number))
        )
        _write(
            root / "REAL" / f"{number:03}.jpg",
            save("REAL", picture("REAL", seed + number)),
        )
    for number in range(num_unlabelled):
        label = ("FAKE", "REAL")[number % 2]
        file = root / "UNLABELLED" / f"{number:03}.jpg"
        _write(file, save(label, picture(label, seed + 5000 + number)))
    return root


def _write(path: Path, data: bytes) -> None:
    """Write a file, and the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def add_set(
    user_data: Path, source: Path, name: str = "mine", *, kinds: bool = False
) -> DataSetCard:
    """Write a set by two generators to `source`, and add it to the user's.

    Args:
        user_data: the user's folder.
        source: a folder that is not there yet.
        name: of the set.
        kinds: whether the object classes are known: cats and dogs in turn.
    """
    write_set(source, generators=("flow", "gan"))
    place = source
    if kinds:
        place = source / "pictures.csv"
        rows = ["path,label,generator,object"]
        for number, file in enumerate(sorted(source.rglob("*.jpg"))):
            maker = file.parent.name
            fake = maker != "REAL"
            kind = ("cat", "dog")[number % 2]
            label, made_by = ("FAKE", maker) if fake else ("REAL", "")
            rows.append(f"{maker}/{file.name},{label},{made_by},{kind}")
        place.write_text("\n".join(rows), "utf-8")
    return library.add(name, place, root=user_data / "datasets", cifake=None)
