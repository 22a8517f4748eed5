"""What the file of a record said of itself."""

from typing import Final

import sqlalchemy as sa

from cifake_core.basics.database.migrations.steps import add_column

revision: Final = "0007"
down_revision: Final = "0006"


def upgrade() -> None:
    """Add the column; a record of before has none, and its file was not asked."""
    add_column("history_records", sa.Column("file", sa.JSON))
