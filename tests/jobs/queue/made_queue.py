"""Queues as tests need them: networks made by hand, and a worker in this process."""

import io
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from cifake_core.jobs.queue.queue import JobQueue
from cifake_core.jobs.queue.records import QueuedJob
from cifake_core.jobs.queue.results import JobResults
from cifake_core.jobs.queue.worker import Worker

_NAMES = count()


def worker(user_data: Path, models: Path) -> Worker:
    """A worker, of whom nobody has heard before."""
    return Worker(user_data, models, owner=f"worker{next(_NAMES)}")


def files(*pairs: tuple[str, bytes]) -> list[tuple[str, io.BytesIO]]:
    """Uploaded files."""
    return [(name, io.BytesIO(data)) for name, data in pairs]


def done(
    user_data: Path, models: Path, pairs: Sequence[tuple[str, bytes]]
) -> QueuedJob:
    """Job on uploaded files, done."""
    queue = JobQueue(user_data)
    job = queue.add_files(files(*pairs))
    assert worker(user_data, models).do_next()
    return queue.get(job.id)


def paths(user_data: Path, job: QueuedJob) -> list[str]:
    """Path of each result, in order."""
    results = JobResults(user_data, job)
    page = results.page(outcome=None, order="given", first=0, most=10_000)
    return [each.path for each in page]
