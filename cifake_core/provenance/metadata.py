"""Metadata of a picture file: its EXIF data, XMP packet and texts, within limits."""

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from PIL import ExifTags, Image, PngImagePlugin

from cifake_core.pictures.reading import FAULTS, silence

#: Bytes of an XMP packet, and characters of a text, that are looked at, at most.
MAX_PART: Final = 1024 * 1024
_PNG_TEXTS: Final = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf"})
#: Chunks of a PNG file that are looked at; 10 MB of pixels have a few thousand.
_MAX_CHUNKS: Final = 16_384
_PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
#: Texts of the EXIF data that programs write: by tag, and what the tag is called.
_IMAGE_TAGS: Final = (
    ExifTags.Base.Make,
    ExifTags.Base.Model,
    ExifTags.Base.Software,
    ExifTags.Base.Artist,
    ExifTags.Base.ImageDescription,
)
_USER_COMMENT_CODE: Final = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A text in a file: the place in words, its key there, and what it says."""

    where: str
    key: str
    value: str


@dataclass(kw_only=True, slots=True)
class Metadata:
    """Metadata of a file: what could be read, and `notes` on what could not.

    `exif` and `details` are the tags of the picture and of the photograph by number,
    `location` those of the place; `thumbnail` is the preview in the EXIF data, the
    bytes of a JPEG file. `xmp` is the packet as it stands, b"" without one.
    """

    exif: dict[int, Any] = field(default_factory=dict)
    details: dict[int, Any] = field(default_factory=dict)
    location: dict[int, Any] = field(default_factory=dict)
    thumbnail: bytes = b""
    xmp: bytes = b""
    texts: tuple[Text, ...] = ()
    notes: list[str] = field(default_factory=list)


def read_metadata(source: bytes) -> Metadata:
    """Metadata of a picture file; only headers are decoded, and nothing is fetched.

    What is damaged, or too large to be what it claims, is left out with a note.

    Args:
        source: the bytes of a file that Pillow opens.
    """
    found = Metadata()
    with silence(), _noting(found, "header"):
        image = Image.open(BytesIO(source))
        info: dict[Any, Any] = dict(image.info)
        if source.startswith(_PNG_SIGNATURE):
            with _noting(found, "text"):
                found.texts += tuple(_png_texts(source, info))
        with _noting(found, "comment"):
            found.texts += tuple(_comment(info))
        _take_xmp(found, info)
        with _noting(found, "EXIF data"):
            _take_exif(found, _exif_of(image, info), info.get("exif", b""))
    return found


def _exif_of(image: Image.Image, info: dict[Any, Any]) -> Image.Exif:
    """The EXIF data, also where a PNG file has it behind its pixels."""
    if not isinstance(image, PngImagePlugin.PngImageFile):
        return image.getexif()
    image.info.setdefault("exif", info.get("exif", b""))
    return Image.Image.getexif(image)  # that of PNG decodes the pixels first


def _take_exif(found: Metadata, exif: Image.Exif, raw: bytes) -> None:
    """Read the EXIF data, each part by itself; `raw` is all of it."""
    found.exif = dict(exif)
    parts: tuple[tuple[str, int, Callable[[dict[int, Any]], None]], ...] = (
        ("details", ExifTags.IFD.Exif, found.details.update),
        ("location", ExifTags.IFD.GPSInfo, found.location.update),
    )
    for what, number, take in parts:
        with _noting(found, f"EXIF {what}"):
            take(exif.get_ifd(number))
    with _noting(found, "EXIF thumbnail"):
        preview = exif.get_ifd(ExifTags.IFD.IFD1)
        start = preview.get(ExifTags.Base.JpegIFOffset)
        length = preview.get(ExifTags.Base.JpegIFByteCount)
        if (
            isinstance(start, int)
            and isinstance(length, int)
            and min(start, length) > 0
        ):
            body = raw.removeprefix(b"Exif\0\0")
            found.thumbnail = body[start : start + length]
    with _noting(found, "EXIF texts"):
        found.texts += tuple(_exif_texts(found))


def _take_xmp(found: Metadata, info: dict[Any, Any]) -> None:
    """Read the XMP packet, unless it is too large to be one."""
    packet = info.get("xmp", b"")
    packet = packet.encode() if isinstance(packet, str) else packet
    if not isinstance(packet, bytes):
        return
    if len(packet) > MAX_PART:
        found.notes.append(
            f"Its XMP packet has {len(packet):,} bytes, and at most {MAX_PART:,} are "
            "read; it was left out."
        )
        return
    found.xmp = packet


def _png_texts(source: bytes, info: dict[Any, Any]) -> Iterator[Text]:
    """Texts of a PNG file, also those behind the pixels, which are not decoded.

    EXIF data and XMP behind the pixels are put into `info`.
    """
    stream = PngImagePlugin.PngStream(file := BytesIO(source))
    file.seek(len(_PNG_SIGNATURE))
    # a cut-off file has no header of a next chunk
    with suppress(struct.error, SyntaxError):
        for _ in range(_MAX_CHUNKS):
            kind, place, length = stream.read()
            if kind in _PNG_TEXTS:
                stream.call(kind, place, length)
            file.seek(place + length + 4)
    for key in ("xmp", "exif"):
        if key in stream.im_info:
            info.setdefault(key, stream.im_info[key])
    for key, value in stream.im_text.items():
        if key != "XML:com.adobe.xmp":
            yield _text(f"PNG text “{key[:40]}”", key, value)


def _comment(info: dict[Any, Any]) -> Iterator[Text]:
    """The comment of a JPEG or GIF file."""
    comment = info.get("comment")
    if isinstance(comment, bytes) and comment:
        yield _text("Comment", "comment", comment[:MAX_PART].decode("utf-8", "replace"))


def _exif_texts(found: Metadata) -> Iterator[Text]:
    """Texts of the EXIF data."""
    for tag in _IMAGE_TAGS:
        value = found.exif.get(tag)
        if isinstance(value, str) and value:
            yield _text(f"EXIF {tag.name}", tag.name, value)
    comment = found.details.get(ExifTags.Base.UserComment)
    if isinstance(comment, bytes) and len(comment) > _USER_COMMENT_CODE:
        value = _user_comment(comment[: 2 * MAX_PART])
        yield _text("EXIF UserComment", "UserComment", value)


def _user_comment(comment: bytes) -> str:
    """Text of a user comment, by the character code before it (EXIF 2.3, 4.6.5)."""
    code, text = comment[:_USER_COMMENT_CODE], comment[_USER_COMMENT_CODE:]
    if not code.startswith(b"UNICODE"):
        return text.decode("utf-8", "replace")
    # UTF-16 of either order is found: Latin letters have their zero first or last
    head = text[:64]
    big = head[0::2].count(0) >= head[1::2].count(0)
    return text.decode("utf-16-be" if big else "utf-16-le", "replace")


def _text(where: str, key: str, value: str) -> Text:
    """A text of a place, cut to what is looked at."""
    return Text(where=where, key=key, value=str(value)[:MAX_PART])


@contextmanager
def _noting(found: Metadata, what: str) -> Iterator[None]:
    """Context in which damage is a note, and the other parts are read all the same."""
    try:
        yield
    except (*FAULTS, MemoryError):
        found.notes.append(f"Its {what} is damaged and was left out.")
