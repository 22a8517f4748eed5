"""Worker: does what is queued, one job after the other, some pictures at a time."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from cifake_core.basics.errors import (
    CifakeError,
    DatabaseUnavailableError,
    JobError,
)
from cifake_core.basics.silence import quiet
from cifake_core.jobs.judging import judge_items
from cifake_core.jobs.queue import intake
from cifake_core.jobs.queue.lease import LENGTH, Lease, LeaseLostError, claim
from cifake_core.jobs.queue.records import MAX_ITEMS, MadeWith, made_with_version
from cifake_core.jobs.sources.protocol import Item, Source
from cifake_core.networks.pool import NetworkPool, load_network
from cifake_core.networks.protocols import Probe
from cifake_core.networks.runtimes.answering import load_answering
from cifake_core.verdicts.judge import Judge
from cifake_core.versions.registry import VersionRegistry

#: Items that are listed in one transaction, and read from the database at once.
_LISTED: Final = 2000
_READ: Final = 512
#: Seconds between two renewals of a lease.
_BEAT: Final = LENGTH.total_seconds() / 5


class Worker:
    """Worker of the jobs of one folder of user data.

    Args:
        user_data: the folder.
        shipped: the folder of trained networks that is version 1.
        owner: its name, which no other worker has.
        load: makes a network from its folder; by default on the fast engine.
    """

    def __init__(
        self,
        user_data: Path,
        shipped: Path,
        *,
        owner: str,
        load: Callable[[Path], Probe] | None = None,
    ) -> None:
        self._user_data = user_data
        self._owner = owner
        self._load = load or load_fast
        self._versions = VersionRegistry(user_data, shipped)
        self._judges: dict[Path, Judge] = {}  # at most one

    def do_next(self) -> bool:
        """Do the oldest job that waits, to its end; False if none does.

        Raises:
            DatabaseUnavailableError: If the database cannot be used.
        """
        lease = claim(self._user_data, self._owner)
        if lease is None:
            return False
        sentence = ""
        try:
            with _beating(lease):
                self._do(lease)
        except LeaseLostError:
            pass  # whoever took it from us has said what becomes of it
        except DatabaseUnavailableError:
            raise
        except CifakeError as error:
            sentence = str(error)
        lease.end(sentence)
        return True

    def _do(self, lease: Lease) -> None:
        """Do a job."""
        judge, job = self._judge(lease), lease.job
        source = intake.open_source(
            self._user_data, job=job.id, kind=job.kind, name=job.name, place=job.place
        )
        if not job.is_listed:
            _list(lease, source)
        numbers = deque[int]()
        items = _left(lease, numbers)
        started = time.monotonic()
        for batch in judge_items(judge, source, items):
            done = [(numbers.popleft(), each) for each in batch]
            now = time.monotonic()
            lease.keep(done, seconds=now - started)
            started = now

    def _judge(self, lease: Lease) -> Judge:
        """Judge by the networks that the job was begun with; those in use at first."""
        begun = lease.job.made_with
        if begun is None:
            current = self._versions.current()
            models = current.models
            lease.begin(made_with_version(current.number, models))
        else:
            models = self._versions.folder(begun.version)
            _check(begun, models)
        if models not in self._judges:
            self._judges = {models: Judge(NetworkPool(models, load=self._load))}
        return self._judges[models]


def load_fast(folder: Path) -> Probe:
    """Network of a folder on the fast engine, for one thread.

    One that was not converted for it is loaded as pages do.
    """
    with quiet():  # the engine tells of itself, when it is first asked
        network = load_answering(folder, num_threads=1)
        if network is not None:
            network.logits(np.zeros((1, 32, 32, 3), np.uint8))
    return network or load_network(folder)


def _check(begun: MadeWith, models: Path) -> None:
    """Check that all rows of a job come to be made alike."""
    if not begun.same_networks(made_with_version(begun.version, models)):
        msg = (
            f"The networks of version {begun.version} are not those that the job was "
            "begun with, and its rows must all be made alike. Queue the pictures again."
        )
        raise JobError(msg)


def _list(lease: Lease, source: Source) -> None:
    """List the items of a job, anew if a worker did not come to the end of it."""
    lease.forget_items()
    waiting, num_listed, are_last = source.items(), 0, False
    while not are_last:
        items = list(islice(waiting, _LISTED))
        num_listed += len(items)
        are_last = len(items) < _LISTED
        if num_listed > MAX_ITEMS:
            msg = (
                f"There are more than {MAX_ITEMS:,} files at {source.place}, the most "
                "of a job. Scan them with `python -m cifake_core scan plan`."
            )
            raise JobError(msg)
        if not num_listed:
            msg = f"{source.place} holds no files any more. Expected pictures."
            raise JobError(msg)
        lease.add_items(items, are_last=are_last)


def _left(lease: Lease, numbers: deque[int]) -> Iterator[Item]:
    """Items that are not done; the number of each is put at the end of `numbers`."""
    after = -1
    while found := lease.items_left(after=after, most=_READ):
        for number, item in found:
            numbers.append(number)
            yield item
        after = found[-1][0]


@contextmanager
def _beating(lease: Lease) -> Iterator[None]:
    """Context in which a lease is renewed, however long a picture takes."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(_BEAT):
            try:
                lease.renew()
            except CifakeError:
                return  # the work finds out by itself

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
