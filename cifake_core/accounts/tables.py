"""Tables of accounts; `migrations` makes them. No secret is in them but by its hash."""

from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from cifake_core.basics.database import Base, UtcDateTime

MAX_EMAIL: Final = 254
MAX_NAME: Final = 100
MAX_SOURCE: Final = 64
MAX_SUBJECT: Final = 500
_SHA256: Final = 64


class UserRow(Base):
    """User; without a password's hash nobody can log in as them. The picture is PNG.

    The hash of an identity is that of who a provider says they are: letters that look
    alike to a database are then not taken for each other.
    """

    __tablename__ = "accounts_users"
    __table_args__ = (
        Index("accounts_users_identity", "identity_hash", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(MAX_EMAIL), unique=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME))
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool]
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    picture: Mapped[bytes | None] = mapped_column(LargeBinary)
    identity_hash: Mapped[str | None] = mapped_column(String(_SHA256))


class SettingRow(Base):
    """Setting that an administrator has chosen."""

    __tablename__ = "accounts_settings"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(String(MAX_SUBJECT))


class SessionRow(Base):
    """Session of a browser that has logged in; `source` is the address it came from."""

    __tablename__ = "accounts_sessions"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    token_hash: Mapped[str] = mapped_column(String(_SHA256), unique=True)
    source: Mapped[str] = mapped_column(String(MAX_SOURCE))
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen: Mapped[datetime] = mapped_column(UtcDateTime)
    expires: Mapped[datetime] = mapped_column(UtcDateTime)


class KeyRow(Base):
    """Key of a program, and how often it was used in the minute of that number."""

    __tablename__ = "accounts_keys"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    name: Mapped[str] = mapped_column(String(MAX_NAME))
    prefix: Mapped[str] = mapped_column(String(16), unique=True)
    key_hash: Mapped[str] = mapped_column(String(_SHA256))
    scopes: Mapped[str] = mapped_column(String(200))
    per_minute: Mapped[int]
    minute: Mapped[int]
    num_in_minute: Mapped[int]
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    expires: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LinkRow(Base):
    """One-time link that waits to be used, or a log-in by a provider that was."""

    __tablename__ = "accounts_links"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(_SHA256), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    email: Mapped[str] = mapped_column(String(MAX_EMAIL))
    role: Mapped[str] = mapped_column(String(16))
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    expires: Mapped[datetime] = mapped_column(UtcDateTime)


class AttemptRow(Base):
    """Attempts to log in that failed, by the SHA-256 of what they are counted for."""

    __tablename__ = "accounts_attempts"

    subject: Mapped[str] = mapped_column(String(_SHA256), primary_key=True)
    num: Mapped[int]
    last: Mapped[datetime] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditRow(Base):
    """Line of the audit: `digest` is over all the rest, the line before it included."""

    __tablename__ = "accounts_audit"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    moment: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(String(MAX_EMAIL))
    source: Mapped[str] = mapped_column(String(MAX_SOURCE))
    action: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(MAX_SUBJECT))
    result: Mapped[str] = mapped_column(String(MAX_SUBJECT))
    previous: Mapped[str] = mapped_column(String(_SHA256))
    digest: Mapped[str] = mapped_column(String(_SHA256))


class AuditEndRow(Base):
    """Number and digest of the audit's last line; the one row has id 1."""

    __tablename__ = "accounts_audit_end"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(_SHA256))
