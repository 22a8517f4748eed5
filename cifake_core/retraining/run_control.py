"""Control of a retraining from outside: how far it is, and whether to pause or stop.

Whoever watches, such as a page, reads `progress.json` in the run folder and makes the
files `pause` and `stop` there; so it may be another process, at another time.
"""

import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Final, Literal, Self, TypeAlias

from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import CifakeError, ModelUnavailableError, TrainingError

#: A run that is killed leaves "training" or "finishing" and no more beats.
State: TypeAlias = Literal[
    "preparing", "training", "finishing", "paused", "stopped", "failed", "done"
]

PROGRESS_FILE: Final = "progress.json"
PAUSE_FILE: Final = "pause"
STOP_FILE: Final = "stop"
#: Seconds between two writings of how far it is, and two looks whether it may go on.
_BEAT: Final = 1.0
_LOOK: Final = 0.2
#: Seconds without a beat after which a run is taken for dead.
_SILENCE: Final = 5.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RunProgress:
    """Progress of a retraining: `share` 0 to 1, `beat` the time it was written.

    `seconds_left` is the estimate for the training alone, None where there is none;
    `version` is the number of the candidate that it ended in; `sentence` says what is
    done now, or what went wrong.
    """

    SCHEMA: ClassVar[int] = 1

    state: State
    share: float
    sentence: str
    beat: float
    seconds_left: float | None = None
    version: int | None = None


class RunStoppedError(CifakeError):
    """Somebody stopped the run; what was finished stays, and it can be resumed."""


class RunControl:
    """Heartbeat of a run, and the ear for who wants it to pause or stop.

    As a context it writes how far the run is once a second, whatever the run does
    meanwhile, so a file that is older belongs to a run that was killed.

    Args:
        run: the run folder.
    """

    def __init__(self, run: Path) -> None:
        self._run = run
        self._now = RunProgress(
            state="preparing", share=0.0, sentence="Reading the pictures.", beat=0.0
        )
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        for file in (PAUSE_FILE, STOP_FILE):  # of an earlier start
            (run / file).unlink(missing_ok=True)

    def __enter__(self) -> Self:
        """Start the heartbeat."""
        self._write()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the heartbeat with the last word."""
        self._ended.set()
        self._thread.join()
        self._write()

    def tell(
        self,
        state: State,
        share: float,
        sentence: str,
        *,
        seconds_left: float | None = None,
    ) -> None:
        """Say how far the run is; wait while somebody wants it to pause.

        Raises:
            RunStoppedError: If somebody made the file `stop`.
        """
        told = replace(
            self._now,
            state=state,
            share=share,
            sentence=sentence,
            seconds_left=seconds_left,
        )
        while (self._run / PAUSE_FILE).exists() and not self._is_stopped():
            self._now = replace(told, state="paused", sentence="Paused.")
            time.sleep(_LOOK)
        self._now = told
        if self._is_stopped():
            msg = "The run was stopped. Go on with it with --resume."
            raise RunStoppedError(msg)

    def close(self, state: State, sentence: str, *, version: int | None = None) -> None:
        """Say how the run ended."""
        share = 1.0 if state == "done" else self._now.share
        self._now = replace(
            self._now,
            state=state,
            share=share,
            sentence=sentence,
            seconds_left=None,
            version=version,
        )

    def _is_stopped(self) -> bool:
        """Whether somebody wants the run to stop."""
        return (self._run / STOP_FILE).exists()

    def _beat(self) -> None:
        """Write how far the run is, until it ends."""
        while not self._ended.wait(_BEAT):
            with suppress(OSError):  # a full disk is for the run itself to report
                self._write()

    def _write(self) -> None:
        """Write the file whole."""
        _artefact(self._run).write(replace(self._now, beat=time.time()))


def check_idle(run: Path) -> None:
    """Raise `TrainingError` if another process is at work in this run folder."""
    told = read_progress(run)
    at_work = told is not None and told.state in {"training", "finishing", "paused"}
    if told is not None and at_work and time.time() - told.beat < _SILENCE:
        msg = (
            f"Another process is at work in {run}. Wait for its end, stop it by the "
            f"file {STOP_FILE} there, or name another folder with --out."
        )
        raise TrainingError(msg)


def read_progress(run: Path) -> RunProgress | None:
    """Progress of the run in a folder, or None if none was started there.

    Raises:
        TrainingError: If its file is damaged.
    """
    if not (run / PROGRESS_FILE).is_file():
        return None
    try:
        return _artefact(run).read(RunProgress)
    except ModelUnavailableError as error:
        raise TrainingError(str(error)) from error


def _artefact(run: Path) -> Artefact:
    """The progress of the run in a folder."""
    return Artefact(
        run / PROGRESS_FILE,
        what="progress of a run",
        remedy="Go on with the run with `--resume`.",
    )
