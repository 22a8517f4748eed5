"""Registry look-up: one for every table of named things."""

from collections.abc import Mapping
from typing import TypeVar

from cifake_core.basics.errors import UnknownNameError

T = TypeVar("T")


def lookup(registry: Mapping[str, T], name: str, *, kind: str) -> T:
    """Return the entry called `name`, or say which names there are.

    Args:
        registry: the table to look in; its order is the order of the message.
        name: the entry that is asked for.
        kind: what the table holds, in the singular, for the message.

    Raises:
        UnknownNameError: If there is no such entry.
    """
    if name not in registry:
        choices = ", ".join(registry)
        msg = f"There is no {kind} called {name!r}. Choose one of: {choices}."
        raise UnknownNameError(msg)
    return registry[name]
