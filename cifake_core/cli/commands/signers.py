"""`signers`: the list of signers whose pictures are called trusted."""

from datetime import datetime
from typing import Annotated

from cyclopts import App, Parameter

from cifake_core.cli.app import COMMANDS
from cifake_core.cli.terminal.output import print_json, print_pairs
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.provenance import trust_list
from cifake_core.provenance.trust_list import OFFICIAL, TrustList

run = App(name="signers", help=COMMANDS["signers"], help_epilogue="")


@run.command
def fetch(
    place: Annotated[str, Parameter(name="PLACE")] = OFFICIAL,
    /,
    *,
    json: Flag = False,
    context: FromDoor,
) -> None:
    """Get the list, and keep it with the place it came from and today's date.

    Args:
        place: an address that begins with https://, or a PEM file; by default C2PA's
            own list.
        json: one JSON object on the last line.
        context: has the user's folder.
    """
    today = datetime.now().astimezone().date()
    found = trust_list.fetch(place, today=today)
    context.user_data.mkdir(parents=True, exist_ok=True)
    trust_list.artefact(context.user_data).write(found)
    _tell(found, json=json)


@run.command
def show(*, json: Flag = False, context: FromDoor) -> None:
    """Show which list is in use: its place, its date, how many certificates.

    Args:
        json: one JSON object on the last line.
        context: has the user's folder.
    """
    _tell(trust_list.artefact(context.user_data).read(TrustList), json=json)


def _tell(found: TrustList, *, json: bool) -> None:
    """Print what is known of a list."""
    facts = {
        "place": found.place,
        "fetched": found.fetched,
        "certificates": len(found.certificates),
        "sha256": found.sha256,
    }
    if json:
        print_json(facts)
    else:
        print_pairs({name: str(value) for name, value in facts.items()})
