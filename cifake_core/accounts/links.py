"""One-time links: for the first administrator, an invitation, another password."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cifake_core.accounts.audit import note
from cifake_core.accounts.errors import AccountError
from cifake_core.accounts.passwords import check_password, password_hash
from cifake_core.accounts.policies import registration_in
from cifake_core.accounts.records import LinkKind, Who
from cifake_core.accounts.store import Store
from cifake_core.accounts.tables import LinkRow, SessionRow
from cifake_core.accounts.tokens import new_token, token_hash
from cifake_core.accounts.user_rows import (
    add_user,
    expect_free,
    has_administrator,
    read_email,
    read_name,
    read_role,
    row_of,
)

#: How long each waits to be used.
LASTS: Final[Mapping[LinkKind, timedelta]] = {
    "first": timedelta(days=1),
    "invitation": timedelta(days=7),
    "reset": timedelta(days=1),
}


class Links:
    """One-time links in the user's database: each is a token, told once.

    Args:
        store: has them.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def is_begun(self) -> bool:
        """Whether there is somebody who administers."""
        with self._store.reading() as session:
            return has_administrator(session)

    def first(self, *, by: Who) -> str:
        """Token with which the first administrator begins; the one before goes.

        Raises:
            AccountError: If there is an administrator already.
        """
        with self._store.writing() as session:
            if has_administrator(session):
                msg = (
                    "There is an administrator already. Ask them for an invitation, or "
                    "see `accounts list` and `accounts reset`."
                )
                raise AccountError(msg)
            return self._make(session, "first", "", "administrator", by)

    def invite(self, email: str, role: str, *, by: Who) -> str:
        """Token with which somebody new begins; the one before goes.

        Raises:
            AccountError: If the e-mail is none, or somebody's already, or nobody may
                register.
            UnknownNameError: If there is no such role.
        """
        email, role = read_email(email), read_role(role)
        with self._store.writing() as session:
            expect_free(session, email)
            if registration_in(session) == "closed":
                msg = (
                    "Registration is closed. Let people register by invitation first, "
                    "as an administrator."
                )
                raise AccountError(msg)
            return self._make(session, "invitation", email, role, by)

    def reset(self, email: str, *, by: Who) -> str:
        """Token with which a user chooses another password; the one before goes.

        Raises:
            AccountError: If there is no such user.
        """
        with self._store.writing() as session:
            row = row_of(session, email)
            return self._make(session, "reset", row.email, row.role, by)

    def kind(self, token: str) -> tuple[LinkKind, str]:
        """What a link is for, and the e-mail that it knows, or "".

        Raises:
            AccountError: If it is not there, or not any more.
        """
        with self._store.reading() as session:
            row = self._wanted(session, token)
            return cast("LinkKind", row.kind), row.email  # by `_make`

    def use(
        self, token: str, password: str, *, name: str = "", email: str = "", source: str
    ) -> str:
        """Let a link do what it is for, once; the user's e-mail.

        Another password ends all sessions of the user.

        Args:
            token: of the link.
            password: from now on.
            name: of somebody new.
            email: of the first administrator; the other links know it.
            source: the address that it is used from.

        Raises:
            AccountError: If the link is not there, or not any more, or the password is
                too easily guessed; the link can be used again then.
        """
        with self._store.reading() as session:
            link = self._wanted(session, token)
            kind, email = link.kind, link.email or read_email(email)
            name = row_of(session, email).name if kind == "reset" else read_name(name)
        check_password(password, email, name)
        made = password_hash(password)
        now = self._store.now()
        with self._store.writing() as session:
            link = self._wanted(session, token)  # again: somebody may have used it
            if kind == "reset":
                row = row_of(session, email)
                row.password_hash = made
                session.execute(delete(SessionRow).where(SessionRow.user_id == row.id))
            else:
                add_user(
                    session,
                    email,
                    name=name,
                    role=read_role(link.role),
                    hashed=made,
                    now=now,
                )
            session.delete(link)
            who = Who(name=email, source=source, rights=frozenset())
            note(session, now=now, who=who, action=f"link.{kind}.use", subject=email)
        return email

    def _make(
        self, session: Session, kind: LinkKind, email: str, role: str, by: Who
    ) -> str:
        """Token of a new link in the place of the one before."""
        now, token = self._store.now(), new_token()
        former = (LinkRow.kind == kind) & (LinkRow.email == email)
        session.execute(delete(LinkRow).where(former | (LinkRow.expires <= now)))
        session.add(
            LinkRow(
                token_hash=token_hash(token),
                kind=kind,
                email=email,
                role=role,
                created=now,
                expires=now + LASTS[kind],
            )
        )
        note(
            session,
            now=now,
            who=by,
            action=f"link.{kind}.make",
            subject=email,
            result=role,
        )
        return token

    def _wanted(self, session: Session, token: str) -> LinkRow:
        """Row of the link with this token."""
        query = select(LinkRow).where(
            LinkRow.token_hash == token_hash(token), LinkRow.kind.in_(LASTS)
        )
        row = session.scalars(query).one_or_none()
        is_late = row is not None and (
            row.expires <= self._store.now()
            or (row.kind == "first" and has_administrator(session))
            or (row.kind == "invitation" and registration_in(session) == "closed")
        )
        if row is None or is_late:
            msg = "This link was used, or is too old. Ask for another one."
            raise AccountError(msg)
        return row
