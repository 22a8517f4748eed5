"""Periods that records are counted by: months, and days where a month is cut."""

from calendar import monthrange
from datetime import date
from typing import Final, NamedTuple

#: What names of months and of days begin with: "M2026-03", "D2026-03-07", in UTC.
_MONTH: Final = "M"
_DAY: Final = "D"


class Periods(NamedTuple):
    """Periods from one to another, both of them included, as text is sorted."""

    first: str
    last: str


#: Every month there is: all records, each once.
EVERY_MONTH: Final = Periods(_MONTH, _MONTH + "9999-12")


def month_of(day: date) -> str:
    """Name of a day's month."""
    return f"{_MONTH}{day.year:04}-{day.month:02}"


def day_of(day: date) -> str:
    """Name of a day."""
    return f"{_DAY}{day.isoformat()}"


def periods(since: date | None, until: date | None) -> list[Periods]:
    """Periods that make up the days from one to another: whole months where they are.

    Args:
        since: the first day; None is the first of all.
        until: the last day; None is the last of all.
    """
    first, last = since or date.min, until or date.max
    if (first.year, first.month) == (last.year, last.month):
        if first.day == 1 and _ends_month(last):
            return [Periods(month_of(first), month_of(first))]
        return [Periods(day_of(first), day_of(last))]
    cut, months = [], Periods(month_of(first), month_of(last))
    if first.day > 1:
        cut.append(Periods(day_of(first), day_of(_end(first))))
        months = months._replace(first=_just_after(months.first))
    if not _ends_month(last):
        cut.append(Periods(day_of(last.replace(day=1)), day_of(last)))
        months = months._replace(last=_just_before(months.last))
    return [months, *cut]


def _ends_month(day: date) -> bool:
    """True for the last day of a month."""
    return day == _end(day)


def _end(day: date) -> date:
    """Last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _just_after(name: str) -> str:
    """Text that comes after a name and before the next."""
    return name + "~"


def _just_before(name: str) -> str:
    """Text that comes before a name and after the one before: 2026-00 is none."""
    return f"{name[:-2]}{int(name[-2:]) - 1:02}~"
