"""Reading of picture files: RGB pixels, or one sentence on why not."""

import re
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from PIL import ExifTags, Image, ImageOps

from cifake_core.basics.arrays import Plane, Rgb, check_rgb
from cifake_core.basics.errors import InvalidImageError, PictureTooLargeError
from cifake_core.pictures.records import Picture

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_PIXELS: Final = 50_000_000
#: Pixels that both sides of a picture need at least.
MIN_SIDE: Final = 8
#: How many times its short side the long side of a picture may be.
MAX_ASPECT: Final = 20

_MEGAPIXELS = f"{MAX_PIXELS // 1_000_000} megapixels"
#: The supported kinds and the bytes with which a file of each begins.
_SIGNATURES: Final[Mapping[str, bytes]] = {
    "JPEG": rb"\xff\xd8\xff",
    "PNG": rb"\x89PNG",
    "WebP": rb"RIFF.{4}WEBP",
    "GIF": rb"GIF8[79]a",
    "BMP": rb"BM",
    "TIFF": rb"II[*+]\0|MM\0[*+]",
    "AVIF": rb".{4}ftyp.{0,20}avi[fs]",
}
_PNG_END = b"IEND\xaeB`\x82"
#: What a file of several pictures is made of; frames, if it is not listed.
_PARTS: Final[Mapping[str | None, str]] = {"MPO": "pictures", "TIFF": "pages"}
#: Pixels whose range on a screen the file does not tell, or Pillow can't convert.
_UNSUPPORTED_MODES = ("I", "F", "LAB")
#: What Pillow raises over corrupted files, found by cutting and spoiling many.
FAULTS: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    OverflowError,
    RuntimeError,
    struct.error,
    zlib.error,
)
#: `warnings.catch_warnings` changes the whole process: one thread at a time.
_QUIET = threading.Lock()


def read_picture(source: bytes | Path) -> Picture:
    """Return the picture in `source` as upright, opaque RGB pixels.

    Of an animation, or of a file with several pages, the first picture is read.
    The EXIF orientation is applied, transparent parts are laid over white, and
    of 16 bits a channel the upper 8 are kept (65535 becomes 255). Colour profiles
    are not applied: the pixels keep the values that the file holds.

    Args:
        source: the bytes of a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF file, or
            the path of one.

    Returns:
        The pixels, (H, W, 3) uint8, with a sentence on whatever reading changed.

    Raises:
        InvalidImageError: If the file is missing, empty, not a picture, of
            another kind, cut off, or beyond `MIN_SIDE` or `MAX_ASPECT`.
        PictureTooLargeError: If it is beyond `MAX_BYTES` or `MAX_PIXELS`. The size is
            checked before decoding.
    """
    data = source if isinstance(source, bytes) else read_file(source)
    check_num_bytes(len(data))
    with silence(), _translate_faults(data):
        formats = [kind.upper() for kind in _SIGNATURES]
        image: Image.Image = Image.open(BytesIO(data), formats=formats)
        _check_size(image.height, image.width)
        _check_whole(image, data)
        notes = _describe(image)
        image.load()
        format_name = "JPEG" if image.format == "MPO" else str(image.format)
        for step in (_turn_upright, _reduce_depth):
            image, note = step(image)
            notes += [note] if note else []
        image, alpha = _lay_over_white(image)
        notes += [] if alpha is None else ["Transparent parts were laid over white."]
        pixels = np.array(image.convert("RGB"))
    return Picture(pixels=pixels, format=format_name, alpha=alpha, notes=tuple(notes))


def check_picture(image: Rgb) -> None:
    """Raise `InvalidImageError` unless `image` is RGB within the limits on size.

    Args:
        image: (H, W, 3) uint8, RGB, however it was made.

    Raises:
        InvalidImageError: If shape or type differ, or the sides are beyond
            `MAX_PIXELS`, `MIN_SIDE` or `MAX_ASPECT`.
    """
    check_rgb(image)
    _check_size(*image.shape[:2])


def check_num_bytes(num_bytes: int) -> None:
    """Raise `InvalidImageError` for a file of no bytes or of more than `MAX_BYTES`."""
    if num_bytes == 0:
        msg = "The file is empty; choose one that holds a picture."
        raise InvalidImageError(msg)
    if num_bytes > MAX_BYTES:
        msg = (
            f"The file has {num_bytes:,} bytes, and at most 10 MB ({MAX_BYTES:,} "
            "bytes) can be read; save a smaller copy."
        )
        raise PictureTooLargeError(msg)


def read_file(path: Path) -> bytes:
    """Return the bytes of the file at `path`, of which only small ones are read.

    Raises:
        InvalidImageError: If it is missing, empty or no file.
        PictureTooLargeError: If it is beyond `MAX_BYTES`.
    """
    try:
        if path.exists() and not path.is_file():
            msg = f"{str(path)!r} is not a file but a folder or device; name a picture."
            raise InvalidImageError(msg)
        check_num_bytes(path.stat().st_size)
        return path.read_bytes()
    except FileNotFoundError as error:
        msg = f"There is no file at {str(path)!r}; check its name and folder."
        raise InvalidImageError(msg) from error
    except (OSError, ValueError) as error:
        msg = f"The file {str(path)!r} can't be read; check its name and permissions."
        raise InvalidImageError(msg) from error


def _check_size(height: int, width: int) -> None:
    """Raise `InvalidImageError` for a picture too large, small or long."""
    size = f"The picture has {width}x{height} pixels (width x height), and"
    if height * width > MAX_PIXELS:
        msg = f"{size} at most {_MEGAPIXELS} can be read; shrink it first."
        raise PictureTooLargeError(msg)
    if min(height, width) < MIN_SIDE:
        msg = f"{size} both sides need at least {MIN_SIDE}; choose a larger one."
        raise InvalidImageError(msg)
    if max(height, width) > MAX_ASPECT * min(height, width):
        msg = f"{size} its aspect may be at most {MAX_ASPECT}:1; crop it first."
        raise InvalidImageError(msg)


@contextmanager
def silence() -> Iterator[None]:
    """Keep Pillow's warnings from the log and from turning into errors."""
    with _QUIET, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _translate_faults(data: bytes) -> Iterator[None]:
    """Turn what Pillow raises over `data` into one sentence."""
    try:
        yield
    except Image.DecompressionBombError as error:
        msg = f"The picture has more than {_MEGAPIXELS}, the most; shrink it first."
        raise PictureTooLargeError(msg) from error
    except FAULTS as error:
        raise InvalidImageError(_name_fault(data)) from error


def _name_fault(data: bytes) -> str:
    """Return the sentence on `data` that can't be decoded."""
    for kind, signature in _SIGNATURES.items():
        if re.match(signature, data[:32], re.DOTALL):
            return (
                f"The {kind} file is cut off or corrupted; save or download it again."
            )
    *kinds, last = _SIGNATURES
    return (
        "The file is not a picture of a supported kind; "
        f"use {', '.join(kinds)} or {last}."
    )


def _check_whole(image: Image.Image, data: bytes) -> None:
    """Raise `InvalidImageError` where Pillow would overlook a missing end."""
    is_whole = {"PNG": _ends_png, "GIF": _ends_gif}.get(str(image.format))
    if is_whole and not is_whole(data):
        raise InvalidImageError(_name_fault(data))


def _ends_png(data: bytes) -> bool:
    """Whether the closing chunk is there."""
    return _PNG_END in data


def _ends_gif(data: bytes) -> bool:
    """Whether the chain of blocks leads to the trailer (GIF89a, appendix B)."""

    def num_colour_bytes(flags: int) -> int:
        return 3 << (flags & 7) + 1 if flags & 0x80 else 0

    position = 13 + num_colour_bytes(data[10])
    try:
        while data[position] != 0x3B:
            if data[position] not in (0x21, 0x2C):  # stray byte: skipped, as by Pillow
                position += 1
                continue
            if data[position] == 0x2C:
                position += 9 + num_colour_bytes(data[position + 9])
            position += 2
            while data[position]:
                position += data[position] + 1
            position += 1
    except IndexError:
        return False
    return True


def _describe(image: Image.Image) -> list[str]:
    """Return sentences on what the header says and RGB pixels will not show."""
    notes = []
    num_parts = getattr(image, "n_frames", 1)
    if num_parts > 1:
        parts = _PARTS.get(image.format, "frames")
        notes.append(f"The file holds {num_parts} {parts}; only the first is used.")
    layouts = str([tile.args for tile in getattr(image, "tile", ())])
    if image.mode.startswith("I;16") or re.search(";16[BLN]", layouts):
        notes.append("Its colours were reduced from 16 to 8 bits a channel.")
    if image.mode == "CMYK":
        notes.append("Its printing colours (CMYK) were converted to RGB.")
    return notes


def _turn_upright(image: Image.Image) -> tuple[Image.Image, str | None]:
    """Return `image` as its EXIF orientation wants it, or as it is."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
        ImageOps.exif_transpose(image, in_place=True)
    except FAULTS:
        return image, "Its EXIF data is corrupted; the orientation may be wrong."
    if orientation in range(2, 9):
        return image, "Turned upright as its EXIF data says."
    return image, None


def _reduce_depth(image: Image.Image) -> tuple[Image.Image, str | None]:
    """Return `image` with at most 8 bits a channel; Pillow would clip 16."""
    if image.mode in _UNSUPPORTED_MODES:
        msg = (
            f"The picture has pixels of a kind (mode {image.mode}) that can't be "
            "shown faithfully; save it as RGB with 8 or 16 bits a channel."
        )
        raise InvalidImageError(msg)
    if not image.mode.startswith("I;16"):
        return image, None
    deep = np.asarray(image)
    gray = (deep >> 8).astype(np.uint8)
    gray[deep == image.info.get("transparency", -1)] = 255  # the white beneath
    return Image.fromarray(gray), None


def _lay_over_white(image: Image.Image) -> tuple[Image.Image, Plane | None]:
    """Return `image` without transparency, and how opaque it was, None if wholly."""
    if not image.has_transparency_data:
        return image, None
    clear = image.convert("RGBA")
    alpha = clear.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return clear, None
    white = Image.new("RGBA", clear.size, "white")
    return Image.alpha_composite(white, clear), np.array(alpha)
