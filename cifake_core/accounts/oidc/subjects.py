"""Subjects of a provider: whom it has named is a user here, in the role that it says.

Who somebody is follows from the provider's name and its subject, never from an e-mail
address: that may be given to another person, or be one that somebody only says is
theirs.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cifake_core.accounts.audit import note
from cifake_core.accounts.errors import (
    AccountError,
    ProviderRefusedError,
    StaleAnswerError,
)
from cifake_core.accounts.logins import begin_session
from cifake_core.accounts.oidc.settings import OidcSettings
from cifake_core.accounts.policies import registration_in
from cifake_core.accounts.records import Who
from cifake_core.accounts.roles import ROLES, Role
from cifake_core.accounts.store import Store
from cifake_core.accounts.tables import (
    MAX_NAME,
    MAX_SOURCE,
    KeyRow,
    LinkRow,
    SessionRow,
    UserRow,
)
from cifake_core.accounts.tokens import new_token, token_hash
from cifake_core.accounts.user_rows import add_user, read_email

#: How long a session lasts until the provider is asked again, who may have shut
#: somebody out meanwhile.
LASTS: Final = timedelta(hours=12)
#: How old an answer of the provider may be, by its clock and ours.
FRESH: Final = timedelta(minutes=10)
#: How far that clock may be ahead of ours.
_LEEWAY: Final = timedelta(minutes=1)
#: How long a browser has from the page that it was admitted on to its session.
_ENTERS: Final = timedelta(minutes=1)
#: Kinds of rows beside one-time links: an answer that was used, who was admitted.
_ANSWER, _ADMITTED = "answer", "admitted"


class Subjects:
    """Users whom a provider names, in the user's database.

    Args:
        store: has it.
        settings: of the provider.
    """

    def __init__(self, store: Store, settings: OidcSettings) -> None:
        self._store = store
        self._settings = settings

    def admit(self, claims: Mapping[str, Any], *, source: str) -> str:
        """Token with which whom the provider has named begins a session, once.

        Who is new begins as a user; a verified e-mail address makes a local account
        theirs that has it. An answer admits once, so that a copy of it, which a
        browser keeps for weeks, opens nothing.

        Args:
            claims: what the provider says of them, "iss", "sub" and "iat" among it.
            source: the address they come from.

        Raises:
            ProviderRefusedError: If they are not let in here; the audit says so.
            StaleAnswerError: If these claims were used, or are of long ago.
        """
        source, refusal = source[:MAX_SOURCE], ""
        with self._store.writing() as session:
            self._use(session, claims)
            try:
                user = self._known(session, claims) or self._new(session, claims)
            except AccountError as error:
                user, refusal = None, str(error)
            if user is not None and not user.is_active:
                refusal = f"{user.email} is not let in any more. Ask an administrator."
            if user is not None and not refusal:
                self._give_role(session, user, claims)
                token = new_token()
                self._put(session, _ADMITTED, token_hash(token), user.email, _ENTERS)
                return token
            self._note(session, source, "login", user.email if user else "", "refused")
        raise ProviderRefusedError(refusal)

    def _use(self, session: Session, claims: Mapping[str, Any]) -> None:
        """Note that an answer of just now is used, the first time."""
        now, issued = self._store.now(), claims.get("iat")
        digest = _answer_hash(claims)
        is_fresh = (
            isinstance(issued, int | float)
            and now - FRESH < datetime.fromtimestamp(issued, now.tzinfo) < now + _LEEWAY
        )
        used = select(LinkRow.id).where(LinkRow.token_hash == digest)
        if not is_fresh or session.scalars(used).first() is not None:
            msg = "This log-in was used before, or is of long ago. Log in again."
            raise StaleAnswerError(msg)
        self._put(session, _ANSWER, digest, "", FRESH + _LEEWAY)

    def _put(
        self, session: Session, kind: str, digest: str, email: str, lasts: timedelta
    ) -> None:
        """Add a row that is good for so long; those that are not any more go."""
        now = self._store.now()
        kinds = LinkRow.kind.in_((_ANSWER, _ADMITTED))
        session.execute(delete(LinkRow).where(kinds, LinkRow.expires <= now))
        row = LinkRow(token_hash=digest, kind=kind, email=email, role="", created=now)
        row.expires = now + lasts
        session.add(row)
        session.flush()

    def _known(self, session: Session, claims: Mapping[str, Any]) -> UserRow | None:
        """Row of who was here before, with the e-mail that they have now."""
        query = select(UserRow).where(UserRow.identity_hash == identity_hash(claims))
        row = session.scalars(query).one_or_none()
        email = _verified_email(claims)
        if row and email and email != row.email and _owner(session, email) is None:
            former, row.email = row.email, email
            self._note(session, self._settings.host, "user.email", email, former)
        return row

    def _new(self, session: Session, claims: Mapping[str, Any]) -> UserRow:
        """Row of who was not here before."""
        email, identity = _verified_email(claims), identity_hash(claims)
        owner = _owner(session, email) if email else None
        if owner is not None and owner.identity_hash is None:
            return self._adopt(session, owner, identity)
        if owner is not None:
            msg = (
                f"Another person of {self._settings.host} has an account as {email} "
                "here. Ask an administrator to delete it."
            )
            raise AccountError(msg)
        if registration_in(session) == "closed":
            msg = "Nobody new is let in here. Ask an administrator."
            raise AccountError(msg)
        email = email or f"{identity[:16]}@{self._settings.host}"
        user = add_user(
            session,
            email,
            name=_name(claims, email),
            role="viewer",
            hashed="",
            now=self._store.now(),
        )
        user.identity_hash = identity
        session.flush()
        self._note(session, self._settings.host, "user.register", email, "done")
        return user

    def _adopt(self, session: Session, user: UserRow, identity: str) -> UserRow:
        """Row of a local account that is somebody's by the provider from now on.

        Whoever made it may not be they: password, sessions and keys of before end.
        """
        user.identity_hash, user.password_hash = identity, ""
        session.execute(delete(SessionRow).where(SessionRow.user_id == user.id))
        open_keys = KeyRow.user_id == user.id, KeyRow.revoked.is_(None)
        ended = update(KeyRow).where(*open_keys).values(revoked=self._store.now())
        session.execute(ended)
        self._note(session, self._settings.host, "user.adopt", user.email, "done")
        return user

    def _give_role(
        self, session: Session, user: UserRow, claims: Mapping[str, Any]
    ) -> None:
        """Give a user the role that the provider says, if it is to say one."""
        role = role_of(claims, self._settings)
        if role is None or role == user.role:
            return
        former, user.role = user.role, role
        told = f"{former} -> {role}"
        self._note(session, self._settings.host, "user.role", user.email, told)

    def _note(
        self, session: Session, source: str, action: str, subject: str, result: str
    ) -> None:
        """Append a line to the audit of what the provider has caused."""
        who = Who(name="", source=source, rights=frozenset())
        note(
            session,
            now=self._store.now(),
            who=who,
            action=action,
            subject=subject,
            result=result,
        )


def enter(store: Store, token: str, *, source: str) -> str:
    """Token of a new session of who was admitted just now.

    Args:
        store: has them.
        token: that `admit` gave.
        source: the address they come from.

    Raises:
        StaleAnswerError: If it was used, or is too old.
    """
    now = store.now()
    with store.writing() as session:
        found = (
            LinkRow.kind == _ADMITTED,
            LinkRow.token_hash == token_hash(token),
            LinkRow.expires > now,
        )
        row = session.scalars(select(LinkRow).where(*found)).one_or_none()
        user = _owner(session, row.email) if row else None
        if row is None or user is None or not user.is_active:
            msg = "This log-in took too long, or was used. Log in again."
            raise StaleAnswerError(msg)
        session.delete(row)
        return begin_session(session, user, source[:MAX_SOURCE], now=now, lasts=LASTS)


def identity_hash(claims: Mapping[str, Any]) -> str:
    """SHA-256 of provider and subject, by which somebody is known again."""
    identity = json.dumps([claims["iss"], claims["sub"]])
    return hashlib.sha256(identity.encode()).hexdigest()


def _answer_hash(claims: Mapping[str, Any]) -> str:
    """SHA-256 of an answer, by which it is known again."""
    names = ("iss", "sub", "aud", "iat", "nonce", "jti", "at_hash")
    told = [claims.get(name) for name in names]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def role_of(claims: Mapping[str, Any], settings: OidcSettings) -> Role | None:
    """The highest role that the claim names, else viewer; None if there is no claim.

    The claim's name is looked up as it is, then as a way through objects, such as
    `realm_access.roles`.
    """
    if not settings.role_claim:
        return None
    found: Any = claims.get(settings.role_claim)
    if found is None:
        found = claims
        for part in settings.role_claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    values = found if isinstance(found, list) else [found]
    roles = {settings.roles.get(each) for each in values if isinstance(each, str)}
    return next((role for role in reversed(ROLES) if role in roles), "viewer")


def _verified_email(claims: Mapping[str, Any]) -> str:
    """The e-mail address that the provider has verified, or ""."""
    email, verified = claims.get("email"), claims.get("email_verified")
    if not isinstance(email, str) or not (verified is True or verified == "true"):
        return ""
    try:
        return read_email(email)
    except AccountError:
        return ""


def _name(claims: Mapping[str, Any], email: str) -> str:
    """What somebody is called; the first part of their e-mail if that is not told."""
    for each in (claims.get("name"), claims.get("preferred_username"), email):
        if isinstance(each, str):
            letters = "".join(filter(str.isprintable, each)).strip()
            if name := letters.partition("@")[0][:MAX_NAME].strip():
                return name
    return "?"


def _owner(session: Session, email: str) -> UserRow | None:
    """Row of who has an e-mail address."""
    query = select(UserRow).where(UserRow.email == email)
    return session.scalars(query).one_or_none()
