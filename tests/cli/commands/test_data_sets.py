"""`data add|list|show|remove`: what is printed of data sets of one's own."""

import json
from pathlib import Path

import pytest

from cifake_core import cli
from cifake_core.basics.artefacts import from_json
from cifake_core.data.datasets.records import DataSetCard
from tests.made_datasets import PER_LABEL, write_set


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder of pictures with an unreadable one."""
    folder = write_set(tmp_path / "pictures", generators=("gan", "flow"), seed=9000)
    (folder / "gan" / "bad.jpg").write_bytes(b"no picture")
    return folder


def run(models, capsys, *words: object) -> str:
    """What a command prints that does what it is asked for."""
    assert cli.main(["data", *map(str, words)], models) == 0
    return capsys.readouterr().out


def test_a_set_is_added_listed_shown_and_removed(models, folder, capsys):
    """By words for a person."""
    added = run(models, capsys, "add", "new", folder)
    listed = run(models, capsys, "list")
    shown = run(models, capsys, "show", "new")
    removed = run(models, capsys, "remove", "new")

    assert "new (generators), added " in added
    assert "Left out" in added
    assert "- gan/bad.jpg: The file is not a picture" in added
    assert "can be read" in added
    assert "{" not in added
    assert shown == added
    assert "flow, gan" in listed
    assert str(folder) in listed
    assert "its pictures stay where they are" in removed
    assert len(list(folder.rglob("*.jpg"))) == 2 * PER_LABEL + 1
    assert "There is none yet" in run(models, capsys, "list")


def test_a_program_gets_the_card(models, folder, capsys):
    """The same of `add`, `show` and `list`, as it is stored."""
    card = json.loads(run(models, capsys, "add", "new", folder, "--json"))

    record = from_json(card, DataSetCard)
    assert record.generators == ("flow", "gan")
    assert list(record.left_out) == ["gan/bad.jpg"]
    assert json.loads(run(models, capsys, "show", "new", "--json")) == card
    assert json.loads(run(models, capsys, "list", "--json")) == {"data_sets": [card]}
    assert json.loads(run(models, capsys, "remove", "new", "--json")) == {"name": "new"}


def test_copies_of_cifake_are_looked_for(models, folder, tiny_dataset, refusal):
    """In the data set that is named; the sentence has the figures."""
    for file in (tiny_dataset / "test" / "REAL").iterdir():
        (folder / "REAL" / f"copy-{file.name}").write_bytes(file.read_bytes())

    status = cli.main(
        ["data", "add", "new", str(folder), "--data", str(tiny_dataset)], models
    )

    assert status == 2
    assert "6 of 126 pictures (4.8" in refusal()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "old"), "no data set called 'old'"),
        (("remove", "old"), "no data set called 'old'"),
        (("add", "new", "nowhere"), "There is nothing at"),
        (("add", "New!", "nowhere"), "cannot be called 'New!'"),
    ],
)
def test_what_is_not_there_is_refused(models, refusal, words, sentence):
    """In one sentence."""
    assert cli.main(["data", *words], models) == 2
    assert sentence in refusal()
