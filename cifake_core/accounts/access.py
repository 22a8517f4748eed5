"""Access: the one place that says who somebody is, and whether they may."""

from datetime import timedelta
from hmac import compare_digest
from typing import Final, cast

from sqlalchemy import select

from cifake_core.accounts.audit import Audit
from cifake_core.accounts.errors import (
    NotAllowedError,
    TooEarlyError,
    UnknownCallerError,
)
from cifake_core.accounts.keys import Keys, seconds_to_next_minute, split_key
from cifake_core.accounts.logins import IDLE
from cifake_core.accounts.records import Who
from cifake_core.accounts.roles import RIGHTS_OF, Right, Role
from cifake_core.accounts.store import Store
from cifake_core.accounts.tables import KeyRow, SessionRow, UserRow
from cifake_core.accounts.tokens import token_hash
from cifake_core.basics.database import exists

#: A session is noted as used again after this, so that not every look writes.
_SEEN_AGAIN: Final = timedelta(minutes=5)
_LOG_IN: Final = "Log in first."
_NO_KEY: Final = (
    "This needs a key that is valid, in the header `Authorization: Bearer KEY`, or in "
    "CIFAKE_KEY for a command. An administrator makes one with `python -m cifake_core "
    "accounts key`."
)


def who_has_session(store: Store, token: str, *, source: str) -> Who:
    """Who has logged in, and what their role lets them do now.

    Args:
        store: has the accounts.
        token: of the session, as their cookie has it.
        source: the address that they ask from.

    Raises:
        UnknownCallerError: If it has ended, or never was.
    """
    now = store.now()
    query = (
        select(SessionRow, UserRow)
        .join(UserRow, UserRow.id == SessionRow.user_id)
        .where(
            SessionRow.token_hash == token_hash(token),
            SessionRow.expires > now,
            SessionRow.last_seen > now - IDLE,
            UserRow.is_active,
        )
    )
    with store.reading() as session:
        found = session.execute(query).one_or_none()
        if found is None:
            raise UnknownCallerError(_LOG_IN)
        held, user = found
        is_old = now - held.last_seen > _SEEN_AGAIN
        who = _who(user, source, RIGHTS_OF[cast("Role", user.role)])
    if is_old:
        with store.writing() as session:
            if row := session.get(SessionRow, held.id):  # not ended meanwhile
                row.last_seen = now
    return who


def who_has_key(store: Store, key: str, *, source: str) -> Who:
    """Whose key that is, and what both it and its owner's role let it do now.

    The request is counted.

    Args:
        store: has the accounts.
        key: as its program sends it.
        source: the address that it asks from.

    Raises:
        UnknownCallerError: If it is revoked, has expired, or never was.
        TooEarlyError: If it has asked for its most in this minute.
    """
    now, parts = store.now(), split_key(key)
    prefix, secret = parts or ("", "")
    query = (
        select(KeyRow, UserRow)
        .join(UserRow, UserRow.id == KeyRow.user_id)
        .where(KeyRow.prefix == prefix, KeyRow.revoked.is_(None), UserRow.is_active)
    )
    with store.reading() as session:
        found = session.execute(query).one_or_none()
        if (
            found is None
            or not compare_digest(found[0].key_hash, token_hash(secret))
            or (found[0].expires is not None and found[0].expires <= now)
        ):
            raise UnknownCallerError(_NO_KEY)
        row, user = found
        scopes = frozenset(cast("list[Right]", row.scopes.split(",")))
        number, per_minute = row.id, row.per_minute
        who = _who(user, source, RIGHTS_OF[cast("Role", user.role)] & scopes)
    if not Keys(store).count(number):
        msg = (
            f"This key may ask {per_minute:,} times a minute; send the next one later."
        )
        raise TooEarlyError(msg, seconds=seconds_to_next_minute(now))
    return who


def who_owns(store: Store, local: Who) -> Who:
    """Somebody on the machine itself, if they can open the database themselves.

    They are its administrator then, whatever stands in it: nothing that this program
    does could keep them from reading and writing it.

    Args:
        store: has the accounts.
        local: they, as the operating system knows them.

    Raises:
        DatabaseUnavailableError: If they cannot.
    """
    if exists(store.user_data):  # else they would make it
        with store.writing():
            pass
    return local


def expect(store: Store, who: Who, right: Right, *, what: str) -> None:
    """Let somebody pass who may; note and refuse who may not.

    Args:
        store: has the audit.
        who: wants it.
        right: that it needs.
        what: they want, for the audit.

    Raises:
        NotAllowedError: If they may not.
    """
    if who.may(right):
        return
    Audit(store).note(who, action="refused", subject=what, result=right)
    msg = (
        f"This needs the right to {right!r}, which {who.name} does not have here. Ask "
        "an administrator for it."
    )
    raise NotAllowedError(msg)


def _who(user: UserRow, source: str, rights: frozenset[Right]) -> Who:
    """A user who asks."""
    return Who(name=user.email, source=source, rights=rights, user=user.id)
