"""Cases: pictures that belong together, with a name, a description and notes."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from cifake_core.basics import database
from cifake_core.basics.errors import GoneError, HistoryError
from cifake_core.cases.members import made_set, set_number
from cifake_core.cases.periods import EVERY_MONTH
from cifake_core.cases.records import Case
from cifake_core.cases.sharing import NOBODY, delete_case, seen_cases
from cifake_core.cases.tables import (
    CaseMemberRow,
    CaseRow,
    CountRow,
    KindRow,
    SetRow,
)
from cifake_core.cases.texts import MAX_NAME, MAX_NOTES, MAX_TEXT, checked, checked_name
from cifake_core.cases.writer import writer_of


class Cases:
    """Cases in the user's database.

    Members are records of the history. A closed case is read alone: to change one, it
    is opened again. Every method raises `DatabaseUnavailableError` if the database
    cannot be used, and those that ask for a case `HistoryError` if it is gone.

    Args:
        user_data: the user's folder.
        owner: user whose cases they are, and who sees those that others share; None
            for everybody's, where there are no accounts.
    """

    def __init__(self, user_data: Path, owner: int | None = None) -> None:
        self._user_data = user_data
        self._owner = owner

    def listing(self) -> tuple[Case, ...]:
        """Every case, open ones first, and of these the last changed."""
        if not database.exists(self._user_data):
            return ()
        order = (CaseRow.is_open.desc(), CaseRow.changed.desc(), CaseRow.set_id)
        with database.reading(self._user_data) as session:
            chosen = _seen(self._owner).order_by(*order)
            return tuple(map(_case, session.execute(chosen)))

    def get(self, number: int) -> Case:
        """One case."""
        if not database.exists(self._user_data):
            raise _gone(number)
        with database.reading(self._user_data) as session:
            return _found(session, number, self._owner)

    def create(self, name: str, *, description: str = "") -> Case:
        """New case, open and empty.

        Raises:
            HistoryError: If a text is too long, or there is a case of that name.
        """
        title = checked_name(name, "case", MAX_NAME)
        about = checked(description, "description", MAX_TEXT)
        now = datetime.now(UTC)
        with database.writing(self._user_data) as session:
            _check_free(session, title)
            number = made_set(session, "case", title)
            values = {"description": about, "notes": "", "tags": [], "is_open": True}
            values["owner"] = self._owner or NOBODY
            row = insert(CaseRow).values(
                set_id=number, created=now, changed=now, **values
            )
            session.execute(row)
            return _found(session, number, self._owner)

    def change(
        self,
        number: int,
        *,
        name: str | None = None,
        description: str | None = None,
        notes: str | None = None,
        tags: Iterable[str] | None = None,
    ) -> Case:
        """Change texts and tags of an open case; None leaves one as it is.

        Raises:
            HistoryError: As for `create`, or if the case is closed.
        """
        values: dict[str, Any] = {}
        if description is not None:
            values["description"] = checked(description, "description", MAX_TEXT)
        if notes is not None:
            values["notes"] = checked(notes, "text of notes", MAX_NOTES)
        if tags is not None:
            values["tags"] = sorted({checked_name(t, "tag", MAX_NAME) for t in tags})
        with database.writing(self._user_data) as session:
            case = _open(session, number, self._owner)
            title = case.name if name is None else checked_name(name, "case", MAX_NAME)
            if title != case.name:
                _check_free(session, title)
                renamed = update(SetRow).where(SetRow.id == number)
                session.execute(renamed.values(name=title))
            _change(session, number, **values)
            return _found(session, number, self._owner)

    def close(self, number: int) -> Case:
        """Close a case."""
        return self._set_open(number, is_open=False)

    def reopen(self, number: int) -> Case:
        """Open a case again."""
        return self._set_open(number, is_open=True)

    def add(self, number: int, records: Sequence[int]) -> Case:
        """Put records into an open case; those in it stay.

        Raises:
            HistoryError: If the case is closed, or a record is gone.
        """
        with writer_of(self._user_data, self._owner) as writer:
            _open(writer.session, number, self._owner)
            writer.check_there(records)
            writer.join(records, number)
            _change(writer.session, number)
            return _found(writer.session, number, self._owner)

    def remove(self, number: int, records: Sequence[int]) -> Case:
        """Take records out of an open case; in the history they stay.

        Raises:
            HistoryError: If the case is closed.
        """
        with writer_of(self._user_data, self._owner) as writer:
            _open(writer.session, number, self._owner)
            writer.leave(records, number)
            _change(writer.session, number)
            return _found(writer.session, number, self._owner)

    def delete(self, number: int) -> None:
        """Delete a case; its records stay in the history."""
        with writer_of(self._user_data, self._owner) as writer:
            self._expect_own(_found(writer.session, number, self._owner))
            delete_case(writer.session, number)

    def members(self, number: int) -> tuple[int, ...]:
        """Numbers of the users who see a case besides its owner, sorted."""
        if not database.exists(self._user_data):
            raise _gone(number)
        with database.reading(self._user_data) as session:
            _found(session, number, self._owner)
            chosen = select(CaseMemberRow.user_id).where(CaseMemberRow.set_id == number)
            return tuple(sorted(session.scalars(chosen)))

    def share(self, number: int, user: int, *, is_member: bool) -> None:
        """Let a user see an own case with all records in it, or no more.

        Raises:
            HistoryError: If the case is another's.
        """
        with database.writing(self._user_data) as session:
            self._expect_own(_found(session, number, self._owner))
            here = {"set_id": number, "user_id": user}
            held = session.get(CaseMemberRow, here)
            if is_member and held is None:
                session.add(CaseMemberRow(**here))
            elif held is not None and not is_member:
                session.delete(held)

    def _expect_own(self, case: Case) -> None:
        """Refuse what only the owner of a case may do."""
        if self._owner not in (None, case.owner):
            msg = f"The case {case.name!r} is another's, who alone may do this."
            raise HistoryError(msg)

    def _set_open(self, number: int, *, is_open: bool) -> Case:
        """Open or close a case."""
        with database.writing(self._user_data) as session:
            _found(session, number, self._owner)
            _change(session, number, is_open=is_open)
            return _found(session, number, self._owner)


def _cases() -> Select[Any]:
    """Query of every case, with its name and the number of its records."""
    counted = (
        select(func.coalesce(func.sum(CountRow.n), 0))
        .join(KindRow, KindRow.id == CountRow.kind_id)
        .where(CountRow.set_id == CaseRow.set_id, KindRow.in_bin.is_(False))
        .where(CountRow.period.between(*EVERY_MONTH))
        .scalar_subquery()
    )
    return select(CaseRow, SetRow.name, counted).join(
        SetRow, SetRow.id == CaseRow.set_id
    )


_CASES = _cases()


def _case(found: Any) -> Case:  # noqa: ANN401 - a row of `_cases`
    """Case that a row holds."""
    row, name, count = found
    return Case(
        id=row.set_id,
        name=name,
        description=row.description,
        notes=row.notes,
        tags=tuple(row.tags or ()),
        is_open=row.is_open,
        created=row.created,
        changed=row.changed,
        num_records=int(count),
        owner=row.owner,
    )


def _seen(owner: int | None) -> Select[Any]:
    """Query of every case that somebody sees."""
    return (
        _CASES if owner is None else _CASES.where(CaseRow.set_id.in_(seen_cases(owner)))
    )


def _found(session: Session, number: int, owner: int | None) -> Case:
    """One case, as a session sees it, if somebody sees it."""
    chosen = _seen(owner).where(CaseRow.set_id == number)
    found = session.execute(
        chosen, execution_options={"populate_existing": True}
    ).one_or_none()
    if found is None:
        raise _gone(number)
    return _case(found)


def _open(session: Session, number: int, owner: int | None) -> Case:
    """A case that may be changed."""
    case = _found(session, number, owner)
    if not case.is_open:
        msg = f"The case {case.name!r} is closed. Open it again to change it."
        raise HistoryError(msg)
    return case


def _change(session: Session, number: int, **values: Any) -> None:  # noqa: ANN401
    """Change columns of a case, and note when."""
    row = update(CaseRow).where(CaseRow.set_id == number)
    session.execute(row.values(changed=datetime.now(UTC), **values))


def _check_free(session: Session, name: str) -> None:
    """Check that no case is called so."""
    if set_number(session, "case", name) is not None:
        msg = f"There is a case {name!r} already. Choose another name."
        raise HistoryError(msg)


def _gone(number: int) -> GoneError:
    """Error for a case that is not there."""
    return GoneError(f"There is no case {number}, or not any more.")
