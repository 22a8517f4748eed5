"""How a network does on a data set of one's own: overall, and by generator."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cifake_core.basics.errors import DatasetError
from cifake_core.basics.estimates import Estimate
from cifake_core.basics.labels import LABELS
from cifake_core.evaluation.fakes import FLAGGED, recall_at
from cifake_core.evaluation.metrics import report_to_json, roc_auc, with_ci95
from cifake_core.evaluation.operating_points import (
    EVEN,
    OperatingPoint,
    by_object_class,
    flagging_at_most,
)
from cifake_core.evaluation.records import EvalReport
from cifake_core.evaluation.scores import Scores


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class GeneratorFindings:
    """What a network finds of `n` fakes by one generator.

    `recall` is the share whose probability of REAL is below 0.5, or below another
    threshold that was asked for; `flagged` the share below the one that flags
    `FLAGGED` of CIFAKE's photographs, None where that is not known. `roc_auc` is the
    area under the ROC curve against the set's own photographs, with DeLong's interval.
    """

    n: int
    recall: Estimate
    flagged: Estimate | None
    roc_auc: Estimate


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DataSetReport:
    """Metrics of a network on a set, and by generator and object class.

    `threshold` is the probability of REAL below which `FLAGGED` of CIFAKE's
    photographs are, None where there are no test scores. `object_classes` has only
    those that are known of some picture.
    """

    whole: EvalReport
    threshold: float | None
    generators: Mapping[str, GeneratorFindings]
    object_classes: Mapping[str, OperatingPoint]


def threshold_on(test: Scores) -> float:
    """Probability of REAL below which at most `FLAGGED` of the photographs are."""
    return flagging_at_most(test.labels, test.logits, share=FLAGGED)


def report(scores: Scores, *, threshold: float | None) -> DataSetReport:
    """Report on a network's scores on a set, without what it was taught.

    Args:
        scores: as `dataset_scores.score` returns them.
        threshold: as `threshold_on` returns it for the network's test scores.

    Raises:
        DatasetError: If what is left has no photographs, or no fakes.
    """
    check_both_labels(scores)
    counted = scores.leak_free
    return DataSetReport(
        whole=scores.report(leak_free=True),
        threshold=threshold,
        generators=by_generator(scores, threshold=threshold),
        object_classes=by_object_class(
            scores.labels[counted],
            scores.logits[counted],
            scores.object_classes[counted],
            threshold=EVEN,
        ),
    )


def by_generator(
    scores: Scores, *, threshold: float | None, even: float = EVEN
) -> dict[str, GeneratorFindings]:
    """What a network finds of each generator's fakes, by its name.

    Args:
        scores: with generators, and pictures of both labels that count.
        threshold: of `GeneratorFindings.flagged`.
        even: of `GeneratorFindings.recall`.
    """
    counted = scores.leak_free
    labels, logits = scores.labels[counted], scores.logits[counted]
    made_by = np.asarray(scores.generators)[counted]
    found = {}
    for name in np.unique(made_by[labels == LABELS.index("FAKE")]).tolist():
        mine = (made_by == name) & (labels == LABELS.index("FAKE"))
        both = mine | (labels == LABELS.index("REAL"))
        found[name] = GeneratorFindings(
            n=int(mine.sum()),
            recall=recall_at(even, logits[mine]),
            flagged=None if threshold is None else recall_at(threshold, logits[mine]),
            roc_auc=roc_auc(labels[both], logits[both]),
        )
    return found


def check_both_labels(scores: Scores) -> None:
    """Raise `DatasetError` unless photographs and fakes are left to measure on."""
    left = scores.labels[scores.leak_free]
    for number, noun in enumerate(("fakes", "photographs")):
        if not (left == number).any():
            msg = (
                f"Expected photographs and fakes to measure {scores.network} on. Of "
                f"these {len(left):,} pictures none are {noun}; add more of them to "
                "the data set."
            )
            raise DatasetError(msg)


def to_json(found: DataSetReport) -> dict[str, object]:
    """The figures of a report as plain numbers and lists.

    Returns:
        Those of `metrics.report_to_json`; `threshold` where it is known; `generators`
        with `n`, `recall`, `recall_at_threshold` and `auc`; and `object_classes`, where
        any are known, with `n` and `accuracy`; each figure with its interval.
    """
    generators = {
        name: {
            "n": row.n,
            **with_ci95("recall", row.recall),
            **(with_ci95("recall_at_threshold", row.flagged) if row.flagged else {}),
            **with_ci95("auc", row.roc_auc),
        }
        for name, row in found.generators.items()
    }
    classes = {
        name: {"n": point.n, **with_ci95("accuracy", point.accuracy)}
        for name, point in found.object_classes.items()
    }
    return {
        **report_to_json(found.whole.metrics),
        **({"threshold": found.threshold} if found.threshold is not None else {}),
        "generators": generators,
        **({"object_classes": classes} if classes else {}),
    }
