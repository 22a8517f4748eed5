"""Teaching as a job: begun, paused, stopped, killed, found again, gone on with."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from cifake_core.basics.errors import SettingError, TrainingError
from cifake_core.basics.places import MODELS_VARIABLE, USER_DATA_VARIABLE
from cifake_core.data.datasets import library
from cifake_core.networks import store
from cifake_core.training.run_folder import CHECKPOINT_FILE
from cifake_core.workbench import jobs
from cifake_core.workbench.job_records import Job, Order
from cifake_core.workbench.jobs import JobRunner
from cifake_core.workbench.retraining import RetrainingBench
from tests.made_datasets import write_set

#: Seconds that a busy machine may need until a process has something to tell.
PATIENCE = 180
TEACHING = Order(network="cnn", datasets=("mine",), minutes=30)


@pytest.fixture(scope="module")
def user_folder(tmp_path_factory) -> Path:
    """A user's folder with a data set."""
    home = tmp_path_factory.mktemp("home")
    folder = write_set(home / "pictures")
    library.add("mine", folder, root=home / "datasets", cifake=None)
    return home


@pytest.fixture
def environment(made, user_folder, tmp_path) -> dict[str, str]:
    """What the processes are told of places; no generator's pictures are drawn."""
    models = tmp_path / "models"
    shutil.copytree(made, models)
    for path in models.glob(f"*/{store.GENERATORS_FILE}"):
        path.unlink()
    return {MODELS_VARIABLE: str(models), USER_DATA_VARIABLE: str(user_folder)}


@pytest.fixture
def processes(monkeypatch) -> list[subprocess.Popen[bytes]]:
    """The processes that were begun; none is left behind."""
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


@pytest.fixture
def bench(tmp_path, environment, processes) -> RetrainingBench:
    """The jobs of a server."""
    del processes  # ended after the test
    return RetrainingBench(tmp_path / "runs", environment)


def only(bench: RetrainingBench) -> Job:
    """The only job there is."""
    (job,) = bench.jobs()
    return job


def wait_for(bench: RetrainingBench, *states: str) -> Job:
    """The only job, once it is in one of these states."""
    deadline = time.monotonic() + PATIENCE
    while (job := only(bench)).state not in states:
        assert time.monotonic() < deadline, job
        assert job.is_at_work, job
        time.sleep(0.05)
    return job


@pytest.mark.slow
def test_a_teaching_is_paused_stopped_killed_and_goes_on(
    bench, environment, processes, tmp_path
):
    """What was finished stays, another server sees the same, two are refused."""
    bench.start("cnn", ["mine"], minutes=30)
    assert only(bench).order == TEACHING
    assert only(bench).is_at_work
    with pytest.raises(TrainingError, match="2D-CNN from mine is under way"):
        bench.start("cnn_multi", ["mine"])
    with pytest.raises(TrainingError, match="Stop it first"):
        bench.discard(TEACHING)

    wait_for(bench, "training")
    bench.pause(TEACHING)
    wait_for(bench, "paused")
    elsewhere = RetrainingBench(tmp_path / "runs", environment)
    assert only(elsewhere).state == "paused"
    with pytest.raises(TrainingError, match="under way"):
        elsewhere.start("cnn", ["mine"])

    elsewhere.go_on(TEACHING)
    assert only(bench).state == "training"
    run = tmp_path / "runs" / "retrain-cnn"
    deadline = time.monotonic() + PATIENCE
    while not (run / CHECKPOINT_FILE).is_file() and time.monotonic() < deadline:
        time.sleep(0.05)
    bench.stop(TEACHING)
    share = wait_for(bench, "stopped").share
    assert share > 0
    with pytest.raises(TrainingError, match="was not finished"):
        bench.start("cnn", ["mine"])

    bench.go_on(TEACHING)
    assert only(bench).share == share
    wait_for(bench, "training", "finishing")
    processes[-1].kill()
    wait_for(bench, "killed")

    bench.go_on(TEACHING)
    assert "--resume" in processes[-1].args
    assert only(bench).is_at_work


@pytest.mark.slow
def test_what_fails_says_why(bench):
    """The sentence is the command's own; it can be discarded."""
    bench.start("cnn", ["nowhere"])

    job = wait_for(bench, "failed")

    assert "nowhere" in job.sentence
    bench.discard(job.order)
    assert bench.jobs() == ()


def test_nothing_to_teach_is_a_sentence(bench, processes):
    """No process begins."""
    with pytest.raises(SettingError, match="None is chosen"):
        bench.start("cnn", [])

    assert processes == []


def begin(runner: JobRunner, *words: str) -> Job:
    """A job of a quick command, once it ended."""
    ended: list[Job] = []
    runner.begin("quick", Order(network="cnn"), words, after=ended.append)
    deadline = time.monotonic() + PATIENCE
    while not ended and time.monotonic() < deadline:
        time.sleep(0.05)
    return ended[0]


def test_a_command_that_tells_nothing_is_known_by_its_exit_status(tmp_path):
    """0 is done, another number failed, with the last line that it wrote."""
    runner = JobRunner(tmp_path, {})

    assert begin(runner, "--version").state == "done"
    refused = begin(runner, "nonsense")

    assert refused.state == "failed"
    assert "nonsense" in refused.sentence


def test_a_silent_process_of_another_server_is_taken_for_dead(tmp_path):
    """By its last word, since its number may be another process's by now."""
    begin(JobRunner(tmp_path, {}), "--version")
    long_ago = time.time() - 1000
    os.utime(tmp_path / "quick" / jobs.PROGRESS_FILE, (long_ago, long_ago))

    assert JobRunner(tmp_path, {}).jobs()["quick"].state == "killed"
    assert JobRunner(tmp_path, {}, silence=2000).jobs()["quick"].is_at_work


def test_a_damaged_progress_is_no_news(tmp_path):
    """Neither a page nor a job breaks on it."""
    begin(JobRunner(tmp_path, {}), "--version")
    (tmp_path / "quick" / jobs.PROGRESS_FILE).write_text("{", "utf-8")

    job = JobRunner(tmp_path, {}).jobs()["quick"]

    assert (job.state, job.share) == ("training", 0.0)


@pytest.mark.slow
def test_a_check_that_cannot_be_made_says_why(bench):
    """It is a job like the other; there is one at a time."""
    bench.check("cnn", 99)
    with pytest.raises(TrainingError, match=r"check of version 99 .* is under way"):
        bench.start("cnn", ["mine"])

    job = wait_for(bench, "failed")

    assert "99" in job.sentence


@pytest.mark.slow
def test_a_check_is_ended_by_the_server_that_began_it(bench, environment, tmp_path):
    """At once, and it can be made again; another server says that it cannot end it."""
    bench.check("cnn", 99)
    check = only(bench).order
    with pytest.raises(TrainingError, match="before this server was"):
        RetrainingBench(tmp_path / "runs", environment).stop(check)

    bench.stop(check)
    job = wait_for(bench, "stopped")

    assert job.order == check
    bench.go_on(check)
    assert only(bench).is_at_work
