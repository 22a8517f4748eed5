"""The data set on disk: a zip and a folder are one thing, and faults are named."""

import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.errors import DatasetError
from cifake_core.data.archive import Archive, content_digest, inner_name, same_names


def repack(source: Path, target: Path, *, root: str = "", extra: tuple[str, ...] = ()):
    """Write the files of a folder to a zip under `root`, and some stray ones."""
    with zipfile.ZipFile(target, "w") as archive:
        for file in sorted(source.rglob("*.jpg")):
            archive.write(file, root + file.relative_to(source).as_posix())
        for name in extra:
            archive.writestr(name, b"stray")
    return target


def test_zip_and_folder_list_the_same(tiny_dataset, tiny_zip):
    """Members of both are `<split>/<label>/<file>`, sorted, with equal bytes."""
    folder, packed = Archive(tiny_dataset), Archive(tiny_zip)

    names = folder.members("train")

    assert names == packed.members("train") == sorted(names)
    assert len(names) == 28
    assert all(folder.read(name) == packed.read(name) for name in names)


def test_a_nested_root_in_a_zip_is_found(tiny_dataset, tmp_path):
    """A zip of the folder itself works like a zip of what is in it."""
    path = repack(tiny_dataset, tmp_path / "nested.zip", root="archive/cifake/")

    names = Archive(path).members("test")

    assert names[0].startswith("archive/cifake/test/FAKE/")
    assert [inner_name(name) for name in names] == Archive(tiny_dataset).members("test")


STRAYS = (
    "train/FAKE/.hidden.jpg",
    "train/FAKE/notes.txt",
    "train/FAKE/Thumbs.db",
    "train/readme.jpg",
    "train/MAYBE/1.jpg",
    "train/FAKE/deeper/1.jpg",
    "__MACOSX/train/FAKE/1.jpg",
    "README.md",
)


def test_stray_files_in_a_zip_are_ignored(tiny_dataset, tmp_path):
    """What is no picture of a class folder does not count."""
    path = repack(tiny_dataset, tmp_path / "strays.zip", extra=STRAYS)

    assert Archive(path).members("train") == Archive(tiny_dataset).members("train")


def test_stray_files_in_a_folder_are_ignored(tiny_dataset, tmp_path):
    """The same holds for a folder."""
    root = shutil.copytree(tiny_dataset, tmp_path / "cifake")
    for name in STRAYS:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"stray")

    assert Archive(root).members("train") == Archive(tiny_dataset).members("train")


def test_a_missing_path_is_told(tmp_path):
    """The message names the path and how to get the data."""
    with pytest.raises(DatasetError, match=r"no data set at .*nowhere.*data download"):
        Archive(tmp_path / "nowhere")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04" + bytes(200)])
def test_a_file_that_is_no_zip_is_told(tmp_path, content):
    """An empty, foreign or headless file is not taken for a data set."""
    path = tmp_path / "wrong.zip"
    path.write_bytes(content)

    with pytest.raises(DatasetError, match=r"wrong.zip is not a complete zip"):
        Archive(path).members("train")


def test_a_truncated_zip_is_told(tiny_zip, tmp_path):
    """A download that broke off is recognised before anything is decoded."""
    path = tmp_path / "short.zip"
    path.write_bytes(tiny_zip.read_bytes()[:-2000])

    with pytest.raises(DatasetError, match=r"short.zip is not a complete zip"):
        Archive(path).members("train")


def test_damage_inside_a_zip_names_the_file(tiny_zip, tmp_path):
    """A flipped byte in one picture is found by the zip's checksum."""
    data = bytearray(tiny_zip.read_bytes())
    name = "train/REAL/0000 (4).jpg"
    data[data.index(name.encode()) + len(name) + 300] ^= 0xFF
    path = tmp_path / "corrupted.zip"
    path.write_bytes(bytes(data))

    with pytest.raises(DatasetError, match=r"train/REAL/0000 \(4\).jpg in .* CRC"):
        Archive(path).read(name)


@pytest.mark.parametrize("missing", ["train/FAKE", "train/REAL"])
def test_a_missing_class_folder_is_named(tiny_dataset, tmp_path, missing):
    """The folder that is absent or empty stands in the message."""
    root = shutil.copytree(tiny_dataset, tmp_path / "cifake")
    shutil.rmtree(root / missing)

    with pytest.raises(DatasetError, match=f"no pictures in {missing}"):
        Archive(root).members("train")


def test_a_wrong_archive_is_told(tmp_path):
    """A zip of something else is refused with the layout that was expected."""
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("cats/1.jpg", b"x")

    with pytest.raises(DatasetError, match="Expected the layout of CIFAKE"):
        Archive(path).members("train")


@pytest.mark.parametrize("fixture", ["tiny_dataset", "tiny_zip"])
def test_a_file_that_vanished_is_named(request, fixture):
    """Reading says which file it was, in a folder and in a zip."""
    archive = Archive(request.getfixturevalue(fixture))

    with pytest.raises(DatasetError, match=r"train/FAKE/none.jpg in .* cannot be read"):
        archive.read("train/FAKE/none.jpg")


def test_the_fingerprint_follows_the_split_alone(tiny_dataset, tmp_path):
    """A change under test/ leaves the training split's fingerprint as it was."""
    root = shutil.copytree(tiny_dataset, tmp_path / "cifake")
    before = {split: Archive(root).fingerprint(split) for split in ("train", "test")}
    changed = next((root / "test" / "REAL").iterdir())

    os.utime(changed, (1, 1))

    after = {split: Archive(root).fingerprint(split) for split in ("train", "test")}
    assert after["train"] == before["train"]
    assert after["test"] != before["test"]


def test_the_fingerprint_of_a_zip_follows_the_file(tiny_zip, tmp_path):
    """A zip that was written again is decoded again."""
    path = Path(shutil.copy2(tiny_zip, tmp_path / "copy.zip"))
    before = Archive(path).fingerprint("train")

    os.utime(path, (1, 1))

    assert Archive(path).fingerprint("train") != before


def test_the_size_is_that_of_the_files(tiny_dataset, tiny_zip):
    """A folder is as large as its pictures, a zip as the file."""
    pictures = sum(file.stat().st_size for file in tiny_dataset.rglob("*.jpg"))

    assert Archive(tiny_dataset).num_bytes() == pictures
    assert Archive(tiny_zip).num_bytes() == tiny_zip.stat().st_size


def test_the_content_digest_worked_by_hand():
    """It is SHA-256 over the sorted lines `path hash`, whatever their order."""
    lines = {"test/REAL/b.jpg": "22", "test/FAKE/a.jpg": "11"}

    digest = content_digest(lines)

    # printf 'test/FAKE/a.jpg 11\ntest/REAL/b.jpg 22\n' | sha256sum
    assert digest == "7956213182ab47435fa4efffa0ca9ca94c77a3d3f73b00d62cb3d65d70177477"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (["test/FAKE/1.jpg", "test/REAL/2.jpg"], True),
        (["cifake/test/FAKE/1.jpg", "cifake/test/REAL/2.jpg"], True),
        (["test/REAL/2.jpg", "test/FAKE/1.jpg"], False),
        (["test/FAKE/1.jpg"], False),
    ],
)
def test_names_are_the_same_wherever_the_data_set_lies(other: list[str], same: bool):  # noqa: FBT001
    """Order and number count, the folders above the split do not."""
    one = np.array(["test/FAKE/1.jpg", "test/REAL/2.jpg"])

    assert same_names(one, np.array(other)) is same
