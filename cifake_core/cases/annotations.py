"""Annotations: what an analyst puts beside a record: finding, note, tags."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cifake_core.basics.errors import HistoryError
from cifake_core.cases.records import OPINIONS, Finding, Opinion
from cifake_core.cases.texts import MAX_NAME, MAX_TEXT, checked, checked_name
from cifake_core.cases.writer import writer_of


class Annotations:
    """Annotations of the records in the user's database.

    Every method raises `HistoryError` if a record is gone, and
    `DatabaseUnavailableError` if the database cannot be used.
    """

    def __init__(self, user_data: Path, owner: int | None = None) -> None:
        self._user_data = user_data
        self._owner = owner

    def note(self, number: int, note: str) -> None:
        """Change the note on a record; at most 4,000 letters."""
        text = checked(note, "note", MAX_TEXT)
        with writer_of(self._user_data, self._owner) as writer:
            writer.check_there([number], shared=True)
            writer.put_note(number, text)

    def find(self, number: int, opinion: Opinion | None, *, reason: str = "") -> None:
        """Put an analyst's finding beside the decision, or take it back with None.

        Raises:
            HistoryError: If there is no reason, or it is longer than 4,000 letters.
        """
        finding = None
        if opinion is not None:
            finding = _finding(opinion, checked(reason, "reason", MAX_TEXT))
        with writer_of(self._user_data, self._owner) as writer:
            writer.check_there([number], shared=True)
            writer.put_finding(number, finding)

    def tag(self, numbers: Sequence[int], name: str) -> None:
        """Give records a tag; at most 200 letters."""
        tag = checked_name(name, "tag", MAX_NAME)
        with writer_of(self._user_data, self._owner) as writer:
            writer.check_there(numbers)
            writer.tag(numbers, tag)

    def untag(self, numbers: Sequence[int], name: str) -> None:
        """Take a tag from records."""
        with writer_of(self._user_data, self._owner) as writer:
            writer.check_there(numbers)
            writer.untag(numbers, name.strip())


def _finding(opinion: Opinion, reason: str) -> Finding:
    """Finding that is made now."""
    if opinion not in OPINIONS:
        msg = f"Expected one of {', '.join(OPINIONS)}. Received {opinion!r}."
        raise HistoryError(msg)
    if not reason:
        msg = "Expected a reason for the finding. Received none: say what it rests on."
        raise HistoryError(msg)
    return Finding(opinion=opinion, reason=reason, moment=datetime.now(UTC))
