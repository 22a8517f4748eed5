"""What stands behind an option, read from what was typed, or refused."""

import argparse
import math
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

_N = TypeVar("_N", bound=float)

#: What NumPy takes as a seed.
_MAX_SEED: Final = 2**32 - 1


def count(text: str) -> int:
    """Return a whole number of at least 1."""
    return _whole(text, least=1, most=10_000)


def seed(text: str) -> int:
    """Return a seed."""
    return _whole(text, least=0, most=_MAX_SEED)


def assignment(number: Callable[[str], _N]) -> Callable[[str], tuple[str, _N]]:
    """Return what reads `name=number`, with `number` to read what comes last."""

    def read(text: str) -> tuple[str, _N]:
        name, equals, value = text.partition("=")
        if not (name and equals):
            msg = f"expected NAME=NUMBER, received {text!r}"
            raise argparse.ArgumentTypeError(msg)
        return name, number(value)

    return read


def setting(text: str) -> int:
    """Return the value of a method's setting."""
    return _whole(text, least=0, most=1_000_000)


def number(text: str) -> float:
    """Return `text` as a number from 0, or say what is expected."""
    with suppress(ValueError):
        parsed = float(text)
        if 0 <= parsed < math.inf:
            return parsed
    msg = f"expected a number from 0, received {text!r}"
    raise argparse.ArgumentTypeError(msg)


def _whole(text: str, *, least: int, most: int) -> int:
    """Return `text` as a whole number in the range, or say what is expected."""
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        msg = f"expected a whole number from {least} to {most}, received {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)
