"""Folders and zips of pictures from elsewhere, by generator."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.errors import DatasetError
from cifake_core.data.picture_folders import read_fakes, read_photographs
from cifake_core.pictures.cifake_form import in_cifake_form
from tests.made_data import jpeg, picture, png


@pytest.fixture
def fakes(tmp_path) -> Path:
    """A folder with two fakes by "gan", one by "flow", and a licence."""
    root = tmp_path / "fakes.v2"
    for name, count in (("gan", 2), ("flow", 1)):
        folder = root / name / "FAKE"
        folder.mkdir(parents=True)
        for number in range(count):
            (folder / f"{number}.png").write_bytes(png(picture("FAKE", number)))
    (root / "LICENCES").mkdir()
    (root / "LICENCES" / "gan.txt").write_text("free")
    return root


def packed(folder: Path, path: Path, *, under: str = "") -> Path:
    """A folder's files as a zip, in the folder `under`."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*.*")):
            if file.is_file():
                archive.write(file, under + file.relative_to(folder).as_posix())
    return path


def test_fakes_go_by_the_folder_above(fakes):
    """Each generator has its pictures in CIFAKE's form, in the order of the files."""
    found = read_fakes(fakes)

    assert found.name == "fakes.v2"
    assert {name: len(each) for name, each in found.images.items()} == {
        "flow": 1,
        "gan": 2,
    }
    expected = in_cifake_form(png(picture("FAKE", 1)))
    np.testing.assert_array_equal(found.images["gan"][1], expected)
    assert found.unreadable == {}


@pytest.mark.parametrize("under", ["", "packed/as/a/whole/"])
def test_a_zip_is_as_the_folder(fakes, tmp_path, under):
    """Same pictures, same digest, however deep they lie."""
    zipped = read_fakes(packed(fakes, tmp_path / "fakes.zip", under=under))

    plain = read_fakes(fakes)
    assert zipped.digest == plain.digest
    for name, images in plain.images.items():
        np.testing.assert_array_equal(zipped.images[name], images)


def test_fakes_of_one_generator_bear_the_folders_name(fakes, tmp_path):
    """Whole for a folder, without its ending for a zip."""
    one = fakes / "gan"

    folder, zipped = read_fakes(one), read_fakes(packed(one, tmp_path / "sn.zip"))

    assert list(folder.images) == ["gan"]
    assert list(zipped.images) == ["sn"]


def test_the_digest_names_the_pictures(fakes):
    """A byte more is another set."""
    before = read_fakes(fakes).digest
    path = fakes / "gan" / "FAKE" / "0.png"
    path.write_bytes(path.read_bytes() + b"0")

    assert read_fakes(fakes).digest != before


def test_one_that_cannot_be_read_does_not_stop_the_others(fakes):
    """It is told by its path; a generator of which nothing is left is left out."""
    (fakes / "gan" / "FAKE" / "0.png").write_bytes(b"no picture")
    (fakes / "flow" / "FAKE" / "0.png").write_bytes(b"")
    progress = []

    found = read_fakes(fakes, progress.append)

    assert {name: len(each) for name, each in found.images.items()} == {"gan": 1}
    assert list(found.unreadable) == ["flow/FAKE/0.png", "gan/FAKE/0.png"]
    assert "empty" in found.unreadable["flow/FAKE/0.png"]
    assert "not a picture" in found.unreadable["gan/FAKE/0.png"]
    assert progress[-1] == 1
    assert progress == sorted(progress)


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("nowhere", "There is nothing at"),
        ("empty", "holds no pictures in a folder FAKE"),
        ("broken", "No picture in .* can be read"),
        ("no.zip", "not a complete zip"),
    ],
)
def test_a_place_without_fakes_is_told(tmp_path, place, sentence):
    """In one sentence that says what was expected."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "no.zip").write_bytes(b"no zip")
    broken = tmp_path / "broken" / "FAKE"
    broken.mkdir(parents=True)
    (broken / "0.png").write_bytes(b"no picture")

    with pytest.raises(DatasetError, match=sentence):
        read_fakes(tmp_path / place)


def test_photographs_lie_anywhere_but_in_fake(tmp_path):
    """So a test split with both labels gives those of REAL."""
    for place, label in (("a/REAL", "REAL"), ("b", "REAL"), ("a/FAKE", "FAKE")):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "0.jpg").write_bytes(jpeg(picture(label)))
    (tmp_path / "b" / "1.jpg").write_bytes(b"no picture")

    found = read_photographs(tmp_path)

    assert found.images.shape == (2, 32, 32, 3)
    assert list(found.hashes) == ["a/REAL/0.jpg", "b/0.jpg"]
    assert list(found.unreadable) == ["b/1.jpg"]


def test_no_photographs_are_told(fakes):
    """A folder of fakes has none."""
    with pytest.raises(DatasetError, match="No picture in"):
        read_photographs(fakes)
