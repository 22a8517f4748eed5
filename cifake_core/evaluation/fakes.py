"""Fakes by generator: how many a network finds, against photographs.

A network that was never meant for a generator may lean to REAL altogether, so it is
measured where it flags an agreed share of photographs, and not at the logit 0 alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from cifake_core.basics.arrays import Floats
from cifake_core.basics.estimates import Estimate, mean_estimate, share_of, sigmoid
from cifake_core.basics.progress import ProgressCallback
from cifake_core.evaluation.metrics import check_scores, roc_auc, with_ci95
from cifake_core.evaluation.operating_points import flagging_at_most
from cifake_core.networks.protocols import Scorer
from cifake_core.pictures.statistics import Pile

#: Share of the photographs that may be flagged.
FLAGGED: Final = 0.02
#: Peak signal-to-noise ratio, dB, below which the eye sees that a picture was changed.
VISIBLE_BELOW: Final = 30.0
_SHARES: Final = (0.0, 1.0)
_CHUNK: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class GeneratorReport:
    """What a network finds of `n` fakes by one generator.

    `recall` is the share that is flagged where at most `FLAGGED` of the photographs
    are, with Wilson's interval; `roc_auc` the area under the ROC curve against the
    photographs, with DeLong's.
    """

    n: int
    recall: Estimate
    roc_auc: Estimate


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FakesReport:
    """What a network finds of the fakes of each generator, by its name.

    `real_called_fake` is the share of the `n_real` photographs whose label is FAKE, so
    with a logit below 0. A picture is flagged if its probability of REAL is below
    `threshold`.
    """

    n_real: int
    real_called_fake: Estimate
    threshold: float
    generators: Mapping[str, GeneratorReport]

    @property
    def mean_recall(self) -> Estimate:
        """Mean over the generators, its interval by Student's t."""
        found = [each.recall.value for each in self.generators.values()]
        return mean_estimate(found, limits=_SHARES)

    @property
    def mean_roc_auc(self) -> Estimate:
        """Likewise."""
        found = [each.roc_auc.value for each in self.generators.values()]
        return mean_estimate(found, limits=_SHARES)


def ask(
    network: Scorer, pictures: Mapping[str, Pile], progress: ProgressCallback
) -> dict[str, Floats]:
    """Logits of REAL that a network gives several piles of pictures, by their name.

    Args:
        network: the compiled network or ensemble.
        pictures: (N, 32, 32, 3) uint8 each.
        progress: told the share done, 0 to 1.
    """
    total, done = sum(map(len, pictures.values())), 0
    found = {}
    for name, images in pictures.items():
        logits = np.empty(len(images), np.float32)
        for start in range(0, len(images), _CHUNK):
            part = slice(start, start + _CHUNK)
            logits[part] = network.logits(images[part])
            done += len(images[part])
            progress(done / total)
        found[name] = logits
    return found


def report_fakes(real: Floats, fakes: Mapping[str, Floats]) -> FakesReport:
    """Report on fakes of at least one generator.

    Args:
        real: (N,) logits of REAL of photographs.
        fakes: those of fakes, (M,), by the generator's name.

    Raises:
        ValueError: If an array is empty or holds logits that are not finite.
    """
    every = np.concatenate([real, *fakes.values()])
    labels = np.zeros(every.size, np.int8)
    labels[: real.size] = 1
    threshold = flagging_at_most(labels, every, share=FLAGGED)
    return FakesReport(
        n_real=real.size,
        real_called_fake=share_of(real < 0),
        threshold=threshold,
        generators={
            name: GeneratorReport(
                n=logits.size,
                recall=recall_at(threshold, logits),
                roc_auc=_against(real, logits),
            )
            for name, logits in fakes.items()
        },
    )


def recall_at(threshold: float, logits: Floats) -> Estimate:
    """Share of fakes, (M,) logits of REAL, that are flagged at a threshold."""
    return share_of(sigmoid(logits) < threshold)


def generator_to_json(report: GeneratorReport) -> dict[str, object]:
    """`n`, `recall` and `auc` of a generator, with their intervals."""
    return {
        "n": report.n,
        **with_ci95("recall", report.recall),
        **with_ci95("auc", report.roc_auc),
    }


def fakes_to_json(report: FakesReport) -> dict[str, object]:
    """The figures of all generators together; `generators` is left to the caller.

    Returns:
        `n_real`, `real_called_fake`, `threshold` and `mean` over the generators.
    """
    return {
        "n_real": report.n_real,
        **with_ci95("real_called_fake", report.real_called_fake),
        "threshold": report.threshold,
        "mean": {
            "n": len(report.generators),
            **with_ci95("recall", report.mean_recall),
            **with_ci95("auc", report.mean_roc_auc),
        },
    }


def _against(real: Floats, fake: Floats) -> Estimate:
    """Area under the ROC curve of photographs against fakes."""
    labels = np.repeat(np.array([1, 0], np.int8), [real.size, fake.size])
    logits = np.concatenate([real, fake])
    check_scores(labels, logits)
    return roc_auc(labels, logits)
