"""Progress on stderr: a bar in a terminal, now and then a line in a log."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from tqdm import tqdm

from cifake_core.cli.terminal.output import duration
from cifake_core.training.records import TrainingProgress

_SECONDS_IN_TERMINAL: Final = 0.1
_SECONDS_IN_LOG: Final = 10.0


class LogFile:
    """A text stream on which each redrawn bar is a line of its own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write what is to be seen of `text`, as a line."""
        line = text.strip()
        if line:
            self._stream.write(f"{line}\n")
        return len(text)

    def flush(self) -> None:
        """Write what is held back."""
        self._stream.flush()


class TrainingBars:
    """A bar for each epoch of a training, with its loss and accuracies.

    Args:
        before: words before the epoch's number.
    """

    def __init__(self, before: str = "") -> None:
        self._before = before
        self._epoch = 0
        self._bar: tqdm[None] | None = None

    def __call__(self, state: TrainingProgress) -> None:
        """Show where the training stands."""
        if self._bar is None or state.epoch != self._epoch:
            self.close()
            self._epoch = state.epoch
            what = f"{self._before}epoch {state.epoch}/{state.num_epochs}"
            self._bar = _open(what, total=state.num_batches, after="{postfix}")
            self._bar.leave = sys.stderr.isatty()
        self._bar.set_postfix_str(_figures(state), refresh=False)
        self._bar.update(state.batch - self._bar.n)
        if state.batch == state.num_batches:
            self._bar.refresh()

    def close(self) -> None:
        """Let the last bar stand as it is."""
        if self._bar is not None:
            self._bar.close()


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[float], None]]:
    """Give a callback that shows the share of `what` that is done, 0 to 1."""
    with _open(what, total=1.0, after=", {remaining} left") as bar:

        def show(share: float) -> None:
            bar.update(share - bar.n)

        yield show


def _open(what: str, *, total: float, after: str) -> "tqdm[None]":
    """Return a bar on stderr that goes when it is closed.

    In a log it is silent at first, so that what is soon done says nothing.
    """
    terminal = sys.stderr.isatty()
    seconds = _SECONDS_IN_TERMINAL if terminal else _SECONDS_IN_LOG
    middle = "|{bar}|" if terminal else ""
    return tqdm(
        total=total,
        desc=what,
        bar_format=f"{{desc}}: {{percentage:.0f}}%{middle}{after}",
        file=sys.stderr if terminal else LogFile(sys.stderr),
        mininterval=seconds,
        delay=seconds,
        miniters=0,
        leave=False,
        dynamic_ncols=terminal,
    )


def _figures(state: TrainingProgress) -> str:
    """Return loss, accuracies and the time left of the whole run."""
    words = [f"loss {state.loss:.3f}", f"accuracy {state.accuracy:.1%}"]
    if state.validation_accuracy is not None:
        words.append(f"last validation {state.validation_accuracy:.2%}")
    return ", ".join((*words, f"{duration(state.seconds_left)} left"))
