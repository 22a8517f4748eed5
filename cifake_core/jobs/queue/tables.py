"""Tables of jobs and their items; `migrations` makes them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Double,
    ForeignKey,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from cifake_core.basics.database import Base, UtcDateTime


class JobRow(Base):
    """Job; `records.QueuedJob` says what is what.

    `home` names the folder of user data whose workers can read what it is about.
    `user_id` is the number of the user whose it is, 0 for nobody's.
    `owner` is the worker that holds it until `lease_until`. `made_with` is None until
    a worker has begun.
    """

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    home: Mapped[str] = mapped_column(String(32))
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(500))
    place: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    sentence: Mapped[str] = mapped_column(Text)
    is_listed: Mapped[bool]
    total: Mapped[int]
    done: Mapped[int]
    errors: Mapped[int]
    seconds: Mapped[float] = mapped_column(Double)
    made_with: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    owner: Mapped[str | None] = mapped_column(String(32))
    user_id: Mapped[int] = mapped_column(server_default="0")
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ItemRow(Base):
    """Item of a job, which its source finds by `source_key`; bytes, as of file names.

    `fault` is the source's sentence on an item that is not to be opened, "" for
    others. Once it is done, `error` is set, or else all that comes after: the
    decision, its doubt, what each network says, and (32, 32, 3) bytes of pixels.
    """

    __tablename__ = "job_items"
    __table_args__ = (PrimaryKeyConstraint("job_id", "number"),)

    job_id: Mapped[str] = mapped_column(ForeignKey(JobRow.id))
    number: Mapped[int]
    path: Mapped[str] = mapped_column(Text)
    source_key: Mapped[bytes] = mapped_column(LargeBinary)
    fault: Mapped[str] = mapped_column(Text)
    is_done: Mapped[bool]
    error: Mapped[str | None] = mapped_column(Text)
    decision: Mapped[str | None] = mapped_column(String(16))
    doubt: Mapped[float | None] = mapped_column(Double)
    answers: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    pixels: Mapped[bytes | None] = mapped_column(LargeBinary)
