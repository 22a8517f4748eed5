"""From any size to 32x32: crop, kernel and the record of both."""

import cv2
import numpy as np
import pytest

from cifake_core.basics.arrays import pixels_sha256
from cifake_core.basics.errors import InvalidImageError
from cifake_core.pictures.filters import stack
from cifake_core.pictures.jpeg_grid import grid_distance
from cifake_core.pictures.preprocessing import crop_and_resize, prepare


def noise(height: int, width: int) -> np.ndarray:
    """Return random RGB pixels."""
    return np.random.RandomState(3).randint(0, 256, (height, width, 3)).astype(np.uint8)


def test_native_size_passes_untouched():
    """A 32x32 picture is copied byte for byte and counts as the networks' own."""
    image = noise(32, 32)

    prepared = prepare(image)

    np.testing.assert_array_equal(prepared.pixels, image)
    assert not np.shares_memory(prepared.pixels, image)
    assert prepared.kernel == "none"
    assert prepared.crop == (0, 0, 32)
    assert prepared.notes == ()
    assert not prepared.was_resized


@pytest.mark.parametrize("factor", [2, 3, 8])
def test_enlargement_in_blocks_is_undone(factor):
    """The pixels are taken back exactly, and no kernel has touched them."""
    pixels = noise(32, 32)

    prepared = prepare(np.repeat(np.repeat(pixels, factor, axis=0), factor, axis=1))

    np.testing.assert_array_equal(prepared.pixels, pixels)
    assert prepared.kernel == "none"
    side = 32 * factor
    assert prepared.notes == (
        f"Taken back exactly from {side}x{side}, in blocks of {factor}x{factor}.",
    )


def test_one_odd_pixel_is_no_enlargement_in_blocks():
    """Then whole blocks are averaged, the odd one with its three neighbours."""
    pixels = noise(32, 32)
    image = np.repeat(np.repeat(pixels, 2, axis=0), 2, axis=1)
    image[7, 9] = 255 - image[7, 9]

    prepared = prepare(image)

    assert prepared.kernel == "area"
    differing = (prepared.pixels != pixels).any(axis=2)
    assert np.argwhere(differing).tolist() == [[3, 4]]


def test_each_kernel_makes_its_own_of_a_picture():
    """All see the square that was prepared; area is what the networks are shown."""
    image = noise(75, 90)

    prepared = prepare(image)

    found = prepared.resampled
    assert list(found) == ["area", "bilinear", "bicubic", "Lanczos"]
    np.testing.assert_array_equal(found["area"], prepared.pixels)
    square = image[:, 7:82]
    expected = cv2.resize(square, (32, 32), interpolation=cv2.INTER_LANCZOS4)
    np.testing.assert_array_equal(found["Lanczos"], expected)


def test_shrinking_is_opencv_area():
    """An uneven factor gives what OpenCV gives."""
    image = noise(75, 75)

    prepared = prepare(image)

    expected = cv2.resize(image, (32, 32), interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(prepared.pixels, expected)
    assert prepared.notes == (
        "Shrunk from 75x75 to 32x32 by averaging areas (cv2.INTER_AREA).",
    )


@pytest.mark.parametrize("side", [8, 20, 31])
def test_small_squares_are_enlarged_bicubically(side):
    """From 8 to 31 pixels the kernel is OpenCV's bicubic one."""
    image = noise(side, side)
    sizes = f"from {side}x{side} to 32x32"

    prepared = prepare(image)

    expected = cv2.resize(image, (32, 32), interpolation=cv2.INTER_CUBIC)
    np.testing.assert_array_equal(prepared.pixels, expected)
    assert prepared.kernel == "bicubic"
    assert prepared.was_resized
    assert prepared.notes == (
        f"Enlarged {sizes} by bicubic interpolation (cv2.INTER_CUBIC).",
    )


@pytest.mark.parametrize(
    ("height", "width", "crop"),
    [(300, 400, (0, 50, 300)), (400, 300, (50, 0, 300)), (64, 67, (0, 1, 64))],
)
def test_the_centre_square_is_kept(height, width, crop):
    """Of an oblong picture the same is left away on both sides."""
    image = noise(height, width)
    top, left, side = crop

    prepared = prepare(image)

    square = prepare(image[top : top + side, left : left + side])
    np.testing.assert_array_equal(prepared.pixels, square.pixels)
    assert prepared.crop == crop
    assert (prepared.original_height, prepared.original_width) == (height, width)
    assert prepared.notes == (
        f"Cropped to the centre {side}x{side} of {width}x{height} pixels.",
        f"Shrunk from {side}x{side} to 32x32 by averaging areas (cv2.INTER_AREA).",
    )


@pytest.mark.parametrize(("height", "width"), [(32, 48), (48, 32)])
def test_a_crop_alone_is_not_the_native_size(height, width):
    """Pixels that were only cropped are exact, yet the picture was not 32x32."""
    image = noise(height, width)

    prepared = prepare(image)

    top, left, _side = prepared.crop
    np.testing.assert_array_equal(
        prepared.pixels, image[top : top + 32, left : left + 32]
    )
    assert not np.shares_memory(prepared.pixels, image)
    assert prepared.kernel == "none"
    assert prepared.was_resized
    assert prepared.notes == (
        f"Cropped to the centre 32x32 of {width}x{height} pixels.",
    )


@pytest.mark.parametrize("shape", [(32, 32), (40, 90), (12, 9)])
def test_the_input_is_not_changed(shape):
    """A read-only picture is enough, and it keeps its bytes."""
    image = noise(*shape)
    before = image.copy()
    image.flags.writeable = False

    prepare(image)

    np.testing.assert_array_equal(image, before)


def test_the_result_is_always_of_one_kind():
    """A flat picture stays flat, 32x32 and uint8 whatever its size."""
    for side in (8, 31, 32, 33, 500):
        prepared = prepare(np.full((side, side + 1, 3), 200, np.uint8))

        assert prepared.pixels.shape == (32, 32, 3)
        assert prepared.pixels.dtype == np.uint8
        assert np.all(prepared.pixels == 200)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.zeros((32, 32, 4), np.uint8), r"shape \(H, W, 3\)"),
        (np.zeros((32, 32, 3), np.float32), "uint8"),
        (np.zeros((7, 7, 3), np.uint8), "at least 8"),
        (np.zeros((10, 201, 3), np.uint8), "20:1"),
    ],
)
def test_unusable_arrays_are_refused(image, message):
    """What `images` would not read is not prepared either."""
    with pytest.raises(InvalidImageError, match=message):
        prepare(image)
    with pytest.raises(InvalidImageError, match=message):
        crop_and_resize(image)


@pytest.mark.parametrize("shape", [(32, 32), (64, 64), (40, 90), (12, 9)])
def test_a_picture_is_filtered_hashed_and_measured_once(shape):
    """Planes, hash and distance to the JPEG grid are those of the 32x32 pixels."""
    prepared = prepare(noise(*shape))

    pixels = prepared.pixels
    np.testing.assert_array_equal(prepared.planes, stack(pixels))
    assert prepared.sha256 == pixels_sha256(pixels)
    assert prepared.grid_distance == grid_distance(pixels[None])[0]
    np.testing.assert_array_equal(crop_and_resize(noise(*shape)), pixels)


@pytest.mark.parametrize("shape", [(32, 32), (40, 90)])
def test_nobody_can_change_a_prepared_picture(shape):
    """Who shares the record may rely on its hash."""
    prepared = prepare(noise(*shape))

    for array in (prepared.pixels, prepared.planes, *prepared.resampled.values()):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0


def test_kernels_are_asked_only_where_one_was_needed():
    """A native picture, a crop and an enlargement in blocks depend on none."""
    for shape in ((32, 32), (32, 48)):
        assert prepare(noise(*shape)).resampled == {}
