"""Workers on a cluster, by Ray, which is an optional requirement.

Of Ray only its actors are used. Shards that are done lie in the run's folder, which
all machines see, so none of Ray's checkpoints is needed: they lose finished rows.
"""

import logging
import os
from collections import Counter, deque
from collections.abc import Generator, Sequence
from typing import Any, Final

from cifake_core.basics.errors import CifakeError, JobError
from cifake_core.basics.places import CHECKOUT
from cifake_core.jobs.engines.protocol import MAX_DEATHS, ShardEnd
from cifake_core.jobs.scan.records import ScanOrder

#: Where a running cluster is; without it one is started on this machine.
ADDRESS_VARIABLE: Final = "RAY_ADDRESS"


class RayEngine:
    """Actors of Ray; see `protocol.Engine`.

    Args:
        num_workers: how many actors, each on one processor.

    Raises:
        JobError: If Ray is not installed.
    """

    def __init__(self, num_workers: int) -> None:
        self._num_workers = num_workers
        self._ray = _import_ray()

    def work(
        self, order: ScanOrder, shards: Sequence[int]
    ) -> Generator[ShardEnd, None, None]:
        """Yield the end of each shard as it comes."""
        if not shards:  # no cluster is begun for nothing
            return
        ray = self._ray
        self._begin()
        try:
            actor = ray.remote(num_cpus=1, max_restarts=0)(_Actor)
            waiting = deque(shards)
            deaths: Counter[int] = Counter()
            at_work: dict[Any, tuple[Any, int]] = {}  # task: its actor and shard
            while waiting or at_work:
                while waiting and len(at_work) < self._num_workers:
                    _give(at_work, actor.remote(order), waiting.popleft())
                [task], _ = ray.wait(list(at_work))
                worker, shard = at_work.pop(task)
                try:
                    fault = ray.get(task)
                except ray.exceptions.RayError:  # it died, or its machine
                    deaths[shard] += 1
                    if deaths[shard] < MAX_DEATHS:
                        waiting.append(shard)
                    else:
                        yield ShardEnd(shard=shard, is_done=False)
                    continue
                if fault is not None:
                    raise JobError(fault)
                yield ShardEnd(shard=shard, is_done=True)
                if waiting:
                    _give(at_work, worker, waiting.popleft())
        finally:
            ray.shutdown()

    def _begin(self) -> None:
        """Join the cluster, or start one of this machine alone."""
        there = os.environ.get(ADDRESS_VARIABLE)
        here = {"num_cpus": self._num_workers, "include_dashboard": False}
        self._ray.init(
            address=there,
            configure_logging=True,
            logging_level=logging.ERROR,
            log_to_driver=False,
            runtime_env={"env_vars": {"PYTHONPATH": str(CHECKOUT)}},
            **({} if there else here),
        )


class _Actor:
    """Worker of a cluster: it makes its judge with its first shard."""

    def __init__(self, order: ScanOrder) -> None:
        self._order = order
        self._judge: Any = None

    def scan(self, shard: int) -> str | None:
        """Do a shard; return the sentence on why it cannot be done, if so."""
        # imported by the actor's own process, never by the one that asks
        from cifake_core.jobs.scan.worker import ShardJudge  # noqa: PLC0415

        try:
            self._judge = self._judge or ShardJudge(self._order)
            self._judge.scan(shard)
        except CifakeError as error:
            return str(error)
        except OSError as error:
            return f"The system refused: {error}."
        return None


def _give(at_work: dict[Any, tuple[Any, int]], worker: Any, shard: int) -> None:  # noqa: ANN401 - Ray's
    """Give an actor its next shard."""
    at_work[worker.scan.remote(shard)] = (worker, shard)


def _import_ray() -> Any:  # noqa: ANN401 - a module
    """Ray, or the sentence on how to get it."""
    try:
        import ray  # noqa: PLC0415 - optional
    except ImportError as error:
        msg = (
            "The engine ray needs Ray, which is not installed. Install it with "
            "`python -m pip install -r requirements-scale.txt`, or use --engine local."
        )
        raise JobError(msg) from error
    return ray
