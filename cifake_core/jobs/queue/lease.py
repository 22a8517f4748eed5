"""Lease of a job: what a worker may do with it as long as it is the one that holds it.

The lease is renewed as the worker works. That of a worker that was killed runs out,
and the next worker takes the job up.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from cifake_core.basics import database
from cifake_core.basics.errors import CifakeError
from cifake_core.jobs.judging import Judged
from cifake_core.jobs.queue import intake, rows
from cifake_core.jobs.queue.records import MadeWith, QueuedJob
from cifake_core.jobs.queue.tables import ItemRow, JobRow
from cifake_core.jobs.sources.protocol import Item

_KEEP: Final = (
    update(ItemRow)
    .where(
        ItemRow.job_id == bindparam("of"),
        ItemRow.number == bindparam("at"),
        ItemRow.is_done.is_(False),
    )
    .values(
        {
            name: bindparam(name)
            for name in ("is_done", "error", "decision", "doubt", "answers", "pixels")
        }
    )
)
#: How long a lease runs if it is not renewed.
LENGTH: Final = timedelta(seconds=5)


class LeaseLostError(CifakeError):
    """The job is not this worker's any more: paused, cancelled, removed, taken over."""


class Lease:
    """Lease of one job by one worker.

    Every method but `end` raises `LeaseLostError` once the job is not its own any
    more, and then changes nothing.

    Args:
        user_data: the user's folder.
        job: as it was claimed.
        owner: name of the worker.
    """

    def __init__(self, user_data: Path, job: QueuedJob, owner: str) -> None:
        self.job = job
        self._user_data = user_data
        self._owner = owner

    def renew(self) -> None:
        """Say that the worker still lives."""
        with database.writing(self._user_data) as session:
            _renew(self._held(session))

    def begin(self, made_with: MadeWith) -> None:
        """Note what all rows of the job are made with."""
        with database.writing(self._user_data) as session:
            self._held(session).made_with = made_with.to_json()

    def forget_items(self) -> None:
        """Forget the items that a worker listed that did not come to their end."""
        with database.writing(self._user_data) as session:
            row = self._held(session)
            session.execute(delete(ItemRow).where(ItemRow.job_id == row.id))
            row.total = 0

    def add_items(self, items: Sequence[Item], *, are_last: bool) -> None:
        """Add items, numbered on from those that there are."""
        with database.writing(self._user_data) as session:
            row = self._held(session)
            new = [
                rows.listed(row.id, row.total + number, item)
                for number, item in enumerate(items)
            ]
            if new:
                session.execute(insert(ItemRow), new)
            row.total += len(new)
            row.is_listed = are_last
            _renew(row)

    def items_left(self, *, after: int, most: int) -> list[tuple[int, Item]]:
        """The first items beyond a number that are not done, with their numbers."""
        i = ItemRow
        with database.reading(self._user_data) as session:
            chosen = (
                select(i.number, i.path, i.source_key, i.fault)
                .where(i.job_id == self.job.id, i.is_done.is_(False), i.number > after)
                .order_by(i.number)
                .limit(most)
            )
            return [
                (each.number, rows.item_of(each.path, each.source_key, each.fault))
                for each in session.execute(chosen)
            ]

    def keep(self, judged: Sequence[tuple[int, Judged]], *, seconds: float) -> None:
        """Keep the results of items with these numbers, which are done with that.

        What was judged when the job was paused is kept, before the error; of a
        cancelled one it is not.

        Args:
            judged: each item with its number.
            seconds: that they took.
        """
        with database.writing(self._user_data) as session:
            row = self._held(session, also=("paused",))
            columns = [
                {"at": number, "is_done": True, **rows.done(each)}
                for number, each in judged
            ]
            session.connection().execute(_KEEP, [{"of": row.id} | c for c in columns])
            row.done += len(columns)
            row.errors += sum(each["error"] is not None for each in columns)
            row.seconds += seconds
            is_paused = row.state == "paused"
            _renew(row)
            if row.done == row.total:
                _close(row, "done")
        if is_paused:
            raise self._lost()

    def end(self, sentence: str = "") -> None:
        """Give the lease back: the job failed if there is a sentence on why."""
        with database.writing(self._user_data) as session:
            row = session.get(JobRow, self.job.id)
            if row is None or row.owner != self._owner:
                return
            row.owner = row.lease_until = None
            if row.state == "running":
                row.state = "failed" if sentence else "queued"
                row.sentence = sentence

    def _held(self, session: Session, also: Sequence[str] = ()) -> JobRow:
        """Row of the job, if it is held."""
        row = session.get(JobRow, self.job.id)
        if (
            row is None
            or row.owner != self._owner
            or row.removed_at is not None
            or row.state not in ("running", *also)
        ):
            raise self._lost()
        return row

    def _lost(self) -> LeaseLostError:
        """Error of a lease that is not held any more."""
        return LeaseLostError(f"The job {self.job.id} is not this worker's any more.")


def claim(user_data: Path, owner: str) -> Lease | None:
    """Lease of the oldest job that waits, or whose worker has died; None if none does.

    Where another worker is at work on a job of this folder, none is claimed.
    """
    with database.writing(user_data) as session:
        now = datetime.now(UTC)
        ours = JobRow.home == intake.home_of(user_data)
        busy = select(JobRow.id).where(
            ours, JobRow.owner != owner, JobRow.lease_until >= now
        )
        if session.scalars(busy.limit(1)).first() is not None:
            return None
        row = session.scalars(_waiting(ours, now).limit(1)).first()
        if row is None:
            return None
        row.state, row.owner = "running", owner
        row.sentence = ""
        _renew(row)
        return Lease(user_data, rows.job_of(row), owner)


def is_work_waiting(user_data: Path) -> bool:
    """Whether there is a job that a worker could claim now."""
    if not database.exists(user_data):
        return False
    with database.reading(user_data) as session:
        ours = JobRow.home == intake.home_of(user_data)
        return (
            session.scalars(_waiting(ours, datetime.now(UTC)).limit(1)).first()
            is not None
        )


def release(user_data: Path, owner: str) -> str:
    """Give back what a worker that has died held; the id of the job, or ""."""
    with database.writing(user_data) as session:
        held = session.scalars(select(JobRow).where(JobRow.owner == owner)).first()
        if held is None:
            return ""
        held.owner = held.lease_until = None
        if held.state == "running":
            held.state = "queued"
        return held.id


def fail(user_data: Path, job: str, sentence: str) -> None:
    """Let a job that waits have failed, with the sentence on why."""
    with database.writing(user_data) as session:
        row = session.get(JobRow, job)
        if row is not None and row.state == "queued":
            _close(row, "failed")
            row.sentence = sentence


def _waiting(ours: Any, now: datetime) -> Any:  # noqa: ANN401 - SQLAlchemy's own
    """Jobs that wait for a worker, the oldest first."""
    dead = (JobRow.state == "running") & (
        JobRow.lease_until.is_(None) | (JobRow.lease_until < now)
    )
    return (
        select(JobRow)
        .where(
            ours,
            JobRow.removed_at.is_(None),
            or_(JobRow.state == "queued", dead),
        )
        .order_by(JobRow.created)
    )


def _renew(row: JobRow) -> None:
    """Let the lease run on from now."""
    row.lease_until = datetime.now(UTC) + LENGTH


def _close(row: JobRow, state: str) -> None:
    """Let a job have ended; nobody holds it."""
    row.state = state
    row.owner = row.lease_until = None
