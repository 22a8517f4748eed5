"""Splicing: a patch of one picture pasted into another, as ground truth for maps.

Where the patch lies is known, and so is where the evidence for its label ought
to be found.
"""

from dataclasses import dataclass
from itertools import product
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import SIDE, Floats, Rgb32, as_rgb32
from cifake_core.basics.errors import DatasetError
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES, Label, other
from cifake_core.data.cifake import Split, leak_free

Edge: TypeAlias = Literal["hard", "feathered"]

#: Pixels to a side of a patch.
SIZES: Final = (8, 12, 16)
#: Pixels from a feathered patch's edge inwards on which both pictures show.
_FEATHER = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class SpliceKind:
    """Kind of a patch: its side in pixels, its true label and its edge."""

    size: int
    pasted: Label
    edge: Edge

    @property
    def host(self) -> Label:
        """The true label of the picture into which the patch is pasted."""
        return other(self.pasted)


#: All twelve kinds.
KINDS: Final = tuple(
    SpliceKind(size=size, pasted=pasted, edge=edge)
    for size, pasted, edge in product(SIZES, LABELS, get_args(Edge))
)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Splice:
    """Spliced picture and the share of it that is pasted.

    `pixels` is (32, 32, 3) uint8 RGB; `opacity` is (32, 32) float32, the share of
    the pasted picture in each pixel, 0 to 1.
    """

    pixels: Rgb32
    opacity: Floats

    @property
    def inside(self) -> npt.NDArray[np.bool_]:
        """(32, 32) True on the patch, its feathered edge included."""
        return np.asarray(self.opacity > 0, np.bool_)


@dataclass(frozen=True, kw_only=True, slots=True)
class SplicePlan:
    """Plan of one splice: its kind, two pictures' positions, and a place.

    `top` and `left` are the patch's first row and column, in pixels.
    """

    kind: SpliceKind
    host: int
    donor: int
    top: int
    left: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SpliceScore:
    """Score of a map for finding the patch, each figure from 0 to 1.

    `share` is the part of the positive evidence that lies inside, to be compared
    with `area`, the patch's part of the picture; `maximum_inside` is 1 if the
    map's maximum lies inside, or the share of its equal maxima that do. A map
    without positive evidence has found nothing: both are 0.
    """

    share: float
    area: float
    maximum_inside: float


def splice(  # noqa: PLR0913 - two pictures, then a place and a manner by keyword
    host: Rgb32, donor: Rgb32, *, top: int, left: int, size: int, edge: Edge
) -> Splice:
    """Return the splice: `host` with a square of `donor` in it.

    The square comes from the same place as it goes to, so that the 8x8 blocks of
    the two JPEG files still meet.

    Args:
        host: (32, 32, 3) uint8, RGB.
        donor: (32, 32, 3) uint8, RGB.
        top: first row of the patch.
        left: first column of the patch.
        size: pixels to a side.
        edge: "hard", or "feathered": then the share of `donor` is 1/3 on the
            patch's outermost pixels, 2/3 on the next and 1 further in.

    Raises:
        ValueError: If the patch does not lie within the picture.
    """
    if size < 1 or min(top, left) < 0 or max(top, left) + size > SIDE:
        msg = (
            f"Expected a patch within {SIDE}x{SIDE} pixels. Received one of "
            f"{size}x{size} at row {top}, column {left}."
        )
        raise ValueError(msg)
    opacity = np.zeros((SIDE, SIDE), np.float32)
    opacity[top : top + size, left : left + size] = _patch(size, edge)
    share = opacity[..., np.newaxis]
    pixels = np.rint(host * (1 - share) + donor * share).astype(np.uint8)
    return Splice(pixels=as_rgb32(pixels), opacity=opacity)


def plan_splices(
    test: Split, train: Split, *, seed: int, count: int = 300
) -> tuple[SplicePlan, ...]:
    """Return `count` splices of two test pictures of the same object class.

    The kinds take turns, the classes are spread evenly, no picture is used twice
    and none is leaked.

    Args:
        test: where the pictures are from.
        train: tells which of them were leaked.
        seed: decides pictures, classes and places.
        count: how many; a multiple of 12 has each kind as often.

    Raises:
        DatasetError: If the leak-free pictures of a class do not suffice.
    """
    generator = np.random.default_rng(seed)
    pools = _pools(test, leak_free(test, train), generator)
    classes = generator.permutation(np.arange(count) % len(OBJECT_CLASSES))
    plans: list[SplicePlan] = []
    for number, object_class in enumerate(classes.tolist()):
        kind = KINDS[number % len(KINDS)]
        top, left = generator.integers(0, SIDE - kind.size + 1, 2).tolist()
        try:
            host = pools[kind.host, object_class].pop()
            donor = pools[kind.pasted, object_class].pop()
        except IndexError as error:
            msg = (
                f"Expected enough leak-free test pictures for {count} splices. There "
                f"are too few of class {OBJECT_CLASSES[object_class]!r}; name the "
                "whole data set, or make fewer."
            )
            raise DatasetError(msg) from error
        plans.append(SplicePlan(kind=kind, host=host, donor=donor, top=top, left=left))
    return tuple(plans)


def paired_classes(split: Split) -> tuple[int, ...]:
    """Return the object classes that have pictures of both labels."""
    both = [set(split.object_classes[split.labels == i].tolist()) for i in (0, 1)]
    return tuple(sorted(both[0] & both[1]))


def draw_pair(split: Split, *, object_class: int, seed: int) -> dict[Label, int]:
    """Return the position of a picture of each label, both of one object class.

    Args:
        split: where the pictures are from.
        object_class: one of `paired_classes`.
        seed: decides which.
    """
    generator = np.random.default_rng(seed)
    of_class = split.object_classes == object_class
    return {
        label: int(generator.choice(np.flatnonzero(of_class & (split.labels == value))))
        for value, label in enumerate(LABELS)
    }


def score_map(heatmap: Floats, splice: Splice) -> SpliceScore:
    """Return the score of a map for the pasted label.

    Args:
        heatmap: (32, 32) float32; what is negative speaks against the label and
            does not count.
        splice: the picture that was explained.
    """
    positive = np.maximum(heatmap, 0).astype(np.float64)
    inside, total = splice.inside, positive.sum()
    area = float(inside.mean())
    if total == 0:
        return SpliceScore(share=0.0, area=area, maximum_inside=0.0)
    return SpliceScore(
        share=float(positive[inside].sum() / total),
        area=area,
        maximum_inside=float(inside[positive == positive.max()].mean()),
    )


def _patch(size: int, edge: Edge) -> Floats:
    """Return the patch's opacity, (size, size)."""
    if edge == "hard":
        return np.ones((size, size), np.float32)
    steps = np.arange(size)
    ring = 1 + np.minimum(steps, steps[::-1])
    rings = np.minimum(ring[:, np.newaxis], ring)
    return np.asarray(np.minimum(rings / (_FEATHER + 1), 1), np.float32)


def _pools(
    test: Split, usable: npt.NDArray[np.bool_], generator: np.random.Generator
) -> dict[tuple[Label, int], list[int]]:
    """Return the usable positions of each label and object class, shuffled."""
    return {
        (label, number): generator.permutation(
            np.flatnonzero(
                usable & (test.labels == value) & (test.object_classes == number)
            )
        ).tolist()
        for value, label in enumerate(LABELS)
        for number in range(len(OBJECT_CLASSES))
    }
