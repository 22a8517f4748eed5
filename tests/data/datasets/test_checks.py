"""Checks on entry: poisoned sets are refused with figures, spoilt files left out."""

import itertools
import shutil
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from cifake_core.basics.errors import DatasetError
from cifake_core.basics.progress import tell_nobody
from cifake_core.data.datasets import library
from cifake_core.data.datasets.adding import DataSetRefusedError
from cifake_core.data.datasets.copies import near_copies
from cifake_core.pictures.cifake_form import in_cifake_form
from tests.conftest import tiny_name
from tests.made_data import jpeg, picture, png
from tests.made_datasets import PER_LABEL, write_set


@pytest.fixture
def root(user_data) -> Path:
    """The folder of data sets."""
    return user_data / "datasets"


def refused(folder: Path, root: Path, sentence: str, **options) -> DataSetRefusedError:
    """The error with which a set is refused; nothing of it stays."""
    options = {"cifake": None} | options
    with pytest.raises(DataSetRefusedError, match=sentence) as told:
        library.add("poisoned", folder, root=root, **options)
    assert library.listing(root) == ()
    return told.value


def failed(error: DataSetRefusedError) -> list[str]:
    """Names of the checks that failed."""
    return [check.name for check in error.checks if not check.passed]


@pytest.mark.parametrize("label", ["FAKE", "REAL"])
def test_one_label_only_is_refused(tmp_path, root, label):
    """Both counts are told."""
    folder = write_set(tmp_path / "p")
    shutil.rmtree(folder / label)

    error = refused(folder, root, "60 .* 0 |0 .* 60 ")

    assert "Both labels" in failed(error)


def test_too_few_are_refused(tmp_path, root):
    """One fewer than the floor is too few, as many are enough."""
    folder = write_set(tmp_path / "p", per_label=50)
    library.add("enough", folder, root=root, cifake=None)
    library.remove("enough", root)
    (folder / "REAL" / "000.jpg").unlink()

    error = refused(folder, root, "rarer label has 49 pictures. Expected at least 50")

    assert failed(error) == ["Enough pictures"]


def saved_by_label(label, image):
    """Photographs as JPEG of quality 75, fakes of quality 90."""
    return jpeg(image) if label == "REAL" else jpeg(image, quality=90)


def sized_by_label(label, image):
    """Photographs at 32x32, fakes enlarged in blocks."""
    return png(image if label == "REAL" else image.repeat(2, 0).repeat(2, 1))


def typed_by_label(label, image):
    """Photographs as JPEG, fakes as PNG."""
    return jpeg(image) if label == "REAL" else png(image)


@pytest.mark.parametrize("save", [saved_by_label, sized_by_label, typed_by_label])
def test_a_label_told_by_its_file_form_is_refused(tmp_path, root, save):
    """By quantisation tables, size or kind of file, with figure and interval."""
    folder = write_set(tmp_path / "p", save=save)

    error = refused(folder, root, r"balanced accuracy of 100.0.% \(9\d.\d.% to 100.0.%")

    assert failed(error) == ["File form"]
    (check,) = (check for check in error.checks if check.name == "File form")
    assert (check.value, check.limit) == (1.0, 0.65)


def test_one_generator_of_another_form_is_refused(tmp_path, root):
    """Even if the other generators' fakes are saved as the photographs are."""
    folder = write_set(tmp_path / "p", generators=("a", "b", "c", "d"), per_label=240)
    for file in (folder / "d").iterdir():
        number = int(file.stem)
        file.write_bytes(jpeg(picture("FAKE", number), quality=90))

    refused(folder, root, "from fakes of d with a balanced accuracy of 100")


def test_mixed_forms_that_tell_nothing_pass(tmp_path, root):
    """Both labels in the same kinds, sizes and qualities."""
    turn = itertools.count()

    def save(_, image):
        number = next(turn) // 2
        large = image.repeat(2, 0).repeat(2, 1) if number % 3 == 0 else image
        return png(large) if number % 2 else jpeg(large, quality=60 + number % 5)

    folder = write_set(tmp_path / "p", save=save, per_label=120)

    card = library.add("mixed", folder, root=root, cifake=None)

    (check,) = (check for check in card.checks if check.name == "File form")
    assert check.value <= 0.65


def test_unreadable_files_are_left_out_with_a_sentence_each(tmp_path, root):
    """They stop no other; so do files of no label."""
    folder = write_set(tmp_path / "p")
    spoilt = {"REAL/900.jpg": b"", "FAKE/900.jpg": b"no picture", "stray.jpg": b"x"}
    spoilt["FAKE/901.jpg"] = jpeg(picture())[:200]
    spoilt["FAKE/902.png"] = b"\x89PNG" + bytes(10 * 1024 * 1024)
    for name, data in spoilt.items():
        (folder / name).write_bytes(data)

    card = library.add("spoilt", folder, root=root, cifake=None)

    assert card.left_out.keys() == spoilt.keys()
    assert "empty" in card.left_out["REAL/900.jpg"]
    assert "not a picture" in card.left_out["FAKE/900.jpg"]
    assert "cut off" in card.left_out["FAKE/901.jpg"]
    assert "at most 10 MB" in card.left_out["FAKE/902.png"]
    assert "no folder of a label" in card.left_out["stray.jpg"]


def test_a_file_that_unpacks_to_too_much_is_not_unpacked(tmp_path, root, monkeypatch):
    """The zip states its size; it is left out with a sentence."""
    folder = write_set(tmp_path / "p")
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.rglob("*.jpg"):
            archive.write(file, file.relative_to(folder).as_posix())
        archive.writestr("REAL/bomb.png", bytes(50 * 1024 * 1024))
    read, unpacked = zipfile.ZipFile.read, []
    monkeypatch.setattr(
        zipfile.ZipFile,
        "read",
        lambda self, name: unpacked.append(name) or read(self, name),
    )

    card = library.add("packed", path, root=root, cifake=None)

    assert list(card.left_out) == ["REAL/bomb.png"]
    assert "at most 10 MB" in card.left_out["REAL/bomb.png"]
    assert len(unpacked) == 2 * PER_LABEL


def test_a_set_of_unreadable_files_is_refused(tmp_path, root):
    """With how many there are."""
    folder = write_set(tmp_path / "p", save=lambda *_: b"no picture", per_label=3)

    error = refused(folder, root, "0 of 6 files are pictures that can be read")

    assert failed(error) == ["Readable"]


def test_second_copies_are_left_out(tmp_path, root):
    """By bytes, and by pixels however they were saved."""
    folder = write_set(tmp_path / "p", save=lambda _, image: png(image))
    first = (folder / "FAKE" / "000.jpg").read_bytes()
    (folder / "FAKE" / "800.jpg").write_bytes(first)
    larger = picture("FAKE", 1).repeat(2, 0).repeat(2, 1)
    (folder / "FAKE" / "801.png").write_bytes(png(larger))
    (folder / "UNLABELLED").mkdir()
    (folder / "UNLABELLED" / "0.jpg").write_bytes(first)

    card = library.add("copies", folder, root=root, cifake=None)

    assert card.left_out == {
        "FAKE/800.jpg": "A second copy of FAKE/000.jpg.",
        "FAKE/801.png": "A second copy of FAKE/001.jpg.",
        "UNLABELLED/0.jpg": "A second copy of FAKE/000.jpg.",
    }


def test_a_picture_with_both_labels_is_left_out(tmp_path, root):
    """If there is one among 200; a set where many stand so is refused."""
    folder = write_set(tmp_path / "p", per_label=100)
    shutil.copy(folder / "REAL" / "000.jpg", folder / "FAKE" / "900.jpg")

    card = library.add("one", folder, root=root, cifake=None)

    assert card.left_out.keys() == {"FAKE/900.jpg", "REAL/000.jpg"}
    assert "both labels" in card.left_out["REAL/000.jpg"]
    library.remove("one", root)
    for number in range(1, 4):
        shutil.copy(
            folder / "REAL" / f"00{number}.jpg", folder / "FAKE" / f"90{number}.jpg"
        )
    error = refused(folder, root, r"8 of 204 pictures \(3.9.%\) stand there with both")
    assert failed(error) == ["One label a picture"]


class TestCopiesOfCifake:
    """What networks are measured on, or have learnt already, is no new picture."""

    def cifakes(self, tiny_dataset: Path, split: str, label: str, index: int) -> Path:
        """A picture of the tiny CIFAKE."""
        return tiny_dataset / split / label / tiny_name(split, label, index)

    def test_a_few_are_left_out(self, tmp_path, root, tiny_dataset):
        """Of the test pictures at most one in a hundred, of the others any."""
        folder = write_set(tmp_path / "p", per_label=100, seed=9000)
        test = self.cifakes(tiny_dataset, "test", "REAL", 5)
        train = self.cifakes(tiny_dataset, "train", "REAL", 3)
        shutil.copy(test, folder / "REAL" / "900.jpg")
        shutil.copy(train, folder / "REAL" / "901.jpg")

        card = library.add("few", folder, root=root, cifake=tiny_dataset)

        assert card.left_out == {
            "REAL/900.jpg": "A copy of one of CIFAKE's test pictures.",
            "REAL/901.jpg": "A copy of one of CIFAKE's training pictures.",
        }

    def test_many_are_refused(self, tmp_path, root, tiny_dataset):
        """Also those saved anew without loss, told by their pixels."""
        folder = write_set(tmp_path / "p", seed=9000, save=lambda _, image: png(image))
        from cifake_core.pictures.reading import read_picture

        for label in ("REAL", "FAKE"):
            for index in (3, 4, 5):
                file = self.cifakes(tiny_dataset, "test", label, index)
                pixels = read_picture(file).pixels
                (folder / label / f"90{index}.png").write_bytes(png(pixels))

        error = refused(
            folder,
            root,
            rf"6 of {2 * PER_LABEL + 6} pictures \(4.8.%\) are copies of CIFAKE's test",
            cifake=tiny_dataset,
        )

        assert failed(error) == ["No test pictures of CIFAKE"]

    def test_those_saved_anew_are_found(self, tiny_dataset):
        """At another quality, mirrored, enlarged and shrunk; others are left alone."""
        from cifake_core.data import cifake

        known = cifake.load(tiny_dataset, "test").images
        grainy = known[cifake.load(tiny_dataset, "test").labels == 1]
        others = np.array([picture("REAL", seed) for seed in range(20)])
        large = cv2.resize(grainy[2], (96, 96), interpolation=cv2.INTER_CUBIC)
        images = np.array(
            [
                in_cifake_form(jpeg(grainy[0], quality=90)),
                in_cifake_form(png(grainy[1][:, ::-1])),
                in_cifake_form(png(large)),
                *others,
            ]
        )

        found = near_copies(images, known, tell_nobody)

        assert found.tolist() == [True] * 3 + [False] * 20

    def test_the_limit_is_in_pixel_values(self):
        """A difference of 14 everywhere is near, one of 15 is not."""
        known = np.full((1, 32, 32, 3), 100, np.uint8)
        images = np.concatenate([known + 14, known + 15, known - 14, known - 15])

        found = near_copies(images, known, tell_nobody)

        assert found.tolist() == [True, False, True, False]

    def test_without_cifake_nobody_has_looked(self, tmp_path, root):
        """And the card says so."""
        card = library.add("new", write_set(tmp_path / "p"), root=root, cifake=None)

        sentences = [check.sentence for check in card.checks]
        assert any("CIFAKE is not on this machine" in each for each in sentences)


def test_too_many_pictures_are_refused_before_they_are_read(
    tmp_path, root, monkeypatch
):
    """What could not be held in memory."""
    from cifake_core.data.datasets import sources

    monkeypatch.setattr(sources, "MAX_PICTURES", 100)

    with pytest.raises(DatasetError, match=r"names 120 pictures. Expected at most 100"):
        library.add("many", write_set(tmp_path / "p"), root=root, cifake=None)
