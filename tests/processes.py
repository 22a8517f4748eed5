"""Processes that the code under test begins: counted, and none is left behind."""

import subprocess
from collections.abc import Iterator

import pytest

from cifake_core.workbench import jobs


@pytest.fixture
def processes(monkeypatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The processes that were begun by jobs of the workbench."""
    begun: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen):
        """A process that is noted."""

        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)
            begun.append(self)

    monkeypatch.setattr(jobs.subprocess, "Popen", Noted)
    yield begun
    for process in begun:
        process.kill()
        process.wait()
