"""Users: who there is, with which role, and the last administrator, who stays."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cifake_core.accounts.attempts import charge, refund
from cifake_core.accounts.audit import note
from cifake_core.accounts.errors import AccountError
from cifake_core.accounts.passwords import check_password, is_password, password_hash
from cifake_core.accounts.policies import registration_in
from cifake_core.accounts.records import User, Who
from cifake_core.accounts.store import Store
from cifake_core.accounts.tables import KeyRow, LinkRow, SessionRow, UserRow
from cifake_core.accounts.user_rows import (
    add_user,
    has_administrator,
    read_email,
    read_name,
    read_role,
    row_of,
)


class Users:
    """Users in the user's database.

    Args:
        store: has it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def listing(self) -> list[User]:
        """All of them, by e-mail."""
        with self._store.reading() as session:
            return [
                *map(_user, session.scalars(select(UserRow).order_by(UserRow.email)))
            ]

    def get(self, email: str) -> User:
        """One of them.

        Raises:
            AccountError: If there is none.
        """
        with self._store.reading() as session:
            return _user(row_of(session, email))

    def register(self, email: str, password: str, *, name: str, source: str) -> User:
        """Let somebody begin by themselves, as a viewer, where registration is open.

        Args:
            email: as it was typed.
            password: from now on.
            name: as it was typed.
            source: the address it comes from.

        Raises:
            AccountError: If registration is not open, or something cannot be taken.
        """
        self._expect_open()
        email, name = read_email(email), read_name(name)
        check_password(password, email, name)
        made, now = password_hash(password), self._store.now()
        with self._store.writing() as session:
            row = add_user(
                session, email, name=name, role="viewer", hashed=made, now=now
            )
            who = Who(name=email, source=source, rights=frozenset())
            note(session, now=now, who=who, action="user.register", subject=email)
            session.flush()
            return _user(row)

    def _expect_open(self) -> None:
        """Refuse somebody who registers by themselves where that is not open."""
        with self._store.reading() as session:
            policy = registration_in(session)
            is_open = policy == "open" and has_administrator(session)
        if not is_open:
            msg = "Nobody can register here without a link. Ask an administrator."
            raise AccountError(msg)

    def picture(self, email: str) -> bytes | None:
        """Picture of a user as PNG, None without one.

        Raises:
            AccountError: If there is no such user.
        """
        with self._store.reading() as session:
            return row_of(session, email).picture

    def set_name(self, email: str, name: str, *, by: Who) -> None:
        """Give a user another name.

        Raises:
            AccountError: If there is no such user, or it cannot be a name.
        """
        name = read_name(name)
        with self._store.writing() as session:
            row = row_of(session, email)
            row.name = name
            note(
                session,
                now=self._store.now(),
                who=by,
                action="user.name",
                subject=row.email,
                result=name,
            )

    def set_picture(self, email: str, png: bytes | None, *, by: Who) -> None:
        """Give a user a picture, or take it away.

        Raises:
            AccountError: If there is no such user.
        """
        with self._store.writing() as session:
            row = row_of(session, email)
            row.picture = png
            note(
                session,
                now=self._store.now(),
                who=by,
                action="user.picture",
                subject=row.email,
                result="none" if png is None else f"{len(png)} bytes",
            )

    def expect_password(self, email: str, password: str, *, source: str) -> None:
        """Let somebody go on who knows their password, as for a log-in.

        Raises:
            AccountError: If it is another.
            TooEarlyError: If too many attempts failed before.
        """
        now = self._store.now()
        with self._store.writing() as session:
            row = row_of(session, email)
            charge(session, row.email, source, is_known_here=True, now=now)
            kept = row.password_hash
        if not is_password(password, kept):
            msg = "The present password is another. Type it again, or ask for a link."
            raise AccountError(msg)
        with self._store.writing() as session:
            refund(session, read_email(email), source, now=now)

    def set_role(self, email: str, role: str, *, by: Who) -> User:
        """Give a user another role, at once also in sessions and keys they have.

        Raises:
            AccountError: If there is no such user, or it is the last administrator.
            UnknownNameError: If there is no such role.
        """
        role = read_role(role)
        with self._store.writing() as session, _leaving_an_administrator(session):
            row = row_of(session, email)
            former, row.role = row.role, role
            note(
                session,
                now=self._store.now(),
                who=by,
                action="user.role",
                subject=row.email,
                result=f"{former} -> {role}",
            )
            return _user(row)

    def set_active(self, email: str, *, is_active: bool, by: Who) -> User:
        """Let a user in again, or no more; the latter ends their sessions.

        Raises:
            AccountError: If there is no such user, or it is the last administrator.
        """
        with self._store.writing() as session, _leaving_an_administrator(session):
            row = row_of(session, email)
            row.is_active = is_active
            if not is_active:
                session.execute(delete(SessionRow).where(SessionRow.user_id == row.id))
            note(
                session,
                now=self._store.now(),
                who=by,
                action="user.enable" if is_active else "user.disable",
                subject=row.email,
            )
            return _user(row)

    def remove(self, email: str, *, by: Who) -> None:
        """Delete a user with sessions, keys and links; the audit still names them.

        Raises:
            AccountError: If there is no such user, or it is the last administrator.
        """
        with self._store.writing() as session, _leaving_an_administrator(session):
            row = row_of(session, email)
            for table in (SessionRow, KeyRow):
                session.execute(delete(table).where(table.user_id == row.id))
            session.execute(delete(LinkRow).where(LinkRow.email == row.email))
            session.delete(row)
            note(
                session,
                now=self._store.now(),
                who=by,
                action="user.remove",
                subject=row.email,
            )

    def change_password(self, email: str, old: str, new: str, *, by: Who) -> None:
        """Give a user another password, who knows the one before; ends their sessions.

        Raises:
            AccountError: If it is not known, or the other is too easily guessed.
            TooEarlyError: If too many attempts failed before.
        """
        self.expect_password(email, old, source=by.source)
        user = self.get(email)
        check_password(new, user.email, user.name)
        made = password_hash(new)
        with self._store.writing() as session:
            row = row_of(session, email)
            row.password_hash = made
            session.execute(delete(SessionRow).where(SessionRow.user_id == row.id))
            note(
                session,
                now=self._store.now(),
                who=by,
                action="password.change",
                subject=row.email,
            )


@contextmanager
def _leaving_an_administrator(session: Session) -> Iterator[None]:
    """Context of a change that is undone if nobody could administer after it."""
    had = has_administrator(session, by_provider=True)
    yield
    session.flush()
    if had and not has_administrator(session, by_provider=True):
        msg = (
            "This is the last administrator. Make another user an administrator first."
        )
        raise AccountError(msg)


def _user(row: UserRow) -> User:
    """A row as a record."""
    return User(
        number=row.id,
        email=row.email,
        name=row.name,
        role=read_role(row.role),
        is_active=row.is_active,
        has_password=bool(row.password_hash),
        created=row.created,
    )
