"""Tables of the history and of cases; `migrations` makes them.

What a record is counted by is its kind: there are few, however many records there
are. Sets are all records, those of a tag and those of a case; members are sorted by
kind and moment, and counted by kind and period, so that a page and the counts
beside it cost the same among a million as among a few.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ForeignKey,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from cifake_core.basics.database import Base, UtcDateTime
from cifake_core.basics.database.columns import sorted_text
from cifake_core.cases.texts import (
    MAX_FILE_NAME,
    MAX_NAME,
    MAX_NOTES,
    MAX_TEXT,
    MAX_WORD,
)

_SHA256: Final = 64


class SystemRow(Base):
    """What judged: program, policy and weights, and what these know.

    `digest` is the SHA-256 of all the rest, `known` has generators by network.
    """

    __tablename__ = "history_systems"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(_SHA256), unique=True)
    program: Mapped[str] = mapped_column(String(64))
    policy_sha256: Mapped[str] = mapped_column(String(_SHA256))
    weights: Mapped[dict[str, str]] = mapped_column(JSON)
    known: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    scope: Mapped[list[str]] = mapped_column(JSON)


class KindRow(Base):
    """What many records have in common; `kinds.Kind` says what is what.

    `owner` is a user's number, 0 for nobody's.
    """

    __tablename__ = "history_kinds"
    __table_args__ = (
        UniqueConstraint("decision", "labels", "finding", "in_bin", "owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision: Mapped[str] = mapped_column(String(16))
    labels: Mapped[str] = mapped_column(String(600))
    finding: Mapped[str] = mapped_column(String(16))
    in_bin: Mapped[bool]
    owner: Mapped[int] = mapped_column(server_default="0")


class RecordRow(Base):
    """Record of one verdict; the bands are 16 bits each of the perceptual hash.

    `file` is what the file said of itself, None in rows of before it was asked.
    """

    __tablename__ = "history_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey(KindRow.id))
    system_id: Mapped[int] = mapped_column(ForeignKey(SystemRow.id))
    moment: Mapped[datetime] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(MAX_FILE_NAME))
    bytes_sha256: Mapped[str] = mapped_column(sorted_text(_SHA256))
    pixels_sha256: Mapped[str] = mapped_column(sorted_text(_SHA256))
    band0: Mapped[int]
    band1: Mapped[int]
    band2: Mapped[int]
    band3: Mapped[int]
    reasons: Mapped[list[str]] = mapped_column(JSON)
    predictions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    file: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    note: Mapped[str] = mapped_column(String(MAX_TEXT))
    finding_reason: Mapped[str] = mapped_column(String(MAX_TEXT))
    finding_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    binned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PictureRow(Base):
    """Picture of a record, 32x32 pixels as PNG, and the file's bytes if asked for."""

    __tablename__ = "history_pictures"

    record_id: Mapped[int] = mapped_column(ForeignKey(RecordRow.id), primary_key=True)
    png: Mapped[bytes] = mapped_column(LargeBinary)
    original: Mapped[bytes | None] = mapped_column(LargeBinary(2**32 - 1))


class SetRow(Base):
    """Set of records; `what` is "all", "tag" or "case"."""

    __tablename__ = "history_sets"
    __table_args__ = (UniqueConstraint("what", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(MAX_NAME))


class MemberRow(Base):
    """Record in a set, with the record's kind and moment."""

    __tablename__ = "history_members"
    __table_args__ = (
        PrimaryKeyConstraint("set_id", "kind_id", "moment", "record_id"),
        UniqueConstraint("record_id", "set_id"),
    )

    set_id: Mapped[int] = mapped_column(ForeignKey(SetRow.id))
    kind_id: Mapped[int] = mapped_column(ForeignKey(KindRow.id))
    moment: Mapped[datetime] = mapped_column(UtcDateTime)
    record_id: Mapped[int] = mapped_column(ForeignKey(RecordRow.id))


class CountRow(Base):
    """Number of records of a kind in a set in a month, and on a day; see `periods`."""

    __tablename__ = "history_counts"
    __table_args__ = (PrimaryKeyConstraint("set_id", "period", "kind_id"),)

    set_id: Mapped[int] = mapped_column(ForeignKey(SetRow.id))
    kind_id: Mapped[int] = mapped_column(ForeignKey(KindRow.id))
    period: Mapped[str] = mapped_column(sorted_text(11))
    n: Mapped[int]


class WordRow(Base):
    """Word of a record's name, note or tags."""

    __tablename__ = "history_words"
    __table_args__ = (PrimaryKeyConstraint("word", "record_id"),)

    word: Mapped[str] = mapped_column(sorted_text(MAX_WORD))
    record_id: Mapped[int] = mapped_column(ForeignKey(RecordRow.id))


class CaseRow(Base):
    """Case: what a set of that kind has besides its name.

    `tags` are None in rows of before there were any.
    """

    __tablename__ = "cases"

    set_id: Mapped[int] = mapped_column(ForeignKey(SetRow.id), primary_key=True)
    description: Mapped[str] = mapped_column(String(MAX_TEXT))
    notes: Mapped[str] = mapped_column(String(MAX_NOTES))
    tags: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    is_open: Mapped[bool]
    owner: Mapped[int] = mapped_column(server_default="0")
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    changed: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseMemberRow(Base):
    """User who sees a case besides its owner."""

    __tablename__ = "case_members"
    __table_args__ = (PrimaryKeyConstraint("set_id", "user_id"),)

    set_id: Mapped[int] = mapped_column(ForeignKey(CaseRow.set_id))
    user_id: Mapped[int] = mapped_column(autoincrement=False)
