"""Logins: a password becomes a session, which its owner or an administrator ends."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Transaction

from cifake_core.accounts import attempts
from cifake_core.accounts.audit import note
from cifake_core.accounts.errors import AccountError, UnknownCallerError
from cifake_core.accounts.passwords import is_outdated, is_password, password_hash
from cifake_core.accounts.records import Session, Who
from cifake_core.accounts.store import Store
from cifake_core.accounts.tables import MAX_EMAIL, MAX_SOURCE, SessionRow, UserRow
from cifake_core.accounts.tokens import new_token, token_hash
from cifake_core.accounts.user_rows import row_of

#: How long a session lasts, and how long without being used.
LASTS: Final = timedelta(days=14)
IDLE: Final = timedelta(days=2)
_UNKNOWN: Final = "a name that nobody has"


class Logins:
    """Sessions in the user's database.

    Args:
        store: has them.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def log_in(self, email: str, password: str, *, source: str) -> str:
        """Token of a new session.

        A name that nobody has takes as long, and is answered in the same words.

        Args:
            email: as it was typed.
            password: as it was typed.
            source: the address it comes from.

        Raises:
            UnknownCallerError: If they do not belong together.
            TooEarlyError: If too many attempts failed before.
        """
        letters = filter(
            str.isprintable, email[:MAX_EMAIL]
        )  # the others no database has
        email, source = "".join(letters).strip().lower(), source[:MAX_SOURCE]
        with self._store.writing() as session:
            row = _active(session, email)
            is_known_here = row is not None and _is_from(session, row, source)
            now = self._store.now()
            attempts.charge(
                session, email, source, is_known_here=is_known_here, now=now
            )
            kept, is_known = (row.password_hash, True) if row else ("", False)
        is_right = is_password(password, kept)
        fresh = password_hash(password) if is_right and is_outdated(kept) else ""
        with self._store.writing() as session:
            row = _active(session, email)
            # it may have been changed, or its owner shut out, meanwhile
            if is_right and row and row.password_hash == kept:
                row.password_hash = fresh or kept
                attempts.refund(session, row.email, source, now=self._store.now())
                return begin_session(session, row, source, now=self._store.now())
            who = Who(name="", source=source, rights=frozenset())
            note(
                session,
                now=self._store.now(),
                who=who,
                action="login",
                subject=email if is_known else _UNKNOWN,
                result="refused",
            )
        msg = "E-mail and password do not belong together. Type both again."
        raise UnknownCallerError(msg)

    def log_out(self, token: str, *, by: Who) -> None:
        """End a session; the token is good for nothing from then on."""
        with self._store.writing() as session:
            found = SessionRow.token_hash == token_hash(token)
            gone = session.execute(delete(SessionRow).where(found))
            if gone.rowcount:  # type: ignore[attr-defined]
                note(session, now=self._store.now(), who=by, action="logout")

    def listing(self, email: str, *, token: str = "") -> list[Session]:
        """Sessions of a user, the last used first.

        Args:
            email: of the user.
            token: of the session by which they look.

        Raises:
            AccountError: If there is no such user.
        """
        now = self._store.now()
        with self._store.reading() as session:
            user = row_of(session, email)
            query = select(SessionRow).where(
                SessionRow.user_id == user.id,
                SessionRow.expires > now,
                SessionRow.last_seen > now - IDLE,
            )
            rows = session.scalars(query.order_by(SessionRow.last_seen.desc()))
            return [
                Session(
                    number=row.id,
                    email=user.email,
                    source=row.source,
                    created=row.created,
                    last_seen=row.last_seen,
                    expires=row.expires,
                    is_this=row.token_hash == token_hash(token),
                )
                for row in rows
            ]

    def end(self, email: str, number: int | None = None, *, by: Who) -> int:
        """End a user's session of that number, or all of them; how many.

        Raises:
            AccountError: If there is no such user, or no such session of theirs.
        """
        with self._store.writing() as session:
            user = row_of(session, email)
            chosen = SessionRow.user_id == user.id
            if number is not None:
                chosen &= SessionRow.id == number
            gone = session.execute(delete(SessionRow).where(chosen))
            num: int = gone.rowcount  # type: ignore[attr-defined]
            if number is not None and not num:
                msg = f"{user.email} has no session {number}, or not any more."
                raise AccountError(msg)
            note(
                session,
                now=self._store.now(),
                who=by,
                action="session.end",
                subject=user.email,
                result=f"{num} ended",
            )
            return num


def begin_session(
    session: Transaction,
    user: UserRow,
    source: str,
    *,
    now: datetime,
    lasts: timedelta = LASTS,
) -> str:
    """Token of a new session; those that have ended go.

    Args:
        session: of the transaction.
        user: who has shown who they are.
        source: the address they come from.
        now: when it begins.
        lasts: how long it does.
    """
    token = new_token()
    session.execute(delete(SessionRow).where(SessionRow.expires <= now))
    session.add(
        SessionRow(
            user_id=user.id,
            token_hash=token_hash(token),
            source=source,
            created=now,
            last_seen=now,
            expires=now + lasts,
        )
    )
    who = Who(name=user.email, source=source, rights=frozenset())
    note(session, now=now, who=who, action="login", subject=user.email)
    return token


def _active(session: Transaction, email: str) -> UserRow | None:
    """Row of the user with this e-mail, who may log in."""
    query = select(UserRow).where(
        UserRow.email == email, UserRow.is_active, UserRow.password_hash != ""
    )
    return session.scalars(query).one_or_none()


def _is_from(session: Transaction, user: UserRow, source: str) -> bool:
    """Whether a user has a session from that address."""
    held = SessionRow.user_id == user.id, SessionRow.source == source
    return session.scalars(select(SessionRow).where(*held)).first() is not None
