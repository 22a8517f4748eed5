"""Rows of users, as transactions find and add them, and what is read from people."""

import re
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from cifake_core.accounts.errors import AccountError
from cifake_core.accounts.roles import ROLES, Role
from cifake_core.accounts.tables import MAX_EMAIL, MAX_NAME, UserRow
from cifake_core.basics.registry import lookup

#: What an address must have for a letter to come; whether one comes nobody can tell.
_EMAIL: Final = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+")


def read_email(text: str) -> str:
    """An e-mail address as it is kept: two that differ in capitals are one.

    Raises:
        AccountError: If it cannot be one.
    """
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email) or len(email) > MAX_EMAIL:
        msg = (
            "Expected an e-mail address such as ann@example.org, of at most "
            f"{MAX_EMAIL} letters. Received {text[:MAX_EMAIL]!r}."
        )
        raise AccountError(msg)
    return email


def read_name(text: str) -> str:
    """A name as it is kept.

    Raises:
        AccountError: If it is empty, too long, or of several lines.
    """
    name = text.strip()
    if not (name.isprintable() and 1 <= len(name) <= MAX_NAME):
        msg = f"Expected a name of 1 to {MAX_NAME} letters on one line."
        raise AccountError(msg)
    return name


def read_role(text: str) -> Role:
    """A role.

    Raises:
        UnknownNameError: If there is no such role.
    """
    return lookup({role: role for role in ROLES}, text, kind="role")


def row_of(session: Session, email: str) -> UserRow:
    """Row of the user with this e-mail.

    Raises:
        AccountError: If there is none.
    """
    query = select(UserRow).where(UserRow.email == read_email(email))
    if row := session.scalars(query).one_or_none():
        return row
    msg = f"There is no user {read_email(email)}; `accounts list` has those there are."
    raise AccountError(msg)


def expect_free(session: Session, email: str) -> None:
    """Refuse an e-mail that somebody has.

    Raises:
        AccountError: If somebody has it.
    """
    if session.scalars(select(UserRow).where(UserRow.email == email)).first():
        msg = (
            f"There is a user {email} already. To give them another password, make a "
            "link with `accounts reset`."
        )
        raise AccountError(msg)


def add_user(  # noqa: PLR0913 - the columns of a user
    session: Session, email: str, *, name: str, role: Role, hashed: str, now: datetime
) -> UserRow:
    """Row of a new user, who can log in.

    Raises:
        AccountError: If somebody has the e-mail.
    """
    expect_free(session, email)
    row = UserRow(
        email=email,
        name=name,
        role=role,
        password_hash=hashed,
        is_active=True,
        created=now,
    )
    session.add(row)
    return row


def has_administrator(session: Session, *, by_provider: bool = False) -> bool:
    """Whether anybody who may administer can log in by a password.

    Args:
        session: of the transaction.
        by_provider: those count, too, whom a provider of log-ins lets in.
    """
    can_log_in = UserRow.password_hash != ""
    if by_provider:
        can_log_in |= UserRow.identity_hash.is_not(None)
    query = select(UserRow.id).where(
        UserRow.role == "administrator", UserRow.is_active, can_log_in
    )
    return session.execute(query.limit(1)).first() is not None
