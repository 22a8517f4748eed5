"""`ensemble`: weights fitted anew, and a card that fits its members."""

import json

import pytest

from cifake_core import cli
from cifake_core.networks import store


def test_the_ensembles_card_is_written(command, models, capsys):
    """It names members and weights; a second fit gives the same hash."""
    before = store.revision("ensemble", models)
    (models / "ensemble" / store.CARD_FILE).unlink()

    status = command("ensemble", "--json")

    record = json.loads(capsys.readouterr().out)
    assert status == 0
    assert record == {
        "network": "ensemble",
        "weights": store.ensemble_weights("ensemble", models),
        "model_sha256": before,
        "path": str(models / "ensemble" / store.CARD_FILE),
    }


def test_a_person_reads_the_weights(command, models, capsys):
    """Each member by its name, and where the card is."""
    status = command("ensemble", "ensemble")

    first, last = capsys.readouterr().out.splitlines()
    assert status == 0
    assert first.startswith("ensemble: weights cnn ")
    assert last == str(models / "ensemble" / store.CARD_FILE)


@pytest.mark.parametrize("gone", [store.VALIDATION_FILE, store.CARD_FILE])
def test_members_that_are_not_ready_are_told(gone, command, models, refusal):
    """Without validation scores or weights nothing can be fitted."""
    (models / "cnn3d" / gone).unlink()

    status = command("ensemble")

    assert status == 2
    assert "cnn3d" in refusal()


def test_a_network_that_is_no_ensemble_is_told(models, refusal):
    """A single network has no weights to fit."""
    status = cli.main(["ensemble", "cnn"], models)

    assert status == 2
    assert "Choose one of: ensemble" in refusal()
