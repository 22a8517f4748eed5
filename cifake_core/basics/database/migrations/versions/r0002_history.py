"""History: records, their pictures, words, sets and counts; cases."""

from typing import Final

import sqlalchemy as sa

from cifake_core.basics.database.migrations.steps import (
    make_index,
    make_table,
    moment,
    sorted_text,
)

revision: Final = "0002"
down_revision: Final = "0001"

_RECORD: Final = "history_records.id"
_KIND: Final = "history_kinds.id"
_SET: Final = "history_sets.id"
_SYSTEM: Final = "history_systems.id"


def upgrade() -> None:
    """Make the tables."""
    _make_kinds_and_systems()
    _make_records()
    _make_sets()
    _make_words()


def _make_kinds_and_systems() -> None:
    """Make what many records share."""
    make_table(
        "history_systems",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("program", sa.String(64), nullable=False),
        sa.Column("policy_sha256", sa.String(64), nullable=False),
        sa.Column("weights", sa.JSON, nullable=False),
        sa.Column("known", sa.JSON, nullable=False),
        sa.Column("scope", sa.JSON, nullable=False),
    )
    make_table(
        "history_kinds",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("labels", sa.String(600), nullable=False),
        sa.Column("finding", sa.String(16), nullable=False),
        sa.Column("in_bin", sa.Boolean, nullable=False),
        sa.UniqueConstraint("decision", "labels", "finding", "in_bin"),
    )


def _make_records() -> None:
    """Make the records, and apart from them their pictures, which are large."""
    make_table(
        "history_records",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind_id", sa.Integer, sa.ForeignKey(_KIND), nullable=False),
        sa.Column("system_id", sa.Integer, sa.ForeignKey(_SYSTEM), nullable=False),
        sa.Column("moment", moment(), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("bytes_sha256", sorted_text(64), nullable=False),
        sa.Column("pixels_sha256", sorted_text(64), nullable=False),
        *(sa.Column(f"band{n}", sa.Integer, nullable=False) for n in range(4)),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("predictions", sa.JSON, nullable=False),
        sa.Column("note", sa.String(4000), nullable=False),
        sa.Column("finding_reason", sa.String(4000), nullable=False),
        sa.Column("finding_at", moment()),
        sa.Column("binned_at", moment()),
        sqlite_autoincrement=True,
    )
    make_index("history_by_moment", "history_records", "moment", "id", "kind_id")
    for name in ("name", "bytes_sha256", "pixels_sha256"):
        make_index(f"history_by_{name}", "history_records", name)
    for number in range(4):
        make_index(f"history_by_band{number}", "history_records", f"band{number}")
    make_table(
        "history_pictures",
        sa.Column("record_id", sa.Integer, sa.ForeignKey(_RECORD), primary_key=True),
        sa.Column("png", sa.LargeBinary, nullable=False),
        sa.Column("original", sa.LargeBinary(2**32 - 1)),
    )


def _make_sets() -> None:
    """Make sets of records (all, a tag's, a case's), their members and counts."""
    make_table(
        "history_sets",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("what", sa.String(8), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.UniqueConstraint("what", "name"),
        sqlite_autoincrement=True,
    )
    make_table(
        "history_members",
        sa.Column("set_id", sa.Integer, sa.ForeignKey(_SET), nullable=False),
        sa.Column("kind_id", sa.Integer, sa.ForeignKey(_KIND), nullable=False),
        sa.Column("moment", moment(), nullable=False),
        sa.Column("record_id", sa.Integer, sa.ForeignKey(_RECORD), nullable=False),
        sa.PrimaryKeyConstraint("set_id", "kind_id", "moment", "record_id"),
        sa.UniqueConstraint("record_id", "set_id"),
        sqlite_with_rowid=False,
    )
    make_table(
        "history_counts",
        sa.Column("set_id", sa.Integer, sa.ForeignKey(_SET), nullable=False),
        sa.Column("kind_id", sa.Integer, sa.ForeignKey(_KIND), nullable=False),
        sa.Column("period", sorted_text(11), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("set_id", "period", "kind_id"),
        sqlite_with_rowid=False,
    )
    make_table(
        "cases",
        sa.Column("set_id", sa.Integer, sa.ForeignKey(_SET), primary_key=True),
        sa.Column("description", sa.String(4000), nullable=False),
        sa.Column("notes", sa.String(8000), nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("created", moment(), nullable=False),
        sa.Column("changed", moment(), nullable=False),
    )


def _make_words() -> None:
    """Make the words of names, notes and tags, by which records are searched."""
    make_table(
        "history_words",
        sa.Column("word", sorted_text(40), nullable=False),
        sa.Column("record_id", sa.Integer, sa.ForeignKey(_RECORD), nullable=False),
        sa.PrimaryKeyConstraint("word", "record_id"),
        sqlite_with_rowid=False,
    )
    make_index("history_words_of", "history_words", "record_id")
