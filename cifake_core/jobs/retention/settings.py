"""Settings of retention: for how many days each kind of thing is kept."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import ClassVar, Final

from cifake_core.accounts.acts import note_act
from cifake_core.accounts.records import Who
from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import HistoryError, SettingError
from cifake_core.cases.settings import read_settings, write_settings

#: The file in the user's data folder; without it everything but records stays.
RETENTION_FILE: Final = "retention.json"
MAX_DAYS: Final = 36_500


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """Days for which each kind is kept; None is until somebody deletes it.

    `records` are verdicts of the history, as its own settings have it; `pictures` go
    from records that stay; `bin` is what was put away, `jobs` those of *Batch* with
    uploads and results, and `audit` who did what.

    Raises:
        SettingError: If a number of days is not 1 to 36,500.
    """

    records: int | None = None
    pictures: int | None = None
    bin: int | None = None
    jobs: int | None = None
    audit: int | None = None

    def __post_init__(self) -> None:
        """Check of the values."""
        for name, days in asdict(self).items():
            if days is not None and not 1 <= days <= MAX_DAYS:
                msg = f"Expected 1 to {MAX_DAYS:,} days for {name}. Received {days:,}."
                raise SettingError(msg)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    """What the file of retention has: all but the days of records."""

    SCHEMA: ClassVar[int] = 1

    pictures: int | None = None
    bin: int | None = None
    jobs: int | None = None
    audit: int | None = None


def read_retention(user_data: Path) -> Retention:
    """For how long things are kept by this folder's settings.

    Raises:
        ModelUnavailableError: If a file of settings is damaged.
        SettingError: If one has days that there are not.
    """
    artefact = _artefact(user_data)
    kept = artefact.read(_Kept) if artefact.path.exists() else _Kept()
    return Retention(records=read_settings(user_data).days, **asdict(kept))


def write_retention(
    retention: Retention, user_data: Path, *, by: Who
) -> Mapping[str, tuple[int | None, int | None]]:
    """Keep other days; what changed, by kind, with the days before and from now on.

    Where there are accounts the audit has a line on each.

    Args:
        retention: the days from now on.
        user_data: the user's folder.
        by: who has chosen them.

    Raises:
        HistoryError: If they cannot be written.
        ModelUnavailableError: As `read_retention`.
    """
    before, after = asdict(read_retention(user_data)), asdict(retention)
    changed = {
        name: (before[name], days)
        for name, days in after.items()
        if before[name] != days
    }
    try:
        if "records" in changed:
            history = replace(read_settings(user_data), days=after["records"])
            write_settings(history, user_data)
        if changed.keys() - {"records"}:
            user_data.mkdir(parents=True, exist_ok=True)
            kept = {name: days for name, days in after.items() if name != "records"}
            _artefact(user_data).write(_Kept(**kept))
    except OSError as error:
        msg = (
            f"How long things are kept cannot be noted in {user_data}: {error}. Make "
            "that folder writable."
        )
        raise HistoryError(msg) from error
    for name, (former, chosen) in changed.items():
        told = f"{in_words(former)} -> {in_words(chosen)}"
        note_act(user_data, by, action="policy.retention", subject=name, result=told)
    return changed


def in_words(days: int | None) -> str:
    """Days in words, "until it is deleted" without an end."""
    if days is None:
        return "until it is deleted"
    return "1 day" if days == 1 else f"{days:,} days"


def _artefact(user_data: Path) -> Artefact:
    """The file of settings."""
    return Artefact(
        user_data / RETENTION_FILE,
        what="file on how long things are kept",
        remedy="Delete it, and choose the days again.",
    )
