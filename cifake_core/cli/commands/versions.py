"""`versions`: those of the networks, which one is in use, and the way back."""

from collections.abc import Mapping
from dataclasses import asdict

from cyclopts import App

from cifake_core.cli.app import COMMANDS
from cifake_core.cli.terminal.output import print_json, print_pairs, print_table, tell
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.versions.records import Version

run = App(name="versions", help=COMMANDS["versions"], help_epilogue="")

_COLUMNS = ("version", "state", "network", "parent", "changed", "by", "why")
_SHORT = 12


@run.command(name="list")
def list_(*, json: Flag = False, context: FromDoor) -> None:
    """List the versions: what each was taught from, and which one is in use.

    Args:
        json: one JSON object on the last line.
        context: has the versions.
    """
    listed = context.versions.listing()
    if trouble := context.versions.current().trouble:
        tell(trouble)
    if json:
        print_json({"versions": [record(each) for each in listed]})
    else:
        print_table(_COLUMNS, map(_row, listed))


@run.command
def show(version: int, /, *, json: Flag = False, context: FromDoor) -> None:
    """Show a version: recipe, data sets, metrics, the gate's report.

    Args:
        version: its number.
        json: one JSON object on the last line.
        context: has the versions.
    """
    found = context.versions.get(version)
    if json:
        print_json(record(found))
        return
    print_pairs(_pairs(found))
    for check in (found.gate or {}).get("checks", ()):
        print(f"  {'holds' if check['passed'] else 'FAILS'}  {check['name']}")


@run.command
def promote(
    version: int, /, *, why: str, json: Flag = False, context: FromDoor
) -> None:
    """Put a version to use that has passed the gate; the one in use stays as it is.

    Args:
        version: its number.
        why: the reason, which is kept.
        json: one JSON object on the last line.
        context: has the versions.
    """
    found = context.versions.promote(version, why=why, by=context.who)
    _tell_in_use(found, json=json)


@run.command
def rollback(
    network: str, /, *, why: str = "", json: Flag = False, context: FromDoor
) -> None:
    """Go back to the version from which the one in use was taught.

    Args:
        network: which the version in use has taught.
        why: the reason, which is kept.
        json: one JSON object on the last line.
        context: has the versions.
    """
    found = context.versions.rollback(network, why=why, by=context.who)
    _tell_in_use(found, json=json)


@run.command
def remove(version: int, /, *, json: Flag = False, context: FromDoor) -> None:
    """Delete a version that is neither shipped nor in use, nor what one goes back to.

    Args:
        version: its number.
        json: one JSON object on the last line.
        context: has the versions.
    """
    context.versions.remove(version, by=context.who)
    if json:
        print_json({"version": version})
    else:
        print(f"Version {version} is removed.")


def record(version: Version) -> dict[str, object]:
    """Return a version for a program; its times in UTC, by ISO 8601."""
    held = asdict(version)
    return held | {name: held[name].isoformat() for name in ("created", "changed")}


def _row(version: Version) -> tuple[str, ...]:
    """Return a version as a row of the table."""
    return (
        str(version.number),
        version.state,
        version.network or "all",
        str(version.parent or ""),
        f"{version.changed:%Y-%m-%d %H:%M}",
        version.who,
        version.why,
    )


def _pairs(version: Version) -> dict[str, str]:
    """Return what is known of a version, but for its gate's checks."""
    gate = version.gate
    judged = gate and ("passed" if gate["passed"] else "refused")
    return {
        "Version": f"{version.number} ({version.state})",
        "Network": version.network or "all, as shipped",
        "Taught from": str(version.parent or "nothing: it is shipped"),
        "Weights": version.model_sha256[:_SHORT],
        "Data sets": ", ".join(version.datasets),
        "Recipe": _listed(version.recipe),
        "Metrics": _listed(version.metrics),
        "Made": f"{version.created:%Y-%m-%d %H:%M} UTC",
        "Changed": f"{version.changed:%Y-%m-%d %H:%M} UTC by {version.who or 'nobody'}",
        "Why": version.why,
        "Gate": f"{judged} against version {gate['against']}" if gate else "not asked",
    }


def _listed(values: Mapping[str, object]) -> str:
    """Return names with their values."""
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _tell_in_use(version: Version, *, json: bool) -> None:
    """Print which version is in use now."""
    if json:
        print_json(record(version))
    else:
        print(f"Version {version.number} is in use.")
