"""How commands speak: results on stdout, progress and complaints on stderr."""

import json
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from cifake_core.basics.errors import CifakeError

_SECONDS_ON_TERMINAL: Final = 0.1
_SECONDS_IN_LOG: Final = 10.0


class ProgressLine:
    """A line on stderr: redrawn on a terminal, written now and then to a log."""

    def __init__(self) -> None:
        self._redraws = sys.stderr.isatty()
        self._pause = _SECONDS_ON_TERMINAL if self._redraws else _SECONDS_IN_LOG
        self._next = time.monotonic() + self._pause
        self._width = 0

    def show(self, text: str, *, keep: bool = False) -> None:
        """Show how far the work is, unless it was shown a moment ago.

        Args:
            text: the whole line.
            keep: show it in any case, and let it stand.
        """
        if not keep and time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self._pause
        if not self._redraws:
            tell(text)
            return
        text = text[: shutil.get_terminal_size().columns - 1]
        print(f"\r{text.ljust(self._width)}", end="", file=sys.stderr, flush=True)
        self._width = len(text)
        if keep:
            self.close()

    def close(self) -> None:
        """Leave the line, so that the next words start on their own."""
        if self._width:
            print(file=sys.stderr, flush=True)
        self._width = 0


@contextmanager
def share_line(what: str) -> Iterator[Callable[[float], None]]:
    """Give a callback that shows the share of `what` that is done, 0 to 1."""
    line = ProgressLine()
    started = time.monotonic()

    def show(share: float) -> None:
        text = f"{what}: {share:.0%}"
        if share > 0:
            left = (time.monotonic() - started) * (1 - share) / share
            text += f", {duration(left)} left"
        line.show(text)

    try:
        yield show
    finally:
        line.close()


def duration(seconds: float) -> str:
    """Return a time as people say it."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 1:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"


def tell(sentence: str) -> None:
    """Write a line to stderr."""
    print(sentence, file=sys.stderr, flush=True)


def print_json(record: Mapping[str, object]) -> None:
    """Write one object on one line of stdout."""
    print(json.dumps(record, allow_nan=False), flush=True)


def command_line(*words: str) -> str:
    """Return a command of this program that a person can copy."""
    # double quotes where a path has spaces: right for Windows and POSIX shells
    return f"python -m cifake_core {subprocess.list2cmdline(words)}"


def write_file(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all.

    Raises:
        CifakeError: If it cannot be written.
    """
    scratch = path.with_name(f".part.{path.name}")
    try:
        scratch.write_bytes(data)
        scratch.replace(path)
    except OSError as error:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
        msg = f"The file {path} cannot be written: {error}. Name another place."
        raise CifakeError(msg) from error


def import_tensorflow() -> None:
    """Import TensorFlow without what it writes to stderr meanwhile, or warns of later.

    Its libraries write some lines before any of their settings is read, so the
    stream itself leads nowhere for these seconds.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    stderr = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        import tensorflow  # noqa: F401, PLC0415, ICN001 - takes seconds
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
