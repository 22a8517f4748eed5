"""Periods: whole months, and days where a month is cut; each day exactly once."""

from datetime import date, timedelta

import pytest

from cifake_core.cases.periods import EVERY_MONTH, day_of, month_of, periods

#: Every day of two years, one of them a leap year.
DAYS = [date(2027, 1, 1) + timedelta(days=each) for each in range(731)]
MONTHS = sorted({month_of(day) for day in DAYS})


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (None, None),
        (date(2027, 3, 5), None),
        (date(2027, 3, 1), None),
        (None, date(2028, 2, 28)),
        (None, date(2028, 2, 29)),
        (date(2027, 3, 5), date(2027, 3, 5)),
        (date(2027, 3, 1), date(2027, 3, 31)),
        (date(2027, 3, 2), date(2027, 3, 31)),
        (date(2027, 3, 5), date(2027, 4, 7)),
        (date(2027, 12, 31), date(2028, 1, 1)),
        (date(2027, 1, 1), date(2028, 12, 31)),
        (date(2027, 2, 3), date(2028, 11, 29)),
        (date(2027, 1, 31), date(2027, 2, 1)),
    ],
)
def test_every_day_is_counted_once(since, until):
    """By its month or by itself, and no other day is."""
    found = []
    for each in periods(since, until):
        found += [day for day in DAYS if each.first <= day_of(day) <= each.last]
        months = {month for month in MONTHS if each.first <= month <= each.last}
        found += [day for day in DAYS if month_of(day) in months]

    first, last = since or DAYS[0], until or DAYS[-1]
    assert sorted(found) == [day for day in DAYS if first <= day <= last]


def test_without_days_only_months_are_counted():
    """However many days there are."""
    (every,) = periods(None, None)

    assert every.first >= EVERY_MONTH.first
    assert every.last <= EVERY_MONTH.last
