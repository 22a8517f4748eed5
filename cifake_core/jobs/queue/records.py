"""Records of queued jobs: a job as it stands, and what its rows are made with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from cifake_core.basics.errors import JobError
from cifake_core.jobs import made_with
from cifake_core.verdicts.scope import known_generators, scope_of, scope_to_json

State: TypeAlias = Literal["queued", "running", "paused", "done", "failed", "cancelled"]
#: Where the pictures are: uploaded files, an uploaded zip, a place that was named.
Kind: TypeAlias = Literal["files", "zip", "place"]

#: States of a job that a worker does, or will do.
AT_WORK: Final[tuple[State, ...]] = ("queued", "running")
#: States from which a job goes on.
RESUMABLE: Final[tuple[State, ...]] = ("paused", "failed", "cancelled")
#: Items of a job; more are a scan.
MAX_ITEMS: Final = 200_000


class JobMissingError(JobError):
    """A job that there is not, or not any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QueuedJob:
    """Job as it stands.

    `name` is what a person knows it by, `place` the place that was named, "" of
    uploads. Of `total` items, which grows until they are listed, `done` are done, among
    them `errors` that could not be judged, in `seconds` of work. `sentence` says why
    it failed. `user` is the number of the user whose it is, 0 for nobody's.
    """

    id: str
    created: datetime
    kind: Kind
    name: str
    place: str
    state: State
    sentence: str
    total: int
    done: int
    errors: int
    seconds: float
    made_with: "MadeWith | None"
    is_listed: bool
    is_removed: bool
    user: int = 0

    @property
    def is_at_work(self) -> bool:
        """Whether a worker does it, or will."""
        return self.state in AT_WORK

    @property
    def share(self) -> float:
        """Share of the items that is done, 0 to 1."""
        return self.done / self.total if self.is_listed else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds of work that are left at the rate so far, None if it is unknown."""
        if not (self.done and self.is_listed):
            return None
        return self.seconds / self.done * (self.total - self.done)


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeWith:
    """What all rows of a job are made with: a version, its weights and its policy.

    `known` names the generators that each network has learnt; `scope` is that of the
    verdicts as rows have it, `sentences` in words.
    """

    version: int
    weights: Mapping[str, str]
    policy: Mapping[str, str]
    known: Mapping[str, Sequence[str]]
    scope: Mapping[str, Any]
    sentences: Sequence[str]

    def to_json(self) -> dict[str, Any]:  # of JSON values
        """As it is kept."""
        return {
            "version": self.version,
            "weights": dict(self.weights),
            "policy": dict(self.policy),
            "known": {name: list(names) for name, names in self.known.items()},
            "scope": dict(self.scope),
            "sentences": list(self.sentences),
        }

    def same_networks(self, other: "MadeWith") -> bool:
        """Whether rows of both are made alike."""
        return (self.weights, self.policy) == (other.weights, other.policy)


def made_with_version(version: int, models: Path) -> MadeWith:
    """What rows are made with by the networks of a folder.

    Raises:
        ModelUnavailableError: If a card is missing or does not fit.
        JobError: If there are no trained networks.
    """
    weights = made_with.weights(models)
    if not weights:
        msg = f"There are no trained networks in {models}. Train and promote them."
        raise JobError(msg)
    scope = scope_of(weights, models)
    return MadeWith(
        version=version,
        weights=weights,
        policy=made_with.policy(models),
        known={name: known_generators(name, models) for name in weights},
        scope=scope_to_json(scope),
        sentences=scope.sentences,
    )
