"""Teaching as a job: begun, paused, stopped, killed, found again, gone on with."""

import os
import shutil
import time
from pathlib import Path

import pytest

from cifake_core.accounts.audit import Audit
from cifake_core.accounts.records import ANYBODY
from cifake_core.accounts.settings import VARIABLE
from cifake_core.accounts.store import Store
from cifake_core.basics.errors import SettingError, TrainingError
from cifake_core.cli.guard import KEY_VARIABLE
from cifake_core.data.datasets import library
from cifake_core.networks import store
from cifake_core.training.run_folder import CHECKPOINT_FILE
from cifake_core.workbench import jobs
from cifake_core.workbench.job_records import Job, Order
from cifake_core.workbench.jobs import JobRunner
from cifake_core.workbench.retraining import RetrainingBench
from tests.made_datasets import write_set
from tests.made_versions import ANN, BOB

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
def places(made, user_folder, tmp_path) -> dict[str, Path]:
    """Places of models and user data; no generator's pictures are drawn."""
    models = tmp_path / "models"
    shutil.copytree(made, models)
    for path in models.glob(f"*/{store.GENERATORS_FILE}"):
        path.unlink()
    return {"models": models, "user_data": user_folder}


@pytest.fixture
def bench(tmp_path, places, processes) -> RetrainingBench:
    """The jobs of a server."""
    del processes  # ended after the test
    return RetrainingBench(tmp_path / "runs", **places)


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
    bench, places, processes, tmp_path
):
    """What was finished stays, another server sees the same, two are refused."""
    bench.start("cnn", ["mine"], by=ANYBODY, minutes=30)
    assert only(bench).order == TEACHING
    assert only(bench).is_at_work
    with pytest.raises(TrainingError, match="2D-CNN from mine is under way"):
        bench.start("cnn_multi", ["mine"], by=ANYBODY)
    with pytest.raises(TrainingError, match="Stop it first"):
        bench.discard(TEACHING)

    wait_for(bench, "training")
    bench.pause(TEACHING)
    wait_for(bench, "paused")
    elsewhere = RetrainingBench(tmp_path / "runs", **places)
    assert only(elsewhere).state == "paused"
    with pytest.raises(TrainingError, match="under way"):
        elsewhere.start("cnn", ["mine"], by=ANYBODY)

    elsewhere.go_on(TEACHING, by=ANYBODY)
    assert only(bench).state == "training"
    run = tmp_path / "runs" / "retrain-cnn"
    deadline = time.monotonic() + PATIENCE
    while not (run / CHECKPOINT_FILE).is_file() and time.monotonic() < deadline:
        time.sleep(0.05)
    bench.stop(TEACHING)
    share = wait_for(bench, "stopped").share
    assert share > 0
    with pytest.raises(TrainingError, match="was not finished"):
        bench.start("cnn", ["mine"], by=ANYBODY)

    bench.go_on(TEACHING, by=ANYBODY)
    assert only(bench).share == share
    wait_for(bench, "training", "finishing")
    processes[-1].kill()
    wait_for(bench, "killed")

    bench.go_on(TEACHING, by=ANYBODY)
    assert "--resume" in processes[-1].args
    assert only(bench).is_at_work


@pytest.mark.slow
def test_what_fails_says_why(bench):
    """The sentence is the command's own; it can be discarded."""
    bench.start("cnn", ["nowhere"], by=ANYBODY)

    job = wait_for(bench, "failed")

    assert "nowhere" in job.sentence
    bench.discard(job.order)
    assert bench.jobs() == ()


@pytest.mark.slow
def test_who_asks_is_known_here_and_not_to_the_process(bench, places, monkeypatch):
    """One line in the audit, with them; a key that is not theirs stops nothing."""
    monkeypatch.setenv(VARIABLE, "local")
    monkeypatch.setenv(KEY_VARIABLE, "of another program")

    bench.start("cnn", ["nowhere"], by=ANN)

    job = wait_for(bench, "failed")
    bench.go_on(job.order, by=BOB)
    assert "nowhere" in wait_for(bench, "failed").sentence
    lines = [*Audit(Store(places["user_data"])).lines()]
    assert [each.who for each in lines] == ["ann", "bob"]
    assert {each.action for each in lines} == {"retrain.begin"}
    assert {(each.subject, each.result) for each in lines} == {("cnn", "on nowhere")}


def test_nothing_to_teach_is_a_sentence(bench, processes):
    """No process begins."""
    with pytest.raises(SettingError, match="None is chosen"):
        bench.start("cnn", [], by=ANYBODY)

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
        bench.start("cnn", ["mine"], by=ANYBODY)

    job = wait_for(bench, "failed")

    assert "99" in job.sentence


@pytest.mark.slow
def test_a_check_is_ended_by_the_server_that_began_it(bench, places, tmp_path):
    """At once, and it can be made again; another server says that it cannot end it."""
    bench.check("cnn", 99)
    check = only(bench).order
    with pytest.raises(TrainingError, match="before this server was"):
        RetrainingBench(tmp_path / "runs", **places).stop(check)

    bench.stop(check)
    job = wait_for(bench, "stopped")

    assert job.order == check
    bench.go_on(check, by=ANYBODY)
    assert only(bench).is_at_work
