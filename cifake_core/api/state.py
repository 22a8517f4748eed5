"""State of the application: its gate, and the workbench that answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from fastapi import Depends, Request

from cifake_core.accounts.store import Store
from cifake_core.api.gate import Gate
from cifake_core.workbench import Workbench

#: Gives the workbench over the version in use, and a sentence if that is another.
OpenBench: TypeAlias = Callable[[], tuple[Workbench, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiState:
    """What every request shares; `accounts` is None where there are none."""

    gate: Gate
    open_bench: OpenBench
    accounts: Store | None


def state_of(request: Request) -> ApiState:
    """The state of the application that was asked."""
    state: ApiState = request.app.state.shared
    return state


State = Annotated[ApiState, Depends(state_of)]
