"""One-time links as commands tell them: once, with the command that uses them."""

from collections.abc import Mapping
from typing import Final

from cifake_core.accounts.links import LASTS, Links
from cifake_core.accounts.records import LinkKind, Who
from cifake_core.accounts.store import Store
from cifake_core.cli.terminal.output import command_line, print_json, tell

#: What somebody says of themselves who uses one.
_OF_ONESELF: Final[Mapping[LinkKind, tuple[str, ...]]] = {
    "first": ("--name", "NAME", "--email", "EMAIL"),
    "invitation": ("--name", "NAME"),
    "reset": (),
}


def tell_link(kind: LinkKind, token: str, *, json: bool) -> None:
    """Print a link, which nobody can look up again."""
    tell(_way(kind))
    if json:
        print_json({"link": token})
    else:
        print(token)


def tell_first(accounts: Store, by: Who) -> None:
    """Tell who starts a server the link of the first administrator, if there is none.

    It goes to stderr with what else the server says there, and is good for one day.

    Args:
        accounts: that begin.
        by: who starts the server.
    """
    links = Links(accounts)
    if links.is_begun():
        return
    token = links.first(by=by)
    tell(f"Nobody administers the accounts yet. The link to begin with: {token}")
    tell(_way("first"))


def _way(kind: LinkKind) -> str:
    """Sentence on how a link is used."""
    days = LASTS[kind].days
    return (
        f"It can be used once, within {days} day{'s' if days > 1 else ''}, at "
        "/account/link#CODE of the pages, or by: "
        f"{command_line('accounts', 'use', *_OF_ONESELF[kind])}"
    )
