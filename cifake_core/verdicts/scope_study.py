"""Measuring of the scope: verdicts on fakes by generators that no network learnt from.

The verdict rests on all our own networks, whichever network is measured beside it.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.errors import SettingError
from cifake_core.basics.estimates import Estimate, proportion
from cifake_core.basics.labels import Decision
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.evaluation.fakes import FakesReport
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.scope import ScopeCard, UnseenRow

#: How many pictures got each decision, by its name.
Counts: TypeAlias = Mapping[str, int]

_DECISIONS: Final[tuple[Decision, ...]] = ("REAL", "FAKE", "UNSURE")


def count_verdicts(
    judge: Judge,
    fakes: Mapping[str, npt.NDArray[np.uint8]],
    progress: ProgressCallback = tell_nobody,
) -> dict[str, Counts]:
    """Decisions on fakes, counted, by the generator's name.

    Args:
        judge: gives the verdicts.
        fakes: (N, 32, 32, 3) uint8 of each generator, by its name.
        progress: told the share done, 0 to 1.
    """
    total, done = sum(map(len, fakes.values())), 0
    found: dict[str, Counts] = {}
    for name, images in fakes.items():
        counts: dict[str, int] = dict.fromkeys(_DECISIONS, 0)
        for image in images:
            counts[judge.judge(image).decision] += 1
            done += 1
            progress(done / total)
        found[name] = counts
    return found


def found_fake(verdicts: Mapping[str, Counts]) -> Estimate:
    """Share of all fakes that got the verdict FAKE."""
    return proportion(
        sum(counts["FAKE"] for counts in verdicts.values()), num_judged(verdicts)
    )


def num_judged(verdicts: Mapping[str, Counts]) -> int:
    """Number of all fakes."""
    return sum(sum(counts.values()) for counts in verdicts.values())


def check_unseen(names: Mapping[str, object], known: tuple[str, ...]) -> None:
    """Raise `SettingError` if a generator of the fakes is one that is known."""
    learnt = [name for name in names if name in known]
    if learnt:
        msg = (
            "Expected fakes by generators that no network learnt from. Received "
            f"some by {' and '.join(learnt)}; name a folder without them."
        )
        raise SettingError(msg)


def scope_card(  # noqa: PLR0913 - a field each, by keyword
    report: FakesReport,
    verdicts: Mapping[str, Counts],
    *,
    known: tuple[str, ...],
    model_sha256: Mapping[str, str],
    fakes: str,
    fakes_digest: str,
) -> ScopeCard:
    """Card of what was found of unseen generators.

    Args:
        report: of all networks together, on the fakes.
        verdicts: on the same fakes.
        known: the generators that the networks learnt from.
        model_sha256: of each of our own networks.
        fakes: the name of the folder of fakes.
        fakes_digest: what names its content.
    """
    return ScopeCard(
        known=known,
        unseen={
            name: UnseenRow(
                n=row.n,
                recall=row.recall,
                roc_auc=row.roc_auc,
                verdicts=verdicts[name],
            )
            for name, row in report.generators.items()
        },
        n_unseen=num_judged(verdicts),
        unseen_recall=found_fake(verdicts),
        model_sha256=model_sha256,
        fakes=fakes,
        fakes_digest=fakes_digest,
    )
