"""Belongings of a user: records, cases and jobs, which go with them."""

from pathlib import Path

from cifake_core.cases.history import History
from cifake_core.jobs.queue.queue import JobQueue


def forget_belongings(user_data: Path, user: int) -> None:
    """Delete what a user has kept, who is deleted themselves already.

    Args:
        user_data: the user's folder, of the operating system's.
        user: their number, which nobody gets again.
    """
    JobQueue(user_data, user).forget_user()
    History(user_data, user).forget_owner()
