"""Reading pictures: every supported kind, every refusal."""

import struct
import warnings
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cifake_core.basics.errors import InvalidImageError
from cifake_core.pictures import reading
from tests import made_data

HEIGHT, WIDTH = 20, 24


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return `image` as a file of `kind`."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    """Return random uint8 values."""
    return np.random.RandomState(seed).randint(0, 256, shape).astype(np.uint8)


def random_image(seed: int = 0) -> Image.Image:
    """Return an RGB picture of 24x20 random pixels."""
    return Image.fromarray(noise(HEIGHT, WIDTH, 3, seed=seed))


def smooth_image() -> Image.Image:
    """Return an RGB picture that lossy kinds keep closely."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    flat = np.full((HEIGHT, WIDTH), 120)
    return Image.fromarray(np.dstack([rows * 8, columns * 8, flat]).astype(np.uint8))


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """Return one chunk of a PNG file."""
    check = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + check


def png_16(height: int, width: int, *, colour_type: int, samples: np.ndarray) -> bytes:
    """Return a 16-bit PNG, which Pillow itself can only write in grey."""
    lines = samples.astype(">u2").reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + line.tobytes() for line in lines))
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", body)
        + png_chunk(b"IEND", b"")
    )


def frames(kind: str) -> bytes:
    """Return a file of three pictures, each made for it: Pillow notes on them how."""
    further = [random_image(1), random_image(2)]
    return encode(random_image(), kind, save_all=True, append_images=further)


WHOLE_FILES = {
    "jpeg": encode(random_image(), "JPEG"),
    "progressive jpeg": encode(random_image(), "JPEG", progressive=True),
    "png": encode(random_image(), "PNG"),
    "webp": encode(random_image(), "WEBP"),
    "lossless webp": encode(random_image(), "WEBP", lossless=True),
    "gif": encode(random_image(), "GIF"),
    "bmp": encode(random_image(), "BMP"),
    "tiff": encode(random_image(), "TIFF"),
    "lzw tiff": encode(random_image(), "TIFF", compression="tiff_lzw"),
    "avif": encode(random_image(), "AVIF"),
    "animated gif": frames("GIF"),
    "animated png": frames("PNG"),
    "animated webp": frames("WEBP"),
    "tiff of pages": frames("TIFF"),
}


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("BMP", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_deflate"}),
        ("WEBP", {"lossless": True}),
    ],
)
def test_lossless_kinds_keep_every_pixel(kind, options):
    """What was saved without loss is read back exactly, and nothing is noted."""
    original = random_image()

    picture = reading.read_picture(encode(original, kind, **options))

    np.testing.assert_array_equal(picture.pixels, np.asarray(original))
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.flags.writeable
    assert picture.format == kind
    assert picture.notes == ()


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"quality": 95, "subsampling": 0}),
        ("JPEG", {"quality": 95, "subsampling": 0, "progressive": True}),
        ("WEBP", {"quality": 100}),
        ("AVIF", {"quality": 100, "subsampling": "4:4:4"}),
    ],
)
def test_lossy_kinds_stay_close(kind, options):
    """A smooth picture comes back in the right place and the right colours."""
    original = smooth_image()

    picture = reading.read_picture(encode(original, kind, **options))

    difference = np.abs(picture.pixels.astype(int) - np.asarray(original))
    assert picture.pixels.shape == (HEIGHT, WIDTH, 3)
    assert difference.mean() < 3
    assert picture.format == kind


def test_cmyk_jpeg_has_the_colours_of_its_inks():
    """Cyan ink without black becomes cyan, not its negative."""
    cyan = Image.new("CMYK", (WIDTH, HEIGHT), (255, 0, 0, 51))

    picture = reading.read_picture(encode(cyan, "JPEG", quality=100))

    assert np.abs(picture.pixels.astype(int) - (0, 204, 204)).max() <= 2
    assert "CMYK" in picture.notes[0]


def test_ycck_jpeg_is_converted_as_adobe_writes_it():
    """Adobe's transform 2 stores inverted inks as Y, Cb, Cr and K.

    Y 100 and Cr 178 are the inks 170, 64 and 100, K 255 is no black; in RGB that
    is 255 minus each ink.
    """
    stored = Image.new("CMYK", (WIDTH, HEIGHT), (255 - 100, 255 - 128, 255 - 178, 0))
    file = bytearray(encode(stored, "JPEG", quality=100, subsampling=0))
    file[file.index(b"Adobe") + 11] = 2

    picture = reading.read_picture(bytes(file))

    assert np.abs(picture.pixels.astype(int) - (85, 191, 155)).max() <= 2


def test_cmyk_tiff_is_not_inverted():
    """In a TIFF, 0 is no ink."""
    magenta = Image.new("CMYK", (WIDTH, HEIGHT), (0, 255, 0, 0))

    picture = reading.read_picture(encode(magenta, "TIFF"))

    assert np.all(picture.pixels == (255, 0, 255))


def test_palette_png_gets_its_colours():
    """Palette indices are looked up."""
    image = random_image().quantize(16)

    picture = reading.read_picture(encode(image, "PNG"))

    np.testing.assert_array_equal(picture.pixels, np.asarray(image.convert("RGB")))


def test_transparent_palette_entry_becomes_white():
    """A palette entry that tRNS hides shows the white beneath; others stay."""
    image = Image.new("P", (WIDTH, HEIGHT), 0)
    image.putpalette([10, 20, 30, 200, 100, 50])
    image.paste(1, (0, 0, 12, HEIGHT))

    picture = reading.read_picture(encode(image, "PNG", transparency=1))

    assert np.all(picture.pixels[:, :12] == 255)
    assert np.all(picture.pixels[:, 12:] == (10, 20, 30))
    assert picture.notes == ("Transparent parts were laid over white.",)


def test_graded_palette_transparency_is_mixed_with_white():
    """A palette entry of 20 % opacity keeps a fifth of its colour."""
    image = Image.new("P", (WIDTH, HEIGHT), 0)
    image.putpalette([0, 0, 0, 9, 9, 9])

    picture = reading.read_picture(encode(image, "PNG", transparency=bytes([51, 255])))

    assert np.all(picture.pixels == 204)


def test_alpha_is_laid_over_white():
    """Opaque stays, clear becomes white whatever its colour, half is mixed."""
    pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    pixels[:, :8] = (10, 20, 30, 255)
    pixels[:, 8:16] = (10, 20, 30, 0)
    pixels[:, 16:] = (0, 0, 0, 51)

    picture = reading.read_picture(encode(Image.fromarray(pixels), "PNG"))

    assert np.all(picture.pixels[:, :8] == (10, 20, 30))
    assert np.all(picture.pixels[:, 8:16] == 255)
    assert np.all(picture.pixels[:, 16:] == 204)


def test_opaque_alpha_is_dropped_without_a_note():
    """An alpha channel that hides nothing changes nothing."""
    original = random_image()

    picture = reading.read_picture(encode(original.convert("RGBA"), "PNG"))

    np.testing.assert_array_equal(picture.pixels, np.asarray(original))
    assert picture.notes == ()


@pytest.mark.parametrize("mode", ["L", "1"])
def test_gray_is_repeated_in_three_channels(mode):
    """A grey or black-and-white picture becomes equal R, G and B."""
    original = random_image().convert(mode)

    picture = reading.read_picture(encode(original, "PNG"))

    gray = np.asarray(original.convert("L"))
    np.testing.assert_array_equal(picture.pixels, np.dstack([gray, gray, gray]))


def test_how_opaque_pixels_were_is_kept():
    """The alpha channel of the file, turned upright like the pixels; else none."""
    clear = np.zeros((8, 9, 4), np.uint8)
    clear[0, 0, 3] = 254
    opaque = np.full((8, 9, 4), 255, np.uint8)

    kept = reading.read_picture(made_data.png(clear)).alpha

    assert kept.shape == (8, 9)
    assert (kept[0, 0], kept[1, 1]) == (254, 0)
    assert reading.read_picture(made_data.png(opaque)).alpha is None
    assert reading.read_picture(made_data.png(opaque[..., :3])).alpha is None


def test_gray_with_alpha_is_laid_over_white():
    """LA is composed as RGBA is."""
    image = Image.new("LA", (WIDTH, HEIGHT), (0, 51))

    picture = reading.read_picture(encode(image, "PNG"))

    assert np.all(picture.pixels == 204)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_deep_gray_is_scaled_not_clipped(kind):
    """Of 16 bits the upper 8 are kept: 256 is 1 and 65535 is 255."""
    deep = np.resize(np.array([0, 255, 256, 0x1234, 32768, 65535], np.uint16), (8, 12))

    picture = reading.read_picture(encode(Image.fromarray(deep), kind))

    np.testing.assert_array_equal(picture.pixels[0, :6, 0], [0, 0, 1, 0x12, 128, 255])
    assert picture.notes == ("Its colours were reduced from 16 to 8 bits a channel.",)


def test_deep_gray_hides_its_transparent_value():
    """The grey that tRNS names is white, a neighbouring one is not."""
    deep = np.full((8, 8), 0x1234, np.uint16)
    deep[0] = 0x1235

    file = encode(Image.fromarray(deep), "PNG", transparency=0x1234)
    picture = reading.read_picture(file)

    assert np.all(picture.pixels[0] == 0x12)
    assert np.all(picture.pixels[1:] == 255)


@pytest.mark.parametrize(("colour_type", "channels"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_every_deep_png_is_scaled_alike(colour_type, channels):
    """16-bit grey, RGB and both with alpha give the upper 8 bits of each sample."""
    values = np.resize(np.array([0, 0x12FF, 0x8000, 65535], np.uint16), (8, 8))
    samples = np.repeat(values[:, :, np.newaxis], channels, axis=2)
    if colour_type >= 4:
        samples[:, :, -1] = 65535

    file = png_16(8, 8, colour_type=colour_type, samples=samples)
    picture = reading.read_picture(file)

    expected = np.repeat((values >> 8)[:, :, np.newaxis], 3, axis=2)
    np.testing.assert_array_equal(picture.pixels, expected)
    assert picture.notes == ("Its colours were reduced from 16 to 8 bits a channel.",)


@pytest.mark.parametrize(
    ("kind", "options", "part"),
    [
        ("GIF", {}, "frames"),
        ("PNG", {}, "frames"),
        ("WEBP", {"lossless": True}, "frames"),
        ("TIFF", {}, "pages"),
        ("AVIF", {"quality": 100, "subsampling": "4:4:4"}, "frames"),
    ],
)
def test_first_of_several_frames_is_read_and_said(kind, options, part):
    """Of an animation or a file of pages the first picture is used, with a note."""
    first, second = (Image.new("RGB", (16, 16), colour) for colour in ("red", "blue"))
    file = encode(first, kind, save_all=True, append_images=[second], **options)

    picture = reading.read_picture(file)

    assert np.abs(picture.pixels.astype(int) - (255, 0, 0)).max() <= 3
    assert picture.notes == (f"The file holds 2 {part}; only the first is used.",)


def test_camera_file_of_two_pictures_is_a_jpeg():
    """The MPO files of phones are read as the JPEG that they begin with."""
    first, second = (Image.new("L", (16, 16), gray) for gray in (40, 200))
    file = encode(first, "MPO", save_all=True, append_images=[second])

    picture = reading.read_picture(file)

    assert picture.format == "JPEG"
    assert np.all(picture.pixels == 40)
    assert picture.notes == ("The file holds 2 pictures; only the first is used.",)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize(
    ("orientation", "turn"),
    [
        (1, lambda pixels: pixels),
        (2, np.fliplr),
        (3, lambda pixels: np.rot90(pixels, 2)),
        (6, lambda pixels: np.rot90(pixels, -1)),
        (8, np.rot90),
    ],
)
def test_exif_orientation_is_applied(kind, orientation, turn):
    """Orientation 6 is a quarter turn clockwise, and so on, in any container."""
    original = random_image()
    exif = Image.Exif()
    exif[0x0112] = orientation

    picture = reading.read_picture(encode(original, kind, exif=exif))

    np.testing.assert_array_equal(picture.pixels, turn(np.asarray(original)))


def test_turned_jpeg_says_so():
    """A phone's upright JPEG swaps height and width and notes the turn."""
    exif = Image.Exif()
    exif[0x0112] = 6

    picture = reading.read_picture(encode(smooth_image(), "JPEG", exif=exif))

    assert picture.pixels.shape == (WIDTH, HEIGHT, 3)
    assert picture.notes == ("Turned upright as its EXIF data says.",)


def test_damaged_exif_costs_the_orientation_only():
    """A picture whose EXIF block is rubbish is still read, with a note."""
    original = random_image()

    picture = reading.read_picture(encode(original, "PNG", exif=b"Exif\0\0rubbish"))

    np.testing.assert_array_equal(picture.pixels, np.asarray(original))
    assert "EXIF data is corrupted" in picture.notes[0]


def test_a_path_gives_what_its_bytes_give(tmp_path):
    """A file is read the same from disk."""
    path = tmp_path / "picture.png"
    path.write_bytes(WHOLE_FILES["png"])

    picture = reading.read_picture(path)

    np.testing.assert_array_equal(picture.pixels, np.asarray(random_image()))


@pytest.mark.parametrize("name", WHOLE_FILES)
@pytest.mark.parametrize("part", [0.3, 0.5, 0.6])
def test_cut_off_files_are_refused(name, part):
    """No file that lost its end is half decoded."""
    file = WHOLE_FILES[name]

    with pytest.raises(InvalidImageError, match=r"is cut off or corrupted; .+\.$"):
        reading.read_picture(file[: int(part * len(file))])


@pytest.mark.parametrize("name", [name for name in WHOLE_FILES if "tiff" not in name])
def test_a_missing_last_byte_is_noticed(name):
    """Even where Pillow has all pixels, a file without its end is refused."""
    file = WHOLE_FILES[name]

    with pytest.raises(InvalidImageError, match="cut off or corrupted"):
        reading.read_picture(file[:-1])


@pytest.mark.parametrize(("kind", "part"), [("TIFF", 0.9), ("MPO", 0.6)])
def test_a_later_page_that_is_cut_does_no_harm(kind, part):
    """Messengers cut the second picture off a phone's file; the first is whole."""
    file = frames(kind)
    expected = reading.read_picture(file)

    picture = reading.read_picture(file[: int(part * len(file))])

    np.testing.assert_array_equal(picture.pixels, expected.pixels)


@pytest.mark.parametrize("name", ["png", "gif", "animated gif", "jpeg", "bmp"])
def test_bytes_after_the_end_do_no_harm(name):
    """What some programs append to a whole file is ignored."""
    expected = reading.read_picture(WHOLE_FILES[name])

    picture = reading.read_picture(WHOLE_FILES[name] + b"appended")

    np.testing.assert_array_equal(picture.pixels, expected.pixels)


def test_a_gif_with_a_stray_byte_between_blocks_is_read():
    """A zero before the trailer, which some encoders write, is skipped."""
    file = WHOLE_FILES["gif"]

    picture = reading.read_picture(file[:-1] + b"\0;")

    assert picture.pixels.shape == (HEIGHT, WIDTH, 3)


def test_pillow_warnings_stay_inside():
    """A size over which Pillow warns of a bomb gives our sentence alone."""
    file = png_16(10_000, 10_000, colour_type=0, samples=np.zeros((10_000, 0)))

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(InvalidImageError, match="50 megapixels"):
            reading.read_picture(file)

    assert not caught


@pytest.mark.parametrize(
    "file", [b"Just a few words.\n", b"\0" * 100, b"<svg></svg>", b"%PDF-1.7"]
)
def test_what_is_no_picture_is_refused(file):
    """Text, zeros and other documents get the list of what can be read."""
    kinds = "JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF"

    with pytest.raises(InvalidImageError, match=f"not a picture.*{kinds}"):
        reading.read_picture(file)


@pytest.mark.parametrize("kind", ["ICO", "PPM", "TGA", "PDF", "JPEG2000"])
def test_other_kinds_of_pictures_are_refused(kind):
    """What Pillow could read but nobody promised is refused with the list."""
    file = encode(random_image(), kind)

    with pytest.raises(InvalidImageError, match="supported kind; use JPEG, PNG"):
        reading.read_picture(file)


@pytest.mark.parametrize("mode", ["F", "I", "LAB"])
def test_pixels_without_a_known_range_are_refused(mode):
    """Measurements in a TIFF are not guessed into a picture."""
    file = encode(Image.new(mode, (16, 16)), "TIFF")

    with pytest.raises(InvalidImageError, match=rf"mode {mode}\).*save it as RGB"):
        reading.read_picture(file)


def test_an_empty_file_is_refused(tmp_path):
    """Nothing is not a picture, whether from bytes or from disk."""
    path = tmp_path / "empty.png"
    path.touch()

    for source in (b"", path):
        with pytest.raises(InvalidImageError, match="file is empty"):
            reading.read_picture(source)


def test_one_byte_too_many_is_refused_with_the_limit():
    """A whole picture of 10 MB passes, one byte more does not."""
    file = WHOLE_FILES["png"]
    full = file + bytes(reading.MAX_BYTES - len(file))

    assert reading.read_picture(full).format == "PNG"
    with pytest.raises(InvalidImageError, match=r"10,485,761 bytes.*at most 10 MB"):
        reading.read_picture(full + b"\0")


def test_a_large_file_is_not_even_opened(tmp_path, monkeypatch):
    """The size on disk decides before a byte is read."""
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.truncate(reading.MAX_BYTES + 1)
    monkeypatch.setattr(Path, "read_bytes", lambda _path: pytest.fail("was read"))

    with pytest.raises(InvalidImageError, match="at most 10 MB"):
        reading.read_picture(path)


@pytest.mark.parametrize(
    ("height", "width"), [(60_000, 60_000), (10_000, 10_000), (5_000, 10_001)]
)
def test_too_many_pixels_are_refused_before_decoding(height, width):
    """A header that claims more than 50 megapixels is enough.

    60,000 squared is above Pillow's own error, 10,000 squared above its warning.
    """
    file = png_16(height, width, colour_type=0, samples=np.zeros((height, 0)))

    with pytest.raises(InvalidImageError, match="50 megapixels"):
        reading.read_picture(file)


def test_fifty_megapixels_are_within_the_limit():
    """The limit itself is allowed: such a header fails for its missing pixels only."""
    file = png_16(5_000, 10_000, colour_type=0, samples=np.zeros((5_000, 0)))

    with pytest.raises(InvalidImageError, match="cut off"):
        reading.read_picture(file)


@pytest.mark.parametrize("size", [(7, 100), (100, 7), (1, 1)])
def test_small_sides_are_refused(size):
    """Both sides need 8 pixels."""
    file = encode(Image.new("RGB", size), "PNG")

    with pytest.raises(InvalidImageError, match=f"{size[0]}x{size[1]}.*at least 8"):
        reading.read_picture(file)


@pytest.mark.parametrize("size", [(201, 10), (10, 201)])
def test_long_strips_are_refused(size):
    """20.1:1 is too long, lying or entry."""
    file = encode(Image.new("RGB", size), "PNG")

    with pytest.raises(InvalidImageError, match=f"{size[0]}x{size[1]}.*20:1"):
        reading.read_picture(file)


@pytest.mark.parametrize("size", [(8, 8), (160, 8), (8, 160)])
def test_the_limits_themselves_are_allowed(size):
    """Sides of 8 pixels and an aspect of 20:1 are read."""
    file = encode(Image.new("RGB", size), "PNG")

    picture = reading.read_picture(file)

    assert picture.pixels.shape == (size[1], size[0], 3)


def test_a_missing_file_is_named(tmp_path):
    """The sentence holds the path that was asked for."""
    with pytest.raises(InvalidImageError, match=r"no file at .*absent\.png"):
        reading.read_picture(tmp_path / "absent.png")


def test_a_folder_is_named(tmp_path):
    """A folder is not opened as a file."""
    with pytest.raises(InvalidImageError, match=rf"{tmp_path.name}.*folder"):
        reading.read_picture(tmp_path)


@pytest.mark.parametrize("name", ["a" * 5_000, "a\0b"])
def test_an_impossible_path_is_a_sentence(name):
    """A path that no system accepts is refused as any other."""
    with pytest.raises(InvalidImageError, match=r"can't be read|no file"):
        reading.read_picture(Path(name))


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((32, 32), np.uint8), r"shape \(H, W, 3\)"),
        (np.zeros((32, 32, 3), np.float32), "uint8.*Received float32"),
        (np.zeros((7, 32, 3), np.uint8), "at least 8"),
        (np.zeros((8, 161, 3), np.uint8), "20:1"),
        (np.broadcast_to(np.uint8(0), (8_000, 7_000, 3)), "50 megapixels"),
    ],
)
def test_arrays_are_held_to_the_same_limits(array, message):
    """A picture that never was a file meets the same refusals."""
    with pytest.raises(InvalidImageError, match=message):
        reading.check_picture(array)


def test_a_good_array_passes():
    """The guard is silent over a usable picture."""
    reading.check_picture(noise(8, 160, 3))
