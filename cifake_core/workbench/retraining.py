"""Retraining on the workbench: a network is taught, its candidate checked.

The commands `retrain` and `gate` do the work, as jobs.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cifake_core.accounts.acts import note_act
from cifake_core.accounts.records import Who
from cifake_core.accounts.settings import VARIABLE
from cifake_core.basics.errors import SettingError, TrainingError
from cifake_core.basics.places import MODELS_VARIABLE, USER_DATA_VARIABLE
from cifake_core.basics.text import enumerated
from cifake_core.retraining.run_control import PAUSE_FILE, STOP_FILE
from cifake_core.training.run_folder import CHECKPOINT_FILE
from cifake_core.workbench.job_records import Job, Order
from cifake_core.workbench.jobs import JobRunner

_GATE: Final = "gate"


class RetrainingBench:
    """Teaching and checking: one job at a time, since all share the processor.

    Who asks is known here, and the begin of a teaching noted in the audit where there
    are accounts; to its process there are none, so that it is not noted twice.

    Args:
        runs: where the run folders of the jobs are.
        models: the folder of the networks that are shipped.
        user_data: the user's folder for data sets and versions.
    """

    def __init__(self, runs: Path, *, models: Path, user_data: Path) -> None:
        self._user_data = user_data
        environment = {
            MODELS_VARIABLE: str(models),
            USER_DATA_VARIABLE: str(user_data),
            VARIABLE: "",
        }
        self._runner = JobRunner(runs, environment)

    def jobs(self) -> tuple[Job, ...]:
        """Every job that was not discarded, the one at work first."""
        found = self._runner.jobs().values()
        return tuple(sorted(found, key=lambda job: not job.is_at_work))

    def start(
        self,
        network: str,
        datasets: Sequence[str],
        *,
        by: Who,
        minutes: int | None = None,
    ) -> None:
        """Begin to teach a network; its candidate is then checked at the gate.

        Raises:
            SettingError: If no data set is named.
            TrainingError: If a job is at work, or the last one of this network was
                not finished.
        """
        if not datasets:
            msg = "Expected a data set to teach. None is chosen: choose one or more."
            raise SettingError(msg)
        order = Order(network=network, datasets=tuple(datasets), minutes=minutes)
        last = self._runner.jobs().get(_name(order))
        if last is not None and last.state in ("stopped", "killed", "failed"):
            msg = (
                f"{last.order.in_words} was not finished. Let it go on, or discard it "
                "first."
            )
            raise TrainingError(msg)
        if last is not None and not last.is_at_work:
            self._runner.discard(_name(order))
        self._begin(order)
        self._note(order, by)

    def check(self, network: str, version: int) -> None:
        """Begin to check a version, which taught `network`, at the gate.

        Raises:
            TrainingError: If a job is at work.
        """
        self._begin(Order(network=network, version=version))

    def pause(self, order: Order) -> None:
        """Let a job wait; its process stays."""
        (self._place(order) / PAUSE_FILE).touch()

    def stop(self, order: Order) -> None:
        """Let a job end: a teaching after its batch, to go on later; a check at once.

        Raises:
            TrainingError: If it is a check that another server began.
        """
        if order.version is not None:
            self._runner.end(_name(order))
            return
        (self._place(order) / STOP_FILE).touch()
        (self._place(order) / PAUSE_FILE).unlink(missing_ok=True)

    def go_on(self, order: Order, *, by: Who) -> None:
        """Let a job go on, whether it waits or its process ended and begins anew.

        Raises:
            TrainingError: If another one is at work.
        """
        if self._runner.jobs()[_name(order)].state == "paused":
            (self._place(order) / PAUSE_FILE).unlink(missing_ok=True)
        else:
            self._begin(order)
            if order.version is None:
                self._note(order, by)

    def discard(self, order: Order) -> None:
        """Delete what a job has left.

        Raises:
            TrainingError: If it is at work.
        """
        self._runner.discard(_name(order))

    def _begin(self, order: Order) -> None:
        """Start the process of a job; what it has left is gone on with."""
        place = self._place(order)
        self._runner.begin(
            _name(order), order, _words(order, place), after=self._check_candidate
        )

    def _note(self, order: Order, by: Who) -> None:
        """Note in the audit that a teaching has begun."""
        note_act(
            self._user_data,
            by,
            action="retrain.begin",
            subject=order.network,
            result=f"on {enumerated(order.datasets)}",
        )

    def _check_candidate(self, job: Job) -> None:
        """Check what came of a teaching."""
        taught = job.order.version is None and job.state == "done"
        if taught and job.version is not None:
            self.check(job.order.network, job.version)

    def _place(self, order: Order) -> Path:
        """Run folder of a job."""
        return self._runner.place(_name(order))


def _name(order: Order) -> str:
    """Name of a job."""
    return _GATE if order.version is not None else f"retrain-{order.network}"


def _words(order: Order, place: Path) -> list[str]:
    """What the command line is told."""
    if order.version is not None:
        return ["gate", str(order.version), "--json"]
    minutes = [] if order.minutes is None else ["--minutes", str(order.minutes)]
    resume = ["--resume"] if (place / CHECKPOINT_FILE).is_file() else []
    learnt = ["--on", *order.datasets]
    return [
        *("retrain", order.network, *learnt, *minutes, *resume),
        *("--out", str(place), "--json"),
    ]
