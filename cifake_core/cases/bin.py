"""Bin of the history: records that are put away, taken back, or deleted for good."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from cifake_core.basics import database
from cifake_core.cases.tables import RecordRow
from cifake_core.cases.writer import writer_of


class Bin:
    """Bin of the records in the user's database.

    Every method raises `DatabaseUnavailableError` if the database cannot be used.
    """

    def __init__(self, user_data: Path, owner: int | None = None) -> None:
        self._user_data = user_data
        self._owner = owner

    def put(self, numbers: Sequence[int]) -> None:
        """Put records into the bin, from which `restore` takes them back.

        Raises:
            HistoryError: If one of them is gone.
        """
        self._move(numbers, datetime.now(UTC))

    def restore(self, numbers: Sequence[int]) -> None:
        """Take records out of the bin, with all they had.

        Raises:
            HistoryError: If one of them is gone.
        """
        self._move(numbers, None)

    def purge(self, numbers: Sequence[int] | None = None) -> int:
        """Delete records of the bin for good, pixels and row; how many.

        Args:
            numbers: of the records; None empties the bin.
        """
        if not database.exists(self._user_data):
            return 0
        with writer_of(self._user_data, self._owner) as writer:
            chosen = select(RecordRow.id).where(RecordRow.binned_at.is_not(None))
            inside = writer.own(list(writer.session.scalars(chosen)))
            gone = sorted(inside if numbers is None else {*inside} & {*numbers})
            writer.delete(gone)
        database.forget_deleted(self._user_data)
        return len(gone)

    def _move(self, numbers: Sequence[int], at: datetime | None) -> None:
        """Put records into the bin or out of it."""
        with writer_of(self._user_data, self._owner) as writer:
            writer.check_there(numbers)
            writer.put_in_bin(numbers, at)
