"""Locks of folders that one process works in; a dead one holds none."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from cifake_core.basics.errors import JobError

LOCK_FILE: Final = "lock"


@contextmanager
def only_one(folder: Path, what: str) -> Iterator[None]:
    """Context in which no other process works in `folder`, which exists.

    Args:
        folder: to lock.
        what: the work, as the sentence to a second process begins.

    Raises:
        JobError: If another process is at work there.
    """
    lock = FileLock(folder / LOCK_FILE, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        msg = (
            f"{what} in {folder} is under way in another process. Wait for its end, or "
            "stop it."
        )
        raise JobError(msg) from error
    try:
        yield
    finally:
        lock.release()
