"""Accounts: users, settings, sessions, keys, links, attempts to log in, audit."""

from typing import Final

import sqlalchemy as sa

from cifake_core.basics.database.migrations.steps import (
    make_index,
    make_table,
    moment,
)

revision: Final = "0004"
down_revision: Final = "0003"


def upgrade() -> None:
    """Make the tables."""
    _make_users()
    _make_sessions()
    _make_keys()
    _make_links()
    _make_attempts()
    _make_audit()


def _make_users() -> None:
    """Make the users, and what an administrator has chosen for all."""
    make_table(
        "accounts_users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("created", moment(), nullable=False),
        sa.Column("picture", sa.LargeBinary),
        sqlite_autoincrement=True,
    )
    make_table(
        "accounts_settings",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.String(500), nullable=False),
    )


def _make_sessions() -> None:
    """Make the sessions of browsers."""
    make_table(
        "accounts_sessions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "user_id", sa.Integer, sa.ForeignKey("accounts_users.id"), nullable=False
        ),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("created", moment(), nullable=False),
        sa.Column("last_seen", moment(), nullable=False),
        sa.Column("expires", moment(), nullable=False),
        sqlite_autoincrement=True,
    )
    make_index("accounts_sessions_by_user", "accounts_sessions", "user_id")


def _make_keys() -> None:
    """Make the keys of programs, with what they asked in the running minute."""
    make_table(
        "accounts_keys",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "user_id", sa.Integer, sa.ForeignKey("accounts_users.id"), nullable=False
        ),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("prefix", sa.String(16), nullable=False, unique=True),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("scopes", sa.String(200), nullable=False),
        sa.Column("per_minute", sa.Integer, nullable=False),
        sa.Column("minute", sa.Integer, nullable=False),
        sa.Column("num_in_minute", sa.Integer, nullable=False),
        sa.Column("created", moment(), nullable=False),
        sa.Column("expires", moment()),
        sa.Column("last_used", moment()),
        sa.Column("revoked", moment()),
        sqlite_autoincrement=True,
    )
    make_index("accounts_keys_by_user", "accounts_keys", "user_id")


def _make_links() -> None:
    """Make the one-time links."""
    make_table(
        "accounts_links",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("created", moment(), nullable=False),
        sa.Column("expires", moment(), nullable=False),
        sqlite_autoincrement=True,
    )


def _make_attempts() -> None:
    """Make the counts of attempts to log in."""
    make_table(
        "accounts_attempts",
        sa.Column("subject", sa.String(64), primary_key=True),
        sa.Column("num", sa.Integer, nullable=False),
        sa.Column("last", moment(), nullable=False),
        sa.Column("not_before", moment(), nullable=False),
    )
    make_index("accounts_attempts_by_age", "accounts_attempts", "last")


def _make_audit() -> None:
    """Make the audit, and the one row that says where it ends."""
    make_table(
        "accounts_audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("moment", moment(), nullable=False),
        sa.Column("who", sa.String(254), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(500), nullable=False),
        sa.Column("result", sa.String(500), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    make_index("accounts_audit_by_moment", "accounts_audit", "moment")
    make_table(
        "accounts_audit_end",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
