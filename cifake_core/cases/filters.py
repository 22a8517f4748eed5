"""Filter of the history: one value gives the page of records and the counts."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from cifake_core.basics.errors import SettingError
from cifake_core.basics.labels import DECISIONS, LABELS, Decision, Label
from cifake_core.basics.registry import lookup
from cifake_core.cases.records import OPINIONS, Opinion
from cifake_core.cases.texts import MAX_WORD

#: Finding of a record for which an analyst has none yet.
NO_FINDING: Final = "none"

#: Letters of the words that are searched for, at most.
MAX_SEARCH: Final = 400

_HASH: Final = re.compile(r"[0-9a-f]{6,64}")
_NO_WORD: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryFilter:
    """What records have to be; what is None or "" does not matter.

    `label` is that of `network`, or of any network if that is None. `since` and
    `until` are days in UTC, both among those that match. `tag` and `case` are names;
    `name` is a file's, letter by letter; `hash` is the beginning of a SHA-256, six
    digits at least, of the file or of the pixels. `finding` is an analyst's, or
    "none". `text` are words, or beginnings of words, each in the file's name, the
    note or a tag, in any case of letters. `in_bin` chooses what lies in the bin,
    which is otherwise left out.

    Raises:
        SettingError: If a value cannot be one of these.
        UnknownNameError: If a decision, label or finding is none.
    """

    decision: Decision | None = None
    network: str | None = None
    label: Label | None = None
    since: date | None = None
    until: date | None = None
    tag: str | None = None
    case: str | None = None
    name: str | None = None
    hash: str | None = None
    finding: Opinion | Literal["none"] | None = None
    text: str = ""
    in_bin: bool = False

    def __post_init__(self) -> None:
        """Check of the values."""
        for value, known, kind in (
            (self.decision, DECISIONS, "decision"),
            (self.label, LABELS, "label"),
            (self.finding, (*OPINIONS, NO_FINDING), "finding"),
        ):
            if value is not None:
                lookup(dict.fromkeys(known), value, kind=kind)
        if self.hash is not None and not _HASH.fullmatch(self.hash):
            msg = (
                "Expected 6 to 64 digits of a SHA-256, 0 to 9 and a to f. Received "
                f"{self.hash!r}."
            )
            raise SettingError(msg)
        if len(self.text) > MAX_SEARCH:
            msg = (
                f"Expected words of at most {MAX_SEARCH} letters in all to search for. "
                f"Received {len(self.text):,} letters."
            )
            raise SettingError(msg)
        if self.since and self.until and self.since > self.until:
            msg = f"Expected dates in order. Received {self.since} to {self.until}."
            raise SettingError(msg)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of `text`."""
        return words_of(self.text)


def words_of(*texts: str) -> tuple[str, ...]:
    """Words of texts as they are searched, each once, sorted.

    In small letters, without what Unicode calls compatible forms; at most 40 letters
    of each.
    """
    plain = unicodedata.normalize("NFKC", " ".join(texts)).casefold()
    found = {word[:MAX_WORD] for word in _NO_WORD.split(plain)}
    return tuple(sorted(found - {""}))
