"""Supervisor: a thread of the server that has a worker's process where there is work.

The worker is a process of its own, so that pages share no lock of Python with it, and
its memory goes when the work is done.
"""

import secrets
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from cifake_core.basics.errors import CifakeError
from cifake_core.basics.places import CHECKOUT, database_exists
from cifake_core.jobs.engines.protocol import MAX_DEATHS

if TYPE_CHECKING:
    from cifake_core.jobs.queue.queue import JobQueue

#: Gives the folder of user data and that of the shipped networks.
Places: TypeAlias = Callable[[], tuple[Path, Path]]

#: Seconds between two looks, and after a look that the database refused.
_LOOK: Final = 0.5
_AFTER_TROUBLE: Final = 5.0
#: Looks between two purges of what was removed.
_PURGE: Final = 600
#: Seconds for a worker to end by itself.
_PATIENCE: Final = 5


@contextmanager
def supervised(places: Places) -> Iterator[None]:
    """Context in which queued jobs are done, by a worker that ends with it."""
    supervisor = Supervisor(places)
    thread = threading.Thread(target=supervisor.run, name="jobs", daemon=True)
    thread.start()
    try:
        yield
    finally:
        supervisor.stop()
        thread.join()


class Supervisor:
    """Supervisor of at most one worker; `run` is for a thread of its own.

    Args:
        places: gives the folders; asked by the thread.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self._ended = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = ""
        self._deaths = Counter[tuple[str, int]]()

    def run(self) -> None:
        """Look again and again whether there is work, until stopped."""
        looks = 0
        while not self._ended.is_set():
            pause = _LOOK
            try:
                user_data, shipped = self._places()
                if database_exists(user_data):
                    self._look(user_data, shipped, purge=looks % _PURGE == 0)
                    looks += 1
            except CifakeError:
                pause = _AFTER_TROUBLE  # told to who asks for a job
            self._ended.wait(pause)
        self._dismiss()

    def stop(self) -> None:
        """Let `run` end, and the worker."""
        self._ended.set()

    def _look(self, user_data: Path, shipped: Path, *, purge: bool) -> None:
        """Start a worker if one is needed, and see what became of the last one."""
        # SQLAlchemy loads slowly, and only where there is a database
        from cifake_core.jobs.queue import lease  # noqa: PLC0415
        from cifake_core.jobs.queue.queue import JobQueue  # noqa: PLC0415

        queue = JobQueue(user_data)
        if purge:
            queue.purge()
        if self._process is not None and self._process.poll() is not None:
            if self._process.returncode != 0:
                self._mourn(queue, user_data)
            self._dismiss()
        if self._process is None and lease.is_work_waiting(user_data):
            self._hire(user_data, shipped)

    def _mourn(self, queue: "JobQueue", user_data: Path) -> None:
        """Give back what a worker held that died; too many deaths end the job."""
        from cifake_core.jobs.queue import lease  # noqa: PLC0415 - as above

        job = lease.release(user_data, self._owner)
        if not job:
            return
        found = queue.get(job)
        self._deaths[job, found.done] += 1
        if self._deaths[job, found.done] >= MAX_DEATHS:
            del self._deaths[job, found.done]
            lease.fail(
                user_data,
                job,
                f"The process that judges ended {MAX_DEATHS} times within the same "
                f"pictures, after {found.done:,} were done. The server's log may say "
                "why; go on to try again.",
            )

    def _hire(self, user_data: Path, shipped: Path) -> None:
        """Start a worker."""
        self._owner = secrets.token_hex(8)
        words = [str(user_data.resolve()), str(shipped.resolve()), self._owner]
        self._process = subprocess.Popen(  # noqa: S603 - this program itself, no shell
            [sys.executable, "-m", "cifake_core.jobs.queue.process", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            cwd=CHECKOUT,
        )

    def _dismiss(self) -> None:
        """Let the worker end, and wait for it."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):
            if process.stdin is not None:
                process.stdin.close()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
