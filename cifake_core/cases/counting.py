"""Counts of the history: how many records each value of a filter comes to."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from sqlalchemy import ColumnElement, extract, func, select
from sqlalchemy.orm import Session

from cifake_core.cases.filters import NO_FINDING, HistoryFilter
from cifake_core.cases.kinds import Kind, Kinds
from cifake_core.cases.records import Counts
from cifake_core.cases.selection import FEW, Selection, newest_found
from cifake_core.cases.sharing import seen_cases
from cifake_core.cases.tables import CountRow, MemberRow, SetRow

T = TypeVar("T")

#: Tags and cases that are counted, the most frequent.
_MOST_SETS: Final = 100


def count(session: Session, wanted: HistoryFilter, owner: int | None = None) -> Counts:
    """Counts for a filter, and for each value that it may take.

    Args:
        session: of the user's database.
        wanted: the filter.
        owner: whose records are counted; None for everybody's.
    """
    kinds = Kinds(session, owner)
    selection = Selection(session, wanted, kinds)
    by_kind = _by_kind(session, selection, kinds)
    chosen = kinds.matching(wanted, among=by_kind)
    total = sum(by_kind[number] for number in chosen)

    def counted(free: HistoryFilter) -> dict[Kind, int]:
        return {kinds.by_id[n]: by_kind[n] for n in kinds.matching(free, among=by_kind)}

    return Counts(
        total=total,
        decisions=_sums(
            counted(replace(wanted, decision=None)), lambda kind: [kind.decision]
        ),
        labels=_labels(counted(replace(wanted, network=None, label=None))),
        findings=_sums(
            counted(replace(wanted, finding=None)),
            lambda kind: [kind.finding or NO_FINDING],
        ),
        months=_months(session, selection, chosen),
        tags=_tags(session, wanted, kinds),
        cases=_cases(session, wanted, kinds, owner),
        capped=(selection.is_search or selection.is_in_set)
        and sum(by_kind.values()) >= FEW,
    )


def _by_kind(session: Session, selection: Selection, kinds: Kinds) -> dict[int, int]:
    """Number of records of each kind, in the bin or not as it is wanted."""
    if selection.is_search:
        found = newest_found(selection.found(kinds.in_bin(selection.wanted)))
        chosen = select(found.c.kind_id, func.count()).group_by(found.c.kind_id)
    else:
        chosen = (
            select(CountRow.kind_id, func.sum(CountRow.n))
            .where(CountRow.set_id == selection.set_id, selection.in_periods())
            .group_by(CountRow.kind_id)
        )
    return {kind: int(n) for kind, n in session.execute(chosen)}


def _months(
    session: Session, selection: Selection, chosen: Sequence[int]
) -> dict[str, int]:
    """Number of records of some kinds by month, the latest first."""
    if selection.is_search:
        found = newest_found(selection.found(chosen))
        year, month = (extract(part, found.c.moment) for part in ("year", "month"))
        each = session.execute(select(year, month, func.count()).group_by(year, month))
        counts = {f"{int(y):04}-{int(m):02}": int(n) for y, m, n in each}
    else:
        name = func.substr(CountRow.period, 2, 7)  # of a day, too
        rows = session.execute(
            select(name, func.sum(CountRow.n))
            .where(CountRow.set_id == selection.set_id, CountRow.kind_id.in_(chosen))
            .where(selection.in_periods())
            .group_by(name)
        )
        counts = {of: int(n) for of, n in rows}
    return dict(sorted(counts.items(), reverse=True))


def _tags(session: Session, wanted: HistoryFilter, kinds: Kinds) -> dict[str, int]:
    """Number of records by tag, were no other of these asked for."""
    free = replace(wanted, tag=None)
    is_tag = SetRow.what == "tag"
    return _sets(session, Selection(session, free, kinds), kinds.matching(free), is_tag)


def _cases(
    session: Session, wanted: HistoryFilter, kinds: Kinds, owner: int | None
) -> dict[str, int]:
    """Number of records by case, were no other of these asked for.

    In a case that the owner sees everybody's records are counted, and no other case.
    """
    free = replace(wanted, case=None)
    is_seen = SetRow.what == "case"
    if owner is not None:
        is_seen &= SetRow.id.in_(seen_cases(owner))
    chosen = Kinds(session).matching(free)
    return _sets(session, Selection(session, free, kinds), chosen, is_seen)


def _sets(
    session: Session,
    selection: Selection,
    chosen: Sequence[int],
    is_wanted: ColumnElement[bool],
) -> dict[str, int]:
    """Number of records of some kinds by the name of the set, of those wanted."""
    if selection.is_search or selection.is_in_set:
        found = newest_found(selection.found(chosen))
        number: ColumnElement[int] = func.count()
        rows = (
            select(SetRow.name, number)
            .join(MemberRow, MemberRow.set_id == SetRow.id)
            .join(found, found.c.id == MemberRow.record_id)
        )
    else:
        number = func.sum(CountRow.n)
        rows = (
            select(SetRow.name, number)
            .join(CountRow, CountRow.set_id == SetRow.id)
            .where(CountRow.kind_id.in_(chosen), selection.in_periods())
        )
    rows = rows.where(is_wanted).group_by(SetRow.name)
    most = rows.order_by(number.desc(), SetRow.name).limit(_MOST_SETS)
    return {name: int(n) for name, n in session.execute(most)}


def _labels(counted: Mapping[Kind, int]) -> dict[str, dict[str, int]]:
    """Number of records by network, then by the label that it gave."""
    sums = _sums(counted, lambda kind: kind.labels)
    labels: dict[str, dict[str, int]] = {}
    for (network, label), n in sorted(sums.items()):
        labels.setdefault(network, {})[label] = n
    return labels


def _sums(
    counted: Mapping[Kind, int], of: Callable[[Kind], Iterable[T]]
) -> dict[T, int]:
    """Number of records by what `of` says of their kinds."""
    sums: Counter[T] = Counter()
    for kind, n in counted.items():
        for each in of(kind):
            sums[each] += n
    return dict(sums)
