"""Expiry of the history: records, pictures and what is in the bin, after their days.

What is in a case stays as long as it is there, unless somebody puts it into the bin.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, exists, select
from sqlalchemy.orm import Session

from cifake_core.basics import database
from cifake_core.cases.tables import MemberRow, PictureRow, RecordRow, SetRow
from cifake_core.cases.writer import Writer, writer_of

#: Records that go in one transaction: what is kept meanwhile does not wait for all.
SWEEP: Final = 200


def outdated(session: Session, days: int) -> list[int]:
    """Numbers of records that are older and in no case: the oldest, `SWEEP` at most."""
    chosen = select(RecordRow.id).where(RecordRow.moment < _before(days), ~_in_case())
    return _first(session, chosen)


def expire_records(user_data: Path, days: int) -> int:
    """Delete records that are older and in no case, whosever they are; how many.

    Raises:
        DatabaseUnavailableError: If the database cannot be used.
    """
    return _sweep(user_data, lambda session: outdated(session, days), Writer.delete)


def expire_pictures(user_data: Path, days: int) -> int:
    """Delete pictures and files of records that are older and in no case; how many.

    The verdict stays, with names and hashes.

    Raises:
        DatabaseUnavailableError: If the database cannot be used.
    """

    def chosen(session: Session) -> list[int]:
        old = select(RecordRow.id).join(PictureRow)
        return _first(session, old.where(RecordRow.moment < _before(days), ~_in_case()))

    return _sweep(user_data, chosen, _delete_pictures)


def expire_bin(user_data: Path, days: int) -> int:
    """Delete records that have been in the bin for longer; how many.

    Raises:
        DatabaseUnavailableError: If the database cannot be used.
    """

    def chosen(session: Session) -> list[int]:
        return _first(
            session, select(RecordRow.id).where(RecordRow.binned_at < _before(days))
        )

    return _sweep(user_data, chosen, Writer.delete)


def _sweep(
    user_data: Path,
    choose: Callable[[Session], list[int]],
    remove: Callable[[Writer, Sequence[int]], None],
) -> int:
    """Remove what is chosen, some at a time, until there is none; how many."""
    total = 0
    while database.exists(user_data):
        with writer_of(user_data) as writer:
            gone = choose(writer.session)
            remove(writer, gone)
        total += len(gone)
        if len(gone) < SWEEP:
            break
    if total:
        database.forget_deleted(user_data)
    return total


def _delete_pictures(writer: Writer, records: Sequence[int]) -> None:
    """Delete pictures and files of records."""
    gone = delete(PictureRow).where(PictureRow.record_id.in_(records))
    writer.session.execute(gone)


def _first(session: Session, chosen: Select[Any]) -> list[int]:
    """The oldest of some records, `SWEEP` at most."""
    return list(session.scalars(chosen.order_by(RecordRow.moment).limit(SWEEP)))


def _before(days: int) -> datetime:
    """The moment before which something is older than so many days."""
    return datetime.now(UTC) - timedelta(days=days)


def _in_case() -> ColumnElement[bool]:
    """Clause on records that are in a case."""
    return (
        exists()
        .where(MemberRow.record_id == RecordRow.id, MemberRow.set_id == SetRow.id)
        .where(SetRow.what == "case")
    )
