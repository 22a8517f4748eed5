"""`retrain`: what it prints, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from cifake_core import cli
from cifake_core.cli.commands import retrain
from cifake_core.cli.context import Context
from cifake_core.networks.pool import load_network
from cifake_core.versions.registry import VersionRegistry
from tests.made_teaching import CONFIG, POLICY, add_mine, trained_models


@pytest.fixture(scope="module")
def shipped(made_models, made_dataset, tmp_path_factory) -> Path:
    """Return the networks in use."""
    models = tmp_path_factory.mktemp("shipped") / "models"
    return trained_models(made_models, made_dataset, models)


def teach(context: Context, data: Path, run: Path, **options: Any) -> None:
    """Run the command with a short recipe."""
    retrain.run(
        "cnn",
        on=("mine",),
        data=data,
        out=run,
        context=context,
        config=CONFIG,
        policy=POLICY,
        **options,
    )


def test_a_program_reads_version_parent_and_metrics(
    shipped, user_data, made_dataset, tmp_path, capsys
):
    """They stand on the last line; the version in use stays the shipped one."""
    add_mine(user_data, made_dataset, tmp_path / "pictures")
    context = Context(shipped=shipped, user_data=user_data, load=load_network)

    teach(context, made_dataset, tmp_path / "run", json=True)

    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert list(printed) == ["version", "network", "parent", "seconds", "validation"]
    assert (printed["version"], printed["network"], printed["parent"]) == (2, "cnn", 1)
    assert set(printed["validation"]["sets"]["mine"]["generators"]) == {"dalle", "flux"}
    assert VersionRegistry(user_data, shipped).in_use().number == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("retrain", "cnn"), "--on"),
        (("retrain", "cnn", "--on", "mine", "--minutes", "soon"), "minutes"),
        (("retrain", "pavani", "--on", "mine"), "network that can be taught"),
        (("retrain", "cnn", "--on", "nowhere"), "nowhere"),
    ],
)
def test_bad_words_get_a_sentence(  # noqa: PLR0913, PLR0917 - fixtures
    shipped, made_dataset, monkeypatch, capsys, words, sentence
):
    """The status is 2."""
    monkeypatch.setenv("CIFAKE_DATA", str(made_dataset))

    status = cli.main(words, models=shipped)

    assert status == 2
    assert sentence in capsys.readouterr().err.splitlines()[-1]
