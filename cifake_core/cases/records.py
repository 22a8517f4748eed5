"""Records of the history and of cases."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

from cifake_core.basics.errors import SettingError
from cifake_core.basics.labels import Decision
from cifake_core.provenance.records import FileFacts
from cifake_core.verdicts.records import Prediction
from cifake_core.verdicts.scope import HEADLINES

#: Where a picture came from: a page, the command line, REST, or a job over many.
Source: TypeAlias = Literal["page", "command", "rest", "batch"]
#: What an analyst finds of a picture, beside the machine's decision.
Opinion: TypeAlias = Literal["REAL", "FAKE", "CANT_SAY"]

SOURCES: Final[tuple[Source, ...]] = ("page", "command", "rest", "batch")
OPINIONS: Final[tuple[Opinion, ...]] = ("REAL", "FAKE", "CANT_SAY")

#: Records of a page, unless another number is asked for.
PAGE: Final = 60

_BETWEEN: Final = "_"
_NUMBER: Final = re.compile(r"[1-9]\d{0,8}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class System:
    """What judged a picture, and what it knows.

    `program` is the version of this product, `policy_sha256` the hash of the card on
    verdicts ("" if there is none) and `weights` has the hash of every network, by its
    name. `known` has the generators that each of the networks asked learnt from, and
    `scope` the two sentences that go with the decision.
    """

    program: str
    policy_sha256: str
    weights: Mapping[str, str]
    known: Mapping[str, tuple[str, ...]]
    scope: tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class NewRecord:
    """Verdict as it is put into the history; `recording.new_record` makes it.

    `png` is the picture as the networks see it, 32x32 pixels; `original` the file, if
    it is to be kept. The hashes are hexadecimal: SHA-256 of the file and of the pixels
    of `png`, and the perceptual hash of these. `file` is what the file says of itself.
    """

    moment: datetime
    source: Source
    name: str
    bytes_sha256: str
    pixels_sha256: str
    perceptual_hash: str
    png: bytes
    original: bytes | None
    decision: Decision
    reasons: tuple[str, ...]
    predictions: Mapping[str, Prediction]
    system: System
    file: FileFacts | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What an analyst finds, why, and when; it never replaces the decision."""

    opinion: Opinion
    reason: str
    moment: datetime


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class HistoryRecord:
    """Verdict as the history has it; its picture is asked for apart.

    `binned` is the moment since which it lies in the bin; `tags` and `cases` are
    names. `file` is what the file said of itself, None if it was not asked.
    """

    id: int
    moment: datetime
    source: Source
    name: str
    bytes_sha256: str
    pixels_sha256: str
    perceptual_hash: str
    decision: Decision
    reasons: tuple[str, ...]
    predictions: Mapping[str, Prediction]
    system: System
    note: str
    finding: Finding | None
    tags: tuple[str, ...]
    cases: tuple[str, ...]
    binned: datetime | None
    file: FileFacts | None = None

    @property
    def headline(self) -> str:
        """The decision in words that claim no more than it can."""
        return HEADLINES[self.decision]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cursor:
    """Place between two records of a listing, newest first: after this one."""

    moment: datetime
    id: int

    def __str__(self) -> str:
        """The place as a text for addresses; `read_cursor` reads it."""
        return f"{self.moment.isoformat()}{_BETWEEN}{self.id}"


def read_cursor(text: str) -> Cursor:
    """Place that a text names.

    Raises:
        SettingError: If it names none.
    """
    moment, _, number = text.rpartition(_BETWEEN)
    try:
        if _NUMBER.fullmatch(number):
            at = datetime.fromisoformat(moment).astimezone(UTC)
            return Cursor(moment=at, id=int(number))
    except (ValueError, OverflowError):
        pass
    msg = f"Expected a place as a listing names it. Received {text!r}."
    raise SettingError(msg)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Page:
    """Part of a listing, newest first; `following` is where the next one goes on."""

    records: tuple[HistoryRecord, ...]
    following: Cursor | None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Counts:
    """Number of records for each value that a filter may take.

    `total` is by the whole filter; each of the mappings is by the filter without its
    own part, so that it says what choosing a value comes to. `labels` is by network,
    then by label; `findings` has "" for records without one; `months` is by "2026-11",
    UTC, under the whole filter; `tags` and `cases` have the most frequent ones.

    `capped` is True where so many records match that only the newest of them were
    counted: the figures, or with one tag or case those of `tags` and `cases` alone,
    are then at least so many.
    """

    total: int
    decisions: Mapping[str, int]
    labels: Mapping[str, Mapping[str, int]]
    findings: Mapping[str, int]
    months: Mapping[str, int]
    tags: Mapping[str, int]
    cases: Mapping[str, int]
    capped: bool


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Similar:
    """Record of a picture that looks like another: `distance` bits apart of 64."""

    record: HistoryRecord
    distance: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """Case: pictures that belong together; `num_records` does not count the bin.

    `tags` are the case's own, sorted; those of its records are theirs. `owner` is a
    user's number, 0 for nobody's.
    """

    id: int
    name: str
    description: str
    notes: str
    tags: tuple[str, ...]
    is_open: bool
    created: datetime
    changed: datetime
    num_records: int
    owner: int = 0
