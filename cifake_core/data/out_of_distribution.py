"""Out-of-distribution pictures, from packages at hand or drawn.

What each photograph serves stands here alone. From parts of `_LEARNT` networks may
learn what photographs from elsewhere are; on those of `_TUNED` recipes were compared
and what tells strangers from CIFAKE's pictures was chosen; those of `_TESTED` were
never used for either, and are only reported. All of the first two were looked at
while the mark of compression was worked out, and some come with the app.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import SIDE, Rgb
from cifake_core.pictures.cifake_form import CIFAKE_QUALITY
from cifake_core.pictures.corruptions import recompress
from cifake_core.pictures.preprocessing import KERNELS
from cifake_core.pictures.reading import read_picture

#: Sizes, height and width, of what is drawn; the first is that of CIFAKE.
_SIZES: Final = ((SIDE, SIDE), (240, 320), (96, 64), (600, 800))
_NUM_PARTS: Final = 8
_NUM_FACES: Final = 40
_NUM_DRAWN: Final = 20
_WORDS: Final = "Invoice total price date tax sum room report week sales north page"
_WHITE: Final = (255, 255, 255)

_LEARNT: Final = ("astronaut.png", "chelsea.png", "coffee.png", "china.jpg")
_TUNED: Final = (
    "flower.jpg",
    "hubble_deep_field.jpg",
    "rocket.jpg",
    "camera.png",
    "color.png",
)
_TESTED: Final = (
    "brick.png",
    "cell.png",
    "clock_motion.png",
    "coins.png",
    "grass.png",
    "gravel.png",
    "ihc.png",
    "microaneurysms.png",
    "moon.png",
    "motorcycle_left.png",
    "page.png",
    "phantom.png",
    "retina.jpg",
    "text.png",
)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class OutOfDistributionSet:
    """Pictures of one kind, each (H, W, 3) uint8 RGB.

    `tuned` says whether something was chosen on them; `marked`
    whether they were saved as CIFAKE's pictures were, 32x32 pixels as JPEG.
    """

    kind: str
    tuned: bool
    marked: bool
    pictures: tuple[Rgb, ...]


def out_of_distribution_sets(*, seed: int) -> tuple[OutOfDistributionSet, ...]:
    """Return all kinds: photographs, whole and shrunk by each kernel, and drawings.

    There are none of the photographs that networks may learn from.

    Args:
        seed: draws which parts of the photographs are shrunk, and the drawings.
    """
    generator = np.random.default_rng(seed)
    found = []
    for files, tuned in ((_TESTED, False), (_TUNED, True)):
        photographs = tuple(map(_read, files))
        groups = {"Photographs": photographs, **_shrunk(photographs, generator)}
        found += [
            OutOfDistributionSet(
                kind=kind, tuned=tuned, marked=False, pictures=pictures
            )
            for kind, pictures in groups.items()
        ]
        found += [
            OutOfDistributionSet(
                kind=f"{kind}, saved as CIFAKE's are",
                tuned=tuned,
                marked=True,
                pictures=tuple(
                    recompress(each, quality=CIFAKE_QUALITY) for each in pictures
                ),
            )
            for kind, pictures in groups.items()
            if kind != "Photographs"
        ]
    drawn = {"Faces of 25x25 pixels": tuple(_faces())}
    for kind, draw in _DRAWINGS.items():
        drawn[kind] = tuple(
            draw(_SIZES[number % len(_SIZES)], generator)
            for number in range(_NUM_DRAWN)
        )
    found += [
        OutOfDistributionSet(kind=kind, tuned=False, marked=False, pictures=pictures)
        for kind, pictures in drawn.items()
    ]
    return tuple(found)


def to_learn_from(n: int, *, seed: int) -> npt.NDArray[np.uint8]:
    """Return parts of photographs that networks may learn from, as REAL.

    Args:
        n: how many; one kernel after the other shrinks them.
        seed: draws photographs and parts.

    Returns:
        (n, 32, 32, 3) uint8, saved as CIFAKE's are.
    """
    generator = np.random.default_rng(seed)
    photographs = tuple(map(_read, _LEARNT))
    kernels = tuple(KERNELS.values())
    found = np.empty((n, SIDE, SIDE, 3), np.uint8)
    for number in range(n):
        photograph = photographs[generator.integers(len(photographs))]
        small = _resized(_part(photograph, generator), kernels[number % len(kernels)])
        found[number] = recompress(small, quality=CIFAKE_QUALITY)
    return found


def _read(file: str) -> Rgb:
    """Return one of the photographs that scikit-image and scikit-learn come with."""
    import skimage  # noqa: PLC0415 - takes a while, and only this command needs it
    import sklearn.datasets  # noqa: PLC0415

    folders = (
        Path(skimage.__file__).parent / "data",
        Path(sklearn.datasets.__file__).parent / "images",
    )
    path = next(folder / file for folder in folders if (folder / file).is_file())
    return read_picture(path).pixels


def _shrunk(
    photographs: tuple[Rgb, ...], generator: np.random.Generator
) -> dict[str, tuple[Rgb, ...]]:
    """Return parts of photographs at 32x32, the same ones by each kernel."""
    parts = [_part(each, generator) for each in photographs for _ in range(_NUM_PARTS)]
    return {
        f"Photographs shrunk to 32x32, {name}": tuple(
            _resized(part, kernel) for part in parts
        )
        for name, kernel in KERNELS.items()
    }


def _part(image: Rgb, generator: np.random.Generator) -> Rgb:
    """Return a square part of a photograph, from 64 pixels to its shorter side."""
    height, width = image.shape[:2]
    side = int(generator.integers(2 * SIDE, min(height, width) + 1))
    top = int(generator.integers(height - side + 1))
    left = int(generator.integers(width - side + 1))
    return np.ascontiguousarray(image[top : top + side, left : left + side])


def _resized(part: Rgb, kernel: int) -> Rgb:
    """Return a part at 32x32."""
    return np.asarray(cv2.resize(part, (SIDE, SIDE), interpolation=kernel), np.uint8)


def _faces() -> Iterator[Rgb]:
    """Yield faces of scikit-image's part of Labeled Faces in the Wild."""
    from skimage.data import lfw_subset  # noqa: PLC0415 - as in `_read`

    for face in lfw_subset()[:_NUM_FACES]:
        grey = np.rint(255 * face).astype(np.uint8)
        yield np.repeat(grey[:, :, None], 3, axis=2)


def _flat(size: tuple[int, int], generator: np.random.Generator) -> Rgb:
    """Return one colour everywhere."""
    return np.full((*size, 3), generator.integers(0, 256, 3), np.uint8)


def _noisy(size: tuple[int, int], generator: np.random.Generator) -> Rgb:
    """Return noise of some strength around a colour."""
    noise = generator.normal(0, generator.uniform(5, 80), (*size, 3))
    return np.clip(generator.integers(0, 256, 3) + noise, 0, 255).astype(np.uint8)


def _plot(size: tuple[int, int], generator: np.random.Generator) -> Rgb:
    """Return a chart: axes with a curve, or with bars."""
    height, width = size
    image = np.full((*size, 3), _WHITE, np.uint8)
    values = generator.uniform(0.1, 0.9, 8)
    x = np.linspace(0.15 * width, 0.95 * width, 8).astype(int)
    y = ((1 - values) * 0.85 * height).astype(int)
    colour = tuple(map(int, generator.integers(0, 200, 3)))
    if generator.random() < 0.5:
        points = np.stack([x, y], axis=1).astype(np.int32)
        cv2.polylines(image, [points], isClosed=False, color=colour, thickness=2)
    else:
        for left, top in zip(x, y, strict=True):
            corner = (int(left + 0.06 * width), int(0.88 * height))
            cv2.rectangle(image, (int(left), int(top)), corner, colour, -1)
    origin = (width // 10, int(0.88 * height))
    cv2.line(image, origin, (width - 1, origin[1]), (0, 0, 0))
    cv2.line(image, origin, (origin[0], 0), (0, 0, 0))
    return image


def _written(size: tuple[int, int], generator: np.random.Generator) -> Rgb:
    """Return lines of words, dark on light or the other way round."""
    dark, light = (
        tuple(map(int, generator.integers(*limits, 3)))
        for limits in ((0, 90), (170, 256))
    )
    ink, paper = (dark, light) if generator.random() < 0.7 else (light, dark)
    image = np.full((*size, 3), paper, np.uint8)
    step = max(8, size[0] // 12)
    for baseline in range(step, size[0], step):
        line = " ".join(generator.permutation(_WORDS.split()))
        place = (2, baseline)
        cv2.putText(image, line, place, cv2.FONT_HERSHEY_SIMPLEX, step / 34, ink)
    return image


def _screenshot(size: tuple[int, int], generator: np.random.Generator) -> Rgb:
    """Return a window with a bar, words, a chart and a button on a desktop."""
    height, width = size
    image = _flat(size, generator)
    top, left = height // 10, width // 10
    inner = (height - 2 * top, width - 2 * left)
    window = _written(inner, generator)
    half = inner[1] // 2
    window[inner[0] // 4 :, half:] = _plot(
        (inner[0] - inner[0] // 4, inner[1] - half), generator
    )
    window[: inner[0] // 8] = generator.integers(0, 256, 3)
    button = (slice(-inner[0] // 6, -2), slice(2, inner[1] // 4))
    window[button] = generator.integers(0, 256, 3)
    image[top : top + inner[0], left : left + inner[1]] = window
    return image


def _digit(size: tuple[int, int], generator: np.random.Generator) -> Rgb:
    """Return a handwritten digit of scikit-learn's, smoothly enlarged."""
    grey = np.rint(_digits()[generator.integers(len(_digits()))] * 255 / 16)
    large = cv2.resize(grey.astype(np.uint8), size[::-1], interpolation=cv2.INTER_CUBIC)
    return np.repeat(np.asarray(large, np.uint8)[:, :, None], 3, axis=2)


@cache
def _digits() -> npt.NDArray[np.float64]:
    """Return the 1,797 digits, 8x8 pixels of 0 to 16."""
    from sklearn.datasets import load_digits  # noqa: PLC0415 - as in `_read`

    return np.asarray(load_digits().images)


_DRAWINGS: Final[
    Mapping[str, Callable[[tuple[int, int], np.random.Generator], Rgb]]
] = {
    "Plots": _plot,
    "Screenshots": _screenshot,
    "Text": _written,
    "Handwritten digits": _digit,
    "Noise": _noisy,
    "Flat colours": _flat,
}
