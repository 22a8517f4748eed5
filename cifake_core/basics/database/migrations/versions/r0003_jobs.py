"""Jobs: what is queued, and a row for each item."""

from typing import Final

import sqlalchemy as sa

from cifake_core.basics.database.migrations.steps import (
    make_index,
    make_table,
    moment,
)

revision: Final = "0003"
down_revision: Final = "0002"


def upgrade() -> None:
    """Make the tables."""
    _make_jobs()
    _make_items()


def _make_jobs() -> None:
    """Make the jobs."""
    make_table(
        "jobs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("home", sa.String(32), nullable=False),
        sa.Column("created", moment(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("is_listed", sa.Boolean, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("errors", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Double, nullable=False),
        sa.Column("made_with", sa.JSON),
        sa.Column("owner", sa.String(32)),
        sa.Column("lease_until", moment()),
        sa.Column("removed_at", moment()),
    )
    make_index("jobs_by_home", "jobs", "home", "created")


def _make_items() -> None:
    """Make the items of jobs, with their results once they are done."""
    make_table(
        "job_items",
        sa.Column("job_id", sa.String(32), sa.ForeignKey("jobs.id"), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("source_key", sa.LargeBinary, nullable=False),
        sa.Column("fault", sa.Text, nullable=False),
        sa.Column("is_done", sa.Boolean, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("decision", sa.String(16)),
        sa.Column("doubt", sa.Double),
        sa.Column("answers", sa.JSON),
        sa.Column("pixels", sa.LargeBinary),
        sa.PrimaryKeyConstraint("job_id", "number"),
    )
    make_index("job_items_left", "job_items", "job_id", "is_done", "number")
    make_index("job_items_by_doubt", "job_items", "job_id", "decision", "doubt")
