"""Files written whole or not at all."""

import os

import pytest

from cifake_core.basics.files import file_sha256, scratch_folder, write_whole


def test_a_file_stands_in_its_place_once_it_is_whole(tmp_path):
    """Until then what stood there stays."""
    path = tmp_path / "made.txt"
    path.write_text("old")

    with write_whole(path) as scratch:
        scratch.write_text("new")
        before = path.read_text()

    assert (before, path.read_text()) == ("old", "new")
    assert scratch.suffix == ".txt"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [MemoryError, KeyboardInterrupt, OSError])
def test_whatever_goes_wrong_no_half_file_stays(tmp_path, error):
    """Nor is the file before touched."""
    path = tmp_path / "made.txt"
    path.write_text("old")

    with pytest.raises(error), write_whole(path) as scratch:  # noqa: PT012
        scratch.write_text("half")
        raise error

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_moved_whole_or_vanishes(tmp_path):
    """Others may look into it, as into any folder."""
    with scratch_folder(tmp_path / "a") as kept:
        (kept / "file").touch()
        mode = kept.stat().st_mode
        kept.rename(tmp_path / "a")
    with scratch_folder(tmp_path / "b") as lost:
        (lost / "file").touch()

    assert [each.name for each in tmp_path.iterdir()] == ["a"]
    assert os.name == "nt" or mode & 0o055 == 0o055


def test_a_files_hash(tmp_path):
    """That of three known bytes."""
    path = tmp_path / "abc"
    path.write_bytes(b"abc")

    assert file_sha256(path).startswith("ba7816bf8f01cfea")
