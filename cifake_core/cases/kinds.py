"""Kinds of records: what many have in common, and are filtered and counted by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from cifake_core.cases.filters import NO_FINDING, HistoryFilter
from cifake_core.cases.members import added
from cifake_core.cases.sharing import NOBODY, sees_case
from cifake_core.cases.tables import KindRow
from cifake_core.cases.texts import storable
from cifake_core.verdicts.records import Prediction


@dataclass(frozen=True, slots=True)
class Kind:
    """Kind of a record.

    `labels` are (network, label) by network; `finding` is an analyst's, or "". `owner`
    is a user's number, 0 for nobody's.
    """

    decision: str
    labels: tuple[tuple[str, str], ...]
    finding: str = ""
    in_bin: bool = False
    owner: int = NOBODY

    def matches(self, wanted: HistoryFilter) -> bool:
        """True if a filter lets records of this kind through."""
        return (
            self.in_bin == wanted.in_bin
            and wanted.decision in (None, self.decision)
            and wanted.finding in (None, self.finding or NO_FINDING)
            and self._has_label(wanted)
        )

    def _has_label(self, wanted: HistoryFilter) -> bool:
        """True if the network gave the label, where a filter asks for these."""
        if wanted.network is None and wanted.label is None:
            return True
        return any(
            wanted.network in (None, network) and wanted.label in (None, label)
            for network, label in self.labels
        )


def labels_of(predictions: Mapping[str, Prediction]) -> tuple[tuple[str, str], ...]:
    """Labels of a record's kind."""
    return tuple(sorted((name, each.label) for name, each in predictions.items()))


class Kinds:
    """Kinds that a session knows, by their numbers; there are few.

    Args:
        session: of the user's database; to make kinds, one that writes.
        owner: whose records are matched; None for everybody's.
    """

    def __init__(self, session: Session, owner: int | None = None) -> None:
        self._session = session
        self._owner = owner
        self.by_id = {row.id: _kind(row) for row in session.scalars(select(KindRow))}
        self._ids = {kind: number for number, kind in self.by_id.items()}

    def number(self, kind: Kind) -> int:
        """Number of a kind, which is made at need."""
        if kind not in self._ids:
            values = {
                "decision": kind.decision,
                "labels": " ".join(f"{name}={label}" for name, label in kind.labels),
                "finding": kind.finding,
                "in_bin": kind.in_bin,
                "owner": kind.owner,
            }
            self._ids[kind] = added(self._session, KindRow, values)
            self.by_id[self._ids[kind]] = kind
        return self._ids[kind]

    def changed(self, number: int, **changes: str | bool) -> int:
        """Number of the kind that differs from another in `changes`."""
        return self.number(replace(self.by_id[number], **changes))  # type: ignore[arg-type]  # of Kind

    def matching(
        self, wanted: HistoryFilter, among: Iterable[int] | None = None
    ) -> tuple[int, ...]:
        """Numbers of the kinds that a filter lets through, sorted.

        They are the owner's, or everybody's in a case that the owner sees.
        """
        everybodys = self._owner is None or (
            wanted.case is not None
            and sees_case(self._session, storable(wanted.case), self._owner)
        )
        return tuple(
            sorted(
                number
                for number in (self.by_id if among is None else among)
                if everybodys or self.by_id[number].owner == self._owner
                if self.by_id[number].matches(wanted)
            )
        )

    def in_bin(self, wanted: HistoryFilter) -> tuple[int, ...]:
        """Numbers of the kinds in the bin, or out of it, as a filter has it."""
        return self.matching(HistoryFilter(in_bin=wanted.in_bin, case=wanted.case))


def _kind(row: KindRow) -> Kind:
    """Kind that a row holds."""
    labels = [each.partition("=") for each in row.labels.split()]
    return Kind(
        decision=row.decision,
        labels=tuple((network, label) for network, _, label in labels),
        finding=row.finding,
        in_bin=row.in_bin,
        owner=row.owner,
    )
