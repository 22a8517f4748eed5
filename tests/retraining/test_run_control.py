"""Control of a run from outside: what it says, and that it pauses and stops."""

import json
import threading
import time

import pytest

from cifake_core.basics.errors import TrainingError
from cifake_core.retraining.run_control import (
    PAUSE_FILE,
    PROGRESS_FILE,
    STOP_FILE,
    RunControl,
    RunStoppedError,
    check_idle,
    read_progress,
)


def test_a_folder_without_a_run_has_no_progress(tmp_path):
    """Nothing was started there."""
    assert read_progress(tmp_path) is None


def test_progress_is_read_as_it_was_told(tmp_path):
    """Share, words and time left come back."""
    with RunControl(tmp_path) as control:
        control.tell("training", 0.25, "Epoch 1 of 4.", seconds_left=90)

    found = read_progress(tmp_path)

    assert (found.state, found.share, found.seconds_left) == ("training", 0.25, 90)
    assert found.sentence == "Epoch 1 of 4."
    assert abs(found.beat - time.time()) < 60


def test_the_heart_beats_while_the_run_says_nothing(tmp_path):
    """Whoever watches sees that it is alive."""
    with RunControl(tmp_path):
        first = read_progress(tmp_path).beat
        deadline = time.time() + 20
        while read_progress(tmp_path).beat == first and time.time() < deadline:
            time.sleep(0.05)

        assert read_progress(tmp_path).beat > first


def test_a_stopped_run_raises_with_the_way_on(tmp_path):
    """The sentence names --resume."""
    control = RunControl(tmp_path)
    (tmp_path / STOP_FILE).touch()

    with pytest.raises(RunStoppedError, match="--resume"):
        control.tell("training", 0.5, "Epoch 2 of 4.")


def test_a_paused_run_waits_and_says_so(tmp_path):
    """It goes on when the file is gone."""
    with RunControl(tmp_path) as control:
        (tmp_path / PAUSE_FILE).touch()
        told = ("training", 0.5, "Epoch 2.")
        waiting = threading.Thread(target=control.tell, args=told)
        waiting.start()
        deadline = time.time() + 20
        while read_progress(tmp_path).state != "paused" and time.time() < deadline:
            time.sleep(0.05)
        assert read_progress(tmp_path).state == "paused"
        assert waiting.is_alive()

        (tmp_path / PAUSE_FILE).unlink()
        waiting.join(20)

        assert not waiting.is_alive()
    assert read_progress(tmp_path).state == "training"


def test_a_new_start_forgets_who_stopped_the_one_before(tmp_path):
    """Resuming does not end at once."""
    (tmp_path / STOP_FILE).touch()

    with RunControl(tmp_path) as control:
        control.tell("training", 0.5, "Epoch 2 of 4.")


def test_the_end_names_the_version(tmp_path):
    """Whoever watches finds the candidate."""
    with RunControl(tmp_path) as control:
        control.close("done", "Version 2 is a candidate.", version=2)

    found = read_progress(tmp_path)

    assert (found.state, found.share, found.version) == ("done", 1.0, 2)


def test_damaged_progress_gets_a_sentence(tmp_path):
    """No stack trace on a page."""
    (tmp_path / PROGRESS_FILE).write_text("{", "utf-8")

    with pytest.raises(TrainingError, match="progress of a run"):
        read_progress(tmp_path)


def test_a_folder_in_which_a_run_is_at_work_is_refused(tmp_path):
    """Two processes would write over each other; a finished run is no hindrance."""
    with RunControl(tmp_path) as control:
        control.tell("training", 0.5, "Epoch 2 of 4.")
        deadline = time.time() + 20
        while read_progress(tmp_path).state != "training" and time.time() < deadline:
            time.sleep(0.05)

        with pytest.raises(TrainingError, match="at work"):
            check_idle(tmp_path)
        control.close("stopped", "Stopped.")

    check_idle(tmp_path)


def test_a_run_that_was_killed_is_no_hindrance(tmp_path):
    """Its last beat is long ago."""
    with RunControl(tmp_path) as control:
        control.tell("training", 0.5, "Epoch 2 of 4.")
    told = json.loads((tmp_path / PROGRESS_FILE).read_text("utf-8"))
    assert told["state"] == "training"
    told["beat"] -= 60
    (tmp_path / PROGRESS_FILE).write_text(json.dumps(told), "utf-8")

    check_idle(tmp_path)
