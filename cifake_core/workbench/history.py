"""History on the workbench: what was judged before, kept once it is switched on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from cifake_core.accounts.acts import note_act
from cifake_core.accounts.records import Who
from cifake_core.basics.arrays import Rgb
from cifake_core.basics.errors import HistoryError
from cifake_core.basics.files import file_sha256
from cifake_core.basics.places import database_exists, database_url
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.records import (
    PAGE,
    Counts,
    Cursor,
    HistoryRecord,
    NewRecord,
    Page,
    Similar,
    Source,
)
from cifake_core.cases.settings import HistorySettings, read_settings, write_settings
from cifake_core.networks import store
from cifake_core.pictures.reading import read_picture
from cifake_core.pictures.records import Picture
from cifake_core.provenance.records import FileFacts
from cifake_core.verdicts.card import POLICY_FILE
from cifake_core.verdicts.records import Verdict

if TYPE_CHECKING:
    from cifake_core.cases.annotations import Annotations
    from cifake_core.cases.bin import Bin
    from cifake_core.cases.casework import Cases
    from cifake_core.cases.history import History

#: Kinds of files that records are exported to.
Format: TypeAlias = Literal["csv", "jsonl", "parquet"]
#: Records of one export at most: the browser is given the file as a whole.
MOST_EXPORTED: Final = 100_000


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Kept:
    """What the history made of a verdict: its record, and what there was before.

    `record` is the number of the one that was kept, or of an earlier one of the same
    file by the same networks, which then is not kept twice. `same` is the newest
    earlier record of the same pixels, `similar` the nearest one of other pixels that
    look alike.
    """

    record: int
    same: HistoryRecord | None
    similar: Similar | None


class HistoryBench:
    """Records of verdicts in the user's database; none unless it is switched on.

    What asks for records raises `DatabaseUnavailableError` if it cannot be used.

    Args:
        user_data: the user's folder.
        models: the folder of the networks that judge.
        owner: user whose records they are; None for everybody's.
    """

    def __init__(self, user_data: Path, models: Path, owner: int | None = None) -> None:
        self._user_data = user_data
        self._models = models
        self._owner = owner

    def of(self, owner: int | None) -> "HistoryBench":
        """The history of a user alone, with the cases that others share with them."""
        return HistoryBench(self._user_data, self._models, owner)

    def settings(self) -> HistorySettings:
        """Whether verdicts are kept, and for how long.

        Raises:
            ModelUnavailableError: If the file of the settings is damaged.
        """
        return read_settings(self._user_data)

    def switch(self, settings: HistorySettings, *, by: Who) -> None:
        """Change the settings; what was kept stays, and the audit has who did it.

        Raises:
            HistoryError: If they cannot be written.
        """
        try:
            write_settings(settings, self._user_data)
        except OSError as error:
            msg = (
                f"The history's settings cannot be kept in {self._user_data}: {error}. "
                "Make that folder writable."
            )
            raise HistoryError(msg) from error
        told = settings.in_words
        note_act(self._user_data, by, action="history.switch", result=told)

    def place(self) -> str:
        """Words for where records lie, or would: a folder, or a server's database.

        Raises:
            DatabaseUnavailableError: If a server is named by no usable URL.
        """
        if not database_url():
            return f"the folder {self._user_data}"
        from cifake_core.basics.database.engines import (  # noqa: PLC0415 - slow
            place_of,
            told,
        )

        return f"the {told(place_of(self._user_data))}"

    def keep(
        self,
        verdict: Verdict,
        *,
        name: str,
        file: bytes,
        source: Source,
        facts: FileFacts | None = None,
    ) -> Kept | None:
        """Keep a verdict on a picture that a person or a program brought.

        Where the history is off nothing is kept, and None returned.

        Args:
            verdict: given now, by the networks in use.
            name: of the file.
            file: its bytes.
            source: by which way it came.
            facts: what the file says of itself, None if it was not asked.
        """
        if not self.settings().on:
            return None
        from cifake_core.cases.recording import new_record  # noqa: PLC0415 - at need

        new = new_record(
            verdict,
            name=name,
            file=file,
            source=source,
            weights=store.revisions(self._models),
            policy_sha256=self.policy_sha256(),
            facts=facts,
        )
        same = self._store.same(new.pixels_sha256)
        similar = self._store.similar(new.perceptual_hash)
        others = (s for s in similar if s.record.pixels_sha256 != new.pixels_sha256)
        number = next((each.id for each in same if _repeats(new, each)), None)
        if number is None:
            (number,) = self._store.keep([new])
        return Kept(
            record=number, same=next(iter(same), None), similar=next(others, None)
        )

    def page(
        self, wanted: HistoryFilter, *, after: Cursor | None = None, limit: int = PAGE
    ) -> Page:
        """The newest records that a filter lets through, after a place."""
        return self._store.page(wanted, after=after, limit=limit)

    def counts(self, wanted: HistoryFilter) -> Counts:
        """Number of records for a filter, and for each value it may take."""
        return self._store.counts(wanted)

    def has_records(self) -> bool:
        """Whether anything was kept that is still there, also in the bin."""
        if not database_exists(self._user_data):
            return False
        filters = (HistoryFilter(), HistoryFilter(in_bin=True))
        return any(self._store.page(each, limit=1).records for each in filters)

    def get(self, number: int) -> HistoryRecord:
        """One record, also from the bin.

        Raises:
            HistoryError: If it is gone.
        """
        return self._store.get(number)

    def pictures(self, numbers: Sequence[int]) -> Mapping[int, Rgb]:
        """Pictures of records by number: (32, 32, 3) uint8, RGB."""
        found = self._store.pictures(numbers)
        return {number: read_picture(png).pixels for number, png in found.items()}

    def picture(self, number: int) -> tuple[Picture, bool]:
        """Picture of a record, and whether it is the file as it was given.

        Otherwise it is what the networks saw of it, 32x32 pixels.

        Raises:
            HistoryError: If it is gone.
            InvalidImageError: If the file can't be read any more.
        """
        original = self._store.original(number)
        if original is not None:
            return read_picture(original), True
        for png in self._store.pictures([number]).values():
            return read_picture(png), False
        self._store.get(number)  # says that it is gone
        msg = f"Record {number} has no picture any more."
        raise HistoryError(msg)

    def original(self, number: int) -> bytes | None:
        """The file of a record as it was given, None if it was not to be kept."""
        return self._store.original(number)

    def forget_owner(self) -> int:
        """Delete every record and case of the owner; how many records."""
        return self._store.forget_owner()

    def policy_sha256(self) -> str:
        """Hash of the rules for verdicts that are in use, "" if there are none."""
        policy = self._models / POLICY_FILE
        return file_sha256(policy) if policy.is_file() else ""

    @property
    def annotations(self) -> "Annotations":
        """Notes, tags and findings."""
        return self._store.annotations

    @property
    def bin(self) -> "Bin":
        """The bin of records."""
        return self._store.bin

    @cached_property
    def cases(self) -> "Cases":
        """Cases: records that belong together, with notes."""
        from cifake_core.cases.casework import Cases  # noqa: PLC0415 - slow

        return Cases(self._user_data, self._owner)

    def numbers(self, wanted: HistoryFilter, *, most: int) -> tuple[int, ...]:
        """Numbers of the newest records that a filter lets through, so many at most."""
        return self._store.numbers(wanted, most=most)

    def export_case(self, number: int, reports: Mapping[int, bytes]) -> bytes:
        """Zip with a case that opens without a network; see `case_file.export_case`.

        Args:
            number: of the case.
            reports: HTML pages on its records, by number.

        Raises:
            HistoryError: If the case is gone, or there is no room for the zip.
        """
        from cifake_core.cases.case_file import export_case  # noqa: PLC0415 - slow

        try:
            with TemporaryDirectory() as folder:
                path = Path(folder) / "case.zip"
                export_case(self._store, self.cases, number, path, reports=reports)
                return path.read_bytes()
        except OSError as error:
            msg = f"The zip of the case cannot be made: {error}. Make room for it."
            raise HistoryError(msg) from error

    def export(self, wanted: HistoryFilter, kind: Format) -> bytes:
        """File with what a filter lets through, the newest `MOST_EXPORTED` at most.

        Raises:
            HistoryError: If there is no room for it.
        """
        from cifake_core.cases.export import export  # noqa: PLC0415 - slow

        try:
            with TemporaryDirectory() as folder:
                path = Path(folder) / "history"
                export(self._store, wanted, path, kind=kind, most=MOST_EXPORTED)
                return path.read_bytes()
        except OSError as error:
            msg = f"The file of records cannot be made: {error}. Make room for it."
            raise HistoryError(msg) from error

    @cached_property
    def _store(self) -> "History":
        """The records; SQLAlchemy takes a while, so not before somebody asks."""
        from cifake_core.cases.history import History  # noqa: PLC0415

        return History(self._user_data, self._owner)


def _repeats(new: NewRecord, record: HistoryRecord) -> bool:
    """Whether a record is of the same file, judged by the same networks and rules."""
    return (
        new.bytes_sha256 == record.bytes_sha256
        and new.decision == record.decision
        and new.system.policy_sha256 == record.system.policy_sha256
        and new.system.weights == record.system.weights
    )
