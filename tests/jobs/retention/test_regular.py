"""Sweeps of a server: at its start, then regularly, whatever is wrong at one."""

import time
from pathlib import Path

import pytest

from cifake_core.accounts.settings import VARIABLE
from cifake_core.basics.errors import SettingError
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.history import History
from cifake_core.cases.settings import SETTINGS_FILE, HistorySettings, write_settings
from cifake_core.jobs.retention.regular import retained
from cifake_core.jobs.retention.settings import (
    MAX_DAYS,
    RETENTION_FILE,
    Retention,
    read_retention,
    write_retention,
)
from tests.accounts.conftest import ROOT
from tests.made_history import made_record, switched_on


@pytest.fixture(autouse=True)
def _no_accounts(monkeypatch) -> None:
    """There are no accounts."""
    monkeypatch.delenv(VARIABLE, raising=False)


def gone_within(history: History, seconds: float = 20.0) -> bool:
    """Whether all records went in that time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if history.counts(HistoryFilter()).total == 0:
            return True
        time.sleep(0.02)
    return False


def test_it_sweeps_at_the_start_and_again(user_data: Path, capsys):
    """What is kept meanwhile goes, too; settings that are damaged are told."""
    history = switched_on(user_data)
    history.keep([made_record(0)])
    write_retention(Retention(records=1), user_data, by=ROOT)

    with retained(lambda: user_data, every=0.1):
        assert gone_within(history)
        (user_data / SETTINGS_FILE).write_text("no settings")
        time.sleep(0.5)
        write_settings(HistorySettings(on=True), user_data)
        history.keep([made_record(1)])
        write_settings(HistorySettings(on=True, days=1), user_data)
        assert gone_within(history)

    assert "What is too old does not go now" in capsys.readouterr().err


def test_settings_come_back_as_they_were(user_data: Path):
    """The days of records are the history's; what is not chosen stays for ever."""
    assert read_retention(user_data) == Retention()
    switched_on(user_data)
    chosen = Retention(records=30, pictures=7, jobs=1, audit=MAX_DAYS)

    changed = write_retention(chosen, user_data, by=ROOT)

    assert changed == {
        "records": (None, 30),
        "pictures": (None, 7),
        "jobs": (None, 1),
        "audit": (None, MAX_DAYS),
    }
    assert read_retention(user_data) == chosen
    assert History(user_data).settings() == HistorySettings(on=True, days=30)
    assert write_retention(chosen, user_data, by=ROOT) == {}
    assert (user_data / RETENTION_FILE).exists()


@pytest.mark.parametrize("days", [0, -1, MAX_DAYS + 1])
def test_days_that_there_are_not_are_refused(days: int):
    """In a sentence with what was expected."""
    with pytest.raises(SettingError, match="Expected 1 to 36,500 days for bin"):
        Retention(bin=days)
