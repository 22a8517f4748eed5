"""Progress: a bar in a terminal, lines in a log, silence where it is soon done."""

import io
import re
import sys
import time

import pytest

from cifake_core.cli.terminal.progress import LogFile, TrainingBars, progress_bar
from cifake_core.training.records import TrainingProgress


class Terminal(io.StringIO):
    """A stderr that a person looks at."""

    def isatty(self) -> bool:
        """Return that somebody looks."""
        return True


def state(epoch: int, batch: int) -> TrainingProgress:
    """Return where a training of two epochs stands."""
    return TrainingProgress(
        epoch=epoch,
        num_epochs=2,
        batch=batch,
        num_batches=4,
        loss=0.5,
        accuracy=0.75,
        seconds_left=3700,
        validation_accuracy=0.9 if epoch > 1 else None,
    )


def test_what_is_soon_done_says_nothing_in_a_log(capsys):
    """Only after ten seconds a line is due."""
    with progress_bar("Work") as progress:
        for share in (0.0, 0.5, 1.0):
            progress(share)

    assert capsys.readouterr().err == ""


def test_a_log_has_a_line_for_each_state_of_the_bar():
    """Neither carriage returns nor spaces that wipe a longer text are left."""
    stream = io.StringIO()
    log = LogFile(stream)

    for text in ("\rWork: 10%", "\rWork: 20%   ", "\r", "\n"):
        log.write(text)

    assert stream.getvalue() == "Work: 10%\nWork: 20%\n"


def test_each_epoch_leaves_a_line_in_a_log(capsys):
    """With loss and accuracies, and the time that is left of the whole run."""
    bars = TrainingBars("cnn, ")
    for epoch in (1, 2):
        for batch in (1, 4):
            bars(state(epoch, batch))
    bars.close()

    assert capsys.readouterr().err.splitlines() == [
        "cnn, epoch 1/2: 100%, loss 0.500, accuracy 75.0%, 1 h 01 min left",
        (
            "cnn, epoch 2/2: 100%, loss 0.500, accuracy 75.0%, "
            "last validation 90.00%, 1 h 01 min left"
        ),
    ]


def test_a_terminals_bar_is_redrawn_and_goes(monkeypatch):
    """Where it was is free for what comes next."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    with progress_bar("Work") as progress:
        progress(0.0)
        for share in range(1, 40):
            progress(share / 40)
            time.sleep(0.005)

    drawn = terminal.getvalue()
    assert re.search(r"\rWork: \d+%\|", drawn)
    assert "\n" not in drawn
    assert drawn.endswith("\r")


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_stops_the_work_comes_through(error, capsys):
    """The bar does not stand in the way of Ctrl-C."""
    with pytest.raises(error), progress_bar("Work"):
        raise error

    assert capsys.readouterr().err == ""
