"""`retention`: for how long things are kept, and the deletion of what is older.

A server deletes by itself; `run` is for cron where none runs for long.
"""

from dataclasses import asdict, replace
from typing import Annotated, Final, Literal, TypeAlias

from cyclopts import App, Parameter

from cifake_core.basics.errors import CifakeError
from cifake_core.cli.app import COMMANDS
from cifake_core.cli.terminal.output import print_json, print_table, tell
from cifake_core.cli.terminal.parameters import Flag, FromDoor, whole_number
from cifake_core.jobs.retention.promises import PROMISES
from cifake_core.jobs.retention.settings import (
    MAX_DAYS,
    in_words,
    read_retention,
    write_retention,
)
from cifake_core.jobs.retention.sweeping import sweep

run = App(name="retention", help=COMMANDS["retention"], help_epilogue="")

Kind: TypeAlias = Literal["records", "pictures", "bin", "jobs", "audit"]
#: Of which kinds nothing is left once a command has ended.
_OF_A_SERVER: Final = ("memory",)


@run.command
def show(*, json: Flag = False, context: FromDoor) -> None:
    """Say for how long each kind of thing is kept, as *About* does.

    Args:
        json: one JSON object on the last line: days by kind, null for no end.
        context: has the user's folder.
    """
    retention = read_retention(context.user_data)
    if json:
        print_json(asdict(retention))
        return
    for each in PROMISES:
        print(each.plain_sentence(retention))


@run.command
def keep(
    kind: Kind,
    days: Annotated[int | None, Parameter(converter=whole_number(1, MAX_DAYS))] = None,
    /,
    *,
    context: FromDoor,
) -> None:
    """Choose for how many days a kind of thing is kept from now on.

    Args:
        kind: of the things.
        days: until they go; until somebody deletes them, if not given.
        context: has the user's folder.
    """
    chosen = replace(read_retention(context.user_data), **{kind: days})
    write_retention(chosen, context.user_data, by=context.who)
    print(f"{kind}: kept {_kept(days)}.")


@run.command(name="run")
def run_(*, json: Flag = False, context: FromDoor) -> None:
    """Delete now what was kept for long enough.

    Args:
        json: one JSON object on the last line: how many went, by kind.
        context: has the user's folder.

    Raises:
        CifakeError: If something could not be deleted; all the rest was.
    """
    swept = sweep(context.user_data)
    gone = {k: num for k, num in swept.gone.items() if k not in _OF_A_SERVER}
    if json:
        print_json(gone)
    else:
        print_table(("kind", "deleted"), ((k, f"{num:,}") for k, num in gone.items()))
    for each in swept.faults[1:]:
        tell(each)
    if swept.faults:
        raise CifakeError(swept.faults[0])


def _kept(days: int | None) -> str:
    """Words on how long."""
    return in_words(days) if days is None else f"for {in_words(days)}"
