"""Jobs: commands in processes that outlive a page and its server, one at a time.

A job has a folder in which its process tells how far it is. Whoever looks there later,
another server as well, finds it: by the process if it is a child of this one, else by
how long ago it last told something.
"""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import CifakeError, TrainingError
from cifake_core.basics.places import CHECKOUT
from cifake_core.retraining.run_control import (
    PAUSE_FILE,
    PROGRESS_FILE,
    STOP_FILE,
    RunControl,
    RunProgress,
    read_progress,
)
from cifake_core.workbench.job_records import Job, JobState, Order

ERRORS_FILE: Final = "errors.txt"
_OUTPUT_FILE: Final = "output.txt"
_ORDER_FILE: Final = "order.json"
#: Seconds without news after which the process of another server is taken for dead.
SILENCE: Final = 30.0
_BEAT: Final = 2.0
#: How a progress bar ends in a log.
_BAR: Final = re.compile(r": +(\d{1,2})%, \S+ left$")
_OVER: Final = ("stopped", "failed", "done")


class JobRunner:
    """Runner of jobs; threads and visitors may share it.

    Args:
        folder: where the folders of the jobs are.
        environment: variables of the processes besides those of this one.
        silence: seconds without news after which another server's process is taken
            for dead.
    """

    def __init__(
        self, folder: Path, environment: Mapping[str, str], *, silence: float = SILENCE
    ) -> None:
        self._folder = folder
        self._environment = dict(environment)
        self._silence = silence
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._followed: set[str] = set()  # what comes after these is not begun yet
        self._lock = threading.RLock()

    def place(self, name: str) -> Path:
        """Folder of the job with this name."""
        return self._folder / name

    def jobs(self) -> dict[str, Job]:
        """Every job whose folder is there, by its name."""
        with self._lock:
            orders = sorted(self._folder.glob(f"*/{_ORDER_FILE}"))
            return {path.parent.name: self._look(path.parent.name) for path in orders}

    def begin(
        self,
        name: str,
        order: Order,
        words: Sequence[str],
        *,
        after: Callable[[Job], object],
    ) -> None:
        """Start the process of a job.

        Args:
            name: of the job and its folder.
            order: what is asked for.
            words: after the program's name.
            after: called with the job when its process ended, if this server is
                still there.

        Raises:
            TrainingError: If a job is at work.
        """
        with self._lock:
            self._check_idle()
            place = self.place(name)
            place.mkdir(parents=True, exist_ok=True)
            _order_file(place).write(order)
            last = _told(place)
            # this takes back that it shall wait or end, and speaks for the process,
            # which needs a while until it can tell something itself
            with RunControl(place) as control:
                control.tell("preparing", last.share if last else 0.0, "Starting…")
            process = self._processes[name] = self._start(place, words)
            self._followed.add(name)
        args = (name, process, after)
        threading.Thread(target=self._watch, args=args, daemon=True).start()

    def end(self, name: str) -> None:
        """End the process of a job that cannot be told to stop, such as a check.

        Raises:
            TrainingError: If another server began it.
        """
        with self._lock:
            process = self._processes.get(name)
            if process is None:
                msg = (
                    f"{self._look(name).order.in_words} was begun before this server "
                    "was, which cannot end it. It ends by itself in some minutes."
                )
                raise TrainingError(msg)
            (self.place(name) / STOP_FILE).touch()
            process.terminate()

    def discard(self, name: str) -> None:
        """Delete the folder of a job.

        Raises:
            TrainingError: If it is at work.
        """
        with self._lock:
            job = self.jobs().get(name)
            if job is not None and job.is_at_work:
                msg = f"{job.order.in_words} is under way. Stop it first."
                raise TrainingError(msg)
            shutil.rmtree(self.place(name), ignore_errors=True)

    def _check_idle(self) -> None:
        """Raise `TrainingError` if a job is at work."""
        for job in self.jobs().values():
            if job.is_at_work:
                msg = (
                    f"{job.order.in_words} is under way, and both would have to share "
                    "the processor. Wait for its end, or stop it."
                )
                raise TrainingError(msg)

    def _start(self, place: Path, words: Sequence[str]) -> subprocess.Popen[bytes]:
        """Process of a command, whose lines go to files."""
        with (
            (place / _OUTPUT_FILE).open("wb") as output,
            (place / ERRORS_FILE).open("wb") as errors,
        ):
            return subprocess.Popen(  # noqa: S603 - this program itself, no shell
                [sys.executable, "-m", "cifake_core", *words],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                cwd=CHECKOUT,
                env=os.environ | self._environment,
                # the end of the server, or of its terminal, is not its own
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )

    def _watch(
        self,
        name: str,
        process: subprocess.Popen[bytes],
        after: Callable[[Job], object],
    ) -> None:
        """Wait for the end of a process; until then say that it lives."""
        while process.poll() is None:
            with suppress(OSError):
                os.utime(self.place(name) / PROGRESS_FILE)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_BEAT)
        with self._lock:  # nobody sees it ended before what follows has begun
            self._followed.discard(name)
            with suppress(CifakeError):  # another may be at work: a page offers it
                after(self._look(name))

    def _look(self, name: str) -> Job:
        """Job as it stands."""
        place = self.place(name)
        order, told = _order_file(place).read(Order), _told(place)
        state = self._state(name, told)
        share, sentence = (told.share, told.sentence) if told else (0.0, "")
        last = _last_line(place / ERRORS_FILE)
        bar = _BAR.search(last) if order.version is not None else None
        if bar:  # of `gate`, which tells no more than a terminal is shown
            share = int(bar[1]) / 100
        elif state in ("failed", "killed"):
            sentence = last or sentence
        return Job(
            order=order,
            state=state,
            share=share,
            seconds_left=told.seconds_left if told else None,
            sentence=sentence,
            version=told.version if told else None,
        )

    def _state(self, name: str, told: RunProgress | None) -> JobState:
        """State of a job, whatever its process was able to tell."""
        if name in self._followed:
            return self._asked(name, told)
        if told and told.state in _OVER:
            return told.state
        process = self._processes.get(name)
        if process is None and self._quiet_for(name) <= self._silence:
            return self._asked(name, told)
        if process is not None and (self.place(name) / STOP_FILE).exists():
            return "stopped"
        if process is None or process.returncode < 0:
            return "killed"
        # a command that tells nothing, such as `gate`, has its exit status alone
        return "failed" if process.returncode else "done"

    def _asked(self, name: str, told: RunProgress | None) -> JobState:
        """State of a job at work, by what it was last asked for."""
        place = self.place(name)
        if (place / STOP_FILE).exists():
            return "stopping"
        if (place / PAUSE_FILE).exists():
            return "paused"
        if told is None or told.state == "paused":
            return "training"
        # who has said the last word takes a moment to leave
        return "finishing" if told.state in _OVER else told.state

    def _quiet_for(self, name: str) -> float:
        """Seconds since a job last told something."""
        try:
            return time.time() - (self.place(name) / PROGRESS_FILE).stat().st_mtime
        except OSError:
            return float("inf")


def _order_file(place: Path) -> Artefact:
    """The file that says what a job was asked for."""
    return Artefact(
        place / _ORDER_FILE, what="order of a job", remedy="Delete its folder."
    )


def _told(place: Path) -> RunProgress | None:
    """What a process last told, if it can be read."""
    with suppress(TrainingError):
        return read_progress(place)
    return None


def _last_line(path: Path) -> str:
    """Last line of a text with words in it: that in which a command says why."""
    with suppress(OSError):
        lines = path.read_text("utf-8", "replace").split("\n")
        return next((each.strip() for each in reversed(lines) if each.strip()), "")
    return ""
