"""`accounts`: users, their one-time links, sessions and keys.

Without a key this is for whoever can open the database themselves: they own it.
"""

import getpass
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from cyclopts import App, Parameter

from cifake_core.accounts.errors import AccountError
from cifake_core.accounts.keys import PER_MINUTE, Keys
from cifake_core.accounts.links import Links
from cifake_core.accounts.logins import Logins
from cifake_core.accounts.policies import Policies, Registration
from cifake_core.accounts.records import Key, User
from cifake_core.accounts.roles import Right, Role
from cifake_core.accounts.store import Store
from cifake_core.accounts.users import Users
from cifake_core.cli.accounts.links import tell_link
from cifake_core.cli.app import COMMANDS
from cifake_core.cli.guard import COMMAND_LINE
from cifake_core.cli.terminal.output import print_json, print_table, tell
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.jobs.belongings import forget_belongings

run = App(name="accounts", help=COMMANDS["accounts"], help_epilogue="")

_USERS = ("e-mail", "name", "role", "state", "since")
_KEYS = ("key", "owner", "for", "may", "a minute", "expires", "last used", "state")
_SESSIONS = ("session", "from", "since", "last seen")


@run.command(name="list")
def list_(*, json: Flag = False, context: FromDoor) -> None:
    """List the users with their roles.

    Args:
        json: one JSON object on the last line.
        context: has the user's folder.
    """
    users = Users(Store(context.user_data)).listing()
    if json:
        print_json({"users": [_plain(asdict(each)) for each in users]})
    else:
        print_table(_USERS, map(_user_cells, users))


@run.command
def first(*, json: Flag = False, context: FromDoor) -> None:
    """Make the link with which the first administrator begins.

    Args:
        json: one JSON object on the last line.
        context: has the user's folder.
    """
    tell_link("first", Links(Store(context.user_data)).first(by=context.who), json=json)


@run.command
def invite(
    email: str, /, *, role: Role = "viewer", json: Flag = False, context: FromDoor
) -> None:
    """Make the link with which somebody new begins.

    Args:
        email: of the new user.
        role: that they will have.
        json: one JSON object on the last line.
        context: has the user's folder.
    """
    links = Links(Store(context.user_data))
    tell_link("invitation", links.invite(email, role, by=context.who), json=json)


@run.command
def reset(email: str, /, *, json: Flag = False, context: FromDoor) -> None:
    """Make the link with which a user chooses another password.

    Args:
        email: of the user.
        json: one JSON object on the last line.
        context: has the user's folder.
    """
    links = Links(Store(context.user_data))
    tell_link("reset", links.reset(email, by=context.who), json=json)


@run.command
def use(*, name: str = "", email: str = "", context: FromDoor) -> None:
    """Use a link; it and the new password are asked for, or read as two lines.

    Args:
        name: of somebody new.
        email: of the first administrator.
        context: has the user's folder.
    """
    token, password = _ask("Link: "), _ask("New password: ")
    links = Links(Store(context.user_data))
    used = links.use(token, password, name=name, email=email, source=COMMAND_LINE)
    print(f"{used} has a password now.")


@run.command
def registration(policy: Registration | None = None, /, *, context: FromDoor) -> None:
    """Say who may register, or choose it: open, by invitation, or closed.

    Args:
        policy: from now on.
        context: has the user's folder.
    """
    policies = Policies(Store(context.user_data))
    if policy is not None:
        policies.set_registration(policy, by=context.who)
    print(f"Registration is: {policies.registration()}.")


@run.command(name="role")
def give_role(email: str, role: Role, /, *, context: FromDoor) -> None:
    """Give a user another role, at once.

    Args:
        email: of the user.
        role: from now on.
        context: has the user's folder.
    """
    user = Users(Store(context.user_data)).set_role(email, role, by=context.who)
    print(f"{user.email} is {user.role} now.")


@run.command
def disable(email: str, /, *, context: FromDoor) -> None:
    """Let a user in no more; it ends sessions and stops keys at once.

    Args:
        email: of the user.
        context: has the user's folder.
    """
    users = Users(Store(context.user_data))
    user = users.set_active(email, is_active=False, by=context.who)
    print(f"{user.email} is let in no more; `accounts enable` undoes it.")


@run.command
def enable(email: str, /, *, context: FromDoor) -> None:
    """Let a user in again.

    Args:
        email: of the user.
        context: has the user's folder.
    """
    users = Users(Store(context.user_data))
    user = users.set_active(email, is_active=True, by=context.who)
    print(f"{user.email} is let in again.")


@run.command
def remove(email: str, /, *, context: FromDoor) -> None:
    """Delete a user with all that is theirs; the audit still names them.

    Records, cases and jobs go, too.

    Args:
        email: of the user.
        context: has the user's folder.
    """
    users = Users(Store(context.user_data))
    number = users.get(email).number
    users.remove(email, by=context.who)
    forget_belongings(context.user_data, number)
    print(f"{email} is removed.")


@run.command
def sessions(email: str, /, *, end: Flag = False, context: FromDoor) -> None:
    """List a user's sessions, or end them all.

    Args:
        email: of the user.
        end: end them.
        context: has the user's folder.
    """
    logins = Logins(Store(context.user_data))
    if end:
        print(f"{logins.end(email, by=context.who)} sessions of {email} are ended.")
        return
    rows = (
        (str(each.number), each.source, _day(each.created), _day(each.last_seen))
        for each in logins.listing(email)
    )
    print_table(_SESSIONS, rows)


@run.command
def key(  # noqa: PLR0913 - the parts of a key, all by keyword
    email: str,
    /,
    *,
    name: str,
    may: Annotated[tuple[Right, ...], Parameter(negative=())] = ("look", "judge"),
    days: int | None = None,
    per_minute: int = PER_MINUTE,
    json: Flag = False,
    context: FromDoor,
) -> None:
    """Make a key for a program, which is shown this once.

    Args:
        email: of its owner, whose rights are the most that it has.
        name: says what it is for.
        may: a right that it has; several times for several.
        days: until it expires; never, if not given.
        per_minute: requests that it may ask for.
        json: one JSON object on the last line.
        context: has the user's folder.
    """
    made = Keys(Store(context.user_data)).make(
        email, name=name, scopes=may, days=days, per_minute=per_minute, by=context.who
    )
    tell("Keep it now: it is shown this once. Send it as `Authorization: Bearer KEY`.")
    if json:
        print_json({"key": made})
    else:
        print(made)


@run.command
def keys(email: str | None = None, /, *, json: Flag = False, context: FromDoor) -> None:
    """List keys, without their secret part.

    Args:
        email: of an owner; all keys, if not given.
        json: one JSON object on the last line.
        context: has the user's folder.
    """
    listed = Keys(Store(context.user_data)).listing(email)
    if json:
        print_json({"keys": [_plain(asdict(each)) for each in listed]})
    else:
        print_table(_KEYS, map(_key_cells, listed))


@run.command
def revoke(prefix: str, /, *, context: FromDoor) -> None:
    """Let a key be good for nothing from now on.

    Args:
        prefix: of the key, as `accounts keys` has it.
        context: has the user's folder.
    """
    found = Keys(Store(context.user_data)).revoke(prefix, by=context.who)
    print(f"Key {found.prefix} of {found.email} is revoked.")


def _ask(prompt: str) -> str:
    """A secret, from the terminal unseen, or from the next line that is piped in."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt).strip("\r\n")
    if not (line := sys.stdin.readline()):
        msg = "Expected two lines: the link and the new password. Received fewer."
        raise AccountError(msg)
    return line.strip("\r\n")


def _plain(held: Mapping[str, object]) -> dict[str, object]:
    """A record for a program; its times by ISO 8601."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in held.items()
    }


def _user_cells(user: User) -> tuple[str, ...]:
    """A user as a row of the table."""
    state = "active" if user.is_active else "disabled"
    return (user.email, user.name, user.role, state, _day(user.created))


def _key_cells(key: Key) -> tuple[str, ...]:
    """A key as a row of the table."""
    return (
        key.prefix,
        key.email,
        key.name,
        " ".join(key.scopes),
        str(key.per_minute),
        _day(key.expires),
        _day(key.last_used),
        "revoked" if key.revoked else "",
    )


def _day(moment: datetime | None) -> str:
    """A moment to the minute, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"
