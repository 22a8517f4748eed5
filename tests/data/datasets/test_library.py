"""Data sets of one's own: added, listed, loaded, labelled by hand and forgotten."""

import hashlib
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.errors import DatasetError, ModelUnavailableError
from cifake_core.data.datasets import library
from cifake_core.data.datasets.entries import part_of_file
from cifake_core.data.datasets.records import PARTS
from cifake_core.pictures.cifake_form import in_cifake_form
from tests.made_data import jpeg, picture, png
from tests.made_datasets import PER_LABEL, write_set


@pytest.fixture
def root(user_data) -> Path:
    """The folder of data sets."""
    return user_data / "datasets"


@pytest.fixture
def added(tmp_path, root) -> Path:
    """The folder of a set called "new", of two generators, that was added."""
    folder = write_set(
        tmp_path / "pictures", generators=("gan", "flow"), num_unlabelled=4
    )
    library.add("new", folder, root=root, cifake=None)
    return folder


def packed(folder: Path, path: Path, *, under: str = "") -> Path:
    """A folder's files as a zip, in the folder `under`."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*.jpg")):
            archive.write(file, under + file.relative_to(folder).as_posix())
    return path


def test_a_card_says_what_was_added(added, root):
    """Layout, counts by part and generator, sizes, checks: as added and as listed."""
    (card,) = library.listing(root)

    assert (card.name, card.layout, card.source) == ("new", "generators", str(added))
    assert card.generators == ("flow", "gan")
    totals = {
        name: sum(card.counts[part].get(name, 0) for part in PARTS)
        for name in ("REAL", "gan", "flow", "UNLABELLED")
    }
    assert totals == {"REAL": 60, "gan": 30, "flow": 30, "UNLABELLED": 4}
    assert card.sizes == {"32x32": 2 * PER_LABEL + 4}
    assert card.left_out == {}
    assert all(check.passed for check in card.checks)
    assert library.card("new", root).digest == card.digest


def test_pictures_come_in_cifakes_form(added, root):
    """With label, generator, path, hash and part, sorted by path."""
    found = library.load("new", root=root)

    assert found.images.shape == (2 * PER_LABEL, 32, 32, 3)
    assert found.members.tolist() == sorted(found.members.tolist())
    at = found.members.tolist().index("gan/004.jpg")
    data = (added / "gan" / "004.jpg").read_bytes()
    np.testing.assert_array_equal(found.images[at], in_cifake_form(data))
    assert (found.labels[at], found.generators[at]) == (0, "gan")
    assert found.hashes[at] == hashlib.sha256(data).hexdigest()
    assert found.parts[at] == part_of_file(found.hashes[at])
    assert found.digest == library.card("new", root).digest
    real = found.labels == 1
    assert set(found.generators[real]) == {""}
    assert set(found.object_classes) == {-1}


def test_parts_share_no_picture_and_leave_none(added, root):
    """Training, validation and the sealed test make up the whole."""
    del added
    sides = [library.load("new", root=root, parts=[part]) for part in PARTS]

    hashes = [set(side.hashes) for side in sides]
    assert sum(map(len, hashes)) == len(set.union(*hashes)) == 2 * PER_LABEL
    assert all({0, 1} == set(side.labels) for side in sides)


def test_a_part_goes_by_the_files_hash():
    """Three fifths, one fifth and one fifth of all the hashes there are."""
    names = ["00", "99999998", "9999999a", "cccccccb", "cccccccd", "ffffffff"]

    parts = [part_of_file(f"{name:0<64}") for name in names]

    assert parts == ["training"] * 2 + ["validation"] * 2 + ["test"] * 2


@pytest.mark.parametrize("under", ["", "packed/as/a/whole/"])
def test_a_zip_has_the_pictures_of_the_folder(added, root, tmp_path, under):
    """However deep they lie in it."""
    zipped = packed(added, tmp_path / "zipped.zip", under=under)

    library.add("zipped", zipped, root=root, cifake=None)

    one, other = (library.load(name, root=root) for name in ("new", "zipped"))
    np.testing.assert_array_equal(one.images, other.images)
    assert one.generators.tolist() == other.generators.tolist()
    assert one.parts.tolist() == other.parts.tolist()


def test_fakes_in_fake_bear_the_name_of_the_set(tmp_path, root):
    """A generator whose name nobody gives."""
    card = library.add("sdxl", write_set(tmp_path / "p"), root=root, cifake=None)

    assert (card.layout, card.generators) == ("labels", ("sdxl",))


def test_a_csv_file_names_pictures_wherever_they_lie(tmp_path, root):
    """With generator and object, where they are known."""
    folder = write_set(tmp_path / "p", generators=("gan",))
    lines = ["path,label,generator,object"]
    for file in sorted(folder.rglob("*.jpg")):
        label = "REAL" if file.parent.name == "REAL" else "fake"
        made_by = "" if label == "REAL" else "pixart"
        lines.append(f"{file.relative_to(tmp_path).as_posix()},{label},{made_by},Cat")
    table = tmp_path / "list.csv"
    table.write_text("\n".join(lines), "utf-8-sig")

    card = library.add("listed", table, root=root, cifake=None)

    assert (card.layout, card.generators) == ("csv", ("pixart",))
    found = library.load("listed", root=root)
    assert len(found.images) == 2 * PER_LABEL
    assert set(found.object_classes) == {3}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "file,kind\na.jpg,REAL",
            "has the columns file, kind. Expected path and label",
        ),
        ("", "has the columns none"),
        ("path,label\na.jpg,1", "Line 2 of .* label '1'. Expected .* REAL, FAKE"),
        ("path,label\n,REAL", "Line 2 of .* has the path ''"),
        ("path,label\na,REAL\na,FAKE", "Line 3 of .* says something else of a "),
        ("path,label", "names no picture"),
        (b"path,label\n\xff\xfe,REAL", "Expected a CSV file in UTF-8"),
    ],
)
def test_a_bad_csv_file_is_told_by_its_line(tmp_path, root, text, sentence):
    """What was expected, and what came."""
    path = tmp_path / "list.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(DatasetError, match=sentence):
        library.add("listed", path, root=root, cifake=None)


@pytest.mark.parametrize("name", ["", "../up", "Großes", "a b", "-x", "x" * 41, "A"])
def test_a_name_that_is_none_is_refused(tmp_path, root, name):
    """A name is a folder's, on every system."""
    with pytest.raises(DatasetError, match="cannot be called"):
        library.add(name, tmp_path, root=root, cifake=None)


def test_a_name_that_is_taken_is_refused(added, root):
    """Nothing is written over."""
    with pytest.raises(DatasetError, match=r"called new already. Choose another name"):
        library.add("new", added, root=root, cifake=None)


@pytest.mark.parametrize("name", ["official", "leak-free"])
def test_a_name_of_cifakes_own_is_refused(tmp_path, root, name):
    """A page could not tell them apart."""
    with pytest.raises(DatasetError, match=r"so is one of CIFAKE's own"):
        library.add(name, tmp_path, root=root, cifake=None)


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("nowhere", "There is nothing at"),
        ("no.zip", "not a complete zip"),
        ("", "names no"),
    ],
)
def test_a_place_without_pictures_is_told(tmp_path, root, place, sentence):
    """In one sentence, and nothing is left."""
    (tmp_path / "no.zip").write_bytes(b"no zip")

    with pytest.raises(DatasetError, match=sentence):
        library.add("new", tmp_path / place, root=root, cifake=None)

    assert not root.exists()


def test_pictures_are_decoded_once(added, root):
    """What is kept in the cache serves as long as the files have their sizes."""
    before = library.load("new", root=root).images
    file = added / "gan" / "000.jpg"
    file.write_bytes(file.read_bytes()[::-1])

    np.testing.assert_array_equal(library.load("new", root=root).images, before)


def test_a_cache_that_was_cleared_is_made_again(added, root, own_cache):
    """From the files, whose hashes are checked."""
    del added
    before = library.load("new", root=root).images
    shutil.rmtree(own_cache / "datasets")
    told = []

    after = library.load("new", root=root, progress=told.append).images

    np.testing.assert_array_equal(after, before)
    assert told[-1] == 1


def test_a_damaged_cache_is_made_again(added, root, own_cache):
    """Nobody has to know that there is one."""
    del added
    before = library.load("new", root=root).images
    (kept,) = (own_cache / "datasets").iterdir()
    kept.write_bytes(b"noise")

    np.testing.assert_array_equal(library.load("new", root=root).images, before)


def test_a_changed_file_is_told(added, root, own_cache):
    """By its size at once, by its hash as soon as it is read."""
    file = added / "gan" / "000.jpg"
    data = file.read_bytes()
    shutil.rmtree(own_cache / "datasets")
    file.write_bytes(jpeg(picture("FAKE", 999)))
    with pytest.raises(
        DatasetError, match=r"gan/000.jpg in .* has changed .* add it again"
    ):
        library.load("new", root=root)
    file.write_bytes(data[::-1])
    with pytest.raises(
        DatasetError, match=r"gan/000.jpg in .* has changed .* add it again"
    ):
        library.load("new", root=root)


def test_files_that_are_gone_are_told(added, root):
    """One of them, or the whole source."""
    (added / "gan" / "000.jpg").unlink()
    with pytest.raises(
        DatasetError, match=r"There is no file gan/000.jpg .* add it again"
    ):
        library.load("new", root=root)
    shutil.rmtree(added)
    with pytest.raises(DatasetError, match=r"There is nothing at .*"):
        library.load("new", root=root)


def test_removing_forgets_and_leaves_the_pictures(added, root, own_cache):
    """Neither index nor decoded pictures stay; the set can be added again."""
    digest = library.card("new", root).digest

    library.remove("new", root)

    assert library.listing(root) == ()
    assert not list((own_cache / "datasets").iterdir())
    assert len(list(added.rglob("*.jpg"))) == 2 * PER_LABEL + 4
    assert library.add("new", added, root=root, cifake=None).digest == digest


def test_a_removal_can_be_taken_back(added, root):
    """With the labels given by hand, until there is a new set of that name."""
    first = library.unlabelled("new", root=root).hashes[0]
    before = library.set_labels("new", {first: 0}, root=root)
    library.remove("new", root)

    after = library.restore("new", root)

    assert (after.digest, after.counts) == (before.digest, before.counts)
    assert len(library.load("new", root=root).images) == 2 * PER_LABEL + 1
    with pytest.raises(DatasetError, match="called new already"):
        library.restore("new", root)
    library.remove("new", root)
    library.add("new", added, root=root, cifake=None)
    library.remove("new", root)  # what was laid aside before goes
    assert library.restore("new", root).digest != before.digest


def test_what_was_not_removed_cannot_be_brought_back(root):
    """The sentence says what to do."""
    with pytest.raises(DatasetError, match=r"cannot be brought back.*Add it again"):
        library.restore("new", root)


@pytest.mark.parametrize("name", ["other", "../new", ""])
def test_an_unknown_set_is_told(added, root, name):
    """With the names that there are."""
    del added
    for ask in (library.card, library.remove):
        with pytest.raises(DatasetError, match=r"There are new. Add one with"):
            ask(name, root)
    with pytest.raises(DatasetError, match="There is none yet"):
        library.load("new", root=root / "empty")


@pytest.mark.parametrize("file", ["card.json", "index.parquet"])
def test_a_damaged_set_is_told_and_can_be_removed(added, root, file):
    """The sentence names the command."""
    del added
    path = root / "new" / file
    path.write_bytes(path.read_bytes()[:40])

    with pytest.raises(ModelUnavailableError, match=r"cannot be read.*data remove new"):
        library.load("new", root=root)

    library.remove("new", root)
    assert not (root / "new").exists()


class TestLabelsByHand:
    """Pictures of UNLABELLED/ get labels, which can be taken back."""

    def test_they_join_the_labelled_ones(self, added, root):
        """In the part of their hash; a fake bears the name of the set."""
        del added
        before = library.card("new", root)
        open_ones = library.unlabelled("new", root=root)
        assert set(open_ones.labels) == {-1}
        first, second, *_ = open_ones.hashes.tolist()

        after = library.set_labels("new", {first: 0, second: 1}, root=root)

        assert after.digest != before.digest
        assert after.counts == library.card("new", root).counts
        assert len(library.unlabelled("new", root=root).images) == 2
        found = library.load("new", root=root)
        assert found.digest == after.digest
        assert len(found.images) == 2 * PER_LABEL + 2
        at = found.hashes.tolist().index(first)
        assert (found.labels[at], found.generators[at]) == (0, "new")
        np.testing.assert_array_equal(found.images[at], open_ones.images[0])
        assert found.parts[at] == part_of_file(first)

    def test_a_label_can_be_taken_back(self, added, root):
        """Then all is as it was."""
        del added
        before = library.card("new", root)
        first = library.unlabelled("new", root=root).hashes[0]
        library.set_labels("new", {first: 0}, root=root)

        after = library.set_labels("new", {first: -1}, root=root)

        assert (after.digest, after.counts) == (before.digest, before.counts)

    def test_a_label_of_the_source_stands(self, added, root):
        """Who doubts it mends the source."""
        del added
        labelled = library.load("new", root=root).hashes[0]
        with pytest.raises(DatasetError, match="none that came to new without a label"):
            library.set_labels("new", {labelled: 1}, root=root)

    def test_a_label_is_one_of_three(self, added, root):
        """Nothing else is written."""
        del added
        first = library.unlabelled("new", root=root).hashes[0]
        with pytest.raises(DatasetError, match=r"0 \(FAKE\), 1 \(REAL\) or -1"):
            library.set_labels("new", {first: 2}, root=root)


def test_a_large_picture_is_brought_to_32(tmp_path, root):
    """As the app does; the card says how they came."""
    folder = write_set(
        tmp_path / "p", save=lambda label, _: png(picture(label, next(SEEDS), side=96))
    )

    card = library.add("large", folder, root=root, cifake=None)

    assert card.sizes == {"96x96": 2 * PER_LABEL}
    assert library.load("large", root=root).images.shape[1:] == (32, 32, 3)


SEEDS = iter(range(10_000, 20_000))
