"""Corruptions of pictures: JPEG, noise, blur and resizing.

Training hardens the networks against them, `evaluate --corruptions` measures how
well that went. All of it happens to the RGB picture, before any filter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import cv2
import numpy as np

from cifake_core.basics.arrays import Rgb

Corrupt: TypeAlias = Callable[[Rgb, float, np.random.Generator], Rgb]


@dataclass(frozen=True, kw_only=True, slots=True)
class CorruptionKind:
    """Kind of corruption, and the five strengths at which it is measured.

    `apply` takes a picture, a strength and a generator of which only noise makes
    use; `measure` says what a strength counts. `strengths` go from mild to hard.
    """

    title: str
    measure: str
    strengths: tuple[float, ...]
    apply: Corrupt


@dataclass(frozen=True, kw_only=True, slots=True)
class Corruption:
    """Corruption: a kind of `CORRUPTION_KINDS` at one of its strengths."""

    kind: str
    strength: float

    @property
    def name(self) -> str:
        """The word for it in addresses and files, such as "blur_0.8"."""
        return f"{self.kind}_{self.strength:g}"

    @property
    def title(self) -> str:
        """The words for a person, such as "Gaussian blur, sigma 0.8 pixels"."""
        corruption_kind = CORRUPTION_KINDS[self.kind]
        measure, _, unit = corruption_kind.measure.partition(", ")
        return f"{corruption_kind.title}, {measure} {self.strength:g} {unit}".rstrip()


def recompress(image: Rgb, *, quality: int) -> Rgb:
    """Return `image` after a JPEG round trip at `quality`, 1 to 100."""
    _, data = cv2.imencode(
        ".jpg", image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)


def add_noise(image: Rgb, *, sigma: float, generator: np.random.Generator) -> Rgb:
    """Return `image` with Gaussian noise of `sigma` (of 255) on every value."""
    noise = generator.standard_normal(image.shape, np.float32)
    return np.clip(np.rint(image + sigma * noise), 0, 255).astype(np.uint8)


def blur(image: Rgb, *, sigma: float) -> Rgb:
    """Return `image` after a Gaussian blur of `sigma` pixels."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8)


def shrink_and_enlarge(image: Rgb, *, side: int, kernel: int = cv2.INTER_LINEAR) -> Rgb:
    """Return `image` after resizing to `side` by `side` pixels and back."""
    small = cv2.resize(image, (side, side), interpolation=kernel)
    back = cv2.resize(small, image.shape[1::-1], interpolation=kernel)
    return np.asarray(back, np.uint8)


#: In menu order.
CORRUPTION_KINDS: Final[Mapping[str, CorruptionKind]] = {
    "jpeg": CorruptionKind(
        title="JPEG",
        measure="quality",
        strengths=(90, 75, 50, 40, 30),
        apply=lambda image, strength, _: recompress(image, quality=int(strength)),
    ),
    "noise": CorruptionKind(
        title="Gaussian noise",
        measure="sigma, of 255",
        strengths=(2, 4, 8, 12, 16),
        apply=lambda image, strength, generator: add_noise(
            image, sigma=strength, generator=generator
        ),
    ),
    "blur": CorruptionKind(
        title="Gaussian blur",
        measure="sigma, pixels",
        strengths=(0.4, 0.6, 0.8, 1.0, 1.5),
        apply=lambda image, strength, _: blur(image, sigma=strength),
    ),
    "resize": CorruptionKind(
        title="Resizing and back",
        measure="side, pixels",
        strengths=(30, 28, 24, 20, 16),
        apply=lambda image, strength, _: shrink_and_enlarge(image, side=int(strength)),
    ),
}

#: Every kind at every strength by its name, in menu order, from mild to hard.
CORRUPTIONS: Final[Mapping[str, Corruption]] = {
    corruption.name: corruption
    for corruption in (
        Corruption(kind=kind, strength=strength)
        for kind, corruption_kind in CORRUPTION_KINDS.items()
        for strength in corruption_kind.strengths
    )
}
