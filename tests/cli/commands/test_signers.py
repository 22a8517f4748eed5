"""`signers`: the list of trusted signers, got and shown, and what it changes."""

import json

import pytest

from tests.made_signatures import authority, signed

FACTS = {"place", "fetched", "certificates", "sha256"}


@pytest.fixture
def listed(tmp_path):
    """An authority, and the file of its list."""
    ours = authority()
    file = tmp_path / "list.pem"
    file.write_text(ours.root, "utf-8")
    return ours, file


def test_a_list_is_fetched_and_shown(command, listed, capsys):
    """`show` says what `fetch` said: place, date, number, hash."""
    _, file = listed

    assert command("signers", "fetch", file, "--json") == 0
    fetched = json.loads(capsys.readouterr().out)
    assert command("signers", "show", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert command("signers", "show") == 0

    assert fetched == shown
    assert fetched.keys() == FACTS
    assert (fetched["place"], fetched["certificates"]) == (str(file), 1)
    assert str(file) in capsys.readouterr().out


def test_predict_goes_by_it(command, listed, tmp_path, capsys):
    """The same file is unchecked without a list, and trusted with it."""
    ours, file = listed
    picture = tmp_path / "signed.jpg"
    picture.write_bytes(signed(ours))
    states = []

    for _ in range(2):
        assert command("predict", picture, "--network", "cnn", "--json") == 0
        row = json.loads(capsys.readouterr().out)
        states.append(row["file"]["signed"]["state"])
        command("signers", "fetch", file)
        capsys.readouterr()

    assert states == ["unchecked", "trusted"]


def test_without_a_list_show_says_how_to_get_one(command, refusal):
    """It is no error of the program's."""
    assert command("signers", "show") == 2

    assert "`python -m cifake_core signers fetch`" in refusal()


def test_a_place_without_a_list_is_refused(command, refusal, tmp_path):
    """What is kept stays as it is."""
    assert command("signers", "fetch", tmp_path / "none.pem") == 2

    assert "name a PEM file" in refusal()
