"""Acts of other rooms: noted where there are accounts, and never lost for the audit."""

import logging
import subprocess
import sys

import pytest

from cifake_core.accounts.acts import note_act
from cifake_core.accounts.audit import Audit
from cifake_core.accounts.settings import VARIABLE
from cifake_core.basics.places import DATABASE_FILE
from tests.accounts.conftest import ROOT

LINE = {"action": "version.promote", "subject": "cnn, version 2", "result": "1 -> 2"}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("mode", ["local", "oidc"])
def test_an_act_is_noted(store, user_data, monkeypatch, mode):
    """Who, from where, what, on what, and what came of it, in the chain."""
    monkeypatch.setenv(VARIABLE, mode)

    note_act(user_data, ROOT, **LINE)

    (line,) = Audit(store).lines()
    assert (line.who, line.source) == (ROOT.name, ROOT.source)
    assert {name: getattr(line, name) for name in LINE} == LINE
    assert Audit(store).verify() == (1, line.digest)


def test_without_accounts_nothing_is_written_or_loaded(user_data, monkeypatch):
    """No database is made, and nobody waits for what would write to it."""
    monkeypatch.delenv(VARIABLE, raising=False)
    code = (
        "import sys; from pathlib import Path;"
        "from cifake_core.accounts.acts import note_act;"
        "from cifake_core.accounts.records import ANYBODY;"
        "note_act(Path(sys.argv[1]), ANYBODY, action='version.promote');"
        "sys.exit('sqlalchemy' in sys.modules)"
    )

    subprocess.run([sys.executable, "-c", code, user_data], check=True)

    assert list(user_data.iterdir()) == []


def test_an_audit_that_cannot_be_written_loses_no_act(user_data, monkeypatch, caplog):
    """The act is not told as failed; its whole line is in the log of the program."""
    monkeypatch.setenv(VARIABLE, "local")
    (user_data / DATABASE_FILE).write_bytes(b"no database" * 1000)

    with caplog.at_level(logging.ERROR):
        note_act(user_data, ROOT, **LINE)

    (told,) = caplog.messages
    assert told.startswith("Not in the audit: 'version.promote' 'cnn, version 2'")
    assert "'1 -> 2' by 'root' from 'test'." in told
