"""`attention`: the study as a command, on linear networks and the tiny set."""

import json
from pathlib import Path

import numpy as np
import pytest

from cifake_core import cli
from cifake_core.attention import records
from cifake_core.basics.errors import DatasetError
from cifake_core.basics.places import user_data_folder
from cifake_core.cli.commands import attention as command
from cifake_core.cli.context import Context
from cifake_core.networks import store
from tests.cards import network_card
from tests.fakes import random_probe

PROBES = {"cnn": random_probe("rgb", 1), "cnn3d": random_probe("planes", 2)}


@pytest.fixture
def context(models) -> Context:
    """Let the command ask linear networks, of which one sees the channels."""
    for name, probe in PROBES.items():
        (models / name).mkdir(exist_ok=True)
        card = network_card(name, probe.sha256, plane_means=(100.0,) * 6)
        store.write_card(models / name, card)
    return Context(
        shipped=models,
        user_data=user_data_folder(),
        load=lambda folder: PROBES[folder.name],
    )


def make_study(context: Context, data: Path, name: str, *, json: bool = False) -> None:
    """Make the study of a network."""
    command.run(name, data=data, json=json, context=context)


@pytest.mark.parametrize("name", PROBES)
def test_the_study_comes_beside_the_network(context, published, capsys, name):
    """The file can be read, and says what the network sees of all test pictures."""
    make_study(context, published, name, json=True)

    record = json.loads(capsys.readouterr().out.splitlines()[-1])
    found = records.read(name, context.models)
    path = context.models / name / store.ATTENTION_FILE
    assert record == {
        "network": name,
        "n": 12,
        "cells": len(found.cells),
        "seconds": pytest.approx(found.seconds),
        "bytes": path.stat().st_size,
        "model_sha256": PROBES[name].sha256,
        "path": str(path),
    }
    assert found.counts.sum() == 12
    assert found.sees_channels == (name == "cnn3d")
    assert (found.decisions == -1).all()  # no card on verdicts says more


def test_a_person_reads_size_and_time(context, published, capsys):
    """Counts and the place of the file are told."""
    make_study(context, published, "cnn")

    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("12 test pictures in ")
    assert last.endswith("attention.npz (0.0 MB)")


def test_a_stopped_study_says_how_to_go_on(context, published, monkeypatch):
    """What was seen is kept; nothing half made lies beside the network."""

    def stop(_images: object) -> np.ndarray:
        raise KeyboardInterrupt

    monkeypatch.setattr(PROBES["cnn"], "logits", stop)

    with pytest.raises(KeyboardInterrupt, match="goes on where it was"):
        make_study(context, published, "cnn")

    assert not (context.models / "cnn" / store.ATTENTION_FILE).exists()


def test_other_pictures_make_no_shipped_study(context, tiny_dataset):
    """A data set that is not the published one is refused in a sentence."""
    with pytest.raises(DatasetError, match="is not CIFAKE as published"):
        make_study(context, tiny_dataset, "cnn")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("cnn_multi", "Train it with `python -m cifake_core train cnn_multi`"),
        ("vgg", "There is no network called 'vgg'"),
    ],
)
def test_networks_that_are_not_there_are_told_first(name, sentence, models, refusal):
    """Before the data set is looked for."""
    status = cli.main(["attention", name, "--data", "nowhere.zip"], models)

    assert status == 2
    assert sentence in refusal()
