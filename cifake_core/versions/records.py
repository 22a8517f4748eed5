"""Records of the model registry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, get_args

#: A candidate was never in use; a former one was; a refused one failed its gate.
State: TypeAlias = Literal["candidate", "in use", "former", "refused"]

STATES: Final[tuple[State, ...]] = get_args(State)
#: The version that is shipped.
SHIPPED: Final = 1


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Version:
    """Numbered version of all our networks, of which one was taught.

    Version 1 is what is shipped: its `network` is "", its `parent` None. `parent` is
    the version that was in use when the teaching began, `model_sha256` the hash of the
    taught network's weights. `recipe`, `metrics` and `gate` are JSON objects: the
    settings, what training came to on validation, and the last report of the gate, or
    None. `datasets` has the digest of each data set that it was taught, by name.
    `who` and `why` go with the last change of `state`, at `changed`.
    """

    number: int
    network: str
    parent: int | None
    model_sha256: str
    recipe: Mapping[str, Any]  # JSON
    datasets: Mapping[str, str]
    metrics: Mapping[str, Any]  # JSON
    gate: Mapping[str, Any] | None  # JSON
    state: State
    created: datetime
    changed: datetime
    who: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Current:
    """Version that answers, and the folder of its models.

    `trouble` is a sentence where it is not the one in use, as that one's tree is gone.
    """

    number: int
    models: Path
    trouble: str = ""


def shipped_version(made: datetime) -> Version:
    """Version 1, in use, as it is before any other is put to use."""
    return Version(
        number=SHIPPED,
        network="",
        parent=None,
        model_sha256="",
        recipe={},
        datasets={},
        metrics={},
        gate=None,
        state="in use",
        created=made,
        changed=made,
        who="",
        why="shipped",
    )
