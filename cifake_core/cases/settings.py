"""Settings of the history: off until somebody switches it on."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import SettingError

#: The file in the user's data folder; without it the history is off.
SETTINGS_FILE: Final = "history.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class HistorySettings:
    """Whether verdicts are kept, for how long, and whether with the files themselves.

    `days` counts from the verdict; None keeps records until somebody deletes them.
    What is in a case is kept as long as it is there.

    Raises:
        SettingError: If `days` is less than 1.
    """

    SCHEMA: ClassVar[int] = 1

    on: bool = False
    days: int | None = None
    originals: bool = False

    def __post_init__(self) -> None:
        """Check of the values."""
        if self.days is not None and self.days < 1:
            msg = f"Expected one day or more to keep records for. Received {self.days}."
            raise SettingError(msg)

    @property
    def in_words(self) -> str:
        """What is kept, and for how long."""
        if not self.on:
            return "off"
        days = "no end" if self.days is None else f"{self.days:,} days"
        return f"on, {days}{', with files' if self.originals else ''}"


def read_settings(user_data: Path) -> HistorySettings:
    """Settings in the user's data folder; the history is off where there are none.

    Raises:
        ModelUnavailableError: If the file is damaged.
    """
    artefact = _artefact(user_data)
    if not artefact.path.exists():
        return HistorySettings()
    return artefact.read(HistorySettings)


def write_settings(settings: HistorySettings, user_data: Path) -> None:
    """Keep settings, whole or not at all.

    Raises:
        OSError: If they cannot be written.
    """
    user_data.mkdir(parents=True, exist_ok=True)
    _artefact(user_data).write(settings)


def _artefact(user_data: Path) -> Artefact:
    """The file of settings."""
    return Artefact(
        user_data / SETTINGS_FILE,
        what="file of the history's settings",
        remedy="Delete it, and switch the history on again.",
    )
