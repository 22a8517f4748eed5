"""`gate`: what it prints, and by which status a program knows."""

import json
from pathlib import Path
from typing import Any

import pytest

from cifake_core import cli
from cifake_core.cli.commands import gate
from cifake_core.cli.context import Context
from cifake_core.data.datasets import library
from cifake_core.data.datasets.library import FOLDER
from cifake_core.versions.registry import VersionRegistry
from tests.made_datasets import write_set
from tests.made_gates import METERS, right, shipped_models, teach


@pytest.fixture(scope="module")
def shipped(made_models, made_dataset, tmp_path_factory) -> Path:
    """Return the networks in use."""
    models = tmp_path_factory.mktemp("shipped") / "models"
    return shipped_models(made_models, made_dataset, models)


@pytest.fixture
def candidate(user_data, shipped, made_dataset, tmp_path):
    """Return what adds a candidate that was taught the set "mine"."""
    source = write_set(tmp_path / "mine")
    library.add("mine", source, root=user_data / FOLDER, cifake=made_dataset)
    registry = VersionRegistry(user_data, shipped)

    def candidate(**changes: Any) -> int:
        return teach(registry, user_data / FOLDER, made_dataset, **changes).number

    return candidate


def ask(
    version: int, data: Path, shipped: Path, user_data: Path, **options: Any
) -> int:
    """The command with costs that are alike; return its status."""
    context = Context(shipped=shipped, user_data=user_data)
    return gate.run(version, data=data, context=context, meters=METERS, **options)


def test_a_program_reads_the_keys_of_a_passed_gate(
    candidate, made_dataset, shipped, user_data, capsys
):
    """Status 0, and the report on the last line."""
    status = ask(candidate(), made_dataset, shipped, user_data, json=True)

    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert status == 0
    assert list(report) == ["version", "against", "passed", "checks"]
    assert (report["version"], report["against"], report["passed"]) == (2, 1, True)
    assert set(report["checks"][0]) == {
        *("name", "old", "new", "limit", "passed", "sentence"),
    }


def test_a_person_sees_a_table_and_what_comes_next(
    candidate, made_dataset, shipped, user_data, capsys
):
    """Every check is a line."""
    assert ask(candidate(), made_dataset, shipped, user_data) == 0

    said = capsys.readouterr().out
    assert "CIFAKE accuracy" in said
    assert "fails" not in said
    assert "versions promote 2 --why" in said


@pytest.mark.slow
def test_swapped_labels_end_with_status_1(candidate, made_dataset, shipped, capsys):
    """With the real meters; each failing line has its sentence."""
    number = candidate(gain=-100, logits=lambda labels: -right(labels), fakes=9.0)
    words = ["gate", str(number), "--data", str(made_dataset)]

    status = cli.main(words, shipped)

    said = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    assert status == 1
    assert "Memory" in said
    assert "CIFAKE accuracy: The candidate calls 0.00 % (100.00 % before)" in said
    assert "Version 2 is refused: " in said
    assert "promote" not in said


@pytest.mark.parametrize(
    "case",
    [("1", "Version 1 is what is shipped"), ("7", "7"), ("x", "VERSION")],
)
def test_bad_input_ends_with_status_2(candidate, made_dataset, shipped, refusal, case):
    """One sentence, nothing on stdout."""
    word, sentence = case
    candidate()

    assert cli.main(["gate", word, "--data", str(made_dataset)], shipped) == 2
    assert sentence in refusal()
