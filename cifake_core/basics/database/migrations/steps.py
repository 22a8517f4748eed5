"""Steps of migrations, alike on every kind of database, that may be done twice."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql


def moment() -> sa.types.TypeEngine[Any]:
    """Type of a moment, to the microsecond."""
    return sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")


def sorted_text(length: int) -> sa.types.TypeEngine[Any]:
    """Type of text that is searched by how it begins, so sorted letter by letter."""
    return sa.String(length).with_variant(
        sa.String(length, collation="C"), "postgresql"
    )


def make_table(name: str, *parts: sa.schema.SchemaItem, **settings: bool) -> None:
    """Make a table, unless it is there; text is compared letter by letter.

    Args:
        name: of the table.
        parts: columns and constraints.
        settings: of one kind of database, such as `sqlite_autoincrement`.
    """
    op.create_table(
        name,
        *parts,
        if_not_exists=True,
        **settings,
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mariadb_engine="InnoDB",
        mariadb_charset="utf8mb4",
        mariadb_collate="utf8mb4_bin",
    )


def add_column(table: str, column: sa.Column[Any]) -> None:
    """Add a column to a table, unless it is there."""
    there = {each["name"] for each in sa.inspect(op.get_bind()).get_columns(table)}
    if column.name not in there:
        op.add_column(table, column)


def make_index(name: str, table: str, *columns: str, is_unique: bool = False) -> None:
    """Make an index, unless it is there; a unique one lets several rows have none."""
    there = {each["name"] for each in sa.inspect(op.get_bind()).get_indexes(table)}
    if name not in there:
        op.create_index(name, table, list(columns), unique=is_unique)
