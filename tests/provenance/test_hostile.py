"""Hostile metadata: refused within time and memory, and the rest is read."""

import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable
from typing import TypeVar

import pytest
from PIL import ExifTags

from cifake_core.basics.errors import InvalidImageError
from cifake_core.pictures.reading import MAX_BYTES
from cifake_core.provenance.metadata import MAX_PART, read_metadata
from tests import made_data
from tests.provenance.reading import XMP, exif, facts, with_exif, with_xmp

Base = ExifTags.Base
PNG = made_data.png(made_data.noise())
#: Bytes of a PNG file before which its chunks go on, behind its header.
_HEAD = 33
_SECONDS = 4
_MEMORY = 200 * 1024**2


_Found = TypeVar("_Found")


def within_limits(call: Callable[[], _Found]) -> _Found:
    """What a call gives, which takes seconds and megabytes, not more.

    It is called twice: following memory makes it several times as slow.
    """
    begun = time.process_time()  # other work of the machine does not count
    call()
    seconds = time.process_time() - begun
    tracemalloc.start()
    try:
        found = call()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert seconds < _SECONDS
    assert peak < _MEMORY
    return found


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + crc(kind + body)


def crc(data: bytes) -> bytes:
    """The checksum of a chunk."""
    return struct.pack(">I", zlib.crc32(data))


def with_chunks(*chunks: bytes) -> bytes:
    """A PNG file with these chunks behind its header."""
    return PNG[:_HEAD] + b"".join(chunks) + PNG[_HEAD:]


def bomb(kind: bytes, begin: bytes) -> bytes:
    """A chunk of kilobytes that unpacks to hundreds of megabytes."""
    return chunk(kind, begin + zlib.compress(bytes(400 * 1024**2), 9))


@pytest.mark.parametrize(
    "packed",
    [
        bomb(b"zTXt", b"parameters\0\0"),
        bomb(b"iTXt", b"parameters\0\1\0\0\0"),
        bomb(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0"),
    ],
    ids=["zTXt", "iTXt", "XMP"],
)
def test_bombs_are_not_unpacked(packed):
    """The whole file is refused, or the text left out; before or behind the pixels."""
    behind = PNG[:-12] + packed + PNG[-12:]

    def refused():
        with pytest.raises(InvalidImageError, match="PNG file is"):
            facts(with_chunks(packed))

    within_limits(refused)
    for each in (with_chunks(packed), behind):
        assert within_limits(lambda source=each: read_metadata(source)).texts == ()


def test_large_texts_are_cut():
    """9 MB of one text and 100,000 chunks are looked at in part."""
    one = chunk(b"tEXt", b"parameters\0" + b"a" * (9 * 1024**2))
    many = b"".join(chunk(b"tEXt", b"k%d\0v" % number) for number in range(100_000))
    (text,) = within_limits(lambda: read_metadata(with_chunks(one))).texts
    assert len(text.value) == MAX_PART
    found = within_limits(lambda: read_metadata(with_chunks(many)))
    assert len(found.texts) < 20_000


@pytest.mark.parametrize(
    ("declared", "body"),
    [
        (
            "".join(
                f'<!ENTITY e{n} "{10 * f"&e{n - 1};" if n else "lol"}">'
                for n in range(10)
            ),
            "&e9;",
        ),
        ('<!ENTITY e SYSTEM "file:///etc/passwd">', "&e;"),
        ('<!ENTITY e SYSTEM "http://127.0.0.1:9/e">', "&e;"),
        ('<!ENTITY % e SYSTEM "http://127.0.0.1:9/e"> %e;', ""),
    ],
    ids=["billion laughs", "a file", "an address", "a parameter"],
)
def test_entities_are_refused(declared, body):
    """Nothing is expanded, opened or fetched; a note says that it was left out."""
    packet = f"<!DOCTYPE x [{declared}]>" + XMP.format(
        attributes="", elements=f"<photoshop:Credit>{body}</photoshop:Credit>"
    )

    found = within_limits(lambda: facts(with_xmp(packet.encode())))

    assert found.generated == ()
    (note,) = found.notes
    assert "declares a document type or entities" in note


@pytest.mark.parametrize(
    "body",
    [
        20_000 * "<photoshop:Credit>" + "Midjourney" + 20_000 * "</photoshop:Credit>",
        "<rdf:a>" * 30_000,
        "<photoshop:Credit>" + "<a/>" * 60_000 + "</photoshop:Credit>",
        "<photoshop:Credit>Midjourney</photoshop:Credit>" * 1_000,
        "\x01\x02",
    ],
    ids=["nested", "open", "wide", "repeated", "control"],
)
def test_odd_packets_take_no_time(body):
    """However deep or wide, it is read once; what is read stays short."""
    packet = XMP.format(attributes="", elements=body).encode()
    held = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet)

    found = within_limits(lambda: facts(with_chunks(held)))

    assert len(found.generated) <= 8
    is_read = not found.notes
    assert is_read == ("Midjourney" in body or "<a/>" in body)


def test_a_large_packet_is_left_out():
    """XMP in a PNG file can be of megabytes; a note says that it was not read."""
    packet = b"XML:com.adobe.xmp\0\0\0\0\0" + b" " * (9 * 1024**2)

    found = within_limits(lambda: facts(with_chunks(chunk(b"iTXt", packet))))

    assert "9,437,184 bytes" in found.notes[0]


def test_cycles_in_exif_end():
    """A directory that names itself as its own part is read once."""
    held = exif({Base.Make: "Canon"}, {Base.LensModel: "x"}).tobytes()
    body = bytearray(held)
    at = held.index(struct.pack(">H", Base.ExifOffset)) + 8
    body[at : at + 4] = (8).to_bytes(4)  # where the first directory lies

    found = within_limits(
        lambda: facts(made_data.saved(made_data.noise(), "JPEG", exif=bytes(body)))
    )

    assert found.camera.maker == "Canon"


def test_deep_json_is_no_graph():
    """A megabyte of brackets ends in nothing, not in a crash."""
    deep = '{"a":' + "[" * 500_000

    found = within_limits(
        lambda: facts(with_chunks(chunk(b"tEXt", b"prompt\0" + deep.encode())))
    )

    assert found.generated == ()


def test_large_numbers_and_odd_types_are_no_camera():
    """Numbers beyond any camera's, and none at all, are left out."""
    tags = {
        Base.FNumber: (4_294_967_295, 1),
        Base.FocalLength: (0, 0),
        Base.ISOSpeedRatings: (1, 2, 3),
    }

    found = within_limits(lambda: facts(with_exif(exif({Base.Make: "\0\0"}, tags))))

    assert found.camera.maker is None
    assert found.camera.exposure in (None, "ISO 1")


def test_a_statement_of_megabytes_is_answered_in_time():
    """Boxes nested to the limit, or that claim to be larger than the file."""
    for size in (8, 0, 1, 0xFFFFFFFF):
        box = struct.pack(">I", size) + b"jumb"
        source = with_chunks(chunk(b"caBX", box * 1024**2))
        found = within_limits(lambda source=source: facts(source))
        assert found.signed.state in ("none", "broken")


def test_the_largest_file_is_read_in_time():
    """10 MB behind the end of a picture."""
    found = within_limits(lambda: facts(PNG + bytes(MAX_BYTES - len(PNG))))

    assert found.signed.state == "none"
