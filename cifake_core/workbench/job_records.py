"""Records of jobs: what was asked for, and how far it is."""

from dataclasses import dataclass
from typing import ClassVar, Final, Literal, TypeAlias

from cifake_core.basics.text import enumerated
from cifake_core.networks import NETWORKS

#: "stopping" is one that was told to stop and has not yet; "killed" is one whose
#: process ended without a word.
JobState: TypeAlias = Literal[
    "preparing",
    "training",
    "finishing",
    "paused",
    "stopping",
    "stopped",
    "failed",
    "killed",
    "done",
]

_AT_WORK: Final = ("preparing", "training", "finishing", "paused", "stopping")


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What a job was asked for: teach `network` these data sets, or check `version`.

    A check has no data sets; `minutes` is None where the recipe says how long.
    """

    SCHEMA: ClassVar[int] = 1

    network: str
    datasets: tuple[str, ...] = ()
    minutes: int | None = None
    version: int | None = None

    @property
    def in_words(self) -> str:
        """What is done, as a sentence begins."""
        if self.version is not None:
            return f"The check of version {self.version} at the gate"
        title = NETWORKS[self.network].title
        return f"The teaching of the {title} from {enumerated(self.datasets)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A job as it stands: what was asked for, and how far it is.

    `share` is done, 0 to 1; `seconds_left` is None where that is not known;
    `sentence` says what is being done, or why it failed; `version` is the number of
    the candidate that came of it.
    """

    order: Order
    state: JobState
    share: float
    seconds_left: float | None
    sentence: str
    version: int | None

    @property
    def is_at_work(self) -> bool:
        """Whether a process is there for it."""
        return self.state in _AT_WORK
