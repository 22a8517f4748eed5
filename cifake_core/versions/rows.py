"""Rows of the model registry: what one session reads and changes."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from cifake_core.versions.records import SHIPPED, State, Version
from cifake_core.versions.tables import FolderRow, VersionRow

#: Built once, as it is asked on every run of a page.
_IN_USE: Final = select(VersionRow.number).where(
    VersionRow.root == bindparam("root"), VersionRow.in_use == 1
)


class Rows:
    """Versions of the models of one folder, as a session sees them.

    Args:
        session: of the user's database; to change anything, one that writes.
        root: names the folder, as in `FolderRow`.
    """

    def __init__(self, session: Session, root: str) -> None:
        self._session = session
        self._root = root
        self._own = VersionRow.root == root

    def all(self) -> tuple[Version, ...]:
        """Every version, by number; none before the first was taught."""
        chosen = select(VersionRow).where(self._own).order_by(VersionRow.number)
        return tuple(map(_version, self._session.scalars(chosen)))

    def in_use(self) -> int:
        """Number of the version in use: the shipped one before any was taught."""
        found = self._session.connection().execute(_IN_USE, {"root": self._root})
        return found.scalar_one_or_none() or SHIPPED

    def begin(self, shipped: Version) -> None:
        """Note the shipped version, unless it is noted."""
        if self._session.get(FolderRow, self._root) is None:
            self._session.add(FolderRow(root=self._root, last_number=SHIPPED))
            self._session.flush()  # the version refers to it
            self.add(shipped)

    def next_number(self) -> int:
        """A number that no version ever had."""
        row = self._session.get_one(FolderRow, self._root)
        row.last_number += 1
        return row.last_number

    def add(self, version: Version) -> None:
        """Note a version."""
        held = {each.name: getattr(version, each.name) for each in fields(Version)}
        values = {k: dict(v) if isinstance(v, Mapping) else v for k, v in held.items()}
        self._session.add(VersionRow(root=self._root, **values))
        self._session.flush()

    def put_to_use(self, number: int, *, who: str, why: str, at: datetime) -> None:
        """Let a version be the one in use, and that in use a former one."""
        # first, since the database lets no second be in use
        self.set_state(self.in_use(), "former", who=who, why=why, at=at)
        self.set_state(number, "in use", who=who, why=why, at=at)

    def set_state(
        self, number: int, state: State, *, who: str, why: str, at: datetime
    ) -> None:
        """Change a version's state, and note by whom and why."""
        self._session.execute(
            update(VersionRow)
            .where(self._own, VersionRow.number == number)
            .values(state=state, who=who, why=why, changed=at)
        )

    def set_gate(self, number: int, report: Mapping[str, object]) -> None:
        """Keep the last report of the gate on a version."""
        self._session.execute(
            update(VersionRow)
            .where(self._own, VersionRow.number == number)
            .values(gate=dict(report))
        )

    def remove(self, number: int) -> None:
        """Forget a version."""
        self._session.execute(
            delete(VersionRow).where(self._own, VersionRow.number == number)
        )


def _version(row: VersionRow) -> Version:
    """Version that a row holds."""
    return Version(**{each.name: getattr(row, each.name) for each in fields(Version)})
