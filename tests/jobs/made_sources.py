"""Pictures and places of jobs as tests need them, few of them to be judged."""

import zipfile
from pathlib import Path

from tests.made_data import jpeg, picture

#: Said of a file that holds no picture.
NO_PICTURE = "The file is not a picture of a supported kind"


def jpeg_of(seed: int) -> bytes:
    """A small picture, as CIFAKE saves them; each seed another one."""
    return jpeg(picture("REAL" if seed % 2 else "FAKE", seed))


def put_folder(folder: Path, *, good: int, bad: int) -> Path:
    """Write a folder with pictures and files that are none, however deep."""
    for number in range(good + bad):
        place = folder / f"part {number % 3}" / "deep"
        place.mkdir(parents=True, exist_ok=True)
        is_good = number < good
        data = jpeg_of(number) if is_good else f"no picture {number}".encode()
        (place / f"{number:05}.jpg").write_bytes(data)
    return folder


def put_zip(path: Path, entries: dict[str, bytes]) -> Path:
    """Write a zip of these entries, packed."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path
