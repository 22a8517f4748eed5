"""Drawings of a report: records as points and lengths that the template draws."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.explain.records import ChannelValues
from cifake_core.pictures.filters import FILTER_TEXTS
from cifake_core.trust.measure import Trust

#: Width and height of a panel's field, in the units of its points.
PANEL_SIZE: Final = (200, 100)


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """Curves of a map and of its random maps, over the share of pixels, 0 to 1.

    `of_map` and `of_random`, their mean, are points "x,y x,y ..." in `PANEL_SIZE`,
    y downwards; `band` is the outline of all random maps. `low` and `high` are the
    logits at the field's foot and head.
    """

    title: str
    shows: str
    of_map: str
    of_random: str
    band: str
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A value about 0, which is in the middle; the others are percents of a width."""

    value: float
    start: float
    length: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelBars:
    """What one channel added, and by how much the score falls without it."""

    title: str
    shows: str
    value: Bar
    drop: Bar


def trust_panels(trust: Trust) -> tuple[Panel, Panel]:
    """Return the deletion and the insertion curves, means over the replacements."""
    curves = trust.curves.values()
    return (
        _panel(
            "Pixels taken away, the map's highest first",
            "A good map's line falls below the others.",
            np.mean([each.deletion for each in curves], axis=0),
        ),
        _panel(
            "Pixels put back, the map's highest first",
            "A good map's line rises above the others.",
            np.mean([each.insertion for each in curves], axis=0),
        ),
    )


def channel_bars(values: ChannelValues) -> tuple[ChannelBars, ...]:
    """Return bars on one scale for each channel, in the order of `FILTERS`."""
    largest = float(np.abs([values.values, values.drops]).max())
    return tuple(
        ChannelBars(
            title=text.title,
            shows=text.shows,
            value=_bar(float(value), largest),
            drop=_bar(float(drop), largest),
        )
        for text, value, drop in zip(
            FILTER_TEXTS.values(), values.values, values.drops, strict=True
        )
    )


def _bar(value: float, largest: float) -> Bar:
    """Return one bar; without any value all have no length."""
    length = 50 * abs(value) / largest if largest > 0 else 0.0
    return Bar(value=value, start=50 - length * (value < 0), length=length)


def _panel(title: str, shows: str, logits: npt.NDArray[np.float64]) -> Panel:
    """Return a panel of (1 + R, 26) logits, the map's own first."""
    low, high = float(logits.min()), float(logits.max())
    width, height = PANEL_SIZE
    across = np.linspace(0, width, logits.shape[1])
    down = height * (high - logits) / ((high - low) or 1)
    own, others = down[0], down[1:]
    return Panel(
        title=title,
        shows=shows,
        of_map=_points(across, own),
        of_random=_points(across, others.mean(axis=0)),
        band=_points(
            np.concatenate([across, across[::-1]]),
            np.concatenate([others.min(axis=0), others.max(axis=0)[::-1]]),
        ),
        low=low,
        high=high,
    )


def _points(across: npt.NDArray[np.float64], down: npt.NDArray[np.float64]) -> str:
    """Return points as SVG has them."""
    pairs = np.stack([across, down], axis=-1).tolist()
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in pairs)
