"""Output of commands: results on stdout, complaints on stderr."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from cifake_core.basics.errors import CifakeError
from cifake_core.basics.files import write_whole

if TYPE_CHECKING:
    from cifake_core.basics.estimates import Estimate

#: Columns of what is piped: a table is read by programs, so no line is broken.
_WIDE: Final = 200


def tell(sentence: str) -> None:
    """Write a line to stderr."""
    print(sentence, file=sys.stderr, flush=True)


def print_json(record: Mapping[str, object]) -> None:
    """Write one object on one line of stdout."""
    print(json.dumps(record, allow_nan=False), flush=True)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table to stdout: the first column to the left, figures to the right.

    Args:
        columns: their heads.
        rows: as many cells each.
    """
    table = Table(box=None, pad_edge=False)
    first, *others = columns
    table.add_column(first, no_wrap=True)
    for column in others:
        table.add_column(column, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    width = None if sys.stdout.isatty() else _WIDE
    console = Console(file=sys.stdout, width=width, markup=False, highlight=False)
    console.print(table)


def print_pairs(pairs: Mapping[str, str]) -> None:
    """Write names and what stands behind them to stdout, under one another."""
    width = max(map(len, pairs))
    for name, text in pairs.items():
        print(f"{name:<{width}}  {text}")


def percent(estimate: "Estimate") -> str:
    """Return a share in percent with its 95 % interval."""
    value, low, high = (
        100 * share for share in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value:.2f}% ({low:.2f} to {high:.2f})"


def duration(seconds: float) -> str:
    """Return a time as people say it."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 1:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"


def command_line(*words: str) -> str:
    """Return a command of this program that a person can copy."""
    # double quotes where a path has spaces: right for Windows and POSIX shells
    return f"python -m cifake_core {subprocess.list2cmdline(words)}"


def write_file(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all.

    Raises:
        CifakeError: If it cannot be written.
    """
    try:
        with write_whole(path) as scratch:
            scratch.write_bytes(data)
    except OSError as error:
        msg = f"The file {path} cannot be written: {error}. Name another place."
        raise CifakeError(msg) from error
