"""`versions`: listed, shown, promoted, rolled back and removed by words."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from cifake_core import cli
from cifake_core.basics.places import user_name
from cifake_core.versions.registry import VersionRegistry
from tests.made_versions import FAILED, pass_gate, put_models, teach


@pytest.fixture
def shipped(tmp_path) -> Path:
    """The folder of models that is shipped."""
    return put_models(tmp_path / "models")


@pytest.fixture
def registry(user_data, shipped) -> VersionRegistry:
    """The registry with a version 2 that may be promoted."""
    made = VersionRegistry(user_data, shipped)
    pass_gate(made, teach(made).number)
    return made


@pytest.fixture
def versions(shipped, capsys):
    """A function that calls the command, and returns what it prints."""

    def call(*words: str) -> str:
        assert cli.main(["versions", *words], shipped) == 0
        return capsys.readouterr().out

    return call


def test_the_shipped_version_is_listed(versions, user_data):
    """Before anything was taught it is the only one, and to look makes nothing."""
    head, row = versions("list").splitlines()

    assert head.split()[:4] == ["version", "state", "network", "parent"]
    assert row.split()[:4] == ["1", "in", "use", "all"]
    assert list(user_data.iterdir()) == []


def test_a_program_reads_every_field(registry, versions):
    """Times are in UTC, by ISO 8601."""
    (first, second) = json.loads(versions("list", "--json"))["versions"]

    assert second == json.loads(versions("show", "2", "--json"))
    assert (first["number"], first["parent"], first["gate"]) == (1, None, None)
    made = registry.get(2)
    assert datetime.fromisoformat(second["created"]) == made.created
    assert second | {"created": 0, "changed": 0} == {
        "number": 2,
        "network": "cnn",
        "parent": 1,
        "model_sha256": made.model_sha256,
        "recipe": {"epochs": 3},
        "datasets": {"newgan": "d1"},
        "metrics": {"accuracy": 0.9},
        "gate": made.gate,
        "state": "candidate",
        "created": 0,
        "changed": 0,
        "who": "ann",
        "why": "a new GAN",
    }


def test_a_person_reads_what_the_gate_said(registry, versions):
    """Each check in a line, and whether it holds."""
    registry.record_gate(2, FAILED | {"against": 1})

    shown = versions("show", "2").splitlines()

    assert shown[0].split() == ["Version", "2", "(refused)"]
    assert "Gate         refused against version 1" in shown
    assert shown[-3:] == ["  holds  leak_free", "  FAILS  recall", "  FAILS  ece"]


def test_there_and_back_again(registry, versions):
    """By one command each; the system's user is noted."""
    assert versions("promote", "2", "--why", "finds it") == "Version 2 is in use.\n"
    assert registry.in_use().who == user_name()
    back = json.loads(versions("rollback", "cnn", "--json"))
    assert (back["number"], back["state"]) == (1, "in use")
    assert versions("remove", "2") == "Version 2 is removed.\n"
    assert len(registry.listing()) == 1


def test_the_networks_in_use_answer_each_command(
    registry, shipped, user_data, versions
):
    """And `train --promote` goes on to ship into version 1."""
    before = cli.Context(shipped=shipped, user_data=user_data)
    assert before.models == shipped
    versions("promote", "2", "--why", "finds it")

    after = cli.Context(shipped=shipped, user_data=user_data)

    assert after.models == registry.folder(2)
    assert after.workbench.models == after.pool.models == after.models
    assert before.models == shipped  # one and the same for the whole command


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["promote", "2"], "--why"),
        (["promote", "2", "--why", " "], "Expected a reason"),
        (["promote", "x", "--why", "y"], "x"),
        (["show", "9"], "There is no version 9"),
        (["rollback", "cnn"], "there is none before it"),
        (["remove", "1"], "never removed"),
    ],
)
def test_what_may_not_be_is_one_sentence(words, complaint, shipped, refusal):
    """On stderr, with status 2."""
    assert cli.main(["versions", *words], shipped) == 2
    assert complaint in refusal()
