"""Queued jobs whose server and workers are killed at random moments.

Jobs on a folder of pictures are queued; workers that do them are killed with SIGKILL,
N times over, and the database is checked after each: every item that was done is still
done, with the same rows to the millisecond, so that none is lost and none was done
again.

After most kills the lease is given back, as by the server that sees its worker die,
or runs out, as if that had died, too; every twenty-fifth time a server works instead,
and it, its worker or both are killed. `test_killed_jobs` does a few of them on each
kind of database, and 100 by

    CIFAKE_KILLS=100 pytest tests/jobs/test_killed_jobs.py
"""

import hashlib
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from itertools import count
from pathlib import Path

import numpy as np
from sqlalchemy import func, select, text

from cifake_core.basics.database import reading
from cifake_core.basics.places import CHECKOUT, DATABASE_URL_VARIABLE
from cifake_core.jobs.queue.lease import release
from cifake_core.jobs.queue.queue import JobQueue
from cifake_core.jobs.queue.supervisor import supervised
from cifake_core.jobs.queue.tables import ItemRow, JobRow
from cifake_core.jobs.queue.worker import Worker
from tests.jobs.made_sources import put_folder

#: Files of the folder, few of which are pictures, so that much is done at a time.
NUM_FILES, _NUM_GOOD = 4000, 20
#: Seconds after which something is killed, from the start, and from when it works.
_SECONDS_FROM_START, _SECONDS_AT_WORK = 5.0, 1.5
_PATIENCE = 600
#: Of so many kills one is of a server.
_SERVER_EACH = 25
#: Starts workers that have imported all already, and opened no database.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["cifake_core.jobs.queue.worker"])
_NUMBERS = count()

#: A digest of the rows of each item that was done, by job and number.
Seen = dict[tuple[str, int], str]


def serve(user_data: Path) -> None:
    """Be a server that does jobs and nothing else, for ever."""
    with supervised(lambda: (user_data, CHECKOUT / "models")):
        signal.pause()


def begin(user_data: Path) -> subprocess.Popen[bytes]:
    """Begin such a server."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.killed_jobs", user_data],
        cwd=CHECKOUT,
    )


def work_for_ever(user_data: Path, url: str, owner: str) -> None:
    """Do jobs, as the process of a server's worker."""
    os.environ[DATABASE_URL_VARIABLE] = url
    worker = Worker(user_data, CHECKOUT / "models", owner=owner)
    while True:
        if not worker.do_next():
            time.sleep(0.05)


def num_done(user_data: Path) -> int:
    """How many items are done, as the jobs say."""
    with reading(user_data) as session:
        return int(session.scalar(select(func.sum(JobRow.done))) or 0)


def workers_of(server: subprocess.Popen[bytes]) -> list[int]:
    """Processes of the server's worker."""
    listed = Path(f"/proc/{server.pid}/task").glob("*/children")
    found = []
    for path in listed:
        with suppress(OSError):
            found += map(int, path.read_text().split())
    return found


def wait_at_random(
    user_data: Path, draw: np.random.RandomState, *, until_at_work: bool
) -> None:
    """Wait for a random time, from now or from when something more is done."""
    moment = draw.uniform(0, _SECONDS_FROM_START)
    if until_at_work:
        before, end = num_done(user_data), time.monotonic() + _PATIENCE
        while num_done(user_data) == before and time.monotonic() < end:
            time.sleep(0.05)
        moment = draw.uniform(0, _SECONDS_AT_WORK)
    time.sleep(moment)


def kill_worker(user_data: Path, draw: np.random.RandomState, number: int) -> str:
    """Have a worker work for a random time, then kill it; what was killed."""
    owner = f"worker{next(_NUMBERS)}"
    url = os.environ.get(DATABASE_URL_VARIABLE, "")
    worker = _PROCESSES.Process(target=work_for_ever, args=(user_data, url, owner))
    worker.start()
    wait_at_random(user_data, draw, until_at_work=bool(number % 2))
    worker.kill()
    worker.join()
    assert worker.exitcode == -signal.SIGKILL
    if draw.randint(2):
        return "workers alone"
    release(user_data, owner)
    return "workers below a server"


def kill_server(user_data: Path, draw: np.random.RandomState) -> str:
    """Have a server work for a random time, then kill it, its worker or both; whom."""
    server = begin(user_data)
    wait_at_random(user_data, draw, until_at_work=True)
    victim = ("worker", "server", "both")[draw.randint(3)]
    workers = workers_of(server)
    if victim != "server":
        for pid in workers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    if victim == "worker":
        time.sleep(draw.uniform(0, 1))  # the server may hire another one, or not yet
    server.kill()
    server.wait()
    return "servers"


def check(user_data: Path, seen: Seen) -> None:
    """Check that the database is whole, and note what is done now."""
    i = ItemRow
    with reading(user_data) as session:
        if session.connection().dialect.name == "sqlite":
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        now: Seen = {}
        for each in session.execute(
            select(i.job_id, i.number, i.path, i.error, i.decision, i.answers).where(
                i.is_done.is_(True)
            )
        ):
            assert (each.error is None) == (each.decision is not None)
            rows = repr(tuple(each)[2:]).encode()
            now[each.job_id, each.number] = hashlib.sha256(rows).hexdigest()
        for row in session.scalars(select(JobRow)):
            ours = [number for job, number in now if job == row.id]
            assert row.done == len(ours), "the job's count is not that of its items"
    lost = seen.keys() - now.keys()
    assert not lost, f"lost {sorted(lost)[:5]}"
    again = [each for each in seen if seen[each] != now[each]]
    assert not again, f"done again {sorted(again)[:5]}"
    seen |= now


def finish(user_data: Path, folder: Path) -> int:
    """Let all jobs come to their end, and check their items; how many there are."""
    queue, server = JobQueue(user_data), begin(user_data)
    end = time.monotonic() + _PATIENCE
    while queue.num_at_work() and time.monotonic() < end:
        time.sleep(0.1)
    server.kill()
    server.wait()
    wanted = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.jpg"))
    jobs = queue.listing(10_000)
    for job in jobs:
        assert (job.state, job.done, job.sentence) == ("done", len(wanted), "")
        assert job.errors == len(wanted) - _NUM_GOOD
        with reading(user_data) as session:
            chosen = select(ItemRow.path).where(ItemRow.job_id == job.id)
            assert sorted(session.scalars(chosen)) == wanted
    return sum(job.total for job in jobs)


def kill_often(user_data: Path, times: int) -> tuple[int, dict[str, int]]:
    """Kill so often; items that there were, and how often each victim was killed."""
    folder = Path(tempfile.mkdtemp(prefix="cifake-pictures-"))
    put_folder(folder, good=_NUM_GOOD, bad=NUM_FILES - _NUM_GOOD)
    queue, draw, seen = JobQueue(user_data), np.random.RandomState(0), Seen()
    victims: dict[str, int] = {}
    for number in range(times):
        if not queue.num_at_work():
            queue.add_place(str(folder))
        if number % _SERVER_EACH == 2:
            victim = kill_server(user_data, draw)
        else:
            victim = kill_worker(user_data, draw, number)
        victims[victim] = victims.get(victim, 0) + 1
        check(user_data, seen)
    total = finish(user_data, folder)
    check(user_data, seen)
    return total, victims


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
