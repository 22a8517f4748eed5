"""`examples`: the samples are judged, and the answers stored for the app."""

import json
from pathlib import Path

import pytest

from cifake_core import cli
from cifake_core.workbench.examples import EXAMPLES, EXAMPLES_FILE


def test_answers_are_stored_and_told(made: Path, remake, capsys):
    """Each sample has its verdict in the file that the app then opens on."""
    del made
    models = remake(EXAMPLES_FILE)

    status = cli.main(["examples", "--json"], models)
    record = json.loads(capsys.readouterr().out.splitlines()[-1])

    assert status == 0
    assert record["path"] == str(models / EXAMPLES_FILE)
    assert list(record["verdicts"]) == list(EXAMPLES)
    assert set(record["verdicts"].values()) <= {"REAL", "FAKE", "UNSURE"}
    assert (models / EXAMPLES_FILE).is_file()


def test_without_networks_it_is_a_sentence(tmp_path: Path, capsys):
    """Nothing is written."""
    assert cli.main(["examples"], tmp_path) == 2
    assert "no trained networks" in capsys.readouterr().err
    assert not (tmp_path / EXAMPLES_FILE).exists()


@pytest.mark.parametrize("word", ["--sample", "cat.jpg"])
def test_it_takes_no_pictures(tmp_path: Path, word: str, capsys):
    """What it asks about is fixed: other pictures are `predict`'s."""
    assert cli.main(["examples", word], tmp_path) == 2
    assert word in capsys.readouterr().err
