"""`predict`: one object a picture and network; a bad picture stops nothing."""

import json

import pytest

from cifake_core import cli
from cifake_core.accounts.keys import Keys
from cifake_core.accounts.roles import RIGHTS_OF
from cifake_core.accounts.settings import VARIABLE
from cifake_core.accounts.store import Store
from cifake_core.accounts.users import Users
from cifake_core.basics.places import ASSETS, database_exists, user_data_folder
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.history import History
from cifake_core.cli.guard import KEY_VARIABLE
from cifake_core.networks import OWN
from tests.accounts.conftest import ROOT, added
from tests.made_history import switched_on

CAT = ASSETS / "samples" / "cat_32.png"
KEYS = {
    "path",
    "network",
    "label",
    "verdict",
    "p_fake",
    "p_real",
    "reasons",
    "milliseconds",
    "knows",
    "file",
}


def test_predict_prints_one_object_for_each_picture_and_network(command, capsys):
    """JSON Lines hold the promised keys; the verdict is the picture's."""
    status = command("predict", CAT, CAT, "--json")

    captured = capsys.readouterr()
    lines = [json.loads(line) for line in captured.out.splitlines()]
    assert status == 0
    assert captured.err == ""
    assert [line["network"] for line in lines] == list(OWN) * 2
    for line in lines:
        assert line.keys() == KEYS
        assert line["path"] == str(CAT)
        assert line["p_fake"] + line["p_real"] == pytest.approx(1)
        assert line["label"] == ("REAL" if line["p_real"] >= 0.5 else "FAKE")
        assert line["verdict"] == lines[0]["verdict"]
        assert line["reasons"] == lines[0]["reasons"]


def test_a_bad_picture_does_not_stop_the_others(command, tmp_path, capsys):
    """Its line carries path and error, the rest is judged, the status is 2."""
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"")

    status = command("predict", bad, CAT, "--network", "cnn3d", "--json")

    captured = capsys.readouterr()
    first, second = (json.loads(line) for line in captured.out.splitlines())
    assert status == 2
    assert first.keys() == {"path", "error"}
    assert first["path"] == str(bad)
    assert (second["path"], second["network"]) == (str(CAT), "cnn3d")
    assert captured.err == "1 of 2 pictures could not be judged.\n"


def test_predict_reads_well_without_json(command, tmp_path, capsys):
    """A person gets a line a network, the reasons, and the fault of a bad file."""
    status = command("predict", CAT, tmp_path / "none.png")

    first, second, third, fourth, *others, last = capsys.readouterr().out.splitlines()
    assert status == 2
    assert first.startswith(f"{CAT}: 2D-CNN says ")
    assert second.startswith(f"{CAT}: 3D-CNN says ")
    assert third.startswith(f"{CAT}: Multi-generator CNN says ")
    assert fourth.startswith(f"{CAT}: Ensemble says ")
    assert fourth.endswith("verdict UNSURE")
    assert all(line.startswith("  ") for line in others)
    assert "There is no file" in last


@pytest.mark.parametrize("name", ["vit", "pavani"])
def test_predict_refuses_a_network_that_is_not_there(name, command, refusal):
    """Neither an unknown nor an untrained network is asked."""
    status = command("predict", CAT, "--network", name)

    assert status == 2
    assert f"called '{name}'" in refusal()


@pytest.mark.slow
def test_predict_asks_trained_networks(random_models, capsys):
    """`all` is every network of our own, each with the object that it sees."""
    status = cli.main(["predict", str(CAT), "--json"], random_models)

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 0
    assert [line["network"] for line in lines] == list(OWN)
    assert all(
        line.keys() == KEYS | {"object_class", "object_probability"} for line in lines
    )


def test_what_is_judged_is_kept_while_the_history_is_on(command):
    """As from a command; a bad picture leaves nothing."""
    folder = user_data_folder()
    assert command("predict", CAT) == 0
    assert not database_exists(folder)

    switched_on(folder)
    assert command("predict", CAT, "no_such.png") == 2

    (record,) = History(folder).page(HistoryFilter()).records
    assert (record.name, record.source) == (CAT.name, "command")
    assert set(record.predictions) == set(OWN)


@pytest.mark.parametrize(("role", "kept"), [("viewer", 0), ("analyst", 1)])
def test_what_is_judged_by_a_key_is_its_owners(command, monkeypatch, role, kept):
    """Kept if the key may have a history, and seen by nobody else."""
    folder = user_data_folder()
    store = Store(folder)
    email = added(store, f"{role}@example.org", role)
    scopes = sorted(RIGHTS_OF[role])
    key = Keys(store).make(email, name="test", scopes=scopes, days=None, by=ROOT)
    switched_on(folder)
    monkeypatch.setenv(VARIABLE, "local")
    monkeypatch.setenv(KEY_VARIABLE, key)

    assert command("predict", CAT) == 0

    owner = Users(store).get(email).number
    assert len(History(folder, owner).page(HistoryFilter()).records) == kept
    assert History(folder).counts(HistoryFilter()).total == kept
