"""Queued jobs that are killed at random: no item lost, none done twice."""

import os
import sys

import pytest

from cifake_core.basics.places import CHECKOUT
from cifake_core.jobs.queue import lease
from cifake_core.jobs.queue.queue import JobQueue
from cifake_core.jobs.queue.supervisor import Supervisor
from tests.jobs.killed_jobs import kill_often
from tests.jobs.queue.made_queue import files

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for children"),
]

#: How often is killed; `CIFAKE_KILLS` names another number.
KILLS = int(os.environ.get("CIFAKE_KILLS", "3"))


@pytest.mark.usefixtures("database")
def test_kills_lose_nothing_and_repeat_nothing(user_data):
    """Of the worker, the server or both, at any moment."""
    total, victims = kill_often(user_data, KILLS)

    assert total
    assert sum(victims.values()) == KILLS


def test_a_job_that_kills_its_workers_fails(user_data, monkeypatch):
    """After three of them, with a sentence, instead of keeping the server busy."""
    queue = JobQueue(user_data)
    job = queue.add_files(files(("a.jpg", b"x")))
    supervisor = Supervisor(lambda: (user_data, CHECKOUT / "models"))
    hired = []

    def hire(self, place, _shipped) -> None:
        self._owner = f"worker{len(hired)}"
        assert lease.claim(place, self._owner) is not None
        hired.append(self._owner)

        class Dead:
            returncode, stdin = -9, None
            poll = wait = lambda *_: -9

        self._process = Dead()

    monkeypatch.setattr(Supervisor, "_hire", hire)
    for _ in range(10):
        supervisor._look(user_data, CHECKOUT / "models", purge=False)  # noqa: SLF001

    failed = queue.get(job.id)
    assert len(hired) == 3
    assert failed.state == "failed"
    assert "ended 3 times" in failed.sentence
