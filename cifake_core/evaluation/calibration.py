"""Calibration of logits on validation pictures: Platt scaling and stacking weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

from cifake_core.basics.arrays import Floats
from cifake_core.evaluation.metrics import NUM_ECE_BINS

#: A temperature beyond these is that of a broken network, not of a miscalibrated one.
_LOWEST, _HIGHEST = 0.05, 20.0
_TOLERANCE: Final = 1e-6
#: Where `fit_within` looks: factors of the temperature, and shifts.
_FACTORS: Final = np.linspace(0.6, 1.6, 21)
_SHIFTS: Final = np.linspace(-1, 1, 41)


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
    labels: npt.NDArray[np.integer],
    logits: npt.NDArray[np.floating],
    counts: npt.NDArray[np.floating] | None = None,
) -> Calibration:
    """Return the calibration of `logits`, or one that changes nothing.

    It is the one of least cross-entropy, but is taken only if it helps: fitted on
    either half of the pictures, it lowers the cross-entropy of the other halves.

    Args:
        labels: (N,) integers, FAKE = 0 and REAL = 1, some of each.
        logits: (N,) finite floats, for REAL.
        counts: (N,) floats above 0, how much each picture counts; alike by default.

    Returns:
        The calibration, its temperature 0.05 to 20.

    Source: Platt 1999, "Probabilistic outputs for support vector machines"; without
        the shift it is the temperature of Guo et al. 2017, arXiv:1706.04599.
    """
    if counts is None:
        counts = np.ones(len(labels))
    order = np.random.default_rng(0).permutation(len(labels))
    halves = order[::2], order[1::2]
    unseen = np.empty(len(labels))
    for known, other in (halves, halves[::-1]):
        fitted = _fit(labels[known], logits[known], counts[known])
        unseen[other] = fitted.apply(logits[other])
    after, before = (
        np.average(np.logaddexp(0, np.where(labels == 1, -each, each)), weights=counts)
        for each in (unseen, logits.astype(np.float64))
    )
    return _fit(labels, logits, counts) if after < before else Calibration()


@dataclass(frozen=True, kw_only=True, slots=True)
class CalibrationLimits:
    """What a calibration is to keep to.

    `max_error` bounds `calibration_error`, 0 to 1. Of the pictures that decide about
    `num_fake` are to be called FAKE.
    """

    max_error: float
    num_fake: int


def fit_within(
    labels: npt.NDArray[np.integer],
    logits: npt.NDArray[np.floating],
    counts: npt.NDArray[np.floating],
    deciding: npt.NDArray[np.bool_],
    *,
    limits: CalibrationLimits,
) -> Calibration:
    """Return the calibration that moves fewest labels among those of little error.

    A shift moves labels. So among the calibrations whose calibration error is within
    the limit it is the one with which about as many of some pictures are called FAKE
    as the limits say, and of these that of least cross-entropy; where there is none,
    the one of least error. A count is less a matter of chance than the threshold with
    which most pictures are right: chosen on one half of 10,000 it varies by a third as
    much, and costs half as many right answers on the other.

    Args:
        labels: (N,) integers, FAKE = 0 and REAL = 1, some of each.
        logits: (N,) finite floats, for REAL.
        counts: (N,) floats above 0, how much each picture counts.
        deciding: (N,) True for the pictures of which the limits say how many are to be
            called FAKE.
        limits: to keep to.
    """
    about = _fit(labels, logits, counts).temperature
    signs = np.where(labels == 1, -1.0, 1.0)
    found = []
    for factor in _FACTORS:
        temperature = about * float(factor)
        as_before = _shift_for(logits[deciding] / temperature, limits.num_fake)
        for shift in (as_before, *_SHIFTS):
            tried = Calibration(temperature=temperature, shift=float(shift))
            answers = tried.apply(logits)
            error = calibration_error(labels, answers, counts)
            loss = np.average(np.logaddexp(0, signs * answers), weights=counts)
            moved = abs(np.count_nonzero(answers[deciding] < 0) - limits.num_fake)
            found.append((max(error, limits.max_error), moved, loss, tried))
    return min(found, key=lambda each: each[:3])[3]


def _shift_for(logits: npt.NDArray[np.floating], num_fake: int) -> float:
    """Shift with which so many of some logits lie below 0."""
    ordered = np.concatenate([[-np.inf], np.sort(logits), [np.inf]])
    below, above = ordered[num_fake], ordered[num_fake + 1]
    if np.isinf(below) or np.isinf(above):  # all of them, or none
        return float(-above + 1 if np.isinf(below) else -below - 1)
    return float(-(below + above) / 2)


def _fit(
    labels: npt.NDArray[np.integer],
    logits: npt.NDArray[np.floating],
    counts: npt.NDArray[np.floating],
) -> Calibration:
    """Return the calibration of least cross-entropy."""
    weight, shift = _fit_logistic(
        labels,
        np.stack([logits, np.ones_like(logits)]),
        first=(1.0, 0.0),
        bounds=((1 / _HIGHEST, 1 / _LOWEST), (None, None)),
        counts=counts,
    )
    return Calibration(temperature=1 / weight, shift=shift)


def calibration_error(
    labels: npt.NDArray[np.integer],
    logits: npt.NDArray[np.floating],
    counts: npt.NDArray[np.floating],
) -> float:
    """Return the expected calibration error of pictures that count differently.

    As in `metrics.evaluate_logits`, over 15 equal bins of confidence, but each picture
    counts as much as `counts` says, in the share rightly called of a bin, in its mean
    confidence and in the mean over the bins.

    Args:
        labels: (N,) integers, FAKE = 0 and REAL = 1.
        logits: (N,) finite floats, for REAL.
        counts: (N,) floats above 0.

    Returns:
        0 to 1.

    Source: Guo et al. 2017, arXiv:1706.04599, equation 3, weighted.
    """
    p_real = expit(logits.astype(np.float64))
    confidence = np.maximum(p_real, 1 - p_real)
    right = (logits >= 0) == (labels == 1)
    numbers = np.ceil(confidence * NUM_ECE_BINS).astype(int) - 1
    gaps = np.bincount(numbers, weights=counts * (right - confidence))
    return float(np.abs(gaps).sum() / counts.sum())


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
    counts: npt.NDArray[np.floating] | None = None,
) -> tuple[float, ...]:
    """Return the weights of (M, N) features with the least cross-entropy, M of them.

    The search starts at `first` and keeps each weight within its bounds. Each picture
    counts alike, or as much as `counts` says.
    """
    signed = features.astype(np.float64) * np.where(labels == 1, 1.0, -1.0)

    def cross_entropy(weights: Floats) -> tuple[float, Floats]:
        margins = weights @ signed
        slope = -np.average(signed * expit(-margins), axis=1, weights=counts)
        return float(np.average(np.logaddexp(0, -margins), weights=counts)), slope

    fitted = minimize(
        cross_entropy,
        x0=np.array(first),
        jac=True,
        bounds=bounds,
        options={"ftol": _TOLERANCE**2, "gtol": _TOLERANCE},
    )
    return tuple(float(weight) for weight in fitted.x)
