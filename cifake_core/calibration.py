"""Probabilities that mean what they say, from logits on validation pictures."""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit

from cifake_core.arrays import Floats
from cifake_core.evaluation import evaluate_logits

#: Beyond these a network is broken, not miscalibrated.
_LOWEST, _HIGHEST = 0.05, 20.0
_TOLERANCE: Final = 1e-6


def fit_temperature(
    labels: npt.NDArray[np.integer], logits: npt.NDArray[np.floating]
) -> float:
    """Return what to divide `logits` by, or 1 if that does not help.

    The temperature is the one of least cross-entropy. It helps if the expected
    calibration error, too, is lower with it than without.

    Args:
        labels: (N,) integers, FAKE = 0 and REAL = 1, at least one of each.
        logits: (N,) finite floats, for REAL.

    Returns:
        The temperature, 0.05 to 20.

    Source: Guo et al. 2017, arXiv:1706.04599.
    """
    signs = np.where(labels == 1, 1.0, -1.0)

    def cross_entropy(log_temperature: float) -> float:
        scaled = logits.astype(np.float64) / np.exp(log_temperature)
        return float(np.logaddexp(0, -signs * scaled).mean())

    fitted = minimize_scalar(
        cross_entropy,
        bounds=(np.log(_LOWEST), np.log(_HIGHEST)),
        options={"xatol": _TOLERANCE},
    )
    temperature = float(np.exp(fitted.x))
    before = evaluate_logits(labels, logits).ece
    after = evaluate_logits(labels, logits / temperature).ece
    return temperature if after < before else 1.0


def fit_weights(
    labels: npt.NDArray[np.integer], votes: npt.NDArray[np.floating]
) -> tuple[float, ...]:
    """Return what each network's logit should count in the sum of all.

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
    signs = np.where(labels == 1, 1.0, -1.0)
    signed = votes.astype(np.float64) * signs

    def cross_entropy(weights: Floats) -> tuple[float, Floats]:
        margins = weights @ signed
        slope = -(signed * expit(-margins)).mean(axis=1)
        return float(np.logaddexp(0, -margins).mean()), slope

    count = len(votes)
    fitted = minimize(
        cross_entropy,
        x0=np.full(count, 1 / count),
        jac=True,
        bounds=[(0, None)] * count,
        options={"ftol": _TOLERANCE**2, "gtol": _TOLERANCE},
    )
    return tuple(float(weight) for weight in fitted.x)
