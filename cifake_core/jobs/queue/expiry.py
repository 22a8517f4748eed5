"""Expiry of jobs: after their days they go, with their uploads and results."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from cifake_core.basics import database
from cifake_core.jobs.queue import intake
from cifake_core.jobs.queue.queue import UNDO, JobQueue
from cifake_core.jobs.queue.records import AT_WORK
from cifake_core.jobs.queue.tables import JobRow


def expire_jobs(user_data: Path, days: int) -> int:
    """Delete jobs that were begun longer ago and are not at work; how many went.

    Raises:
        DatabaseUnavailableError: If the database cannot be used.
    """
    if not database.exists(user_data):
        return 0
    now = datetime.now(UTC)
    with database.writing(user_data) as session:
        session.execute(
            update(JobRow)
            .where(
                JobRow.home == intake.home_of(user_data),
                JobRow.created < now - timedelta(days=days),
                JobRow.state.not_in(AT_WORK),
            )
            .values(removed_at=now - 2 * UNDO)
        )
    return JobQueue(user_data).purge()
