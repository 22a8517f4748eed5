"""How a set of scores does against the truth: labels and logits to a report.

No network and no drawing: what comes in are two arrays, what goes out is an
`EvalReport`. Every interval is a 95 % interval for pictures drawn at random from
the same source; it says nothing of pictures from elsewhere.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import norm, rankdata
from sklearn.metrics import confusion_matrix, roc_curve

from cifake_core.basics.estimates import (
    _CONFIDENCE,
    Estimate,
    proportion,
    share_of,
    sigmoid,
)
from cifake_core.basics.labels import OBJECT_CLASSES
from cifake_core.evaluation.records import EvalReport, ObjectReport, ReliabilityBin
from cifake_core.networks.card import Metrics

#: Of the calibration error.
NUM_ECE_BINS: Final = 15
_NUM_BOOTSTRAP_DRAWS: Final = 2000
_BOOTSTRAP_SEED: Final = 0
_MAX_ROC_POINTS: Final = 500


def evaluate_logits(
    labels: npt.NDArray[np.integer], logits: npt.NDArray[np.floating]
) -> EvalReport:
    """Report on `logits` against `labels`, REAL being the positive class.

    A picture is called REAL if its logit is at least 0. Accuracy, precision and
    recall have Wilson intervals, F1 a percentile interval from a seeded multinomial
    bootstrap of the confusion matrix, the area under the ROC curve DeLong's. Where
    nothing was called REAL, precision is 0 and its interval 0 to 1.

    The calibration error is that of Guo et al.: pictures fall into 15 equal bins
    ((m - 1) / 15, m / 15] of [0, 1] by confidence, which is the probability of the
    more probable label (so the lower seven stay empty); the error is the mean over
    the pictures of |share rightly called - mean confidence| of their bin.

    Args:
        labels: (N,) integers, FAKE = 0 and REAL = 1, at least one of each.
        logits: (N,) finite floats, the raw outputs for REAL.

    Returns:
        The report; its ROC curve is thinned to at most 500 points, while the area
        is that of all of them.

    Raises:
        ValueError: If an argument is not as said above.

    Source: Wilson 1927, doi:10.2307/2276774; Guo et al. 2017, arXiv:1706.04599,
        equation 3; for DeLong see `roc_auc`.
    """
    check_scores(labels, logits)
    cells = confusion_matrix(labels, logits >= 0, labels=[0, 1])
    (tn, fp), (fn, tp) = ((int(a), int(b)) for a, b in cells)
    bins = _reliability(labels, sigmoid(logits))
    roc_fpr, roc_tpr = _roc_points(labels, logits)
    return EvalReport(
        n=labels.size,
        accuracy=proportion(tn + tp, labels.size),
        precision=proportion(tp, fp + tp),
        recall=proportion(tp, fn + tp),
        f1=f1_estimate(cells),
        roc_auc=roc_auc(labels, logits),
        ece=sum(b.n * abs(b.accuracy.value - b.confidence) for b in bins) / labels.size,
        reliability=bins,
        confusion=((tn, fp), (fn, tp)),
        roc_fpr=roc_fpr,
        roc_tpr=roc_tpr,
    )


def rightly_called(
    labels: npt.NDArray[np.integer], logits: npt.NDArray[np.floating]
) -> npt.NDArray[np.bool_]:
    """True where a picture is called what it is: REAL from logit 0 on.

    Args:
        labels: (N,) integers, FAKE = 0 and REAL = 1.
        logits: (..., N) floats, the raw outputs for REAL.

    Returns:
        (..., N) bool.
    """
    return np.asarray((logits >= 0) == (labels == 1), np.bool_)


def cross_entropy(
    labels: npt.NDArray[np.integer], logits: npt.NDArray[np.floating]
) -> float:
    """Mean cross-entropy: minus the logarithm of the right label's probability.

    Args:
        labels: (N,) integers, FAKE = 0 and REAL = 1.
        logits: (N,) floats, the raw outputs for REAL.
    """
    return float(np.logaddexp(0, np.where(labels == 1, -logits, logits)).mean())


def evaluate_objects(
    object_classes: npt.NDArray[np.integer], seen_classes: npt.NDArray[np.integer]
) -> ObjectReport | None:
    """Report on the object classes: the shares of objects rightly named.

    Args:
        object_classes: (N,) integers, the truth, numbers of
            `dataset.OBJECT_CLASSES`; a picture of unknown class, -1, is left out.
        seen_classes: (N,) integers, what the network sees; -1 if it names none.

    Returns:
        The report, or None if no picture has both.
    """
    known = (object_classes >= 0) & (seen_classes >= 0)
    if not known.any():
        return None
    cells = confusion_matrix(
        object_classes[known], seen_classes[known], labels=range(len(OBJECT_CLASSES))
    )
    n = int(cells.sum())
    return ObjectReport(
        n=n,
        accuracy=proportion(int(cells.trace()), n),
        confusion=tuple(tuple(map(int, row)) for row in cells),
    )


def report_to_json(report: Metrics) -> dict[str, object]:
    """Return the figures of `report` as plain numbers and lists.

    Returns:
        `n`, `ece`, `confusion` (2x2, rows are the truth) and, for accuracy,
        precision, recall, f1 and roc_auc, `<name>` and `<name>_ci95` ([low, high]);
        `reliability` is a list of bins likewise; where the network
        names objects, also `object_accuracy`, `object_accuracy_ci95` and
        `object_confusion` (10x10, rows are the truth). The ROC points are left out.
    """
    figures: dict[str, object] = {"n": report.n}
    estimates = {
        "accuracy": report.accuracy,
        "precision": report.precision,
        "recall": report.recall,
        "f1": report.f1,
        "roc_auc": report.roc_auc,
    }
    if report.objects is not None:
        estimates["object_accuracy"] = report.objects.accuracy
        figures["object_confusion"] = [list(row) for row in report.objects.confusion]
    for name, estimate in estimates.items():
        figures |= with_ci95(name, estimate)
    return figures | {
        "ece": report.ece,
        "reliability": [
            {
                "low": each.low,
                "high": each.high,
                "n": each.n,
                "confidence": each.confidence,
                **with_ci95("accuracy", each.accuracy),
            }
            for each in report.reliability
        ],
        "confusion": [list(row) for row in report.confusion],
    }


def with_ci95(name: str, estimate: Estimate) -> dict[str, object]:
    """`<name>` and `<name>_ci95` of an estimate, as the command line prints them."""
    return {name: estimate.value, f"{name}_ci95": [estimate.low, estimate.high]}


def check_scores(
    labels: npt.NDArray[np.integer], logits: npt.NDArray[np.floating]
) -> None:
    """Raise `ValueError` unless the two arrays can be compared."""
    if labels.ndim != 1 or labels.shape != logits.shape or labels.size == 0:
        msg = (
            "Expected as many logits as labels, both of shape (N,), N at least 1. "
            f"Received labels {labels.shape} and logits {logits.shape}."
        )
        raise ValueError(msg)
    if not np.isfinite(logits).all():
        count = np.count_nonzero(~np.isfinite(logits))
        msg = f"Expected finite logits. Received {count} that are NaN or infinite."
        raise ValueError(msg)
    found = np.unique(labels).tolist()
    if found != [0, 1]:
        msg = (
            "Expected labels 0 (FAKE) and 1 (REAL), at least one of each. "
            f"Received the labels {found[:5]}."
        )
        raise ValueError(msg)


def f1_estimate(cells: npt.NDArray[np.integer]) -> Estimate:
    """Return F1 = 2 TP / (2 TP + FP + FN), its interval from redrawn (2, 2) cells."""
    random = np.random.RandomState(_BOOTSTRAP_SEED)
    n = int(cells.sum())
    redrawn = random.multinomial(n, cells.ravel() / n, size=_NUM_BOOTSTRAP_DRAWS)
    _, fp, fn, tp = np.vstack([cells.ravel(), redrawn]).T
    scores = 2 * tp / np.maximum(2 * tp + fp + fn, 1)
    tail = (1 - _CONFIDENCE) / 2
    low, high = np.quantile(scores[1:], (tail, 1 - tail))
    return Estimate(value=float(scores[0]), low=float(low), high=float(high))


def roc_auc(
    labels: npt.NDArray[np.integer], logits: npt.NDArray[np.floating]
) -> Estimate:
    """Return the area under the ROC curve with DeLong's interval, cut to 0 to 1.

    A class with a single picture has no variance to estimate: 0 to 1 then.

    Args:
        labels: (N,) integers, FAKE = 0 and REAL = 1, at least one of each.
        logits: (N,) finite floats, the raw outputs for REAL.

    Source: Sun & Xu 2014, doi:10.1109/LSP.2014.2337313, algorithm 2.
    """
    real, fake = logits[labels == 1], logits[labels == 0]
    ranks = rankdata(logits)
    fakes_below = (ranks[labels == 1] - rankdata(real)) / fake.size
    reals_above = 1 - (ranks[labels == 0] - rankdata(fake)) / real.size
    area = float(fakes_below.mean())
    if min(real.size, fake.size) == 1:
        return Estimate(value=area, low=0.0, high=1.0)
    variance = fakes_below.var(ddof=1) / real.size + reals_above.var(ddof=1) / fake.size
    margin = float(norm.ppf((1 + _CONFIDENCE) / 2) * np.sqrt(variance))
    return Estimate(value=area, low=max(area - margin, 0), high=min(area + margin, 1))


def _reliability(
    labels: npt.NDArray[np.integer], p_real: npt.NDArray[np.float64]
) -> tuple[ReliabilityBin, ...]:
    """Return the bins of confidence that `evaluate_logits` describes."""
    confidence = np.maximum(p_real, 1 - p_real)
    right = (p_real >= 0.5) == (labels == 1)
    numbers = np.ceil(confidence * NUM_ECE_BINS).astype(int) - 1
    return tuple(
        ReliabilityBin(
            low=float(number / NUM_ECE_BINS),
            high=float((number + 1) / NUM_ECE_BINS),
            n=int(np.count_nonzero(numbers == number)),
            confidence=float(confidence[numbers == number].mean()),
            accuracy=share_of(right[numbers == number]),
        )
        for number in np.unique(numbers)
    )


def _roc_points(
    labels: npt.NDArray[np.integer], logits: npt.NDArray[np.floating]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the corners of the ROC curve, evenly thinned, both ends kept."""
    fpr, tpr, _ = roc_curve(labels, logits, drop_intermediate=True)
    count = min(fpr.size, _MAX_ROC_POINTS)
    kept = np.linspace(0, fpr.size - 1, count).round().astype(int)
    return np.asarray(fpr[kept], np.float64), np.asarray(tpr[kept], np.float64)
