"""Loading: records of the history from their rows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cifake_core.basics.artefacts import from_json
from cifake_core.cases.members import chunks
from cifake_core.cases.records import Finding, HistoryRecord, System
from cifake_core.cases.similar import hash_of
from cifake_core.cases.tables import KindRow, MemberRow, RecordRow, SetRow, SystemRow
from cifake_core.provenance.records import FileFacts
from cifake_core.verdicts.records import ObjectPrediction, Prediction


def load(session: Session, numbers: Sequence[int]) -> tuple[HistoryRecord, ...]:
    """Records of these numbers, in their order; those that are gone are left out."""
    found: dict[int, HistoryRecord] = {}
    for chunk in chunks(numbers):
        sets = _sets(session, chunk)
        rows = session.execute(
            select(RecordRow, KindRow, SystemRow)
            .join(KindRow, KindRow.id == RecordRow.kind_id)
            .join(SystemRow, SystemRow.id == RecordRow.system_id)
            .where(RecordRow.id.in_(chunk))
        )
        for record, kind, system in rows:
            found[record.id] = _record(record, kind, system, sets[record.id])
    return tuple(found[number] for number in numbers if number in found)


def _sets(
    session: Session, numbers: Sequence[int]
) -> Mapping[int, Mapping[str, list[str]]]:
    """Names of the tags and cases of records, by number, then by which they are."""
    sets: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = session.execute(
        select(MemberRow.record_id, SetRow.what, SetRow.name)
        .join(SetRow, SetRow.id == MemberRow.set_id)
        .where(MemberRow.record_id.in_(numbers))
        .order_by(SetRow.name)
    )
    for number, what, name in rows:
        sets[number][what].append(name)
    return sets


def _record(
    row: RecordRow, kind: KindRow, system: SystemRow, sets: Mapping[str, list[str]]
) -> HistoryRecord:
    """Record that rows hold."""
    judge = System(
        program=system.program,
        policy_sha256=system.policy_sha256,
        weights=system.weights,
        known={name: tuple(known) for name, known in system.known.items()},
        scope=(system.scope[0], system.scope[1]),
    )
    return HistoryRecord(
        id=row.id,
        moment=row.moment,
        source=row.source,  # type: ignore[arg-type]  # one of these was put in
        name=row.name,
        bytes_sha256=row.bytes_sha256,
        pixels_sha256=row.pixels_sha256,
        perceptual_hash=hash_of(row),
        decision=kind.decision,  # type: ignore[arg-type]
        reasons=tuple(row.reasons),
        predictions={
            each["network"]: _prediction(each, judge) for each in row.predictions
        },
        system=judge,
        note=row.note,
        finding=_finding(row, kind),
        tags=tuple(sets["tag"]),
        cases=tuple(sets["case"]),
        binned=row.binned_at,
        file=from_json(row.file, FileFacts) if row.file else None,
    )


def _finding(row: RecordRow, kind: KindRow) -> Finding | None:
    """What an analyst found."""
    if not kind.finding or row.finding_at is None:
        return None
    return Finding(
        opinion=kind.finding,  # type: ignore[arg-type]  # one of these was put in
        reason=row.finding_reason,
        moment=row.finding_at,
    )


def _prediction(held: Mapping[str, Any], system: System) -> Prediction:
    """Prediction that its JSON values and the system hold."""
    seen = None
    if "object_class" in held:
        seen = ObjectPrediction(
            object_class=held["object_class"], probability=held["object_probability"]
        )
    return Prediction(
        network=held["network"],
        logit=held["logit"],
        p_real=held["p_real"],
        milliseconds=held["milliseconds"],
        model_sha256=system.weights[held["network"]],
        known=system.known[held["network"]],
        object_prediction=seen,
    )
