"""Figures of a study of attention: channels, superpixels and errors, with intervals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from cifake_core.attention.looking import LABEL
from cifake_core.attention.pieces import NUM_KINDS
from cifake_core.attention.records import Attention
from cifake_core.basics.arrays import Floats
from cifake_core.basics.estimates import Estimate, mean_estimate, share_of
from cifake_core.basics.labels import Label
from cifake_core.pictures.filters import FILTERS

Mask: TypeAlias = npt.NDArray[np.bool_]
#: Figures on where the evidence for a call lies, by which pictures are parted.
Lie: TypeAlias = Literal["focus", "on_salient"]

LIES: Final[tuple[Lie, ...]] = get_args(Lie)
#: Pictures are parted into thirds.
NUM_PARTS: Final = 3
#: The picture is parted into 4x4 regions, by where the strongest evidence lies.
NUM_REGIONS: Final = 4


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Push:
    """Mean push of something towards a label, over `n` pictures; None of fewer than 2.

    `count` is how many of the things there are in these pictures.
    """

    n: int
    count: int
    mean: Estimate | None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Wrong:
    """Errors among `n` pictures, of which `low` to `high` says what they have alike."""

    n: int
    errors: int
    share: Estimate
    low: float = 0.0
    high: float = 0.0


def sign_for(label: Label) -> int:
    """Sign that makes the evidence of a study, which is for FAKE, that for `label`."""
    return 1 if label == LABEL else -1


def leading(found: Attention, label: Label) -> npt.NDArray[np.int64]:
    """Return the channel that pushes most towards `label` in each picture, (N,)."""
    return np.argmax(sign_for(label) * found.channels, axis=1)


def channel_pushes(found: Attention, chosen: Mask, label: Label) -> tuple[Push, ...]:
    """Return each channel's mean push; `count` is in how many pictures it leads.

    Args:
        found: the study of a network that sees channels.
        chosen: (N,) the pictures that count.
        label: towards which the push is.
    """
    leaders = np.bincount(leading(found, label)[chosen], minlength=len(FILTERS))
    values = sign_for(label) * found.channels[chosen]
    return tuple(
        Push(n=len(values), count=int(count), mean=_mean(column))
        for count, column in zip(leaders, values.T, strict=True)
    )


def piece_pushes(found: Attention, chosen: Mask, label: Label) -> tuple[Push, ...]:
    """Return the mean push of the superpixels of each kind; `count` is of these.

    Each picture that has some counts once, as its pieces are not independent.
    """
    pushes = []
    for kind in range(NUM_KINDS):
        there = chosen & (found.num_pieces[:, kind] > 0)
        values = sign_for(label) * found.pushes[there, kind]
        count = int(found.num_pieces[there, kind].sum())
        pushes.append(Push(n=len(values), count=count, mean=_mean(values)))
    return tuple(pushes)


def regions(found: Attention) -> npt.NDArray[np.int64]:
    """Return in which of the 4x4 regions each picture's strongest evidence lies, (N,).

    They count row by row, from the top left.
    """
    height, width = found.means.shape[1:]
    rows, columns = np.divmod(found.peaks.astype(np.int64), width)
    return rows * NUM_REGIONS // height * NUM_REGIONS + columns * NUM_REGIONS // width


def wrong_by_region(found: Attention, right: Mask, chosen: Mask) -> tuple[Wrong, ...]:
    """Return the errors among the pictures whose evidence is strongest in each region.

    Args:
        found: the study.
        right: (N,) the pictures that the network calls what they are.
        chosen: (N,) the pictures that count.
    """
    where = regions(found)
    return tuple(
        _wrong(right[chosen & (where == region)]) for region in range(NUM_REGIONS**2)
    )


def thirds(found: Attention, lie: Lie) -> npt.NDArray[np.int64]:
    """Return in which third by this figure each picture is, (N,), 0 to 2.

    It is -1 where the figure has no meaning.
    """
    values = getattr(found, lie)
    known = np.isfinite(values)
    if not known.any():
        return np.full(len(values), -1)
    steps = np.arange(1, NUM_PARTS) / NUM_PARTS
    edges = np.quantile(values[known], steps)
    return np.where(known, np.searchsorted(edges, values, side="right"), -1)


def wrong_by_third(
    found: Attention, right: Mask, chosen: Mask, lie: Lie
) -> Mapping[int, Wrong]:
    """Return the errors in each third by a figure, the least first; empty ones lack."""
    values: Floats = getattr(found, lie)
    which = thirds(found, lie)
    among = {part: chosen & (which == part) for part in range(NUM_PARTS)}
    return {
        part: _wrong(right[mask], values[mask])
        for part, mask in among.items()
        if mask.any()
    }


def _mean(values: Floats) -> Estimate | None:
    """Mean with its interval, None of fewer than two values."""
    return mean_estimate(values) if len(values) > 1 else None


def _wrong(right: Mask, values: Floats | None = None) -> Wrong:
    """Errors among some pictures, and the range of a figure on them."""
    low, high = (0.0, 0.0) if values is None else (values.min(), values.max())
    return Wrong(
        n=len(right),
        errors=int((~right).sum()),
        share=share_of(~right),
        low=float(low),
        high=float(high),
    )
