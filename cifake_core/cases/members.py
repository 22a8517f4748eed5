"""Members of the sets of records, and how many there are of each kind and period."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple, TypeAlias

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from cifake_core.basics.database import Base
from cifake_core.cases.periods import day_of, month_of
from cifake_core.cases.tables import CountRow, MemberRow, SetRow

#: What makes a set of records.
What: TypeAlias = Literal["all", "tag", "case"]

#: Records to one statement that names them.
CHUNK: Final = 500


class Member(NamedTuple):
    """Record in a set, with its kind and moment."""

    set_id: int
    kind_id: int
    moment: datetime
    record_id: int


def set_number(session: Session, what: What, name: str = "") -> int | None:
    """Number of a set, None if there is none; the set of all records has no name."""
    chosen = select(SetRow.id).where(SetRow.what == what, SetRow.name == name)
    return session.scalars(chosen).one_or_none()


def made_set(session: Session, what: What, name: str = "") -> int:
    """Number of a set, which is made at need."""
    found = set_number(session, what, name)
    if found is None:
        found = added(session, SetRow, {"what": what, "name": name})
    return found


def added(session: Session, row: type[Base], values: Mapping[str, object]) -> int:
    """Add a row; the number that it got."""
    done = session.connection().execute(insert(row), dict(values))
    return int(done.inserted_primary_key[0]) if done.inserted_primary_key else 0


def members_of(session: Session, records: Sequence[int]) -> list[Member]:
    """Every set that each of the records is in."""
    return [
        Member(*row)
        for chunk in chunks(records)
        for row in session.execute(
            select(
                MemberRow.set_id,
                MemberRow.kind_id,
                MemberRow.moment,
                MemberRow.record_id,
            ).where(MemberRow.record_id.in_(chunk))
        )
    ]


def change_members(
    session: Session, *, gone: Sequence[Member] = (), come: Sequence[Member] = ()
) -> None:
    """Take members out of sets and put others in, and count."""
    if gone:
        one = delete(MemberRow).where(
            MemberRow.record_id == bindparam("gone_record"),
            MemberRow.set_id == bindparam("gone_set"),
        )
        values = [{"gone_record": m.record_id, "gone_set": m.set_id} for m in gone]
        session.connection().execute(one, values)
    if come:
        session.execute(insert(MemberRow), [each._asdict() for each in come])
    counter = Counter(place for each in come for place in places_of(each))
    counter.subtract(place for each in gone for place in places_of(each))
    for place, by in counter.items():
        _count(session, place, by)


def chunks(records: Sequence[int]) -> Iterable[Sequence[int]]:
    """Records in parts that a statement may name."""
    return (records[start : start + CHUNK] for start in range(0, len(records), CHUNK))


class Place(NamedTuple):
    """What members are counted by."""

    set_id: int
    kind_id: int
    period: str


def places_of(member: Member) -> tuple[Place, Place]:
    """Where a member is counted: in its month, and on its day."""
    day = member.moment.astimezone(UTC).date()
    return (
        Place(member.set_id, member.kind_id, month_of(day)),
        Place(member.set_id, member.kind_id, day_of(day)),
    )


def _count(session: Session, place: Place, by: int) -> None:
    """Change the number of members in a place; no place holds a nought."""
    if by == 0:
        return
    here = [getattr(CountRow, name) == each for name, each in place._asdict().items()]
    more = update(CountRow).where(*here).values(n=CountRow.n + by)
    changed = session.connection().execute(more)
    if changed.rowcount == 0:
        session.execute(insert(CountRow).values(**place._asdict(), n=by))
    elif by < 0:
        session.execute(delete(CountRow).where(*here, CountRow.n == 0))
