"""History of verdicts: kept once it is switched on, searched, binned and purged."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from cifake_core.basics import database
from cifake_core.cases.annotations import Annotations
from cifake_core.cases.bin import Bin
from cifake_core.cases.counting import count
from cifake_core.cases.expiry import outdated
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.kinds import Kinds
from cifake_core.cases.loading import load
from cifake_core.cases.records import (
    PAGE,
    Counts,
    Cursor,
    HistoryRecord,
    NewRecord,
    Page,
    Similar,
)
from cifake_core.cases.selection import Selection
from cifake_core.cases.settings import HistorySettings, read_settings, write_settings
from cifake_core.cases.sharing import delete_cases_of, seen_records
from cifake_core.cases.similar import near
from cifake_core.cases.tables import (
    KindRow,
    PictureRow,
    RecordRow,
)
from cifake_core.cases.writer import gone_error, writer_of

#: Bits by which the hashes of pictures differ that are called nearly the same.
NEAR: Final = 6
_MOST_SIMILAR: Final = 20
_NOTHING: Final = Counts(
    total=0,
    decisions={},
    labels={},
    findings={},
    months={},
    tags={},
    cases={},
    capped=False,
)


class History:
    """History in the user's database; nothing is kept unless it is switched on.

    `annotations` are notes, tags and findings; `bin` takes records away.

    Every method raises `DatabaseUnavailableError` if the database cannot be used.

    Args:
        user_data: the user's folder, with the settings and, unless a server is named,
            the database.
        owner: user whose records are kept and found, with those in cases that they
            see; None for everybody's, where there are no accounts.
    """

    def __init__(self, user_data: Path, owner: int | None = None) -> None:
        self._user_data = user_data
        self._owner = owner
        self.annotations = Annotations(user_data, owner)
        self.bin = Bin(user_data, owner)

    def settings(self) -> HistorySettings:
        """Whether verdicts are kept, and for how long; see `settings.read_settings`."""
        return read_settings(self._user_data)

    def switch(self, settings: HistorySettings) -> None:
        """Change the settings; what was kept stays until its time is over.

        Raises:
            OSError: If they cannot be written.
        """
        write_settings(settings, self._user_data)

    def keep(self, records: Sequence[NewRecord]) -> tuple[int, ...]:
        """Keep records, all or none; their numbers, or () if the history is off.

        What is older than the settings say goes at the same time, some hundreds at
        once.
        """
        settings = self.settings()
        if not settings.on or not records:
            return ()
        with writer_of(self._user_data, self._owner) as writer:
            numbers = writer.add(records, with_originals=settings.originals)
            if settings.days is not None:
                writer.delete(outdated(writer.session, settings.days))
        return numbers

    def page(
        self, wanted: HistoryFilter, *, after: Cursor | None = None, limit: int = PAGE
    ) -> Page:
        """The newest records that a filter lets through, after a place.

        Args:
            wanted: the filter.
            after: `Page.following` of the page before, None for the first.
            limit: records to a page.
        """
        if not database.exists(self._user_data):
            return Page(records=(), following=None)
        with database.reading(self._user_data) as session:
            return self._page(session, wanted, after, limit)

    def numbers(self, wanted: HistoryFilter, *, most: int) -> tuple[int, ...]:
        """Numbers of the newest records that a filter lets through, so many at most."""
        if not database.exists(self._user_data):
            return ()
        with database.reading(self._user_data) as session:
            chosen = Selection(session, wanted, Kinds(session, self._owner))
            return tuple(each.id for each in chosen.numbers(None, most))

    def pages(
        self, wanted: HistoryFilter, *, limit: int = 500
    ) -> Iterator[tuple[HistoryRecord, ...]]:
        """Every record that a filter lets through, as they are now, in parts."""
        if not database.exists(self._user_data):
            return
        with database.reading(self._user_data) as session:
            after: Cursor | None = None
            while True:
                page = self._page(session, wanted, after, limit)
                session.expunge_all()  # a million rows are not to stay in memory
                yield page.records
                after = page.following
                if after is None:
                    return

    def counts(self, wanted: HistoryFilter) -> Counts:
        """Number of records for a filter, and for each value it may take."""
        if not database.exists(self._user_data):
            return _NOTHING
        with database.reading(self._user_data) as session:
            return count(session, wanted, self._owner)

    def networks(self) -> tuple[str, ...]:
        """Networks that some record has a prediction of, sorted."""
        if not database.exists(self._user_data):
            return ()
        with database.reading(self._user_data) as session:
            kinds = Kinds(session)
            seen = [
                kind
                for kind in kinds.by_id.values()
                if self._owner in (None, kind.owner)
            ]
            return tuple(sorted({name for kind in seen for name, _ in kind.labels}))

    def get(self, number: int) -> HistoryRecord:
        """One record, also from the bin.

        Raises:
            HistoryError: If it is gone.
        """
        found: Sequence[HistoryRecord] = ()
        if database.exists(self._user_data):
            with database.reading(self._user_data) as session:
                found = load(session, seen_records(session, [number], self._owner))
        if not found:
            raise gone_error(number)
        return found[0]

    def pictures(self, numbers: Sequence[int]) -> dict[int, bytes]:
        """Pictures of records, 32x32 pixels as PNG, by number."""
        chosen = select(PictureRow.record_id, PictureRow.png)
        if not numbers or not database.exists(self._user_data):
            return {}
        with database.reading(self._user_data) as session:
            seen = seen_records(session, numbers, self._owner)
            rows = session.execute(chosen.where(PictureRow.record_id.in_(seen)))
            return {row.record_id: row.png for row in rows}

    def original(self, number: int) -> bytes | None:
        """The file of a record as it was given, None if it was not to be kept."""
        if not database.exists(self._user_data):
            return None
        with database.reading(self._user_data) as session:
            seen = seen_records(session, [number], self._owner)
            chosen = select(PictureRow.original)
            found = session.scalars(chosen.where(PictureRow.record_id.in_(seen)))
            return found.one_or_none()

    def same(self, pixels_sha256: str) -> tuple[HistoryRecord, ...]:
        """The newest records of the same picture, pixel by pixel."""
        return self.page(HistoryFilter(hash=pixels_sha256), limit=_MOST_SIMILAR).records

    def similar(
        self, perceptual_hash: str, *, distance: int = NEAR
    ) -> tuple[Similar, ...]:
        """Records of pictures that look alike, the nearest first; see `similar.near`.

        Raises:
            SettingError: If `distance` is not 0 to 11.
        """
        if not database.exists(self._user_data):
            return ()
        with database.reading(self._user_data) as session:
            found = near(
                session, perceptual_hash, distance=distance, most=_MOST_SIMILAR
            )
            bits = {number: apart for apart, number in found}
            return tuple(
                Similar(record=record, distance=bits[record.id])
                for record in load(
                    session, seen_records(session, list(bits), self._owner)
                )
            )

    def forget_owner(self) -> int:
        """Delete every record and case of the owner, and take them out of others'.

        Returns:
            The number of records.
        """
        if self._owner is None or not database.exists(self._user_data):
            return 0
        with writer_of(self._user_data, self._owner) as writer:
            session = writer.session
            own = select(RecordRow.id).join(KindRow, KindRow.id == RecordRow.kind_id)
            gone = list(session.scalars(own.where(KindRow.owner == self._owner)))
            writer.delete(gone)
            delete_cases_of(session, self._owner)
        database.forget_deleted(self._user_data)
        return len(gone)

    def _page(
        self,
        session: Session,
        wanted: HistoryFilter,
        after: Cursor | None,
        limit: int,
    ) -> Page:
        """Part of a listing, as a session sees it."""
        selection = Selection(session, wanted, Kinds(session, self._owner))
        places = selection.numbers(after, limit + 1)
        return Page(
            records=load(session, [each.id for each in places[:limit]]),
            following=places[limit - 1] if len(places) > limit else None,
        )
