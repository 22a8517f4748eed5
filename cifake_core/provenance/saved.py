"""Saved form: quality, subsampling and tables of a JPEG file, and its thumbnail."""

from functools import cache
from io import BytesIO
from typing import Final, Literal

import cv2
import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, ImageOps

from cifake_core.basics.arrays import Rgb
from cifake_core.pictures.double_compression import saved_twice
from cifake_core.pictures.file_form import FileForm, Tables, file_form
from cifake_core.pictures.reading import FAULTS, silence
from cifake_core.provenance.metadata import Metadata
from cifake_core.provenance.records import Saved, Thumbnail

#: Pixels of a thumbnail's longer side at most; cameras make 160, some 640.
_MAX_THUMBNAIL: Final = 2048
#: Side to which picture and thumbnail are brought to be compared.
_SIDE: Final = 32
#: Correlation of luminances below which they show something else; see the test.
_ALIKE: Final = 0.8
#: Spread of luminance, in levels, below which a picture is too flat to compare.
_FLAT: Final = 2.0


def saved(source: bytes, metadata: Metadata, image: Rgb) -> Saved:
    """How a file was saved, read off its header and its thumbnail.

    Args:
        source: the bytes of a file that Pillow opens.
        metadata: of the file.
        image: (H, W, 3) uint8, its pixels, upright.
    """
    with silence():
        form = file_form(source)
    quality, tables = _quality(form.tables)
    return Saved(
        format=form.kind,
        width=form.width,
        height=form.height,
        quality=quality,
        subsampling=form.sampling or None,
        tables=tables,
        twice=True if _saved_twice(form, metadata, image) else None,
        thumbnail=_thumbnail(metadata, image),
    )


def _saved_twice(form: FileForm, metadata: Metadata, image: Rgb) -> bool:
    """Whether a JPEG file's pixels, as they are stored, show an earlier compression."""
    if not form.tables:
        return False
    stored = {
        2: image[:, ::-1],
        3: image[::-1, ::-1],
        4: image[::-1],
        5: image.swapaxes(0, 1),
        6: np.rot90(image),
        7: image[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90(image, -1),
    }
    turn = metadata.exif.get(ExifTags.Base.Orientation, 1)
    return saved_twice(stored.get(turn, image), form.tables[0])


def _quality(tables: Tables) -> tuple[int | None, Literal["standard", "own"] | None]:
    """Quality of libjpeg's scale, and whose tables they are."""
    if not tables or any(len(table) != 64 for table in tables):
        return None, None
    known = _standard_tables()
    for quality, standard in known.items():
        if all(table in standard for table in tables):
            return quality, "standard"
    luma = np.asarray(tables[0], np.float64)
    return min(
        known, key=lambda q: float(np.abs(np.asarray(known[q][0]) - luma).sum())
    ), "own"


@cache
def _standard_tables() -> dict[int, Tables]:
    """Tables of libjpeg by quality, the best first, as it writes them itself."""
    tables = {}
    for quality in range(100, 0, -1):
        file = BytesIO()
        Image.new("RGB", (8, 8)).save(file, "JPEG", quality=quality)
        tables[quality] = file_form(file.getvalue()).tables
    return tables


def _thumbnail(metadata: Metadata, image: Rgb) -> Thumbnail:
    """Whether the preview in the EXIF data shows the picture."""
    if not metadata.thumbnail:
        return "none"
    try:
        with silence():
            preview = Image.open(BytesIO(metadata.thumbnail), formats=["JPEG"])
            if max(preview.size) > _MAX_THUMBNAIL:
                return "none"
            turn = metadata.exif.get(ExifTags.Base.Orientation, 1)
            preview.getexif()[ExifTags.Base.Orientation] = turn  # that of the picture
            shown = np.array(ImageOps.exif_transpose(preview).convert("RGB"))
    except FAULTS:
        return "none"
    return "same" if _correlation(shown, image) >= _ALIKE else "differs"


def _correlation(preview: Rgb, image: Rgb) -> float:
    """Correlation of two pictures' luminances, -1 to 1; 1 if both are flat.

    The preview is cut to the picture's aspect: cameras put bars beside it.
    """
    height, width = preview.shape[:2]
    aspect = image.shape[1] / image.shape[0]
    rows = max(1, min(height, round(width / aspect)))
    columns = max(1, min(width, round(height * aspect)))
    top, left = (height - rows) // 2, (width - columns) // 2
    one = _luminance(preview[top : top + rows, left : left + columns])
    other = _luminance(image)
    spreads = one.std(), other.std()
    if min(spreads) < _FLAT:
        return float(max(spreads) < 2 * _FLAT)
    return float(
        ((one - one.mean()) * (other - other.mean())).mean() / np.prod(spreads)
    )


def _luminance(image: Rgb) -> npt.NDArray[np.float64]:
    """(32, 32) luminance of a picture, thinned out first where it is large."""
    step = max(1, min(image.shape[:2]) // (8 * _SIDE))
    thin = np.ascontiguousarray(image[::step, ::step])
    small = cv2.resize(thin, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float64)
