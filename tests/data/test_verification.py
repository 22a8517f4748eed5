"""`data info` and `data verify`: what a data set holds, and whether it is CIFAKE."""

import shutil

import pytest

from cifake_core.basics.errors import DatasetError
from cifake_core.data import cifake, verification


def test_the_facts_of_a_tiny_data_set(tiny_dataset, tiny_zip):
    """Counts, classes and duplicates are those that the fixture made."""
    facts = verification.describe(tiny_zip)

    assert facts.counts == {
        "train/FAKE": 14,
        "train/REAL": 14,
        "test/FAKE": 6,
        "test/REAL": 6,
    }
    assert sum(facts.object_classes.values()) == 40
    assert facts.object_classes["airplane"] == 6
    assert facts.duplicates == {
        "pairs_within_train": 1,
        "pairs_within_test": 1,
        "pairs_across": 1,
        "leak_free_test": 10,
    }
    assert facts.num_bytes == tiny_zip.stat().st_size
    folder = verification.describe(tiny_dataset)
    assert facts.content_digest == folder.content_digest


def test_progress_of_both_splits_never_falls(tiny_zip):
    """The shares of the second split follow those of the first."""
    shares: list[float] = []

    verification.describe(tiny_zip, progress=shares.append)

    assert shares == sorted(shares)
    assert shares[0] == 0
    assert 0.8 < shares[-1] <= 1


def test_the_published_set_is_recognised(published, tiny_zip):
    """Zip and folder of the right content give its digest."""
    shares: list[float] = []

    digest = verification.verify(tiny_zip, progress=shares.append)

    assert digest == cifake.PUBLISHED_DIGEST
    assert digest == verification.verify(published)
    assert shares[0] == 0


def test_missing_and_surplus_pictures_are_counted(published, tmp_path):
    """The message says where pictures are missing and where there are too many."""
    root = shutil.copytree(published, tmp_path / "cifake")
    one, two, three, *_ = sorted((root / "train/FAKE").iterdir())
    one.unlink()
    two.unlink()
    shutil.copy(three, root / "test/REAL/9999.jpg")

    faults = "train/FAKE 2 missing of 14; test/REAL 1 too many of 6"
    with pytest.raises(DatasetError, match=f"{faults}. Get it again with"):
        verification.verify(root)


def test_a_missing_class_folder_is_named(published, tmp_path):
    """A data set without test/REAL is not compared further."""
    root = shutil.copytree(published, tmp_path / "cifake")
    shutil.rmtree(root / "test/REAL")

    with pytest.raises(DatasetError, match="no pictures in test/REAL"):
        verification.verify(root)


def test_a_changed_picture_is_noticed(published, tmp_path):
    """Equal counts do not hide other bytes, even where the cache knows the file."""
    root = shutil.copytree(published, tmp_path / "cifake")
    verification.verify(root)
    file = next((root / "train/REAL").iterdir())
    data = bytearray(file.read_bytes())
    data[-3] ^= 1
    file.write_bytes(data)

    with pytest.raises(DatasetError, match=r"\(content digest .*renamed or changed"):
        verification.verify(root)


def test_a_renamed_picture_is_noticed(published, tmp_path):
    """A name belongs to the content: it says the label and the object."""
    root = shutil.copytree(published, tmp_path / "cifake")
    file = next((root / "train/REAL").iterdir())
    file.rename(file.with_name("4321 (5).jpg"))

    with pytest.raises(DatasetError, match="renamed or changed"):
        verification.verify(root)


def test_the_tiny_data_set_is_not_cifake(tiny_dataset):
    """Against the real figures every class folder falls short."""
    with pytest.raises(DatasetError, match="train/FAKE 49,986 missing of 50,000"):
        verification.verify(tiny_dataset)
