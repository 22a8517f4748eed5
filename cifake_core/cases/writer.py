"""Writer of the history: what one transaction adds, changes and deletes."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from cifake_core.basics import database
from cifake_core.basics.artefacts import to_json
from cifake_core.basics.errors import GoneError
from cifake_core.cases.filters import words_of
from cifake_core.cases.kinds import Kind, Kinds, labels_of
from cifake_core.cases.members import (
    Member,
    added,
    change_members,
    chunks,
    made_set,
    members_of,
    set_number,
)
from cifake_core.cases.records import Finding, NewRecord, System
from cifake_core.cases.sharing import NOBODY, seen_records
from cifake_core.cases.similar import bands_of
from cifake_core.cases.tables import (
    MemberRow,
    PictureRow,
    RecordRow,
    SetRow,
    SystemRow,
    WordRow,
)
from cifake_core.cases.texts import MAX_FILE_NAME, storable
from cifake_core.verdicts.records import Prediction


@contextmanager
def writer_of(user_data: Path, owner: int | None = None) -> Iterator["Writer"]:
    """Writer of one transaction, all of which is undone by what is raised inside.

    Args:
        user_data: the user's folder.
        owner: user who writes, None where there are no accounts.

    Raises:
        DatabaseUnavailableError: As `database.writing`.
    """
    with database.writing(user_data) as session:
        yield Writer(session, owner)


def gone_error(number: int) -> GoneError:
    """Error for a record that is not there."""
    return GoneError(f"There is no record {number}, or not any more.")


class Writer:
    """What is done to the history in one session.

    Args:
        session: of the user's database, one that writes.
        owner: user who writes, None where there are no accounts.
    """

    def __init__(self, session: Session, owner: int | None = None) -> None:
        self.session = session
        self._owner = owner
        self._kinds = Kinds(session, owner)
        self._systems: dict[str, int] = {}
        self._all = made_set(session, "all")

    def own(self, records: Sequence[int]) -> list[int]:
        """Those of some records that are the owner's."""
        return seen_records(self.session, records, self._owner, shared=False)

    def check_there(self, records: Sequence[int], *, shared: bool = False) -> None:
        """Check that records are there, and the owner's.

        Args:
            records: their numbers.
            shared: those of others in cases that the owner sees will do.

        Raises:
            HistoryError: If one is gone.
        """
        seen = seen_records(self.session, records, self._owner, shared=shared)
        there = {each.record_id for each in members_of(self.session, seen)}
        for number in records:
            if number not in there:
                raise gone_error(number)

    def add(
        self, records: Sequence[NewRecord], *, with_originals: bool
    ) -> tuple[int, ...]:
        """Add records; their numbers."""
        members = [self._add_row(each) for each in records]
        change_members(self.session, come=members)
        numbers = tuple(each.record_id for each in members)
        pictures, words = [], {}
        for number, new in zip(numbers, records, strict=True):
            original = new.original if with_originals else None
            pictures.append({"record_id": number, "png": new.png, "original": original})
            words[number] = words_of(_name(new))
        if pictures:
            self.session.execute(insert(PictureRow), pictures)
        self._put_words(words)
        return numbers

    def _add_row(self, new: NewRecord) -> Member:
        """Add a record's row; what it is among all."""
        labels = labels_of(new.predictions)
        kind = Kind(new.decision, labels, owner=self._owner or NOBODY)
        kind_id = self._kinds.number(kind)
        values = {
            "kind_id": kind_id,
            "system_id": self._system(new.system),
            "moment": new.moment,
            "source": new.source,
            "name": _name(new),
            "bytes_sha256": new.bytes_sha256,
            "pixels_sha256": new.pixels_sha256,
            **bands_of(new.perceptual_hash),
            "reasons": list(new.reasons),
            "file": new.file and new.file.to_json(),
            "predictions": [_prediction(each) for each in new.predictions.values()],
            "note": "",
            "finding_reason": "",
        }
        number = added(self.session, RecordRow, values)
        return Member(self._all, kind_id, new.moment, number)

    def put_note(self, record: int, note: str) -> None:
        """Change a record's note."""
        self._set([record], note=note)
        self._find_by_words([record])

    def put_finding(self, record: int, finding: Finding | None) -> None:
        """Change what an analyst finds of a record, or take it back."""
        self._set(
            [record],
            finding_reason=finding.reason if finding else "",
            finding_at=finding.moment if finding else None,
        )
        self._change_kind([record], finding=finding.opinion if finding else "")

    def put_in_bin(self, records: Sequence[int], at: datetime | None) -> None:
        """Put records into the bin, or out of it if there is no moment."""
        self._set(records, binned_at=at)
        self._change_kind(records, in_bin=at is not None)

    def join(self, records: Sequence[int], set_id: int) -> None:
        """Put records into the set of a tag or a case; those in it stay."""
        held = members_of(self.session, records)
        inside = {each.record_id for each in held if each.set_id == set_id}
        come = [
            each._replace(set_id=set_id)
            for each in held
            if each.set_id == self._all and each.record_id not in inside
        ]
        change_members(self.session, come=come)

    def leave(self, records: Sequence[int], set_id: int) -> None:
        """Take records out of the set of a tag or a case."""
        held = members_of(self.session, records)
        change_members(self.session, gone=[m for m in held if m.set_id == set_id])

    def tag(self, records: Sequence[int], name: str) -> None:
        """Give records a tag."""
        self.join(records, made_set(self.session, "tag", name))
        self._find_by_words(records)

    def untag(self, records: Sequence[int], name: str) -> None:
        """Take a tag from records; one that no record has goes."""
        number = set_number(self.session, "tag", name)
        if number is None:
            return
        self.leave(records, number)
        self._find_by_words(records)
        self._drop_unused_tags([number])

    def delete(self, records: Sequence[int]) -> None:
        """Delete records, with their pictures and all that leads to them."""
        held = members_of(self.session, records)
        change_members(self.session, gone=held)
        for chunk in chunks(records):
            for column in (WordRow.record_id, PictureRow.record_id, RecordRow.id):
                self.session.execute(delete(column.class_).where(column.in_(chunk)))
        self._drop_unused_tags({each.set_id for each in held})

    def _set(self, records: Sequence[int], **values: Any) -> None:  # noqa: ANN401 - columns
        """Change columns of records."""
        for chunk in chunks(records):
            self.session.execute(
                update(RecordRow).where(RecordRow.id.in_(chunk)).values(**values)
            )

    def _change_kind(self, records: Sequence[int], **changes: str | bool) -> None:
        """Give records the kind that differs from theirs in `changes`."""
        gone = members_of(self.session, records)
        kinds = {
            each.kind_id: self._kinds.changed(each.kind_id, **changes) for each in gone
        }
        come = [each._replace(kind_id=kinds[each.kind_id]) for each in gone]
        change_members(self.session, gone=gone, come=come)
        for old, new in kinds.items():
            of_kind = {each.record_id for each in gone if each.kind_id == old}
            self._set(sorted(of_kind), kind_id=new)

    def _system(self, system: System) -> int:
        """Number of what judged, which is noted at need."""
        values = to_json(system)
        text = json.dumps(values, sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest not in self._systems:
            chosen = select(SystemRow.id).where(SystemRow.digest == digest)
            found = self.session.scalars(chosen).one_or_none()
            if found is None:
                row = {"digest": digest, **values}
                found = added(self.session, SystemRow, row)
            self._systems[digest] = found
        return self._systems[digest]

    def _find_by_words(self, records: Sequence[int]) -> None:
        """Note anew the words by which records are found."""
        tags = (
            select(MemberRow.record_id, SetRow.name)
            .join(SetRow, SetRow.id == MemberRow.set_id)
            .where(SetRow.what == "tag")
        )
        for chunk in chunks(records):
            row = select(RecordRow.id, RecordRow.name, RecordRow.note)
            texts = {
                number: [name, note]
                for number, name, note in self.session.execute(
                    row.where(RecordRow.id.in_(chunk))
                )
            }
            named = tags.where(MemberRow.record_id.in_(chunk))
            for number, tag in self.session.execute(named):
                texts[number].append(tag)
            gone = delete(WordRow).where(WordRow.record_id.in_(chunk))
            self.session.execute(gone)
            self._put_words({each: words_of(*parts) for each, parts in texts.items()})

    def _put_words(self, words: Mapping[int, Sequence[str]]) -> None:
        """Note words by which records are found, by their numbers."""
        rows = [
            {"word": word, "record_id": number}
            for number, own in words.items()
            for word in own
        ]
        if rows:
            self.session.execute(insert(WordRow), rows)

    def _drop_unused_tags(self, sets: Iterable[int]) -> None:
        """Forget tags, among some sets, that no record has."""
        for number in sets:
            used = select(MemberRow.set_id).where(MemberRow.set_id == number).limit(1)
            if self.session.scalars(used).one_or_none() is None:
                unused = delete(SetRow).where(SetRow.id == number, SetRow.what == "tag")
                self.session.execute(unused)


def _name(new: NewRecord) -> str:
    """Name of a record's file as it is kept: the end of a long path says more."""
    return storable(new.name)[-MAX_FILE_NAME:]


def _prediction(prediction: Prediction) -> dict[str, Any]:
    """JSON values of a prediction, without what the system says."""
    held: dict[str, Any] = {
        "network": prediction.network,
        "logit": prediction.logit,
        "p_real": prediction.p_real,
        "milliseconds": round(prediction.milliseconds, 3),
    }
    seen = prediction.object_prediction
    if seen is not None:
        held["object_class"] = seen.object_class
        held["object_probability"] = seen.probability
    return held
