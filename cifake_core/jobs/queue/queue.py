"""Queue of jobs as doors see it: give a job, look, pause, go on, cancel, remove."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Final

from sqlalchemy import ColumnElement, delete, func, select, true
from sqlalchemy.orm import Session

from cifake_core.basics import database
from cifake_core.basics.errors import JobError
from cifake_core.jobs.queue import intake
from cifake_core.jobs.queue.records import (
    AT_WORK,
    RESUMABLE,
    JobMissingError,
    Kind,
    QueuedJob,
    State,
)
from cifake_core.jobs.queue.rows import job_of
from cifake_core.jobs.queue.tables import ItemRow, JobRow
from cifake_core.jobs.sources.opening import open_any
from cifake_core.jobs.sources.protocol import printable

#: How long a job that was removed can be brought back.
UNDO: Final = timedelta(hours=1)
#: Letters of a name that are kept.
_MAX_NAME: Final = 500
_MAX_ID: Final = 32


class JobQueue:
    """Queue in the user's database; a worker of the server does what is in it.

    Every method raises `DatabaseUnavailableError` if the database cannot be used, and
    those that are given a job's id raise `JobMissingError` if there is none.

    Args:
        user_data: the user's folder, where uploads are kept, too.
        user: number of the user whose jobs they are; None for everybody's, where there
            are no accounts.
    """

    def __init__(self, user_data: Path, user: int | None = None) -> None:
        self._user_data = user_data
        self._user = user

    def add_files(self, files: Sequence[tuple[str, IO[bytes]]]) -> QueuedJob:
        """Queue uploaded files, or a zip of them.

        Args:
            files: name and bytes of each; they are kept until the job is removed.

        Raises:
            JobError: If there are none, or the zip is beyond its bounds.
            OSError: If they cannot be kept.
        """
        job = secrets.token_hex(8)
        kind = intake.put_uploads(self._user_data, job, files)
        more = f" and {len(files) - 1:,} more" if len(files) > 1 else ""
        try:
            return self._add(job, kind, f"{printable(files[0][0])}{more}", "")
        except BaseException:
            intake.delete_uploads(self._user_data, job)
            raise

    def add_place(self, place: str) -> QueuedJob:
        """Queue what lies at a place: a folder, a zip or a file of this machine, a URL.

        Raises:
            JobError: If there is nothing.
        """
        named = place.strip()
        path = Path(named).expanduser()
        if "://" not in named:
            if not (named and path.exists()):
                msg = (
                    f"There is nothing at {named!r}. Expected the path of a folder or "
                    "a zip on the machine that runs this program."
                )
                raise JobError(msg)
            named = str(path.resolve())
        intake.check_source(open_any(named))
        return self._add(secrets.token_hex(8), "place", printable(named), named)

    def get(self, job: str) -> QueuedJob:
        """Job of this id, which was not removed."""
        if database.exists(self._user_data):
            with database.reading(self._user_data) as session:
                return job_of(self._found(session, job))
        raise _missing(job)

    def listing(self, most: int) -> list[QueuedJob]:
        """The newest jobs of this user's folder, but for those that were removed."""
        if not database.exists(self._user_data):
            return []
        with database.reading(self._user_data) as session:
            chosen = (
                select(JobRow)
                .where(JobRow.home == self._home, JobRow.removed_at.is_(None))
                .where(self._is_own())
                .order_by(JobRow.created.desc())
                .limit(most)
            )
            return [job_of(row) for row in session.scalars(chosen)]

    def num_at_work(self) -> int:
        """How many jobs are at work, or wait for it."""
        if not database.exists(self._user_data):
            return 0
        with database.reading(self._user_data) as session:
            chosen = select(func.count()).where(
                JobRow.home == self._home,
                JobRow.removed_at.is_(None),
                JobRow.state.in_(AT_WORK),
            )
            return session.scalar(chosen) or 0

    def pause(self, job: str) -> QueuedJob:
        """Let a job that is at work wait; what is being judged is still kept."""
        return self._move(job, AT_WORK, "paused")

    def resume(self, job: str) -> QueuedJob:
        """Let a job that was paused or cancelled, or failed, go on where it was."""
        return self._move(job, RESUMABLE, "queued")

    def cancel(self, job: str) -> QueuedJob:
        """End a job; the results that it has stay."""
        return self._move(job, (*AT_WORK, "paused"), "cancelled")

    def remove(self, job: str) -> QueuedJob:
        """Put a job away, ended if it was at work; `restore` can bring it back."""
        with database.writing(self._user_data) as session:
            row = self._found(session, job)
            if row.state in (*AT_WORK, "paused"):
                row.state = "cancelled"
            row.removed_at = datetime.now(UTC)
            return job_of(row)

    def restore(self, job: str) -> QueuedJob:
        """Bring a job back that was removed."""
        with database.writing(self._user_data) as session:
            row = self._row(session, job)
            row.removed_at = None
            return job_of(row)

    def purge(self, *, older: timedelta = UNDO) -> int:
        """Delete for good what was removed longer ago; how many jobs.

        Their uploads go, too, and those of jobs that were never queued, because the
        program was killed.
        """
        if not database.exists(self._user_data):
            return 0
        with database.writing(self._user_data) as session:
            chosen = select(JobRow.id).where(
                JobRow.home == self._home,
                JobRow.removed_at < datetime.now(UTC) - older,
            )
            gone = list(session.scalars(chosen))
            session.execute(delete(ItemRow).where(ItemRow.job_id.in_(gone)))
            session.execute(delete(JobRow).where(JobRow.id.in_(gone)))
            kept = set(session.scalars(select(JobRow.id)))
        intake.sweep(self._user_data, kept=kept, older=older)
        if gone:
            database.forget_deleted(self._user_data)
        return len(gone)

    @property
    def _home(self) -> str:
        """Name of the user's folder."""
        return intake.home_of(self._user_data)

    def _add(self, job: str, kind: Kind, name: str, place: str) -> QueuedJob:
        """Queue a job."""
        with database.writing(self._user_data) as session:
            row = JobRow(
                id=job,
                home=self._home,
                created=datetime.now(UTC),
                user_id=self._user or 0,
                kind=kind,
                name=name.replace("\0", "")[:_MAX_NAME],
                place=place,
                state="queued",
                sentence="",
                is_listed=False,
                total=0,
                done=0,
                errors=0,
                seconds=0.0,
            )
            session.add(row)
            session.flush()
            return job_of(row)

    def _move(self, job: str, states: Sequence[State], state: State) -> QueuedJob:
        """Bring a job from one of some states to another; else it stays as it is."""
        with database.writing(self._user_data) as session:
            row = self._found(session, job)
            if row.state in states:
                row.state = state
                row.sentence = ""
            return job_of(row)

    def forget_user(self) -> None:
        """Put away all jobs of the user for good, with their uploads and results."""
        if self._user is None or not database.exists(self._user_data):
            return
        with database.writing(self._user_data) as session:
            for row in session.scalars(select(JobRow).where(self._is_own())):
                if row.state in (*AT_WORK, "paused"):
                    row.state = "cancelled"
                row.removed_at = datetime.now(UTC) - 2 * UNDO
        self.purge()

    def _is_own(self) -> ColumnElement[bool]:
        """Clause on the jobs of the user."""
        return true() if self._user is None else JobRow.user_id == self._user

    def _found(self, session: Session, job: str) -> JobRow:
        """Row of a job that was not removed."""
        row = self._row(session, job)
        if row.removed_at is not None:
            raise _missing(job)
        return row

    def _row(self, session: Session, job: str) -> JobRow:
        """Row of a job; what is no id is not asked for: databases refuse some letters.

        Another's job is none.
        """
        is_id = job.isascii() and job.isalnum() and len(job) <= _MAX_ID
        row = session.get(JobRow, job) if is_id else None
        if row is None or self._user not in (None, row.user_id):
            raise _missing(job)
        return row


def _missing(job: str) -> JobMissingError:
    """Error of a job that there is not."""
    msg = f"There is no job {job!r}, or it was removed."
    return JobMissingError(msg)
