"""`audit`: who did what; whether its lines are still those that were written."""

import json as json_
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from cifake_core.accounts.audit import Audit
from cifake_core.accounts.records import AuditLine
from cifake_core.accounts.store import Store
from cifake_core.basics.files import write_whole
from cifake_core.cli.app import COMMANDS
from cifake_core.cli.terminal.output import print_json, print_table
from cifake_core.cli.terminal.parameters import Flag, FromDoor, whole_number

run = App(name="audit", help=COMMANDS["audit"], help_epilogue="")

_COLUMNS = ("line", "when (UTC)", "who", "from", "what", "on", "result")
_MOST = 100_000
_MAX_DAYS = 36_500


@run.command
def show(
    *,
    newest: Annotated[int, Parameter(converter=whole_number(1, _MOST))] = 20,
    context: FromDoor,
) -> None:
    """Show the newest lines.

    Args:
        newest: how many.
        context: has the user's folder.
    """
    lines = [*Audit(Store(context.user_data)).lines(newest=newest)]
    print_table(_COLUMNS, map(_cells, reversed(lines)))


@run.command
def verify(*, known: str = "", json: Flag = False, context: FromDoor) -> None:
    """Check that no line was changed, removed or inserted.

    Args:
        known: the digest of a line, kept elsewhere, that must be among them.
        json: one JSON object on the last line.
        context: has the user's folder.
    """
    num, digest = Audit(Store(context.user_data)).verify(known)
    if json:
        print_json({"lines": num, "digest": digest})
    else:
        print(f"The audit holds: {num} lines. Keep the digest of the last elsewhere:")
        print(digest or "(none yet)")


@run.command
def export(*, out: Path, json: Flag = False, context: FromDoor) -> None:
    """Write all lines to a file, as JSON Lines.

    Args:
        out: the file.
        json: one JSON object on the last line.
        context: has the user's folder.
    """
    num = 0
    with write_whole(out) as scratch, scratch.open("w", encoding="utf-8") as file:
        for line in Audit(Store(context.user_data)).lines():
            held = asdict(line) | {"moment": line.moment.isoformat()}
            file.write(json_.dumps(held, ensure_ascii=False) + "\n")
            num += 1
    if json:
        print_json({"path": str(out), "lines": num})
    else:
        print(f"{num} lines are in {out}.")


@run.command
def forget(
    *,
    days: Annotated[int, Parameter(converter=whole_number(1, _MAX_DAYS))],
    context: FromDoor,
) -> None:
    """Delete the lines that are older; the audit says so, and still holds.

    Args:
        days: that are kept.
        context: has the user's folder.
    """
    until = datetime.now(UTC) - timedelta(days=days)
    num = Audit(Store(context.user_data)).forget(until, by=context.who)
    print(f"{num} lines are deleted.")


def _cells(line: AuditLine) -> tuple[str, ...]:
    """A line as a row of the table."""
    return (
        str(line.number),
        f"{line.moment:%Y-%m-%d %H:%M:%S}",
        line.who,
        line.source,
        line.action,
        line.subject,
        line.result,
    )
