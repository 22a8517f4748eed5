"""Keys of programs: told once, kept as a hash, counted by one statement."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import Select, case, or_, select, update

from cifake_core.accounts.audit import note
from cifake_core.accounts.errors import AccountError
from cifake_core.accounts.records import Key, Who
from cifake_core.accounts.roles import RIGHTS, RIGHTS_OF, Right, Role
from cifake_core.accounts.store import Store
from cifake_core.accounts.tables import KeyRow, UserRow
from cifake_core.accounts.tokens import new_token, token_hash
from cifake_core.accounts.user_rows import read_name, row_of
from cifake_core.basics.registry import lookup

#: Begins every key, so that one that lies about is known for what it is.
MARK: Final = "cifake"
PER_MINUTE: Final = 600
_MAX_PER_MINUTE: Final = 1_000_000
_MAX_DAYS: Final = 3650


class Keys:
    """Keys in the user's database.

    Args:
        store: has them.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def make(  # noqa: PLR0913 - the columns of a key
        self,
        email: str,
        *,
        name: str,
        scopes: Sequence[str],
        days: int | None,
        per_minute: int = PER_MINUTE,
        by: Who,
    ) -> str:
        """A new key of a user, which is told this once.

        Args:
            email: of the user.
            name: says what it is for.
            scopes: rights that it has, as long as its owner has them.
            days: until it expires; None for never.
            per_minute: requests that it may ask for.
            by: who makes it.

        Raises:
            AccountError: If there is no such user, or they do not have such rights, or
                a number is out of range.
            UnknownNameError: If there is no such right.
        """
        chosen = _read_scopes(scopes)
        _check("requests a minute", per_minute, _MAX_PER_MINUTE)
        if days is not None:
            _check("days", days, _MAX_DAYS)
        now, prefix, secret = self._store.now(), secrets.token_hex(4), new_token()
        with self._store.writing() as session:
            user = row_of(session, email)
            if extra := set(chosen) - RIGHTS_OF[cast("Role", user.role)]:
                msg = (
                    f"A key has no more rights than its owner. {user.email} is "
                    f"{user.role} and may not {', '.join(sorted(extra))}."
                )
                raise AccountError(msg)
            session.add(
                KeyRow(
                    user_id=user.id,
                    name=read_name(name),
                    prefix=prefix,
                    key_hash=token_hash(secret),
                    scopes=",".join(chosen),
                    per_minute=per_minute,
                    minute=0,
                    num_in_minute=0,
                    created=now,
                    expires=None if days is None else now + timedelta(days=days),
                )
            )
            note(
                session,
                now=now,
                who=by,
                action="key.make",
                subject=f"{prefix} of {user.email}",
                result=",".join(chosen),
            )
        return f"{MARK}_{prefix}_{secret}"

    def listing(self, email: str | None = None) -> list[Key]:
        """Keys of a user, or of all, the newest first.

        Raises:
            AccountError: If there is no such user.
        """
        query = _with_email().order_by(KeyRow.id.desc())
        with self._store.reading() as session:
            if email is not None:
                query = query.where(KeyRow.user_id == row_of(session, email).id)
            return [_key(row, address) for row, address in session.execute(query)]

    def revoke(self, prefix: str, *, by: Who) -> Key:
        """Let a key be good for nothing from now on.

        Raises:
            AccountError: If there is no such key, or it is revoked already.
        """
        with self._store.writing() as session:
            query = _with_email().where(KeyRow.prefix == prefix)
            found = session.execute(query).one_or_none()
            if found is None or found[0].revoked:
                msg = f"There is no key {prefix} that could be revoked."
                raise AccountError(msg)
            row, email = found
            row.revoked = self._store.now()
            note(
                session,
                now=row.revoked,
                who=by,
                action="key.revoke",
                subject=f"{prefix} of {email}",
            )
            return _key(row, email)

    def count(self, number: int) -> bool:
        """Count a request of a key; False if it has asked for its most this minute.

        One statement, which looks and counts at once, on every kind of database; in
        MySQL and MariaDB an assignment sees those before it, so their order matters.
        """
        now = self._store.now()
        minute = int(now.timestamp() // 60)
        runs_on = KeyRow.minute == minute
        counted = (
            update(KeyRow)
            .where(
                KeyRow.id == number,
                or_(~runs_on, KeyRow.num_in_minute < KeyRow.per_minute),
            )
            .ordered_values(
                (
                    KeyRow.num_in_minute,
                    case((runs_on, KeyRow.num_in_minute + 1), else_=1),
                ),
                (KeyRow.minute, minute),
                (KeyRow.last_used, now),
            )
            .execution_options(synchronize_session=False)
        )
        with self._store.writing() as session:
            return session.execute(counted).rowcount == 1  # type: ignore[attr-defined]


def split_key(key: str) -> tuple[str, str] | None:
    """Prefix and secret of a key, or None if it cannot be one."""
    mark, _, rest = key.partition("_")
    prefix, _, secret = rest.partition("_")
    return (prefix, secret) if mark == MARK and prefix and secret else None


def seconds_to_next_minute(now: datetime) -> int:
    """Seconds after which a key may ask again, 1 to 60."""
    return 60 - int(now.timestamp()) % 60


def _read_scopes(scopes: Sequence[str]) -> list[Right]:
    """Rights without repetition, in their order."""
    known: dict[str, Right] = {right: right for right in RIGHTS}
    chosen = {lookup(known, each, kind="right") for each in scopes}
    if not chosen:
        msg = f"A key needs a right. Name one or more of: {', '.join(RIGHTS)}."
        raise AccountError(msg)
    return [right for right in RIGHTS if right in chosen]


def _check(what: str, number: int, most: int) -> None:
    """Refuse a number out of range."""
    if not 1 <= number <= most:
        msg = f"Expected 1 to {most:,} {what}. Received {number}."
        raise AccountError(msg)


def _with_email() -> Select[KeyRow, str]:
    """Query for keys, each with its owner's e-mail."""
    return select(KeyRow, UserRow.email).join(UserRow, UserRow.id == KeyRow.user_id)


def _key(row: KeyRow, email: str) -> Key:
    """A row as a record."""
    return Key(
        prefix=row.prefix,
        email=email,
        name=row.name,
        scopes=tuple(cast("list[Right]", row.scopes.split(","))),  # by `_read_scopes`
        per_minute=row.per_minute,
        created=row.created,
        expires=row.expires,
        last_used=row.last_used,
        revoked=row.revoked,
    )
