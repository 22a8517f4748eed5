"""Rows of the database as records, and records as rows; results as `predict --json`."""

import os
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from cifake_core.jobs.judging import Judged, Row
from cifake_core.jobs.queue.records import Kind, MadeWith, QueuedJob, State
from cifake_core.jobs.queue.tables import JobRow
from cifake_core.jobs.sources.protocol import Item
from cifake_core.networks import NETWORKS
from cifake_core.verdicts.records import Verdict
from cifake_core.verdicts.rows import error_row

#: Keys that are a network's own; those of the picture and the scope are kept once.
_NETWORK: Final = (
    *("network", "label", "p_fake", "p_real", "milliseconds"),
    *("object_class", "object_probability"),
)


def job_of(row: JobRow) -> QueuedJob:
    """Job of a row."""
    return QueuedJob(
        id=row.id,
        created=row.created,
        kind=cast("Kind", row.kind),
        name=row.name,
        place=row.place,
        state=cast("State", row.state),
        sentence=row.sentence,
        total=row.total,
        done=row.done,
        errors=row.errors,
        seconds=row.seconds,
        made_with=MadeWith(**row.made_with) if row.made_with else None,
        is_listed=row.is_listed,
        is_removed=row.removed_at is not None,
        user=row.user_id,
    )


def listed(job: str, number: int, item: Item) -> dict[str, Any]:  # by column
    """Row of an item that is not done yet."""
    return {
        "job_id": job,
        "number": number,
        "path": item.path,
        "source_key": os.fsencode(item.key),
        "fault": item.fault,
        "is_done": False,
    }


def item_of(path: str, source_key: bytes, fault: str) -> Item:
    """Item of a row."""
    return Item(path=path, key=os.fsdecode(source_key), fault=fault)


def done(judged: Judged) -> dict[str, Any]:  # by column
    """Columns of an item that is done."""
    verdict = judged.verdict
    if verdict is None:
        return {"error": judged.fault, "decision": None} | dict.fromkeys(
            ("doubt", "answers", "pixels")
        )
    rows = [verdict.to_json(name) for name in verdict.predictions]
    answers = {
        "reasons": list(verdict.reasons),
        "networks": [{k: row[k] for k in _NETWORK if k in row} for row in rows],
    }
    return {
        "error": None,
        "decision": verdict.decision,
        "doubt": doubt_of(verdict),
        "answers": answers,
        "pixels": verdict.prepared.pixels.tobytes(),
    }


def doubt_of(verdict: Verdict) -> float:
    """Doubt of a verdict, 0 to 1: how near its networks together are to one half.

    Ensembles are left out, as they say what their members say.
    """
    each = [
        prediction.p_real
        for prediction in verdict.predictions.values()
        if not NETWORKS[prediction.network].members
    ]
    mean = sum(each) / len(each)
    return 2 * min(mean, 1 - mean)


def rows_of(
    path: str,
    *,
    error: str | None,
    decision: str | None,
    answers: Mapping[str, Any] | None,
    made_with: MadeWith | None,
) -> Iterator[Row]:
    """Rows of an item that is done, in the keys of `predict --json` and their order."""
    if answers is None or made_with is None:
        yield dict(error_row(path, error or ""))
        return
    for kept in answers["networks"]:
        own = dict(kept)
        yield {
            "path": path,
            "network": own.pop("network"),
            "label": own.pop("label"),
            "verdict": decision,
            "p_fake": own.pop("p_fake"),
            "p_real": own.pop("p_real"),
            "reasons": answers["reasons"],
            "milliseconds": own.pop("milliseconds"),
            "knows": list(made_with.known[kept["network"]]),
            **made_with.scope,
            **own,
        }
