"""Address of the page *History*: filter, place in the listing, what is open."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, TypeAlias

from cifake_core.basics.errors import SettingError
from cifake_core.basics.labels import DECISIONS, LABELS
from cifake_core.cases.filters import MAX_SEARCH, NO_FINDING, HistoryFilter
from cifake_core.cases.records import OPINIONS, Cursor, read_cursor
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse import views
from cifake_core.ui.browse.address import fault, whole

PAGE: Final = "history"
#: Parts of the page: records of pictures, or cases of records.
Part: TypeAlias = Literal["records", "cases"]
#: Parameters that choose among the records.
FILTERS: Final = (
    *("decision", "network", "label", "finding", "since", "until"),
    *("tag", "case", "name", "hash", "text"),
)

_DAY: Final = re.compile(r"[1-9]\d{3}-\d\d-\d\d", re.ASCII)
_MAX_NUMBER: Final = 2**31 - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryView:
    """What the page shows: records by a filter, after a place, or cases, or one opened.

    `opened_case` and `record` are numbers, or None; a record that is opened from a
    case is shown in its place.
    """

    wanted: HistoryFilter
    part: Part = "records"
    after: Cursor | None = None
    record: int | None = None
    opened_case: int | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether some records are left out, besides those in the bin."""
        return self.wanted != HistoryFilter(in_bin=self.wanted.in_bin)

    @property
    def month(self) -> str | None:
        """Month whose days are those of the filter, "2026-11", or None."""
        since, until = self.wanted.since, self.wanted.until
        if since and until and days_of(f"{since:%Y-%m}") == (since, until):
            return f"{since:%Y-%m}"
        return None


def days_of(month: str) -> tuple[date, date]:
    """First and last day of a month, "2026-11"."""
    first = date.fromisoformat(f"{month}-01")
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def current() -> tuple[HistoryView, tuple[str, ...]]:
    """View of the page's address, and a sentence for each bad value in it."""
    query = views.query(PAGE)
    if query:
        views.remember(PAGE)
    return from_query(query)


def from_query(query: Mapping[str, str]) -> tuple[HistoryView, tuple[str, ...]]:
    """View of an address, and a sentence for each bad value; those are ignored."""
    values: dict[str, Any] = {}  # each of its field's type
    faults: list[str] = []
    for name, (expected, read) in FIELDS.items():
        if name in query:
            found = read(query[name])
            if found is None:
                faults.append(fault(name, query[name], expected=expected))
            else:
                values[name] = found
    since, until = values.get("since"), values.get("until")
    if since and until and since > until:
        faults.append(fault("until", query["until"], expected=f"{since} or later"))
        del values["until"]
    chosen = {name: values.pop(name) for name in _NO_FILTERS if name in values}
    return HistoryView(wanted=HistoryFilter(**values), **chosen), tuple(faults)


def choose(**values: str | None) -> None:
    """Show the newest of what is as before but for these parameters."""
    views.put(PAGE, **({"after": None, "record": None} | values))


def clear() -> None:
    """Show the newest of all records, or of all in the bin."""
    choose(**dict.fromkeys(FILTERS))


def open_record(number: int | None) -> None:
    """Open a record, or with None what was there before again."""
    views.put(PAGE, record=None if number is None else str(number))


def open_case(number: int | None) -> None:
    """Open a case, or with None the list of cases."""
    opened = None if number is None else str(number)
    choose(part="cases", opened_case=opened)


def open_part(part: Part) -> None:
    """Show records, or cases."""
    choose(part=part if part == "cases" else None, opened_case=None)


def go_on(after: Cursor) -> None:
    """Show the records after a place."""
    views.put(PAGE, after=str(after))


def _cursor(text: str) -> Cursor | None:
    """Place that a text names, None if it names none."""
    try:
        return read_cursor(text)
    except SettingError:
        return None


def _day(text: str) -> date | None:
    """Day that a text names; of the last year that there is, none."""
    try:
        return date.fromisoformat(text) if _DAY.match(text) and text < "9999" else None
    except ValueError:
        return None


def _hash(text: str) -> str | None:
    """Beginning of a SHA-256, in small letters, None if it is none."""
    try:
        return HistoryFilter(hash=text.strip().lower()).hash
    except SettingError:
        return None


def _text(text: str) -> str | None:
    """Words to search for, None if they are too many."""
    try:
        return HistoryFilter(text=text).text
    except SettingError:
        return None


def _one_of(*names: str) -> tuple[str, Callable[[str], str | None]]:
    """Field whose value is one of these names."""
    return f"one of: {', '.join(names)}", {name: name for name in names}.get


def _named(what: str) -> tuple[str, Callable[[str], str | None]]:
    """Field whose value is any name."""
    return what, lambda text: text or None


def _number_of(what: str) -> tuple[str, Callable[[str], int | None]]:
    """Field whose value is a number in the database."""
    expected = f"the number of a {what}"
    return expected, lambda text: whole(text, least=1, most=_MAX_NUMBER)


#: Parameters that choose no records.
_NO_FILTERS: Final = ("part", "after", "record", "opened_case")
#: How each parameter is read: what is expected, and a function; None for others.
FIELDS: Final[Mapping[str, tuple[str, Callable[[str], object]]]] = {
    "part": _one_of("records", "cases"),
    "decision": _one_of(*DECISIONS),
    "network": _one_of(*NETWORKS),
    "label": _one_of(*LABELS),
    "finding": _one_of(*OPINIONS, NO_FINDING),
    "since": ("a day, as 2026-11-27", _day),
    "until": ("a day, as 2026-11-27", _day),
    "tag": _named("a tag"),
    "case": _named("the name of a case"),
    "name": _named("a file's name"),
    "hash": ("6 digits or more of a SHA-256", _hash),
    "text": (f"words of at most {MAX_SEARCH} letters", _text),
    "in_bin": ("yes", {"yes": True}.get),
    "after": ("a moment and a number, as the page writes them", _cursor),
    "record": _number_of("record"),
    "opened_case": _number_of("case"),
}
