"""Model registry: folders of models and their versions."""

from typing import Final

import sqlalchemy as sa

from cifake_core.basics.database.migrations.steps import make_table, moment

revision: Final = "0001"
down_revision: Final = None


def upgrade() -> None:
    """Make the tables."""
    make_table(
        "model_folders",
        sa.Column("root", sa.String(700), primary_key=True),
        sa.Column("last_number", sa.Integer, nullable=False),
    )
    make_table(
        "versions",
        sa.Column(
            "root", sa.String(700), sa.ForeignKey("model_folders.root"), nullable=False
        ),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("network", sa.String(64), nullable=False),
        sa.Column("parent", sa.Integer),
        sa.Column("model_sha256", sa.String(64), nullable=False),
        sa.Column("recipe", sa.JSON, nullable=False),
        sa.Column("datasets", sa.JSON, nullable=False),
        sa.Column("metrics", sa.JSON, nullable=False),
        sa.Column("gate", sa.JSON),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("created", moment(), nullable=False),
        sa.Column("changed", moment(), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("why", sa.String(4000), nullable=False),
        sa.Column(
            "in_use",
            sa.Integer,
            sa.Computed("CASE WHEN state = 'in use' THEN 1 END", persisted=True),
        ),
        sa.PrimaryKeyConstraint("root", "number"),
        sa.UniqueConstraint("root", "in_use"),
    )
