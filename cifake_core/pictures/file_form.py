"""File form: how a picture was saved, before anybody looks at what it shows."""

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, JpegImagePlugin

#: Quantisation tables of a JPEG file: 64 steps of luma, 64 of chroma; none of others.
Tables = tuple[tuple[int, ...], ...]

#: Chroma sampling of JPEG files, by the number that Pillow gives it.
_SAMPLINGS: Final = {0: "4:4:4", 1: "4:2:2", 2: "4:2:0"}


@dataclass(frozen=True, kw_only=True, slots=True)
class FileForm:
    """Form of a picture file: kind, size in pixels, and how a JPEG was compressed.

    `tables` and `sampling` are empty for what is no JPEG, `sampling` also for one of
    grey pixels or of a rare kind.
    """

    kind: str
    width: int
    height: int
    tables: Tables = ()
    sampling: str = ""


def file_form(source: bytes) -> FileForm:
    """Form of a file that `reading.read_picture` reads; only its header is looked at.

    Args:
        source: the bytes of the file.
    """
    with Image.open(BytesIO(source)) as image:
        is_jpeg = isinstance(image, JpegImagePlugin.JpegImageFile)
        number = JpegImagePlugin.get_sampling(image) if is_jpeg else -1
        tables = getattr(image, "quantization", {}).values() if is_jpeg else ()
        return FileForm(
            kind="JPEG" if is_jpeg else str(image.format),
            width=image.width,
            height=image.height,
            tables=tuple(tuple(table) for table in tables),
            sampling=_SAMPLINGS.get(number, ""),
        )
