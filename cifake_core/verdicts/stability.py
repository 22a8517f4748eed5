"""Stability of a prediction under twenty small changes of the picture.

None of them changes what a person sees in the picture or how it was made, so a
network that is sure of the one should be sure of the others.
"""

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats, Rgb, Rgb32
from cifake_core.basics.estimates import sigmoid
from cifake_core.networks.ensemble import weighted_sum
from cifake_core.networks.inputs import picture_input
from cifake_core.networks.protocols import Probe, Scorer
from cifake_core.pictures.corruptions import CORRUPTION_KINDS, shrink_and_enlarge
from cifake_core.pictures.records import PreparedPicture
from cifake_core.verdicts.records import Stability

Change: TypeAlias = Callable[[Rgb, np.random.Generator], Rgb]

#: Pixels to a side of what a 32x32 picture is shrunk to before it is enlarged.
_SMALL_SIDE = 28
_MIDDLE_GREY = 128


def _corrupted(kind: str, strength: float) -> Change:
    """Return one of the corruptions at one strength."""
    apply = CORRUPTION_KINDS[kind].apply
    return lambda image, generator: apply(image, strength, generator)


def _resized(kernel: int) -> Change:
    """Return shrinking and enlarging with one of OpenCV's kernels."""
    change = partial(shrink_and_enlarge, side=_SMALL_SIDE, kernel=kernel)
    return lambda image, _: change(image)


def _moved(*, down: int = 0, right: int = 0) -> Change:
    """Return a move by at most one pixel; the border is mirrored, as in training."""

    def change(image: Rgb, _: np.random.Generator) -> Rgb:
        height, width = image.shape[:2]
        padded = np.pad(image, ((1, 1), (1, 1), (0, 0)), mode="reflect")
        top, left = 1 - down, 1 - right
        return padded[top : top + height, left : left + width]

    return change


def _toned(*, gain: float, pivot: float = 0) -> Change:
    """Return a change of every value's distance to `pivot` by the factor `gain`."""
    offset = (1 - gain) * pivot
    return lambda image, _: np.asarray(
        cv2.convertScaleAbs(image, alpha=gain, beta=offset), np.uint8
    )


#: In the order of the strip, by what a person would call them.
VARIANTS: Final[Mapping[str, Change]] = {
    "JPEG, quality 90": _corrupted("jpeg", 90),
    "JPEG, quality 75": _corrupted("jpeg", 75),
    "JPEG, quality 50": _corrupted("jpeg", 50),
    "JPEG, quality 30": _corrupted("jpeg", 30),
    "Slightly blurred": _corrupted("blur", 0.6),
    "Blurred": _corrupted("blur", 1.0),
    "A little noise": _corrupted("noise", 4),
    "More noise": _corrupted("noise", 8),
    "Shrunk and enlarged, area": _resized(cv2.INTER_AREA),
    "Shrunk and enlarged, bilinear": _resized(cv2.INTER_LINEAR),
    "Shrunk and enlarged, bicubic": _resized(cv2.INTER_CUBIC),
    "Shrunk and enlarged, Lanczos": _resized(cv2.INTER_LANCZOS4),
    "Moved up by a pixel": _moved(down=-1),
    "Moved down by a pixel": _moved(down=1),
    "Moved left by a pixel": _moved(right=-1),
    "Moved right by a pixel": _moved(right=1),
    "Mirrored": lambda image, _: image[:, ::-1],
    "Brighter": _toned(gain=1.15),
    "Darker": _toned(gain=0.85),
    "Less contrast": _toned(gain=0.8, pivot=_MIDDLE_GREY),
}


def make_variants(pixels: Rgb32, *, seed: int = 0) -> npt.NDArray[np.uint8]:
    """Return the changed pictures, (20, 32, 32, 3) uint8, in the order of `VARIANTS`.

    Args:
        pixels: (32, 32, 3) uint8, RGB.
        seed: draws the noise; the same seed gives the same pictures.
    """
    generator = np.random.default_rng(seed)
    return np.stack([change(pixels, generator) for change in VARIANTS.values()])


def weigh_stability(
    network: Scorer, picture: PreparedPicture, *, seed: int = 0
) -> dict[str, Stability]:
    """Return the stability of the label of `network`, and of each member.

    The picture itself is scored in the same batch as its variants.

    Args:
        network: a compiled network or ensemble.
        picture: the picture whose label is tested.
        seed: draws the noise.

    Returns:
        From a network's name to its record: the members in their order, then
        `network` itself.
    """
    started = time.perf_counter()
    variants = make_variants(picture.pixels, seed=seed)
    logits = {part.name: _logits(part, picture, variants) for part in network.parts}
    logits[network.name] = weighted_sum(list(logits.values()), network.weights)
    hashes = {each.name: each.sha256 for each in (*network.parts, network)}
    seconds = time.perf_counter() - started
    return {
        name: Stability(
            names=tuple(VARIANTS),
            pictures=variants,
            p_real=sigmoid(logits[name][1:]),
            original_p_real=float(sigmoid(logits[name][:1])[0]),
            network=name,
            model_sha256=hashes[name],
            seed=seed,
            seconds=seconds,
        )
        for name in logits
    }


def _logits(
    probe: Probe, picture: PreparedPicture, variants: npt.NDArray[np.uint8]
) -> Floats:
    """Return the logits of the picture itself, then of its variants, (1 + N,)."""
    original = picture_input(probe.spec.input_kind, picture)
    return probe.logits_of_inputs(np.concatenate([original, probe.inputs(variants)]))
