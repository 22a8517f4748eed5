"""Owners: whose a record, a case and a job is, and who else sees a case."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from cifake_core.basics.database.migrations.steps import add_column, make_table

revision: Final = "0005"
down_revision: Final = "0004"

_KINDS: Final = "history_kinds"
_KEY: Final = ("decision", "labels", "finding", "in_bin")


def upgrade() -> None:
    """Give kinds, cases and jobs an owner: nobody, until somebody is known."""
    if op.get_bind().dialect.name == "sqlite":
        _make_kinds_anew()
    else:
        _widen_kinds()
    add_column("cases", _owner("owner"))
    add_column("jobs", _owner("user_id"))
    make_table(
        "case_members",
        sa.Column("set_id", sa.Integer, sa.ForeignKey("cases.set_id"), nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("set_id", "user_id"),
    )


def _owner(name: str) -> sa.Column[int]:
    """A user's number; 0 is nobody's."""
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def _make_kinds_anew() -> None:
    """Make the table of kinds with an owner in its key, which SQLite cannot change.

    Rows of other tables name its rows: that these are there is looked at only when all
    of it is committed.
    """
    columns = ", ".join(("id", *_KEY))
    op.execute("PRAGMA defer_foreign_keys = ON")
    kept = f"SELECT {columns} FROM {_KINDS}"  # noqa: S608 - our own names
    op.execute(f"CREATE TEMPORARY TABLE former_kinds AS {kept}")
    op.drop_table(_KINDS)
    make_table(
        _KINDS,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("labels", sa.String(600), nullable=False),
        sa.Column("finding", sa.String(16), nullable=False),
        sa.Column("in_bin", sa.Boolean, nullable=False),
        _owner("owner"),
        sa.UniqueConstraint(*_KEY, "owner"),
    )
    kept = f"SELECT {columns} FROM former_kinds"  # noqa: S608 - as above
    op.execute(f"INSERT INTO {_KINDS} ({columns}) {kept}")
    op.execute("DROP TABLE former_kinds")


def _widen_kinds() -> None:
    """Take the owner into the key of kinds."""
    add_column(_KINDS, _owner("owner"))
    for each in sa.inspect(op.get_bind()).get_unique_constraints(_KINDS):
        if set(each["column_names"]) == set(_KEY):
            op.drop_constraint(str(each["name"]), _KINDS, type_="unique")
    found = sa.inspect(op.get_bind()).get_unique_constraints(_KINDS)
    if not any("owner" in each["column_names"] for each in found):
        op.create_unique_constraint("history_kinds_key", _KINDS, [*_KEY, "owner"])
