"""Estimates with 95 % confidence intervals, and the logistic function."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from scipy.stats import binomtest, sem, t


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


#: The limits of what has none.
UNBOUNDED: Final = (-np.inf, np.inf)


_CONFIDENCE: Final = 0.95


def sigmoid(logits: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Return the probability of REAL that belongs to each logit.

    Args:
        logits: floats of any shape, the raw outputs for REAL.

    Returns:
        float64 of the same shape, 0 to 1, without overflow at either end.
    """
    return np.asarray(expit(logits.astype(np.float64)), np.float64)


def proportion(count: int, total: int) -> Estimate:
    """Return `count` / `total` with Wilson's interval; 0 of 0 is 0, from 0 to 1."""
    if total == 0:
        return Estimate(value=0.0, low=0.0, high=1.0)
    interval = binomtest(count, total).proportion_ci(_CONFIDENCE, method="wilson")
    return Estimate(
        value=count / total, low=float(interval.low), high=float(interval.high)
    )


def share_of(right: npt.NDArray[np.bool_]) -> Estimate:
    """Share of True values, (N,), with Wilson's interval."""
    return proportion(int(np.count_nonzero(right)), right.size)


def mean_estimate(
    values: npt.ArrayLike, *, limits: tuple[float, float] = UNBOUNDED
) -> Estimate:
    """Return the mean of `values` with its interval by Student's t, cut to `limits`.

    Args:
        values: (N,) floats; of a single one the interval is `limits`.
        limits: the lowest and the highest value there can be.

    Raises:
        ValueError: If there is a single value without limits, or none at all.
    """
    found = np.asarray(values, np.float64)
    low, high = limits
    if found.size < (1 if np.isfinite(limits).all() else 2):
        msg = (
            f"Expected at least two values, or one with limits. Received {found.size}."
        )
        raise ValueError(msg)
    mean = float(found.mean())
    if found.size > 1:
        margin = float(t.ppf((1 + _CONFIDENCE) / 2, found.size - 1) * sem(found))
        low, high = max(low, mean - margin), min(high, mean + margin)
    return Estimate(value=mean, low=low, high=high)
