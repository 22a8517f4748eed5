"""Corruptions: what each does to pictures whose answer is known."""

import cv2
import numpy as np
import pytest

from cifake_core.pictures.corruptions import (
    CORRUPTION_KINDS,
    CORRUPTIONS,
    add_noise,
    blur,
    recompress,
    shrink_and_enlarge,
)

SEED = 7


def grainy() -> np.ndarray:
    """Return a (32, 32, 3) picture with structure of every size."""
    random = np.random.RandomState(0)
    rows, columns = np.mgrid[:32, :32]
    waves = 60 * np.sin(rows / 5) + 40 * np.cos(columns / 3)
    values = 128 + waves[..., None] + random.normal(0, 12, (32, 32, 3))
    return np.clip(values, 0, 255).astype(np.uint8)


def grey(value: int) -> np.ndarray:
    """Return a flat (32, 32, 3) picture."""
    return np.full((32, 32, 3), value, np.uint8)


def generator() -> np.random.Generator:
    """Return a fresh source of chance."""
    return np.random.default_rng(SEED)


def mean_change(result: np.ndarray, image: np.ndarray) -> float:
    """Return by how much the values differ on average, of 255."""
    return float(np.abs(result.astype(int) - image).mean())


CELLS = [
    (kind, strength)
    for kind, corruption in CORRUPTION_KINDS.items()
    for strength in corruption.strengths
]


@pytest.mark.parametrize(("kind", "strength"), CELLS)
def test_a_corrupted_picture_is_a_picture(kind, strength):
    """Shape and type stay, the original is untouched, and something is changed."""
    image = grainy()
    before = image.copy()

    result = CORRUPTION_KINDS[kind].apply(image, strength, generator())

    assert (result.shape, result.dtype) == (image.shape, np.uint8)
    assert np.array_equal(image, before)
    assert mean_change(result, image) > 0


@pytest.mark.parametrize(("kind", "strength"), CELLS)
def test_equal_seeds_corrupt_alike(kind, strength):
    """A table of figures can be made again."""
    apply = CORRUPTION_KINDS[kind].apply

    first, second = (apply(grainy(), strength, generator()) for _ in range(2))

    assert np.array_equal(first, second)


@pytest.mark.parametrize("kind", CORRUPTION_KINDS)
def test_strengths_go_from_mild_to_hard(kind):
    """There are five, and each changes the picture more than the one before."""
    corruption, image = CORRUPTION_KINDS[kind], grainy()

    changes = [
        mean_change(corruption.apply(image, strength, generator()), image)
        for strength in corruption.strengths
    ]

    assert len(changes) == 5
    assert changes == sorted(set(changes))


@pytest.mark.parametrize(("kind", "strength"), [c for c in CELLS if c[0] != "noise"])
def test_flat_stays_flat(kind, strength):
    """JPEG may round the one grey there is; blur and resizing change nothing."""
    image = grey(90)

    result = CORRUPTION_KINDS[kind].apply(image, strength, generator())

    assert np.ptp(result) == 0
    assert mean_change(result, image) <= (1 if kind == "jpeg" else 0)


def test_every_corruption_has_words():
    """Title and measure can be shown as they are."""
    for corruption in CORRUPTION_KINDS.values():
        assert corruption.title[0].isupper()
        assert corruption.measure


def test_the_required_strengths_are_measured():
    """The four cells for which a figure is promised stand in the table."""
    promised = {"jpeg": 40, "noise": 8, "blur": 0.6, "resize": 24}

    assert promised.keys() == CORRUPTION_KINDS.keys()
    for kind, strength in promised.items():
        assert strength in CORRUPTION_KINDS[kind].strengths


def test_jpeg_keeps_the_order_of_the_channels():
    """Red stays red."""
    red = np.tile(np.array([200, 30, 30], np.uint8), (32, 32, 1))

    result = recompress(red, quality=90)

    assert np.abs(result.astype(int) - red).max() < 8


def test_jpeg_knows_quality_as_files_do():
    """The result is that of writing a JPEG of this quality and reading it."""
    image = grainy()
    flag = [cv2.IMWRITE_JPEG_QUALITY, 40]
    _, data = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), flag)

    result = recompress(image, quality=40)

    read = cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    assert np.array_equal(result, read)


@pytest.mark.parametrize("sigma", [2, 8, 16])
def test_noise_has_its_sigma(sigma):
    """On mid-grey, mean and spread of 3,072 values are those asked for."""
    result = add_noise(grey(128), sigma=sigma, generator=generator())

    difference = result.astype(float) - 128
    assert abs(difference.mean()) < 4 * sigma / np.sqrt(difference.size)
    assert difference.std() == pytest.approx(sigma, rel=0.06)


def test_noise_is_drawn_for_every_value():
    """Neither channels nor neighbours share their noise."""
    noise = add_noise(grey(128), sigma=16, generator=generator()).astype(float)

    red, green, blue = (noise[..., channel].ravel() for channel in range(3))

    for one, other in ((red, green), (green, blue), (red[1:], red[:-1])):
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.125  # four sigmas


@pytest.mark.parametrize(("value", "low", "high"), [(0, 0, 90), (255, 165, 255)])
def test_noise_does_not_wrap_around(value, low, high):
    """Black stays near black and white near white."""
    result = add_noise(grey(value), sigma=16, generator=generator())

    assert low <= result.min() <= result.max() <= high


def test_no_noise_changes_nothing():
    """A sigma of 0 gives the picture back."""
    image = grainy()

    assert np.array_equal(add_noise(image, sigma=0, generator=generator()), image)


def test_a_blurred_dot_spreads_as_a_bell():
    """One bright dot keeps its sum and falls off as exp(-d^2 / 2 sigma^2)."""
    image = np.zeros((31, 31, 3), np.uint8)
    image[15, 15] = 255
    sigma = 1.0

    result = blur(image, sigma=sigma).astype(float)

    assert result[..., 0].sum() == pytest.approx(255, rel=0.05)
    for distance in (1, 2):
        fall = np.exp(-(distance**2) / (2 * sigma**2))
        ratio = result[15, 15 + distance] / result[15, 15]
        np.testing.assert_allclose(ratio, fall, atol=0.02)
    assert np.array_equal(result, result.transpose(1, 0, 2))


def test_resizing_to_its_own_size_changes_nothing():
    """From 32 to 32 pixels a picture is what it was."""
    image = grainy()

    assert np.array_equal(shrink_and_enlarge(image, side=32), image)


def test_a_square_of_four_pixels_becomes_their_mean():
    """Halved with the area kernel and enlarged by repeating, 2x2 blocks are flat."""
    image = grainy()

    small = shrink_and_enlarge(image, side=16, kernel=cv2.INTER_AREA)

    means = image.reshape(16, 2, 16, 2, 3).mean(axis=(1, 3))
    blocks = small.reshape(16, 2, 16, 2, 3)
    assert np.abs(blocks.astype(float) - means[:, None, :, None]).max() <= 0.5


def test_resizing_is_bilinear_unless_told_otherwise():
    """The kernel of the promised figure is the default; others give other pictures."""
    image = grainy()

    default = shrink_and_enlarge(image, side=24)

    bilinear = shrink_and_enlarge(image, side=24, kernel=cv2.INTER_LINEAR)
    lanczos = shrink_and_enlarge(image, side=24, kernel=cv2.INTER_LANCZOS4)
    assert np.array_equal(default, bilinear)
    assert not np.array_equal(default, lanczos)


def test_every_damage_has_its_name_and_words():
    """Names lead to kind and strength; a person reads what the strength counts."""
    assert [(each.kind, each.strength) for each in CORRUPTIONS.values()] == CELLS
    assert {name: CORRUPTIONS[name].title for name in (*CORRUPTIONS,)[::5]} == {
        "jpeg_90": "JPEG, quality 90",
        "noise_2": "Gaussian noise, sigma 2 of 255",
        "blur_0.4": "Gaussian blur, sigma 0.4 pixels",
        "resize_30": "Resizing and back, side 30 pixels",
    }
