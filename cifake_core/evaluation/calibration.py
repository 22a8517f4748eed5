"""Calibration of logits on validation pictures: Platt scaling and stacking weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

from cifake_core.basics.arrays import Floats
from cifake_core.evaluation.metrics import cross_entropy

#: A temperature beyond these is that of a broken network, not of a miscalibrated one.
_LOWEST, _HIGHEST = 0.05, 20.0
_TOLERANCE: Final = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibration:
    """What makes logits mean what they say: divided by `temperature`, then shifted.

    A network that is too sure needs a temperature above 1, one that too often says
    FAKE a `shift` above 0, in units of the logit.
    """

    temperature: float = 1.0
    shift: float = 0.0

    def apply(self, logits: Floats) -> Floats:
        """Return the calibrated logits, of the same shape and type."""
        return logits / self.temperature + self.shift


def fit_calibration(
    labels: npt.NDArray[np.integer], logits: npt.NDArray[np.floating]
) -> Calibration:
    """Return the calibration of `logits`, or one that changes nothing.

    It is the one of least cross-entropy, but is taken only if it helps: fitted on
    either half of the pictures, it lowers the cross-entropy of the other halves.

    Args:
        labels: (N,) integers, FAKE = 0 and REAL = 1, some of each.
        logits: (N,) finite floats, for REAL.

    Returns:
        The calibration, its temperature 0.05 to 20.

    Source: Platt 1999, "Probabilistic outputs for support vector machines"; without
        the shift it is the temperature of Guo et al. 2017, arXiv:1706.04599.
    """
    order = np.random.default_rng(0).permutation(len(labels))
    halves = order[::2], order[1::2]
    unseen = np.empty(len(labels))
    for known, other in (halves, halves[::-1]):
        unseen[other] = _fit(labels[known], logits[known]).apply(logits[other])
    helps = cross_entropy(labels, unseen) < cross_entropy(labels, logits)
    return _fit(labels, logits) if helps else Calibration()


def _fit(
    labels: npt.NDArray[np.integer], logits: npt.NDArray[np.floating]
) -> Calibration:
    """Return the calibration of least cross-entropy."""
    weight, shift = _fit_logistic(
        labels,
        np.stack([logits, np.ones_like(logits)]),
        first=(1.0, 0.0),
        bounds=((1 / _HIGHEST, 1 / _LOWEST), (None, None)),
    )
    return Calibration(temperature=1 / weight, shift=shift)


def fit_weights(
    labels: npt.NDArray[np.integer], votes: npt.NDArray[np.floating]
) -> tuple[float, ...]:
    """Return the stacking weights: what each network's logit counts in their sum.

    The weights are those of least cross-entropy, none of them negative, so that
    the sum is calibrated as far as a linear one can be.

    Args:
        labels: (N,) integers, FAKE = 0 and REAL = 1.
        votes: (M, N) finite floats, the logits of M networks.

    Returns:
        M weights.

    Source: logistic regression without an intercept; Ting & Witten 1999,
        doi:10.1613/jair.594, for stacking with weights that are not negative.
    """
    count = len(votes)
    return _fit_logistic(
        labels, votes, first=(1 / count,) * count, bounds=((0, None),) * count
    )


def _fit_logistic(
    labels: npt.NDArray[np.integer],
    features: npt.NDArray[np.floating],
    *,
    first: Sequence[float],
    bounds: Sequence[tuple[float | None, float | None]],
) -> tuple[float, ...]:
    """Return the weights of (M, N) features with the least cross-entropy, M of them.

    The search starts at `first` and keeps each weight within its bounds.
    """
    signed = features.astype(np.float64) * np.where(labels == 1, 1.0, -1.0)

    def cross_entropy(weights: Floats) -> tuple[float, Floats]:
        margins = weights @ signed
        slope = -(signed * expit(-margins)).mean(axis=1)
        return float(np.logaddexp(0, -margins).mean()), slope

    fitted = minimize(
        cross_entropy,
        x0=np.array(first),
        jac=True,
        bounds=bounds,
        options={"ftol": _TOLERANCE**2, "gtol": _TOLERANCE},
    )
    return tuple(float(weight) for weight in fitted.x)
