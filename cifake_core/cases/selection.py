"""Selection of records by a filter: which, newest first, and by what way.

Without a search there is at most one set to look through, and its members are sorted
by kind and moment: a page is the newest of each kind that matches, whatever lies
between. With a search, what few records have is looked up first; what many have is
met soon enough on the way through all from the newest on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.kinds import Kinds
from cifake_core.cases.members import What, set_number
from cifake_core.cases.periods import periods
from cifake_core.cases.records import Cursor
from cifake_core.cases.tables import CountRow, MemberRow, RecordRow, WordRow
from cifake_core.cases.texts import storable

#: Records that are few enough to look at each.
FEW: Final = 10_000
#: Kinds to one statement.
_CHUNK: Final = 100
#: Comes after all text that begins with the same letters.
_LAST: Final = "\U0010ffff"
#: Number of a set that is not there.
_NO_SET: Final = 0


@dataclass(frozen=True, slots=True)
class _Condition:
    """Condition on records: the numbers that meet it, and the same for each record."""

    ids: Select[Any]
    clause: ColumnElement[bool]


class Selection:
    """Records that a filter lets through.

    `is_search` is True if more is asked for than kinds, days and one set; `is_in_set`
    if a tag or a case is.

    Args:
        session: of the user's database.
        wanted: the filter.
        kinds: of the session.
    """

    def __init__(self, session: Session, wanted: HistoryFilter, kinds: Kinds) -> None:
        self._session = session
        self.wanted = wanted
        self._kinds = kinds
        named: dict[What, str | None] = {"tag": wanted.tag, "case": wanted.case}
        self._sets = [
            set_number(session, what, storable(name)) or _NO_SET
            for what, name in named.items()
            if name is not None
        ]
        self._searches = _searches(wanted)
        self.is_in_set = bool(self._sets)
        self.is_search = bool(self._searches) or len(self._sets) > 1

    @cached_property
    def set_id(self) -> int:
        """Number of the only set to look through: a tag's, a case's or all."""
        if self._sets:
            return self._sets[0]
        return set_number(self._session, "all") or _NO_SET

    def in_periods(self) -> ColumnElement[bool]:
        """Clause on the periods of `CountRow` that count each record once."""
        return or_(
            *(
                CountRow.period.between(each.first, each.last)
                for each in periods(self.wanted.since, self.wanted.until)
            )
        )

    def numbers(self, after: Cursor | None, limit: int) -> list[Cursor]:
        """Places of the newest records that are let through, after one of them."""
        if self.is_search:
            chosen = self.found(self._kinds.matching(self.wanted), after=after)
            rows = self._session.execute(_newest(chosen, limit))
            return [Cursor(moment=row.moment, id=row.id) for row in rows]
        found: list[Cursor] = []
        kinds = self._kinds.matching(self.wanted, among=self._kinds_there())
        for start in range(0, len(kinds), _CHUNK):
            parts = [
                self._of_kind(kind, after, limit)
                for kind in kinds[start : start + _CHUNK]
            ]
            newest = union_all(*parts).subquery()
            order = (newest.c.moment.desc(), newest.c.record_id.desc())
            rows = self._session.execute(select(newest).order_by(*order).limit(limit))
            found += [Cursor(moment=each.moment, id=each.record_id) for each in rows]
        return sorted(found, key=lambda at: (at.moment, at.id), reverse=True)[:limit]

    def found(
        self, kinds: Sequence[int], *, after: Cursor | None = None
    ) -> Select[datetime, int, int]:
        """Moment, number and kind of each record of some kinds that is searched for."""
        conditions = [*self._searches, *map(_in_set, self._sets)]
        clauses = [RecordRow.kind_id.in_(kinds), *_range(self.wanted, RecordRow.moment)]
        clauses += [each.clause for each in conditions]
        if after is not None:
            clauses.append(_after(after, RecordRow.moment, RecordRow.id))
        chosen = select(RecordRow.moment, RecordRow.id, RecordRow.kind_id)
        few = self._few
        if few is not None:
            chosen = chosen.join(few, few.c[0] == RecordRow.id)
        return chosen.where(*clauses)

    @cached_property
    def _few(self) -> Any:  # noqa: ANN401 - a subquery, or None
        """Numbers that meet the rarest condition, if they are few."""
        conditions = [*self._searches, *map(_in_set, self._sets)]
        sizes = []
        for place, each in enumerate(conditions):
            some = each.ids.limit(FEW + 1).subquery()
            counted = self._session.scalars(select(func.count()).select_from(some))
            sizes.append((counted.one(), place))
        size, place = min(sizes, default=(FEW + 1, 0))
        return conditions[place].ids.limit(FEW).subquery() if size <= FEW else None

    def _kinds_there(self) -> Sequence[int]:
        """Kinds of which there are records in the set, on the days."""
        chosen = (
            select(CountRow.kind_id)
            .where(CountRow.set_id == self.set_id, self.in_periods())
            .distinct()
        )
        return self._session.scalars(chosen).all()

    def _of_kind(self, kind: int, after: Cursor | None, limit: int) -> Select[Any]:
        """The newest members of a kind, after one of any kind."""
        clauses = [MemberRow.set_id == self.set_id, MemberRow.kind_id == kind]
        clauses += _range(self.wanted, MemberRow.moment)
        if after is not None:
            clauses.append(_after(after, MemberRow.moment, MemberRow.record_id))
        newest = (
            select(MemberRow.moment, MemberRow.record_id)
            .where(*clauses)
            .order_by(MemberRow.moment.desc(), MemberRow.record_id.desc())
            .limit(limit)
        )
        return select(newest.subquery())


def _newest(
    chosen: Select[datetime, int, int], limit: int
) -> Select[datetime, int, int]:
    """The newest of the records that are chosen."""
    return chosen.order_by(RecordRow.moment.desc(), RecordRow.id.desc()).limit(limit)


def newest_found(chosen: Select[datetime, int, int]) -> Any:  # noqa: ANN401 - a subquery
    """Subquery of the newest records that are chosen, so many as are counted."""
    return _newest(chosen, FEW).subquery()


def _range(
    wanted: HistoryFilter, column: InstrumentedAttribute[datetime]
) -> list[ColumnElement[bool]]:
    """Clauses on a moment between the days of a filter."""
    clauses = []
    if wanted.since:
        clauses.append(column >= _midnight(wanted.since))
    if wanted.until and wanted.until < date.max:  # there is no day after that one
        clauses.append(column < _midnight(wanted.until + timedelta(days=1)))
    return clauses


def _midnight(day: date) -> datetime:
    """Beginning of a day in UTC."""
    return datetime.combine(day, time(), UTC)


def _after(
    at: Cursor,
    moment: InstrumentedAttribute[datetime],
    number: InstrumentedAttribute[int],
) -> ColumnElement[bool]:
    """Clause on records after a place; its first half is one that an index knows."""
    return and_(moment <= at.moment, or_(moment < at.moment, number < at.id))


def _searches(wanted: HistoryFilter) -> list[_Condition]:
    """Conditions on name, hash and words."""
    conditions = []
    if wanted.name is not None:
        clause = RecordRow.name == storable(wanted.name)
        conditions.append(_Condition(select(RecordRow.id).where(clause), clause))
    if wanted.hash is not None:
        columns = (RecordRow.bytes_sha256, RecordRow.pixels_sha256)
        begins = [_begins(column, wanted.hash) for column in columns]
        ids = union_all(*(select(RecordRow.id).where(each) for each in begins))
        number = select(ids.subquery().c[0]).distinct()
        conditions.append(_Condition(number, or_(*begins)))
    for word in wanted.words:
        begins_so = _begins(WordRow.word, word)
        numbers = select(WordRow.record_id).where(begins_so).distinct()
        clause = exists().where(WordRow.record_id == RecordRow.id, begins_so)
        conditions.append(_Condition(numbers, clause))
    return conditions


def _in_set(number: int) -> _Condition:
    """Condition that a record is in a set."""
    inside = MemberRow.set_id == number
    clause = exists().where(MemberRow.record_id == RecordRow.id, inside)
    return _Condition(select(MemberRow.record_id).where(inside), clause)


def _begins(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Clause on text that begins so, for which an index is used."""
    return and_(column >= text, column < text + _LAST)
