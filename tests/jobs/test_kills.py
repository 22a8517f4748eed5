"""Real kills: every row once, whoever is killed and when."""

import json
import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from cifake_core.jobs.scan.records import SHARDS_FOLDER
from cifake_core.networks import OWN
from tests.jobs.killed import (
    begin,
    end,
    kill_at_random,
    kill_scan,
    plan_rows,
    wrong_rows,
)
from tests.jobs.made_sources import put_folder

#: How often a process is killed; `CIFAKE_KILLS` names another number.
KILLS = int(os.environ.get("CIFAKE_KILLS", "3"))
PROCESSES = Path("/proc")

in_proc = pytest.mark.skipif(not PROCESSES.is_dir(), reason="looks into /proc")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="kills by POSIX's signals"),
]


def children(pid: int) -> list[int]:
    """Processes that a process has started and that are alive, by Linux."""
    found = []
    for place in PROCESSES.glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text().rsplit(")", 1)[1].split()
            command = (place / "cmdline").read_text()
        except OSError:
            continue
        if int(fields[1]) == pid and "spawn_main" in command:
            found.append(int(place.name))
    return found


def wait_for(what, seconds=120.0):
    """What a function gives as soon as it is anything; it must be in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.05)
    pytest.fail("it did not come in time")


def test_a_scan_survives_its_kills(tmp_path):
    """Killed at random moments it goes on, and has every row exactly once."""
    run = plan_rows(tmp_path, 120, shard_size=10)

    kill_scan(run, times=KILLS)
    done = end("scan", "run", run)

    assert done.returncode == 0, done.stderr
    assert wrong_rows(run) == []


@in_proc
def test_a_worker_that_dies_costs_nothing(tmp_path):
    """Its shard is done again, the others go on, the scan ends well."""
    run = plan_rows(tmp_path, 120, shard_size=10)
    process = begin("scan", "run", run, "--workers", 2)
    shards = run / SHARDS_FOLDER
    wait_for(lambda: list(shards.glob("0*.parquet")))

    for worker in children(process.pid)[:1]:
        os.kill(worker, signal.SIGKILL)
    _, told = process.communicate()

    assert process.returncode == 0, told
    assert wrong_rows(run) == []


@in_proc
def test_workers_end_with_the_scan(tmp_path):
    """Nobody is left who works for a scan that was killed."""
    run = plan_rows(tmp_path, 2_000, shard_size=100)
    process = begin("scan", "run", run, "--workers", 1)
    [worker] = wait_for(lambda: children(process.pid))

    process.kill()
    process.communicate()

    wait_for(lambda: not (PROCESSES / str(worker)).exists())


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_leaves_a_scan_that_goes_on(tmp_path):
    """The status is that of shells, the sentence says how to go on."""
    run = plan_rows(tmp_path, 400, shard_size=10)
    process = begin("scan", "run", run, "--workers", 1)
    wait_for(lambda: list((run / SHARDS_FOLDER).glob("0*.parquet")))

    process.send_signal(signal.SIGINT)
    _, told = process.communicate()

    assert process.returncode == 130
    assert f"scan run {run}" in told
    assert "Traceback" not in told
    assert not children(process.pid)
    assert end("scan", "run", run).returncode == 0
    assert wrong_rows(run) == []


def test_a_file_survives_its_kills(tmp_path):
    """`predict --out` has each item once, and no file before it is whole."""
    folder = put_folder(tmp_path / "pictures", good=4, bad=76)
    out = tmp_path / "rows.jsonl"
    words = ("predict", folder, "--out", out, "--resume")

    journal = tmp_path / ".rows.jsonl.job" / "journal.jsonl"

    def done():
        return journal.stat().st_size if journal.exists() else 0

    kill_at_random(words, done, times=KILLS)
    done = end(*words)

    assert done.returncode == 2, done.stderr
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    found = Counter(row["path"] for row in rows)
    assert len(found) == 80
    assert all(
        found[row["path"]] == (1 if "error" in row else len(OWN)) for row in rows
    )
    assert [each.name for each in tmp_path.iterdir() if "rows" in each.name] == [
        "rows.jsonl"
    ]
