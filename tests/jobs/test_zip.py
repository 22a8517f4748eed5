"""Zips as sources: bounded, read in place, nothing leaves them."""

import shutil
import stat
import subprocess
import zipfile

import pytest

from cifake_core.basics.errors import InvalidImageError, JobError
from cifake_core.jobs.sources import zip as zips
from cifake_core.jobs.sources.opening import open_any
from cifake_core.jobs.sources.zip import ZipSource
from cifake_core.pictures.reading import MAX_BYTES
from tests.jobs.made_sources import jpeg_of, put_zip

GOOD = {"a/1.jpg": jpeg_of(1), "a/2.jpg": jpeg_of(2), "3.jpg": jpeg_of(3)}


@pytest.fixture
def place(tmp_path):
    """Where the zip is to be."""
    return tmp_path / "pictures.zip"


def fault_of(source, path):
    """Fault of the item at a path, and what reading it says."""
    [item] = [each for each in source.items() if each.path == path]
    with pytest.raises(InvalidImageError) as error:
        source.read(item.key)
    return item.fault, str(error.value)


def test_entries_are_read_in_place(place):
    """Every file is an item in the order of the zip, folders and strays are none."""
    source = ZipSource(
        put_zip(place, GOOD | {"a/": b"", "__MACOSX/._1.jpg": b"x", "a/.x": b"x"})
    )

    found = {item.path: source.read(item.key) for item in source.items()}

    assert list(found) == list(GOOD)
    assert found == GOOD


def test_the_name_or_the_beginning_makes_a_zip(place, tmp_path):
    """A zip is one under any name; a picture with a zip behind it is a picture."""
    put_zip(place, GOOD)
    other = tmp_path / "pictures.dat"
    shutil.copy(place, other)
    both = tmp_path / "both.jpg"
    both.write_bytes(jpeg_of(1) + place.read_bytes())

    assert isinstance(open_any(str(other)), ZipSource)
    assert not isinstance(open_any(str(both)), ZipSource)


@pytest.mark.parametrize(
    "name",
    ["../out.jpg", "/etc/out.jpg", "a/../../out.jpg", "..\\out.jpg", "C:\\o.jpg"],
)
def test_no_path_leaves_the_zip(place, name):
    """An entry that would be written elsewhere is a sentence and is not read."""
    source = ZipSource(put_zip(place, GOOD | {name: jpeg_of(4)}))
    path = next(item.path for item in source.items() if item.path not in GOOD)

    fault, told = fault_of(source, path)

    assert "leads out of the zip" in fault
    assert told == fault
    assert len(list(source.items())) == 4


def test_links_are_not_followed(place):
    """An entry that is a link is a sentence."""
    put_zip(place, GOOD)
    with zipfile.ZipFile(place, "a") as archive:
        link = zipfile.ZipInfo("link.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")

    fault, told = fault_of(ZipSource(place), "link.jpg")

    assert "is a link" in fault
    assert told == fault


def test_an_encrypted_entry_is_a_sentence(place):
    """The others are read all the same."""
    put_zip(place, GOOD)
    data = bytearray(place.read_bytes())
    local, central = data.find(b"PK\x03\x04"), data.find(b"PK\x01\x02")
    data[local + 6] |= 1
    data[central + 8] |= 1
    place.write_bytes(data)
    source = ZipSource(place)

    fault, _ = fault_of(source, "a/1.jpg")

    assert "encrypted" in fault
    assert source.read("1/a/2.jpg") == jpeg_of(2)


@pytest.mark.skipif(shutil.which("zip") is None, reason="needs the program zip")
def test_an_entry_that_a_program_encrypted_is_a_sentence(place, tmp_path):
    """As people make them: with a password."""
    (tmp_path / "1.jpg").write_bytes(jpeg_of(1))
    words = ["zip", "-q", "-P", "secret", str(place), "1.jpg"]
    subprocess.run(words, cwd=tmp_path, check=True)

    fault, _ = fault_of(ZipSource(place), "1.jpg")

    assert "encrypted" in fault


def test_a_damaged_entry_is_a_sentence(place):
    """Flipped bytes are found by the zip's own sum; the others are read."""
    put_zip(place, GOOD)
    data = bytearray(place.read_bytes())
    start = data.find(b"a/1.jpg") + 60
    data[start : start + 20] = bytes(20)
    place.write_bytes(data)
    source = ZipSource(place)

    _, told = fault_of(source, "a/1.jpg")

    assert "damaged" in told
    assert source.read("2/3.jpg") == jpeg_of(3)


@pytest.mark.parametrize("keep", [0, 10, 400])
def test_what_is_cut_off_is_no_zip(place, keep):
    """The whole is refused with a sentence."""
    put_zip(place, GOOD)
    place.write_bytes(place.read_bytes()[:keep])

    with pytest.raises(JobError, match="no whole zip"):
        list(ZipSource(place).items())


def test_an_entry_larger_than_a_picture_is_a_sentence(place):
    """It is not even unpacked."""
    source = ZipSource(put_zip(place, {"big.bmp": bytes(MAX_BYTES + 1)}))

    _, told = fault_of(source, "big.bmp")

    assert "at most 10 MB" in told


def test_a_bomb_is_refused(place):
    """What unpacks to hundreds of times its size is refused before it is read."""
    put_zip(place, {f"{number}.bmp": bytes(MAX_BYTES) for number in range(6)})

    with pytest.raises(JobError, match="times its size"):
        list(ZipSource(place).items())


def test_an_overlapping_bomb_is_refused(place):
    """Entries that all lead to the same bytes count each, as they are unpacked each."""
    put_zip(place, {"0.bmp": bytes(MAX_BYTES)})
    data = place.read_bytes()
    central, end = data.find(b"PK\x01\x02"), data.find(b"PK\x05\x06")
    entry, tail = data[central:end], bytearray(data[end:])
    count = 500
    tail[8:12] = count.to_bytes(2, "little") * 2
    tail[12:16] = (count * len(entry)).to_bytes(4, "little")
    place.write_bytes(data[:central] + entry * count + bytes(tail))

    with pytest.raises(JobError, match="times its size"):
        list(ZipSource(place).items())


def test_too_many_entries_are_refused(place, monkeypatch):
    """The list of entries is bounded, as it lies in memory."""
    monkeypatch.setattr(zips, "MAX_ENTRIES", 2)

    with pytest.raises(JobError, match="3 entries"):
        list(ZipSource(put_zip(place, GOOD)).items())


def test_too_much_to_unpack_is_refused(place, monkeypatch):
    """So is the sum of all sizes."""
    monkeypatch.setattr(zips, "MAX_UNPACKED", 1000)

    with pytest.raises(JobError, match="when it is unpacked"):
        list(ZipSource(put_zip(place, GOOD)).items())


def test_two_entries_of_one_name_are_two_items(place):
    """Neither is lost, and each has its own bytes."""
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("1.jpg", jpeg_of(1))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("1.jpg", jpeg_of(2))
    source = ZipSource(place)

    items = list(source.items())

    assert [item.path for item in items] == ["1.jpg", "1.jpg"]
    assert [source.read(item.key) for item in items] == [jpeg_of(1), jpeg_of(2)]


def test_a_zip_that_was_packed_again_is_not_read(place):
    """An entry is found by its number, and has to bear the name it had."""
    key = [item.key for item in ZipSource(put_zip(place, GOOD)).items()][1]
    source = ZipSource(put_zip(place, dict(reversed(GOOD.items())) | {"b.jpg": b"b"}))
    fewer = ZipSource(put_zip(place.with_name("fewer.zip"), {"3.jpg": jpeg_of(3)}))

    assert source.read(key) == GOOD["a/2.jpg"]
    for each in (0, 2):
        with pytest.raises(InvalidImageError, match="has changed"):
            source.read(f"{each}/a/2.jpg")
    with pytest.raises(InvalidImageError, match="has changed"):
        fewer.read(key)
