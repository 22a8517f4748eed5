"""Sharing: whose a record is, and which cases somebody sees.

An owner is the number of a user, None where there are no accounts: then everything is
everybody's. A record is its owner's, and lies open to the members of a case it is in.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select
from sqlalchemy.orm import Session

from cifake_core.cases.members import chunks
from cifake_core.cases.tables import (
    CaseMemberRow,
    CaseRow,
    CountRow,
    KindRow,
    MemberRow,
    RecordRow,
    SetRow,
)

#: Owner of what was kept where there were no accounts.
NOBODY: Final = 0


def seen_cases(owner: int) -> Select[Any]:
    """Numbers of the cases that are somebody's, or have them as a member."""
    shared = select(CaseMemberRow.set_id).where(CaseMemberRow.user_id == owner)
    is_seen = or_(CaseRow.owner == owner, CaseRow.set_id.in_(shared))
    return select(CaseRow.set_id).where(is_seen)


def sees_case(session: Session, name: str, owner: int) -> bool:
    """Whether somebody sees the case of that name."""
    chosen = select(SetRow.id).where(SetRow.what == "case", SetRow.name == name)
    chosen = chosen.where(SetRow.id.in_(seen_cases(owner)))
    return session.scalars(chosen).first() is not None


def seen_records(
    session: Session, numbers: Sequence[int], owner: int | None, *, shared: bool = True
) -> list[int]:
    """Those of some records that somebody sees, in their order.

    Args:
        session: of the user's database.
        numbers: of records.
        owner: somebody, None for everybody.
        shared: also those of others, in cases that somebody sees.
    """
    if owner is None:
        return list(numbers)
    is_seen: ColumnElement[bool] = KindRow.owner == owner
    if shared:
        inside = exists().where(
            MemberRow.record_id == RecordRow.id, MemberRow.set_id.in_(seen_cases(owner))
        )
        is_seen = or_(is_seen, inside)
    of_kind = select(RecordRow.id).join(KindRow, KindRow.id == RecordRow.kind_id)
    seen = {
        number
        for chunk in chunks(numbers)
        for number in session.scalars(of_kind.where(RecordRow.id.in_(chunk), is_seen))
    }
    return [number for number in numbers if number in seen]


def delete_case(session: Session, number: int) -> None:
    """Delete a case; its records stay in the history."""
    for row in (CountRow, MemberRow, CaseMemberRow, CaseRow):
        session.execute(delete(row).where(row.set_id == number))
    session.execute(delete(SetRow).where(SetRow.id == number))


def delete_cases_of(session: Session, owner: int) -> None:
    """Delete the cases of a user, and let them see others' no more."""
    session.execute(delete(CaseMemberRow).where(CaseMemberRow.user_id == owner))
    chosen = select(CaseRow.set_id).where(CaseRow.owner == owner)
    for number in list(session.scalars(chosen)):
        delete_case(session, number)
