"""Parameters that commands share: their types, checks and help."""

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Annotated, Any, Final, TypeAlias

from cyclopts import Parameter, Token

from cifake_core.basics.seeds import MAX_SEED
from cifake_core.cli.context import Context

Assignment: TypeAlias = tuple[str, float]
Converter: TypeAlias = Callable[[Any, Sequence[Token]], Any]  # as in cyclopts


def whole_number(least: int, most: int) -> Converter:
    """Converter for a whole number of a range; 1.5 is refused, not rounded."""

    def convert(_type: object, tokens: Sequence[Token]) -> int:
        return _whole(tokens[0].value, least, most)

    return convert


def assignments(number: Callable[[str], float]) -> Converter:
    """Converter for NAME=NUMBER, given any number of times."""

    def convert(_type: object, tokens: Sequence[Token]) -> tuple[Assignment, ...]:
        return tuple(_assignment(token.value, number) for token in tokens)

    return convert


def _assignment(text: str, number: Callable[[str], float]) -> Assignment:
    """Return both sides of NAME=NUMBER."""
    name, equals, value = text.partition("=")
    if not (name and equals):
        msg = f"expected NAME=NUMBER, received {text!r}."
        raise ValueError(msg)
    return name, number(value)


def _from_zero(text: str) -> float:
    """Return `text` as a finite number from 0."""
    with suppress(ValueError):
        if 0 <= (number := float(text)) < math.inf:
            return number
    msg = f"expected a number from 0, received {text!r}."
    raise ValueError(msg)


def _whole(text: str, least: int, most: int) -> int:
    """Return `text` as a whole number of the range."""
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        msg = f"expected a whole number from {least} to {most}, received {text!r}."
        raise ValueError(msg)
    return int(text)


_MAX_SETTING: Final = 1_000_000
_MAX_EPOCHS: Final = 10_000

#: What `main` hands to a command: never read from the words that were typed.
FromDoor = Annotated[Context, Parameter(parse=False)]

Flag = Annotated[bool, Parameter(show_default=False)]
_ASSIGNMENTS: Final = Parameter(
    name="--set", n_tokens=1, show_default=False, metavar="NAME=NUMBER"
)
Settings = Annotated[
    tuple[tuple[str, int], ...],
    Parameter(converter=assignments(lambda text: _whole(text, 0, _MAX_SETTING))),
    _ASSIGNMENTS,
]
Numbers = Annotated[
    tuple[tuple[str, float], ...],
    Parameter(converter=assignments(_from_zero)),
    _ASSIGNMENTS,
]
Seed = Annotated[int, Parameter(converter=whole_number(0, MAX_SEED))]
Epochs = Annotated[int | None, Parameter(converter=whole_number(1, _MAX_EPOCHS))]
