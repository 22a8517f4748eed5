"""A data set of one's own: metrics by generator, and how verdicts fare."""

from collections.abc import Mapping, Sequence
from typing import Final

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.cli.evaluating.pictures import show_metrics
from cifake_core.cli.evaluating.target import Measured, Target, in_short
from cifake_core.cli.terminal.output import percent, print_table, tell
from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.data.datasets import library
from cifake_core.data.datasets.records import (
    DataSetCard,
    DataSetPictures,
    Part,
)
from cifake_core.evaluation import dataset_report, dataset_scores
from cifake_core.evaluation.dataset_cache import some_of
from cifake_core.evaluation.dataset_report import DataSetReport
from cifake_core.evaluation.fakes import FLAGGED
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.card import NetworkCard
from cifake_core.verdicts import dataset_verdicts
from cifake_core.verdicts.dataset_verdicts import VerdictReport

_SEALED: Final = (
    "This is a look at the sealed test part of {!r}, which is for the gate alone: note "
    "it in your log, and choose nothing by it."
)


def measure(target: Target, name: str, part: Part | None) -> Measured:
    """Figures on a data set, on one of its parts if that is named."""
    root = target.context.user_data / "datasets"
    card = library.card(name, root)
    parts = _parts(card, target.cards(), part)
    if "test" in parts:
        tell(_SEALED.format(name))
    words = f"{' and '.join(parts)} part{'s' * (len(parts) > 1)}"
    with progress_bar(f"Reading the pictures of {name}") as progress:
        pictures = library.load(name, root=root, parts=parts, progress=progress)
    network = target.load()
    with progress_bar("Scoring the pictures") as progress:
        scores = dataset_scores.score(network, pictures, progress=progress)
    found = dataset_report.report(scores, threshold=_threshold(target))
    verdicts = _verdicts(target, card, pictures)
    return Measured(
        network=network,
        figures={
            **dataset_report.to_json(found),
            "set": name,
            "digest": card.digest,
            "parts": list(parts),
            **({"verdicts": dataset_verdicts.to_json(verdicts)} if verdicts else {}),
        },
        pictures=f"{found.whole.n:,} pictures of {name} ({words})",
        show=lambda: _show(found, verdicts),
    )


def _parts(
    card: DataSetCard, cards: Sequence[NetworkCard], part: Part | None
) -> tuple[Part, ...]:
    """Parts to measure on: what is not sealed, and nobody was taught."""
    if part is not None:
        return (part,)
    taught = dataset_scores.is_taught(cards, name=card.name, digest=card.digest)
    return ("validation",) if taught else ("training", "validation")


def _threshold(target: Target) -> float | None:
    """Threshold that flags so many of CIFAKE's photographs, if there are scores."""
    try:
        return dataset_report.threshold_on(target.stored(store.SCORES_FILE))
    except ModelUnavailableError as error:
        tell(f"It is not known where {FLAGGED:.0%} of photographs are flagged. {error}")
        return None


def _verdicts(
    target: Target, card: DataSetCard, pictures: DataSetPictures
) -> VerdictReport | None:
    """How verdicts fare; None, which is told, if they would all be UNSURE.

    They rest on all our own networks: where one of these was taught the set, its
    training part does not count.
    """
    pool = target.context.pool
    own = [store.load_card(pool.models / name) for name in _with_weights(pool.names())]
    if dataset_scores.is_taught(own, name=card.name, digest=card.digest):
        pictures = some_of(pictures, pictures.parts != "training")
    if not len(pictures.labels):
        tell("There are no verdicts to count: a network was taught these pictures.")
        return None
    try:
        with progress_bar("Judging the pictures") as progress:
            given = dataset_verdicts.decide_all(pool, pictures, progress=progress)
    except ModelUnavailableError as error:
        tell(f"There are no verdicts to count. {error}")
        return None
    return dataset_verdicts.report(given, pictures.labels, pictures.generators)


def _with_weights(names: Sequence[str]) -> list[str]:
    """Networks that have weights, and so a card, of their own."""
    return [name for name in names if not NETWORKS[name].members]


def _show(found: DataSetReport, verdicts: VerdictReport | None) -> None:
    """Print the figures, a table of the generators, and the verdicts."""
    show_metrics(found.whole.metrics)
    strict = found.threshold is not None
    counts = verdicts.counts if verdicts else {}
    print_table(
        (
            "generator",
            "fakes",
            "found at 0.5",
            *((f"found at {FLAGGED:.0%}",) if strict else ()),
            "ROC AUC",
            *(("FAKE", "REAL", "UNSURE") if counts else ()),
        ),
        [
            (
                name,
                f"{row.n:,}",
                percent(row.recall),
                *((percent(row.flagged),) if row.flagged else ()),
                in_short(row.roc_auc),
                *(_cells(counts, name) if counts else ()),
            )
            for name, row in found.generators.items()
        ],
    )
    if strict:
        print(
            f"Found at {FLAGGED:.0%}: flagged where {FLAGGED:.0%} of CIFAKE's "
            "photographs are."
        )
    if verdicts:
        print(
            f"Verdicts: {percent(verdicts.coverage)} of {verdicts.n:,} pictures get "
            f"one, of which {percent(verdicts.accuracy)} are right. They rest on all "
            "our own networks, whichever is measured."
        )


def _cells(counts: Mapping[str, Mapping[str, int]], name: str) -> tuple[str, ...]:
    """Cells with the decisions on the fakes of a generator."""
    mine = counts.get(name, {})
    return tuple(f"{mine.get(each, 0):,}" for each in ("FAKE", "REAL", "UNSURE"))
