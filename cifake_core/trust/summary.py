"""Summary of a trust study: means with their 95 % intervals."""

from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Final

import numpy as np
import pandas as pd

import cifake_core
from cifake_core.basics.estimates import UNBOUNDED, mean_estimate, proportion
from cifake_core.basics.labels import LABELS
from cifake_core.data import cifake
from cifake_core.trust.journal import Row
from cifake_core.trust.study import StudyRows
from cifake_core.trust.table import SanityRow, SpliceRow, TrustRow, TrustTable
from cifake_core.trust.trials import StudyConfig, Subjects

_PACKAGES: Final = ("keras", "tensorflow", "numpy", "lime", "scikit-image")
_SHARE: Final = (0.0, 1.0)
_CORRELATION: Final = (-1.0, 1.0)
#: Columns of the rows on curves, what each is called in the table, and its limits.
_FIGURES: Final = {
    "deletion_auc": ("deletion_auc", UNBOUNDED),
    "insertion_auc": ("insertion_auc", UNBOUNDED),
    "random_deletion_auc": ("random_deletion_auc", UNBOUNDED),
    "random_insertion_auc": ("random_insertion_auc", UNBOUNDED),
    "trust_score": ("score", UNBOUNDED),
    "trust_spread": ("spread", UNBOUNDED),
    "trust_beaten": ("beaten", _SHARE),
}


def tabulate(rows: StudyRows, subjects: Subjects, config: StudyConfig) -> TrustTable:
    """Return the table of a finished study."""
    positions = [row["position"] for row in rows.pictures]
    said = [LABELS.index(row["label"]) for row in rows.pictures]
    return TrustTable(
        settings=asdict(config),
        model_sha256={name: each.sha256 for name, each in subjects.networks.items()},
        data_digest=cifake.digest(subjects.train, subjects.test),
        versions={
            "cifake_core": cifake_core.__version__,
            **{name: version(name) for name in _PACKAGES},
        },
        seconds=rows.seconds,
        num_errors=int(np.count_nonzero(subjects.test.labels[positions] != said)),
        positions=tuple(positions),
        curves=_curve_rows(rows.curves),
        splices=_splice_rows(rows.splices),
        sanity=_sanity_rows(rows.sanity, subjects),
    )


def _curve_rows(rows: Sequence[Row]) -> tuple[TrustRow, ...]:
    """Return the means over the pictures for each network, method and replacement."""
    keys = ["network", "method", "replacement"]
    return tuple(
        TrustRow(
            network=network,
            method=method,
            replacement=replacement,
            n=len(group),
            **{
                name: mean_estimate(group[column], limits=limits)
                for column, (name, limits) in _FIGURES.items()
            },
            faithful=proportion(int((group["trust"] == "faithful").sum()), len(group)),
        )
        for (network, method, replacement), group in pd.DataFrame(rows).groupby(
            keys, sort=False
        )
    )


def _splice_rows(rows: Sequence[Row]) -> tuple[SpliceRow, ...]:
    """Return the means over the patches for each network and method."""
    return tuple(
        SpliceRow(
            network=network,
            method=method,
            n=len(group),
            share=mean_estimate(group["share"], limits=_SHARE),
            area=float(group["area"].mean()),
            maximum_inside=mean_estimate(group["maximum_inside"], limits=_SHARE),
        )
        for (network, method), group in pd.DataFrame(rows).groupby(
            ["network", "method"], sort=False
        )
    )


def _sanity_rows(rows: Sequence[Row], subjects: Subjects) -> tuple[SanityRow, ...]:
    """Return the means over the pictures at each step."""
    found = []
    frame = pd.DataFrame(rows)
    for (network, method), group in frame.groupby(["network", "method"], sort=False):
        by_step = group.groupby("step")["correlation"]
        found.append(
            SanityRow(
                network=network,
                method=method,
                n=int(by_step.size().iloc[0]),
                layers=subjects.forgotten(network),
                correlations=tuple(
                    mean_estimate(values, limits=_CORRELATION) for _, values in by_step
                ),
            )
        )
    return tuple(found)
