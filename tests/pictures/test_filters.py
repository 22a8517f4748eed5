"""The six filters: one contract, OpenCV's own bytes, and answers known by hand."""

import doctest

import cv2
import numpy as np
import pytest

from cifake_core.basics.errors import InvalidImageError
from cifake_core.pictures import filters
from cifake_core.pictures.filters import FILTER_TEXTS, FILTERS

NAMES = tuple(FILTERS)
SEEDS = range(20)


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    """Return random uint8 values."""
    return np.random.RandomState(seed).randint(0, 256, shape).astype(np.uint8)


def smooth(height: int = 32, width: int = 32, seed: int = 0) -> np.ndarray:
    """Return an RGB picture with soft shapes, as photographs have."""
    small = noise(5, 5, 3, seed=seed)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def flat(value: int) -> np.ndarray:
    """Return a 32x32 RGB picture of one grey."""
    return np.full((32, 32, 3), value, np.uint8)


def step(column: int = 16) -> np.ndarray:
    """Return a picture that is black left of `column` and white from it on."""
    image = flat(0)
    image[:, column:] = 255
    return image


def dot(row: int = 10, column: int = 20) -> np.ndarray:
    """Return a black picture with one white pixel."""
    image = flat(0)
    image[row, column] = 255
    return image


def notebook_planes(bgr: np.ndarray) -> dict[str, np.ndarray]:
    """Return the six planes by the code of Hosen et al., from BGR as they read it."""
    green = bgr[:, :, 1]
    clahe = cv2.createCLAHE(clipLimit=2.0, tileGridSize=(8, 8)).apply(green)
    gray = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY)
    sx = cv2.Sobel(gray, cv2.CV_64F, 1, 0, ksize=5)
    sy = cv2.Sobel(gray, cv2.CV_64F, 0, 1, ksize=5)
    return {
        "green_channel": green,
        "clahe_green": clahe,
        "gaussian_blur": cv2.GaussianBlur(clahe, (5, 5), 0),
        "grayscale": gray,
        "canny_edges": cv2.Canny(gray, 100, 200),
        "sobel_magnitude": cv2.normalize(
            np.sqrt(sx**2 + sy**2), None, 0, 255, cv2.NORM_MINMAX, cv2.CV_8U
        ),
    }


def test_the_example_is_right():
    """What the docstring computes for its reader is what comes out."""
    found = doctest.testmod(filters)

    assert (found.attempted > 0, found.failed) == (True, 0)


def test_order_of_the_channels():
    """The order that saved networks rely on never changes."""
    assert NAMES == (
        "green_channel",
        "clahe_green",
        "gaussian_blur",
        "grayscale",
        "canny_edges",
        "sobel_magnitude",
    )


def test_every_channel_has_its_text():
    """Each filter has a title and one line on what it shows."""
    assert tuple(FILTER_TEXTS) == NAMES
    assert all(text.title and text.shows for text in FILTER_TEXTS.values())


@pytest.mark.parametrize("size", [(32, 32), (8, 8), (9, 30)])
@pytest.mark.parametrize("name", NAMES)
def test_a_filter_gives_a_plane_of_the_same_size(name, size):
    """The plane has the picture's height and width and whole pixels."""
    plane = FILTERS[name](noise(*size, 3))

    assert plane.shape == size
    assert plane.dtype == np.uint8
    assert plane.flags.c_contiguous


@pytest.mark.parametrize("name", NAMES)
def test_a_filter_leaves_its_input_alone(name):
    """The picture is unchanged, and the plane is not a view of it."""
    image = noise(32, 32, 3)
    before = image.copy()

    plane = FILTERS[name](image)

    assert np.array_equal(image, before)
    assert not np.shares_memory(plane, image)


@pytest.mark.parametrize("name", NAMES)
def test_a_filter_is_pure(name):
    """The same picture gives the same plane, also from a mirrored view."""
    image = noise(32, 32, 3)
    view = image[:, ::-1][:, ::-1]

    assert np.array_equal(FILTERS[name](image), FILTERS[name](view))


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (noise(32, 32), r"Received shape \(32, 32\)"),
        (noise(32, 32, 4), r"Received shape \(32, 32, 4\)"),
        (noise(32, 32, 3).astype(np.float32), "Received float32"),
    ],
)
@pytest.mark.parametrize("filter_picture", [*FILTERS.values(), filters.stack])
def test_a_filter_refuses_what_is_no_picture(filter_picture, image, message):
    """Another shape or type is refused with what was received."""
    with pytest.raises(InvalidImageError, match=message):
        filter_picture(image)


@pytest.mark.parametrize("make", [noise, smooth], ids=["noise", "smooth"])
@pytest.mark.parametrize("name", NAMES)
def test_a_filter_equals_the_notebook(name, make):
    """Each plane is byte for byte that of the published code."""
    pictures = [
        make(32, 32, 3, seed=s) if make is noise else make(seed=s) for s in SEEDS
    ]

    for rgb in pictures:
        bgr = np.ascontiguousarray(rgb[:, :, ::-1])

        assert np.array_equal(FILTERS[name](rgb), notebook_planes(bgr)[name])


@pytest.mark.parametrize("value", [0, 77, 255])
@pytest.mark.parametrize("name", ["canny_edges", "sobel_magnitude"])
def test_a_flat_picture_has_no_edges(name, value):
    """Where nothing changes there is no edge, and no division by zero."""
    assert not FILTERS[name](flat(value)).any()


@pytest.mark.parametrize("name", ["green_channel", "grayscale"])
def test_a_flat_grey_stays_that_grey(name):
    """Green and luma of one grey are that grey."""
    assert np.array_equal(FILTERS[name](flat(77)), flat(77)[:, :, 0])


@pytest.mark.parametrize("name", ["clahe_green", "gaussian_blur"])
def test_a_flat_picture_stays_flat(name):
    """Equalising and blurring one grey gives one grey."""
    assert np.ptp(FILTERS[name](flat(77))) == 0


@pytest.mark.parametrize(
    ("colour", "luma"),
    [((255, 0, 0), 76), ((0, 255, 0), 150), ((0, 0, 255), 29)],
)
def test_luma_knows_red_from_blue(colour, luma):
    """Channels are read as RGB: 0.299, 0.587 and 0.114 of 255."""
    image = np.tile(np.array(colour, np.uint8), (32, 32, 1))

    assert np.unique(filters.grayscale(image)).tolist() == [luma]


def test_a_step_gives_one_line():
    """Canny draws a step as a line of one pixel, over the whole height."""
    edges = filters.canny_edges(step(16))

    columns = np.flatnonzero(edges.any(axis=0))
    assert len(columns) == 1
    assert columns[0] in (15, 16)
    assert (edges[:, columns[0]] == 255).all()


def test_sobel_is_strongest_at_the_step():
    """A step is 255 on both its sides and nothing three pixels away."""
    magnitude = filters.sobel_magnitude(step(16))

    assert (magnitude[:, 15:17] == 255).all()
    assert not magnitude[:, :14].any()
    assert not magnitude[:, 18:].any()


def test_sobel_of_a_dot_is_a_square_around_it():
    """The 5x5 kernel sees one pixel as far as two away; at it the sides cancel."""
    magnitude = filters.sobel_magnitude(dot(10, 20))

    rows, columns = np.nonzero(magnitude)
    assert (rows.min(), rows.max()) == (8, 12)
    assert (columns.min(), columns.max()) == (18, 22)
    assert magnitude[10, 20] == 0


def test_green_reads_the_second_channel():
    """Only the green value counts."""
    image = noise(32, 32, 3)

    assert np.array_equal(filters.green_channel(image), image[:, :, 1])


def test_the_stack_is_the_single_filters_in_order():
    """Plane n of the stack is what the n-th filter gives."""
    for seed in range(5):
        image = smooth(seed=seed)

        planes = filters.stack(image)

        assert planes.shape == (6, 32, 32)
        for plane, single in zip(planes, FILTERS.values(), strict=True):
            assert np.array_equal(plane, single(image))


@pytest.mark.parametrize("count", [0, 1, 3, 1001])
def test_the_batch_is_the_stacks(count):
    """Many pictures give what each gives alone, in order."""
    images = noise(count, 8, 8, 3)

    planes = filters.stack_batch(images)

    assert planes.shape == (count, 6, 8, 8)
    for position in {0, count // 2, count - 1} & set(range(count)):
        assert np.array_equal(planes[position], filters.stack(images[position]))


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (noise(32, 32, 3), r"shape \(N, H, W, 3\). Received \(32, 32, 3\)"),
        (noise(2, 32, 32, 1), r"Received shape \(32, 32, 1\)"),
        (noise(2, 32, 32, 3).astype(float), "Received float64"),
    ],
)
def test_the_batch_refuses_what_are_no_pictures(images, message):
    """A single picture, or pictures of another kind, are refused."""
    with pytest.raises(InvalidImageError, match=message):
        filters.stack_batch(images)


def test_a_demonstration_begins_with_the_networks_planes():
    """With the settings as they are, a demonstration is what the networks see."""
    image = smooth()

    shown = filters.demonstrate(image, filters.FilterSettings())

    np.testing.assert_array_equal(shown, filters.stack(image))


def test_settings_change_their_own_planes():
    """Each setting does what OpenCV does with it, and leaves the rest alone."""
    image = smooth()
    usual = filters.stack(image)
    settings = filters.FilterSettings(
        clip_limit=6.0, tiles=2, blur_side=9, canny_low=20, canny_high=60, sobel_side=3
    )

    shown = filters.demonstrate(image, settings)

    green, gray = image[:, :, 1], usual[3]
    equalized = cv2.createCLAHE(6.0, (2, 2)).apply(green)
    np.testing.assert_array_equal(shown[[0, 3]], usual[[0, 3]])
    np.testing.assert_array_equal(shown[1], equalized)
    np.testing.assert_array_equal(shown[2], cv2.GaussianBlur(equalized, (9, 9), 0))
    np.testing.assert_array_equal(shown[4], cv2.Canny(gray, 20, 60))
    across, down = (
        cv2.Sobel(gray, cv2.CV_64F, *order, ksize=3) for order in ((1, 0), (0, 1))
    )
    size = np.sqrt(across**2 + down**2)
    expected = 255 * (size - size.min()) / np.ptp(size)
    assert np.abs(shown[5] - expected).max() < 0.51
    assert all((shown[k] != usual[k]).any() for k in (1, 2, 4, 5))
