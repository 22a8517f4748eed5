"""Audit: who did what, each line chained to the one before it by its hash.

A line is never changed. Whoever changes, removes or inserts one in the database breaks
the chain; whoever writes all of it anew does not, so `verify` also takes the digest
of a line that was kept elsewhere.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cifake_core.accounts.errors import AccountError
from cifake_core.accounts.records import AuditLine, Who
from cifake_core.accounts.store import Store
from cifake_core.accounts.tables import (
    MAX_EMAIL,
    MAX_SOURCE,
    MAX_SUBJECT,
    AuditEndRow,
    AuditRow,
)
from cifake_core.basics.database import forget_deleted

#: What stands in the first line for the one before.
_START: Final = ""
#: Begins what `forget` says it has removed.
_FORGOTTEN: Final = "audit.forget"
_AT_ONCE: Final = 1000


def note(  # noqa: PLR0913 - the columns of a line
    session: Session,
    *,
    now: datetime,
    who: Who,
    action: str,
    subject: str = "",
    result: str = "done",
) -> None:
    """Append a line in the transaction of what it tells, so that neither is alone."""
    end = session.get(AuditEndRow, 1)
    if end is None:
        end = AuditEndRow(id=1, number=0, digest=_START)
        session.add(end)
    line = {
        "number": end.number + 1,
        "moment": now,
        "who": _on_one_line(who.name, MAX_EMAIL),
        "source": _on_one_line(who.source, MAX_SOURCE),
        "action": action,
        "subject": _on_one_line(subject, MAX_SUBJECT),
        "result": _on_one_line(result, MAX_SUBJECT),
        "previous": end.digest,
    }
    row = AuditRow(**line, digest="")
    row.digest = _digest(row)
    session.add(row)
    end.number, end.digest = row.number, row.digest


class Audit:
    """Audit in the user's database.

    Args:
        store: has it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(
        self, who: Who, *, action: str, subject: str = "", result: str = "done"
    ) -> None:
        """Append a line on what no transaction of ours did."""
        with self._store.writing() as session:
            note(
                session,
                now=self._store.now(),
                who=who,
                action=action,
                subject=subject,
                result=result,
            )

    def lines(self, *, newest: int | None = None) -> Iterator[AuditLine]:
        """The lines, the oldest first; or so many of the newest, the newest first."""
        with self._store.reading() as session:
            if newest is None:
                yield from map(_line, _walk(session))
                return
            query = select(AuditRow).order_by(AuditRow.number.desc()).limit(newest)
            yield from map(_line, session.scalars(query))

    def verify(self, known: str = "") -> tuple[int, str]:
        """Number of the lines, and the digest of the last; the chain holds.

        Args:
            known: digest of a line that must be in it.

        Raises:
            AccountError: If a line was changed, removed or inserted.
        """
        num, found, gaps = 0, not known, set[tuple[int, str]]()
        first: AuditRow | None = None
        before = (0, _START)
        with self._store.reading() as session:
            for row in _walk(session):
                if first is None:
                    first = row
                elif (row.number - 1, row.previous) != before:
                    raise _broken(row.number, "does not follow the one before it")
                if row.digest != _digest(row):
                    raise _broken(row.number, "was changed")
                if row.action == _FORGOTTEN:
                    number, _, digest = row.subject.rpartition(" ")
                    gaps.add((int(number), digest))
                found = found or row.digest == known
                before = (row.number, row.digest)
                num += 1
            end = session.get(AuditEndRow, 1)
        begin = (first.number - 1, first.previous) if first else (0, _START)
        if begin != (0, _START) and begin not in gaps:
            raise _broken(begin[0], "was removed")
        if before != ((end.number, end.digest) if end else (0, _START)):
            raise _broken(before[0] + 1, "was removed, or lines were added after it")
        if not found:
            msg = f"No line has the digest {known}: all of the audit was written anew."
            raise AccountError(msg)
        return num, before[1]

    def forget(self, until: datetime, *, by: Who) -> int:
        """Delete the lines before a moment, and say so in a line; their number."""
        with self._store.writing() as session:
            query = select(AuditRow).where(AuditRow.moment < until)
            last = session.scalars(query.order_by(AuditRow.number.desc())).first()
            if last is None:
                return 0
            number, digest = last.number, last.digest
            gone = delete(AuditRow).where(AuditRow.number <= number)
            num: int = session.execute(gone).rowcount  # type: ignore[attr-defined]
            note(
                session,
                now=self._store.now(),
                who=by,
                action=_FORGOTTEN,
                subject=f"{number} {digest}",
                result=f"{num} lines deleted",
            )
        forget_deleted(self._store.user_data)
        return num


def _walk(session: Session) -> Iterator[AuditRow]:
    """All rows, the oldest first, some at a time."""
    last = 0
    query = select(AuditRow).order_by(AuditRow.number).limit(_AT_ONCE)
    while rows := session.scalars(query.where(AuditRow.number > last)).all():
        yield from rows
        last = rows[-1].number
        session.expunge_all()


def _on_one_line(text: str, most: int) -> str:
    """Text that every database keeps as it is, and that looks like one line."""
    return "".join(each if each.isprintable() else "?" for each in text[:most])


def _line(row: AuditRow) -> AuditLine:
    """A row as a record."""
    names = AuditLine.__slots__
    return AuditLine(**{name: getattr(row, name) for name in names})


def _digest(row: AuditRow) -> str:
    """SHA-256 of a row, but for its digest."""
    held = asdict(_line(row)) | {"moment": row.moment.isoformat()}
    del held["digest"]
    text = json.dumps(held, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _broken(number: int, what: str) -> AccountError:
    """The error on a line."""
    msg = (
        f"The audit does not hold: line {number} {what}. Compare it with an export "
        "that was kept elsewhere."
    )
    return AccountError(msg)
