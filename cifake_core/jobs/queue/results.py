"""Results of a queued job: counts, pages in an order, all rows, a picture's file."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from cifake_core.basics import database
from cifake_core.basics.files import write_whole
from cifake_core.jobs.judging import Row
from cifake_core.jobs.queue import intake, rows
from cifake_core.jobs.queue.records import JobMissingError, MadeWith, QueuedJob
from cifake_core.jobs.queue.tables import ItemRow
from cifake_core.jobs.results import OUTCOMES, Order, Outcome, Result
from cifake_core.jobs.sinks.files import SINKS, check_sink

_SIDE: Final = 32
#: Of a job that waits to begin, which has no rows.
_NOT_BEGUN: Final = MadeWith(
    version=0, weights={}, policy={}, known={}, scope={}, sentences=()
)
#: Results that are read from the database at once.
_CHUNK: Final = 1000


class JobResults:
    """Results of a job so far; they grow while it is at work.

    See `Results`. Every method raises `DatabaseUnavailableError` if the database cannot
    be used.

    Args:
        user_data: the user's folder.
        job: whose results they are.
    """

    def __init__(self, user_data: Path, job: QueuedJob) -> None:
        self.job = job
        self._user_data = user_data

    @property
    def name(self) -> str:
        """Name for a file of them."""
        return f"job-{self.job.id}"

    @property
    def known(self) -> Mapping[str, Sequence[str]]:
        """Generators that each network has learnt, by its name."""
        return (self.job.made_with or _NOT_BEGUN).known

    @property
    def sentences(self) -> Sequence[str]:
        """Sentences on the scope of the verdicts."""
        return (self.job.made_with or _NOT_BEGUN).sentences

    def counts(self) -> dict[Outcome, int]:
        """Number of results by what they are."""
        i = ItemRow
        with database.reading(self._user_data) as session:
            chosen = (
                select(i.decision, func.count())
                .where(i.job_id == self.job.id, i.is_done.is_(True))
                .group_by(i.decision)
            )
            found = {row[0] or "error": row[1] for row in session.execute(chosen)}
        return {each: found.get(each, 0) for each in OUTCOMES}

    def page(
        self, *, outcome: Outcome | None, order: Order, first: int, most: int
    ) -> list[Result]:
        """Some of the results; see `Results`."""
        i = ItemRow
        with database.reading(self._user_data) as session:
            chosen = (
                select(i.number)
                .where(*self._are(outcome))
                .order_by(*_ordered(order))
                .offset(first)
                .limit(most)
            )
            numbers = list(session.scalars(chosen))  # pictures are read of these alone
            found = {
                each.number: each
                for each in session.execute(
                    _shown().where(i.job_id == self.job.id, i.number.in_(numbers))
                )
            }
        return [self._result(found[number]) for number in numbers]

    def get(self, number: int) -> Result:
        """One result.

        Raises:
            JobMissingError: If there is none of that number, or not yet.
        """
        i = ItemRow
        with database.reading(self._user_data) as session:
            found = session.execute(
                _shown().where(*self._are(None), i.number == number)
            ).first()
        if found is None:
            msg = f"There is no result {number} in the job {self.job.id}."
            raise JobMissingError(msg)
        return self._result(found)

    def read(self, number: int) -> bytes:
        """Bytes of an item's file, which is looked up where it lay.

        Raises:
            JobError: If the source cannot be opened any more.
            JobMissingError: If there is no such item.
            InvalidImageError: If it cannot be read any more.
        """
        i, job = ItemRow, self.job
        with database.reading(self._user_data) as session:
            found = session.execute(
                select(i.path, i.source_key, i.fault).where(
                    i.job_id == job.id, i.number == number
                )
            ).first()
        if found is None:
            msg = f"There is no item {number} in the job {job.id}."
            raise JobMissingError(msg)
        source = intake.open_source(
            self._user_data, job=job.id, kind=job.kind, name=job.name, place=job.place
        )
        return source.read(rows.item_of(*found).key)

    def export(self, path: Path) -> None:
        """Write all rows so far to a file, CSV, JSON Lines or Parquet by its ending.

        Raises:
            JobError: If the ending is none of these.
            OSError: If the file cannot be written.
        """
        check_sink(path)
        made_with = self.job.made_with or _NOT_BEGUN
        write = SINKS[path.suffix.lower()]
        with (
            write_whole(path) as scratch,
            database.reading(self._user_data) as session,  # all of one moment
        ):
            write(lambda: self._rows(session, made_with), scratch, scope=made_with)

    def _rows(self, session: Session, made_with: MadeWith) -> Iterator[Row]:
        """Rows of all results in the order of the items."""
        i, after = ItemRow, -1
        while True:
            chosen = (
                select(i.number, i.path, i.error, i.decision, i.answers)
                .where(*self._are(None), i.number > after)
                .order_by(i.number)
                .limit(_CHUNK)
            )
            found = session.execute(chosen).all()
            for each in found:
                yield from rows.rows_of(
                    each.path,
                    error=each.error,
                    decision=each.decision,
                    answers=each.answers,
                    made_with=made_with,
                )
            if len(found) < _CHUNK:
                return
            after = found[-1].number

    def _are(self, outcome: Outcome | None) -> list[ColumnElement[bool]]:
        """What results of the job, or those of an outcome, have in common."""
        i = ItemRow
        conditions = [i.job_id == self.job.id, i.is_done.is_(True)]
        if outcome == "error":
            conditions.append(i.decision.is_(None))
        elif outcome is not None:
            conditions.append(i.decision == outcome)
        return conditions

    def _result(self, row: Any) -> Result:  # noqa: ANN401 - of `_shown`
        """Result of a row."""
        pixels = row.pixels and np.frombuffer(row.pixels, np.uint8).reshape(
            _SIDE, _SIDE, 3
        )
        return Result(
            number=row.number,
            path=row.path,
            error=row.error,
            decision=row.decision,
            doubt=row.doubt,
            pixels=pixels,
        )


def _shown() -> Any:  # noqa: ANN401 - SQLAlchemy's own
    """Columns of what is shown."""
    i = ItemRow
    return select(i.number, i.path, i.error, i.decision, i.doubt, i.pixels)


def _ordered(order: Order) -> list[Any]:  # of SQLAlchemy's own
    """What results are sorted by; files without a verdict stand last."""
    i = ItemRow
    lacks_verdict = case((i.decision.is_(None), 1), else_=0)
    if order == "decision":
        ranks = {each: rank for rank, each in enumerate(OUTCOMES)}
        return [case(ranks, value=i.decision, else_=len(ranks)), i.number]
    if order == "doubt":
        return [lacks_verdict, i.doubt.desc(), i.number]
    if order == "sure":
        return [lacks_verdict, i.doubt, i.number]
    return [i.number]
