"""Whom a provider of log-ins has named: an identity for users who have one."""

from typing import Final

import sqlalchemy as sa

from cifake_core.basics.database.migrations.steps import add_column, make_index

revision: Final = "0008"
down_revision: Final = "0007"


def upgrade() -> None:
    """Add the column; a user of before has none. No two users have the same."""
    add_column("accounts_users", sa.Column("identity_hash", sa.String(64)))
    make_index(
        "accounts_users_identity", "accounts_users", "identity_hash", is_unique=True
    )
