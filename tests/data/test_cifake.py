"""CIFAKE in memory: the same from zip and folder, split fairly, decoded once."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.errors import DatasetError
from cifake_core.basics.labels import OBJECT_CLASSES
from cifake_core.data import cifake
from cifake_core.data.cifake import Split
from cifake_core.pictures.reading import read_picture


@pytest.fixture
def copied(tiny_dataset, tmp_path) -> Path:
    """Return a tiny data set that the test may change."""
    return shutil.copytree(tiny_dataset, tmp_path / "cifake")


def split_of(hashes: list[str], labels: list[int], *, name: str = "train") -> Split:
    """Return a split without pictures."""
    folders = [f"{name}/{('FAKE', 'REAL')[label]}" for label in labels]
    return Split(
        name=name,
        images=np.zeros((len(labels), 32, 32, 3), np.uint8),
        labels=np.array(labels, np.int8),
        object_classes=np.full(len(labels), -1, np.int8),
        hashes=np.array(hashes),
        members=np.array([f"{f}/{i}.jpg" for i, f in enumerate(folders)]),
    )


def test_a_split_holds_what_the_files_hold(tiny_dataset):
    """Pixels, labels, object classes and hashes belong to the member beside them."""
    train = cifake.load(tiny_dataset, "train")

    position = train.members.tolist().index("train/REAL/0001 (3).jpg")
    picture = read_picture((tiny_dataset / train.members[position]).read_bytes())
    assert np.array_equal(train.images[position], picture.pixels)
    assert train.labels[position] == 1
    assert OBJECT_CLASSES[train.object_classes[position]] == "bird"
    assert np.bincount(train.labels).tolist() == [14, 14]
    assert train.images.shape == (28, 32, 32, 3)


@pytest.mark.parametrize("split", ["train", "test"])
def test_zip_and_folder_are_the_same(tiny_dataset, tiny_zip, split):
    """Every array and the content digest are equal."""
    folder, packed = (cifake.load(path, split) for path in (tiny_dataset, tiny_zip))

    for column in ("images", "labels", "object_classes", "hashes", "members"):
        assert np.array_equal(getattr(folder, column), getattr(packed, column))
    assert cifake.digest(folder) == cifake.digest(packed)


def test_the_second_load_decodes_nothing(tiny_zip, monkeypatch):
    """What was decoded once comes from the cache."""
    first = cifake.load(tiny_zip, "train")
    monkeypatch.setattr(cifake, "read_picture", None)

    second = cifake.load(tiny_zip, "train")

    assert np.array_equal(first.images, second.images)
    assert isinstance(second.images, np.memmap)


def test_a_changed_file_is_decoded_again(copied):
    """The cache notices a picture that was replaced."""
    before = cifake.load(copied, "train")
    one, other = copied / before.members[5], copied / before.members[20]
    one.write_bytes(other.read_bytes())
    os.utime(one, (1, 1))

    after = cifake.load(copied, "train")

    assert not np.array_equal(after.images[5], before.images[5])
    assert np.array_equal(after.images[5], before.images[20])


def test_nothing_is_left_of_a_broken_decoding(copied, own_cache):
    """A failed load leaves no half cache behind."""
    (copied / "train/FAKE/1000.jpg").write_bytes(b"no picture")

    with pytest.raises(DatasetError):
        cifake.load(copied, "train")

    assert not list(own_cache.rglob("*.np*"))


def test_a_full_disk_is_told(tiny_dataset, own_cache):
    """The system's own limit on a file's size stops the cache; nothing is left."""
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))

    try:
        with pytest.raises(DatasetError, match=r"cannot be kept in .*Make room"):
            cifake.load(tiny_dataset, "train")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert not list((own_cache / "decoded").iterdir())


@pytest.mark.parametrize("file", ["images.npy", "index.npz"])
def test_a_damaged_cache_is_made_again(tiny_dataset, own_cache, file):
    """Whatever happened to it, the pictures are those of the data set."""
    before = cifake.load(tiny_dataset, "train")
    images = np.array(before.images)  # no memory map of what is to be damaged
    (path,) = (own_cache / "decoded").glob(f"*/{file}")
    path.write_bytes(path.read_bytes()[:100])

    after = cifake.load(tiny_dataset, "train")

    np.testing.assert_array_equal(after.images, images)
    np.testing.assert_array_equal(after.members, before.members)


def test_an_unreadable_picture_is_named(copied):
    """The message has the file's path in the data set and the reason."""
    (copied / "train/REAL/0000 (7).jpg").write_bytes(b"no picture")

    with pytest.raises(
        DatasetError, match=r"train/REAL/0000 \(7\).jpg in .* is not a usable picture\."
    ):
        cifake.load(copied, "train")


@pytest.mark.parametrize("state", ["absent", "garbage"])
def test_train_never_opens_test(copied, state):
    """The training split loads whatever lies under test/."""
    shutil.rmtree(copied / "test")
    if state == "garbage":
        for label in ("FAKE", "REAL"):
            (copied / "test" / label).mkdir(parents=True)
            (copied / "test" / label / "0.jpg").write_bytes(b"garbage")

    assert len(cifake.load(copied, "train").labels) == 28


def test_progress_goes_from_nothing_towards_all(tiny_zip):
    """The callback is told shares from 0 to 1, never falling."""
    shares: list[float] = []

    cifake.load(tiny_zip, "train", progress=shares.append)

    assert shares[0] == 0
    assert shares == sorted(shares)
    assert shares[-1] <= 1


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("0.jpg", "airplane"),
        ("0999.jpg", "airplane"),
        ("17 (2).jpg", "automobile"),
        ("0017 (10).jpg", "truck"),
        ("17 (11).jpg", None),
        ("17 (0).jpg", None),
        ("cat.jpg", None),
    ],
)
def test_the_object_class_stands_in_the_name(tiny_dataset, tmp_path, file, expected):
    """CIFAKE's names give one of ten classes, other names none."""
    source = next((tiny_dataset / "train/REAL").iterdir())
    for label in ("FAKE", "REAL"):
        (tmp_path / "train" / label).mkdir(parents=True)
        shutil.copy(source, tmp_path / "train" / label / file)

    index = cifake.load(tmp_path, "train").object_classes[0]

    assert (OBJECT_CLASSES[index] if index >= 0 else None) == expected


def test_the_division_has_the_sizes_of_the_papers():
    """Of 1,000 and 1,000 pictures 100 and 100 are held out, and none is lost."""
    hashes = [f"{i:04}" for i in range(2000)]
    train = split_of(hashes, [0] * 1000 + [1] * 1000)

    training, validation = cifake.split_training(train, seed=0)

    assert np.bincount(train.labels[training]).tolist() == [900, 900]
    assert np.bincount(train.labels[validation]).tolist() == [100, 100]
    assert np.array_equal(np.union1d(training, validation), np.arange(2000))


def test_copies_stay_on_one_side():
    """Pictures with the same bytes are never divided, whatever the seed."""
    hashes = [f"{i // 3:04}" for i in range(300)] + [f"r{i // 2}" for i in range(300)]
    train = split_of(hashes, [0] * 300 + [1] * 300)

    for seed in range(20):
        training, validation = cifake.split_training(train, seed=seed)

        assert not np.isin(train.hashes[training], train.hashes[validation]).any()
        assert np.bincount(train.labels[validation]).tolist() == [30, 30]


def test_the_seed_alone_decides_the_division():
    """Equal seeds divide alike, others differently."""
    train = split_of([f"{i:03}" for i in range(400)], [0, 1] * 200)

    one, same, other = (cifake.split_training(train, seed=s)[1] for s in (1, 1, 2))

    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_too_few_pictures_to_hold_out_are_told():
    """A split without validation pictures is refused before training."""
    train = split_of(["a", "b", "c", "d"], [0, 0, 1, 1])

    with pytest.raises(DatasetError, match=r"has 4 pictures. Expected enough to hold"):
        cifake.split_training(train, seed=0)


def test_duplicates_worked_by_hand():
    """Second copies and leaked pictures are marked, first copies are not."""
    train = split_of(list("abbcd"), [0] * 5)
    test = split_of(list("bxxyz"), [0] * 5, name="test")

    assert train.repeats.tolist() == [False, False, True, False, False]
    assert cifake.leaked(test, train).tolist() == [True] + [False] * 4
    assert cifake.leak_free(test, train).tolist() == [False, True, False, True, True]
    assert cifake.duplicate_facts(train, test) == {
        "pairs_within_train": 1,
        "pairs_within_test": 1,
        "pairs_across": 1,
        "leak_free_test": 3,
    }


def test_the_named_place_comes_first(tmp_path, monkeypatch):
    """A path wins over CIFAKE_DATA, which wins over the cache."""
    monkeypatch.setenv("CIFAKE_DATA", str(tmp_path / "named.zip"))

    assert cifake.find(tmp_path / "mine.zip") == tmp_path / "mine.zip"
    assert cifake.find() == tmp_path / "named.zip"


@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_the_cache_is_looked_at_last(own_cache, monkeypatch, tmp_path, kind):
    """A zip or a folder that was downloaded is found without being named."""
    monkeypatch.setattr(cifake, "__file__", str(tmp_path / "core" / "dataset.py"))
    place = own_cache / "data"
    (place / "train").mkdir(parents=True)
    if kind == "zip":
        (place / "cifake.zip").touch()

    assert cifake.find() == (place / "cifake.zip" if kind == "zip" else place)


def test_a_data_set_that_is_nowhere_is_told(monkeypatch, tmp_path):
    """The message says how to get it and how to name it."""
    monkeypatch.setattr(cifake, "__file__", str(tmp_path / "core" / "dataset.py"))

    with pytest.raises(DatasetError, match=r"data download.*--data.*CIFAKE_DATA"):
        cifake.find()
