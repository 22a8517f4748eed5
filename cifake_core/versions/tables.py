"""Tables of the model registry."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Computed,
    ForeignKey,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from cifake_core.basics.database import Base, UtcDateTime

_PATH: Final = 700  # MySQL's kin index no longer text
_SHORT: Final = 64
_LONG: Final = 4000


class FolderRow(Base):
    """Folder of shipped models, of which there are versions.

    `root` is "" for the checkout's own. A number is given once, also after its version
    was removed.
    """

    __tablename__ = "model_folders"

    root: Mapped[str] = mapped_column(String(_PATH), primary_key=True)
    last_number: Mapped[int]


class VersionRow(Base):
    """Version of the models of a folder; `versions.records.Version` says what is what.

    A `parent` may have been removed. `in_use` is 1 or NULL, so that the database
    itself lets no second be in use.
    """

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("root", "in_use"),)

    root: Mapped[str] = mapped_column(ForeignKey(FolderRow.root), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    network: Mapped[str] = mapped_column(String(_SHORT))
    parent: Mapped[int | None]
    model_sha256: Mapped[str] = mapped_column(String(_SHORT))
    recipe: Mapped[dict[str, Any]] = mapped_column(JSON)
    datasets: Mapped[dict[str, str]] = mapped_column(JSON)
    metrics: Mapped[dict[str, Any]] = mapped_column(JSON)
    gate: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[str] = mapped_column(String(_SHORT))
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    changed: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(String(_SHORT))
    why: Mapped[str] = mapped_column(String(_LONG))
    in_use: Mapped[int | None] = mapped_column(
        Computed("CASE WHEN state = 'in use' THEN 1 END", persisted=True)
    )
