"""Saved form: quality, subsampling, tables, double compression and thumbnail."""

from io import BytesIO

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageOps

from cifake_core.basics.places import ASSETS
from cifake_core.pictures.reading import read_picture
from tests import made_data
from tests.provenance.reading import facts

PHOTOGRAPH = read_picture(ASSETS / "samples" / "astronaut.jpg").pixels
OTHER = read_picture(ASSETS / "samples" / "rocket.jpg").pixels
#: Shrunk, so that no trace of the sample's own compression is left.
CLEAN = np.asarray(Image.fromarray(PHOTOGRAPH).resize((250, 250), Image.LANCZOS))


@pytest.mark.parametrize("quality", [10, 30, 50, 75, 90, 95, 100])
@pytest.mark.parametrize("sampling", ["4:4:4", "4:2:2", "4:2:0"])
def test_quality_and_subsampling_are_exact(quality, sampling):
    """Of libjpeg's tables every quality is known."""
    file = made_data.saved(CLEAN, "JPEG", quality=quality, subsampling=sampling)

    saved = facts(file).saved

    assert (saved.quality, saved.tables) == (quality, "standard")
    assert saved.subsampling == sampling
    assert (saved.format, saved.width, saved.height) == ("JPEG", 250, 250)


def test_own_tables_have_an_estimate():
    """Tables a little other than those of 80 are near 80, and called own."""
    with Image.open(BytesIO(made_data.jpeg(CLEAN, quality=80))) as image:
        tables = [list(table) for table in image.quantization.values()]
    tables[0][3] += 1

    saved = facts(made_data.saved(CLEAN, "JPEG", qtables=tables)).saved

    assert saved.tables == "own"
    assert saved.quality == pytest.approx(80, abs=1)


def test_other_formats_have_no_quality():
    """PNG is not asked for what it does not have."""
    saved = facts(made_data.png(CLEAN)).saved

    assert (saved.quality, saved.subsampling, saved.tables) == (None, None, None)
    assert saved.twice is None


def test_saved_once_and_twice():
    """A better second save shows the first; one save shows nothing."""
    once = made_data.jpeg(CLEAN, quality=90)
    twice = made_data.jpeg(
        read_picture(made_data.jpeg(CLEAN, quality=60)).pixels, quality=90
    )

    assert facts(once).saved.twice is None
    assert facts(twice).saved.twice is True


@pytest.mark.parametrize("turn", range(1, 9))
def test_turned_pictures_are_looked_at_as_stored(turn):
    """The orientation of EXIF hides no earlier compression."""
    first = read_picture(made_data.jpeg(CLEAN[:203], quality=60)).pixels
    held = Image.Exif()
    held[ExifTags.Base.Orientation] = turn
    file = made_data.saved(first, "JPEG", quality=90, exif=held)

    assert facts(file).saved.twice is True


def with_thumbnail(image, preview, *, turn: int = 1) -> bytes:
    """A JPEG file with a preview in its EXIF data, put there by hand."""
    small = made_data.jpeg(np.asarray(Image.fromarray(preview).resize((80, 80))))
    head = b"MM\0*" + (8).to_bytes(4)
    first = (1).to_bytes(2) + entry(0x0112, 3, turn << 16) + (26).to_bytes(4)
    second = (2).to_bytes(2) + entry(0x0201, 4, 56) + entry(0x0202, 4, len(small))
    body = head + first + second + (0).to_bytes(4)
    exif = b"Exif\0\0" + body + small
    assert len(body) == 56
    return made_data.saved(image, "JPEG", exif=exif)


def entry(tag: int, kind: int, value: int) -> bytes:
    """A tag with one value, as TIFF lays it out."""
    return tag.to_bytes(2) + kind.to_bytes(2) + (1).to_bytes(4) + value.to_bytes(4)


def test_a_thumbnail_of_the_picture():
    """It is the same, also where the picture is turned, or was saved harder."""
    turned = np.asarray(ImageOps.mirror(Image.fromarray(PHOTOGRAPH)))

    assert facts(with_thumbnail(PHOTOGRAPH, PHOTOGRAPH)).saved.thumbnail == "same"
    assert facts(with_thumbnail(turned, turned, turn=2)).saved.thumbnail == "same"
    assert facts(made_data.jpeg(PHOTOGRAPH)).saved.thumbnail == "none"


@pytest.mark.parametrize("preview", [OTHER, PHOTOGRAPH[::-1]])
def test_a_thumbnail_of_something_else(preview):
    """What was exchanged or turned afterwards is told."""
    assert facts(with_thumbnail(PHOTOGRAPH, preview)).saved.thumbnail == "differs"
