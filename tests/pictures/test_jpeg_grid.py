"""The marks of CIFAKE's compression: who bears them, and what wipes them out."""

import cv2
import numpy as np
import pytest

from cifake_core.pictures.corruptions import blur, recompress
from cifake_core.pictures.jpeg_grid import grid_distance
from cifake_core.pictures.preprocessing import prepare

#: Between what bears the marks and what does not.
BORDER = 0.15


def scene(seed: int) -> np.ndarray:
    """Return a picture of soft shapes and some grain, 256x256."""
    random = np.random.RandomState(seed)
    coarse = random.randint(0, 256, (12, 12, 3)).astype(np.uint8)
    smooth = cv2.resize(coarse, (256, 256), interpolation=cv2.INTER_CUBIC)
    grain = random.normal(0, 12, smooth.shape)
    return np.clip(smooth + grain, 0, 255).astype(np.uint8)


def shrunk(seed: int, kernel: int = cv2.INTER_AREA) -> np.ndarray:
    """Return a scene shrunk to 32x32."""
    return cv2.resize(scene(seed), (32, 32), interpolation=kernel)


def compressed(seed: int) -> np.ndarray:
    """Return a shrunk scene as CIFAKE's pictures were saved."""
    return recompress(shrunk(seed), quality=75)


def distance(image: np.ndarray) -> float:
    """Return the distance of one picture."""
    return float(grid_distance(image[None])[0])


@pytest.mark.parametrize("seed", range(5))
def test_a_compressed_picture_bears_the_marks(seed):
    """It lies near the grid, and still does after it was enlarged eightfold."""
    image = compressed(seed)
    large = image.repeat(8, axis=0).repeat(8, axis=1)

    assert distance(image) < 0.1
    assert distance(prepare(large).pixels) == distance(image)


@pytest.mark.parametrize(
    "kernel",
    [cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4],
)
def test_a_shrunk_picture_does_not(kernel):
    """However it was shrunk, its coefficients lie anywhere."""
    distances = grid_distance(np.stack([shrunk(seed, kernel) for seed in range(5)]))

    assert distances.min() > BORDER


@pytest.mark.parametrize(
    "change",
    [
        lambda image: np.roll(image, 1, axis=1),
        lambda image: blur(image, sigma=0.6),
        lambda image: recompress(image, quality=30),
    ],
    ids=["shift", "blur", "other quality"],
)
def test_what_wipes_the_marks_out(change):
    """After a shift, a blur or a harder compression the grid is another or none."""
    assert distance(change(compressed(1))) > BORDER


@pytest.mark.parametrize("grey", [0, 60, 128, 255])
def test_a_flat_picture_tells_nothing(grey):
    """The blocks' means lie on the grid by themselves, and so do not count."""
    assert distance(np.full((32, 32, 3), grey, np.uint8)) == 0.5


def test_few_coefficients_tell_nothing():
    """One compressed block among flat ones is left to chance."""
    image = np.full((32, 32, 3), 90, np.uint8)
    image[:8, :8] = compressed(1)[:8, :8]

    assert distance(image) == 0.5


def test_each_picture_has_its_own_distance():
    """A batch gives what its pictures give one by one."""
    images = np.stack([compressed(1), shrunk(2), np.full((32, 32, 3), 128, np.uint8)])

    together = grid_distance(images)

    assert together.shape == (3,)
    np.testing.assert_allclose(together, [distance(image) for image in images])


@pytest.mark.data
def test_cifake_bears_the_marks(cifake_data):
    """At least 98 of 100 test pictures do."""
    from cifake_core.data import cifake

    images = cifake.load(cifake_data, "test").images[::20]

    assert (grid_distance(images) < BORDER).mean() >= 0.98
