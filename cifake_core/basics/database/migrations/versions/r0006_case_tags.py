"""Tags of cases."""

from typing import Final

import sqlalchemy as sa

from cifake_core.basics.database.migrations.steps import add_column

revision: Final = "0006"
down_revision: Final = "0005"


def upgrade() -> None:
    """Add the column; a case of before has none, which says that it has no tags."""
    add_column("cases", sa.Column("tags", sa.JSON))
