"""What tables are declared with, alike on every kind of database."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, String
from sqlalchemy.dialects.mysql import DATETIME
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine


class Base(DeclarativeBase):
    """What every table is declared on."""


class UtcDateTime(TypeDecorator[datetime]):
    """Moment with its time zone, kept in UTC; SQLite's own has none."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The kind's own moment, to the microsecond: MySQL's ends at seconds."""
        servers = ("mysql", "mariadb")
        own = DATETIME(fsp=6) if dialect.name in servers else DateTime()
        return dialect.type_descriptor(own)

    def process_bind_param(
        self, value: datetime | None, dialect: object
    ) -> datetime | None:
        """Moment as it is kept."""
        del dialect
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(
        self, value: datetime | None, dialect: object
    ) -> datetime | None:
        """Moment as it is read."""
        del dialect
        return value and value.replace(tzinfo=UTC)


def sorted_text(length: int) -> TypeEngine[str]:
    """Type of text that is searched by how it begins, so sorted letter by letter."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")
