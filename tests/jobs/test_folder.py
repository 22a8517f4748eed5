"""Folders as sources: in order, however deep, and never outside."""

import os
import sys

import pytest

from cifake_core.basics.errors import InvalidImageError, JobError
from cifake_core.jobs.sources.folder import FileSource, FolderSource
from cifake_core.jobs.sources.opening import open_any, open_many
from cifake_core.pictures.reading import MAX_BYTES
from tests.jobs.made_sources import jpeg_of, put_folder

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX's files")


@pytest.fixture
def folder(tmp_path):
    """A folder of five files in three folders."""
    return put_folder(tmp_path / "pictures", good=5, bad=0)


def paths(source):
    """Paths of a source's items."""
    return [item.path for item in source.items()]


def faults(source):
    """Faults of a source's items by path, of those that have one."""
    return {item.path: item.fault for item in source.items() if item.fault}


def test_files_come_sorted_however_deep(folder):
    """The order is that of the paths' parts, each time anew."""
    (folder / "a.png").write_bytes(b"x")

    found = paths(FolderSource(folder))

    assert found == sorted(found, key=lambda path: path.split("/"))
    assert found[0] == "a.png"
    assert found == paths(FolderSource(folder))
    assert len(found) == 6


def test_bytes_are_those_of_the_file(folder):
    """An item's key leads to its bytes."""
    source = FolderSource(folder)

    found = {item.path: source.read(item.key) for item in source.items()}

    assert found["part 1/deep/00001.jpg"] == jpeg_of(1)


def test_what_systems_leave_is_no_item(folder):
    """Hidden files and thumbnails of systems are nobody's pictures."""
    for name in (".DS_Store", "Thumbs.db", ".git/x.jpg"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")

    assert len(paths(FolderSource(folder))) == 5


@posix
def test_no_link_leads_out(folder, tmp_path):
    """Links to files, folders and nothing outside are rows with a sentence."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.jpg").write_bytes(jpeg_of(9))
    (folder / "out.jpg").symlink_to(outside / "secret.jpg")
    (folder / "out").symlink_to(outside)
    (folder / "nothing.jpg").symlink_to(folder / "gone.jpg")
    source = FolderSource(folder)

    found = faults(source)

    assert "leads out" in found["out.jpg"]
    assert "leads out" in found["out"]
    assert "link to nothing" in found["nothing.jpg"]
    assert not any("secret" in path for path in paths(source))
    with pytest.raises(InvalidImageError, match="leads out"):
        source.read("out.jpg")
    with pytest.raises(InvalidImageError, match="leads out"):
        source.read("../outside/secret.jpg")


@posix
def test_links_inside_neither_double_nor_loop(folder):
    """A linked file is an item; a linked folder is listed where it lies, once."""
    (folder / "linked.jpg").symlink_to(folder / "part 0" / "deep" / "00000.jpg")
    (folder / "part 0" / "up").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    source = FolderSource(folder)

    found = paths(source)

    assert len(found) == 7
    assert source.read("linked.jpg") == jpeg_of(0)
    assert list(faults(source)) == ["self"]


@posix
def test_pipes_are_not_opened(folder):
    """Who would read from a pipe would wait for ever."""
    os.mkfifo(folder / "pipe.jpg")

    assert "no file but a device" in faults(FolderSource(folder))["pipe.jpg"]


@posix
def test_a_link_that_changes_after_listing_is_refused(folder, tmp_path):
    """What was a file when it was listed is looked at again when it is read."""
    source = FolderSource(folder)
    item = next(iter(source.items()))
    (tmp_path / "secret").write_bytes(jpeg_of(1))
    (folder / item.key).unlink()
    (folder / item.key).symlink_to(tmp_path / "secret")

    with pytest.raises(InvalidImageError, match="leads out"):
        source.read(item.key)


@pytest.mark.parametrize(
    ("size", "sentence"), [(0, "is empty"), (MAX_BYTES + 1, "at most 10 MB")]
)
def test_sizes_that_no_picture_has_are_refused(folder, size, sentence):
    """Neither nothing nor more than a picture may have is read."""
    with (folder / "x.jpg").open("wb") as file:
        file.truncate(size)

    with pytest.raises(InvalidImageError, match=sentence):
        FolderSource(folder).read("x.jpg")


@posix
def test_a_name_that_is_no_text_is_found_again(folder):
    """Bytes that are no UTF-8 are escaped in the path, and kept in the key."""
    name = os.fsdecode(b"odd\xff.jpg")
    (folder / name).write_bytes(jpeg_of(3))
    source = FolderSource(folder)

    [item] = [each for each in source.items() if "odd" in each.path]

    assert item.path == "odd\\xff.jpg"
    assert source.read(item.key) == jpeg_of(3)


def test_a_file_that_is_gone_says_so(folder):
    """A file that vanished after the listing is a sentence."""
    source = FolderSource(folder)
    item = next(iter(source.items()))
    (folder / item.key).unlink()

    with pytest.raises(InvalidImageError, match="cannot be read"):
        source.read(item.key)


def test_one_file_is_a_source(folder, tmp_path):
    """A file that a person names keeps its name; a missing one is a sentence."""
    path = folder / "part 0" / "deep" / "00000.jpg"
    source = open_any(str(path))

    assert isinstance(source, FileSource)
    assert paths(source) == [str(path)]
    assert source.read("") == jpeg_of(0)
    with pytest.raises(InvalidImageError, match="There is no file"):
        open_any(str(tmp_path / "none.png")).read("")


def test_many_are_a_folder_or_a_zip(folder, tmp_path):
    """Another file, and nothing at all, are refused; a URL of files is a folder's."""
    file = folder / "part 0" / "deep" / "00000.jpg"

    assert len(paths(open_many(folder.as_uri()))) == 5
    with pytest.raises(JobError, match="a file that is no zip"):
        open_many(str(file))
    with pytest.raises(JobError, match="There is nothing"):
        open_many(str(tmp_path / "none"))
