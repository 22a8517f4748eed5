"""Workers on this machine: a pool of processes that outlives any of its workers.

`concurrent.futures` gives up the whole pool when one process dies, and
`multiprocessing.Pool` waits for its answer for ever; hence these few lines.
"""

from collections import Counter, deque
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from cifake_core.basics.errors import JobError
from cifake_core.jobs.engines import entry
from cifake_core.jobs.engines.protocol import MAX_DEATHS, ShardEnd
from cifake_core.jobs.scan.records import ScanOrder


@dataclass(kw_only=True, slots=True, eq=False)
class _Worker:
    """Process, the connection to it, and the shard that it is at."""

    process: SpawnProcess
    connection: Connection
    shard: int


class LocalEngine:
    """Process pool; see `protocol.Engine`.

    Args:
        num_workers: how many processes.
    """

    def __init__(self, num_workers: int) -> None:
        self._num_workers = num_workers

    def work(
        self, order: ScanOrder, shards: Sequence[int]
    ) -> Generator[ShardEnd, None, None]:
        """Yield the end of each shard as it comes."""
        waiting = deque(shards)
        deaths: Counter[int] = Counter()
        crew: list[_Worker] = []
        try:
            while waiting or crew:
                while waiting and len(crew) < self._num_workers:
                    crew.append(_hire(order, waiting.popleft()))
                for worker in _ready(crew):
                    shard = worker.shard
                    if _is_done(worker):
                        yield ShardEnd(shard=shard, is_done=True)
                        if waiting and _give(worker, waiting[0]):
                            waiting.popleft()
                            continue
                        crew.remove(worker)
                        _dismiss(worker)
                        continue
                    crew.remove(worker)
                    _dismiss(worker)
                    deaths[shard] += 1
                    if deaths[shard] < MAX_DEATHS:
                        waiting.append(shard)
                    else:
                        yield ShardEnd(shard=shard, is_done=False)
        finally:
            for worker in crew:
                worker.process.kill()  # what it wrote has not been renamed
                _dismiss(worker)


def _hire(order: ScanOrder, shard: int) -> _Worker:
    """New worker, at its first shard."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=entry.main, args=(order, there), daemon=True)
    process.start()
    there.close()
    worker = _Worker(process=process, connection=here, shard=shard)
    _give(worker, shard)
    return worker


def _give(worker: _Worker, shard: int) -> bool:
    """Give a worker its next shard; False if it is dead."""
    try:
        worker.connection.send(shard)
    except OSError:
        return False
    worker.shard = shard
    return True


def _ready(crew: Sequence[_Worker]) -> list[_Worker]:
    """Workers that have answered or died; waits for one."""
    found = wait([each.connection for each in crew])
    return [each for each in crew if each.connection in found]


def _is_done(worker: _Worker) -> bool:
    """Whether a worker that is ready has done its shard; False if it died.

    Raises:
        JobError: With the sentence on why it cannot be done.
    """
    try:
        fault = worker.connection.recv()
    except (EOFError, OSError):
        return False
    if fault is not None:
        raise JobError(fault)
    return True


def _dismiss(worker: _Worker) -> None:
    """Let a worker end, and wait for it."""
    with suppress(OSError):
        worker.connection.close()
    worker.process.join()
    worker.process.close()
