"""`policy`: the study as a command, on linear networks and the tiny data set."""

import json
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.places import user_data_folder
from cifake_core.cli.commands import policy
from cifake_core.cli.context import Context
from cifake_core.data.out_of_distribution import OutOfDistributionSet
from cifake_core.networks import OWN, store
from cifake_core.verdicts import card
from cifake_core.verdicts.threshold_choice import PolicyConfig
from tests.fakes import noise

CONFIG = PolicyConfig(num_forms=4, num_clear=3)


@pytest.fixture
def context(models, probes) -> Context:
    """Return linear networks with scores on the tiny data set."""
    return Context(
        shipped=models,
        user_data=user_data_folder(),
        load=lambda folder: probes[folder.name],
    )


def choose(context: Context, data: Path, *, json: bool = False) -> None:
    """Run the command with a picture of each kind from outside, and of a generator."""
    crop = OutOfDistributionSet(
        kind="Crops", tuned=True, marked=True, pictures=(noise(1),)
    )
    noisy = OutOfDistributionSet(
        kind="Noise", tuned=False, marked=False, pictures=(noise(0),)
    )
    policy.run(
        data=data,
        json=json,
        context=context,
        config=CONFIG,
        outside=lambda **_: (noisy, crop),
        fakes=lambda part: {"gan": np.stack([noise(2)])} if part == "test" else {},
    )


def test_the_card_comes_beside_the_networks(context, published, capsys):
    """The file can be read, and the object has its shares with intervals."""
    choose(context, published, json=True)

    record = json.loads(capsys.readouterr().out.splitlines()[-1])
    hashes = {name: store.revision(name, context.models) for name in OWN}
    found = card.read(hashes, context.models)
    assert record["path"] == str(context.models / "policy.json")
    assert record["model_sha256"] == hashes
    assert record["sets"]["official"]["n"] == 12
    coverage = found.of_set("official").coverage
    assert record["sets"]["official"]["coverage"] == coverage.value
    assert record["sets"]["official"]["coverage_ci95"] == [coverage.low, coverage.high]
    assert record["ordinary"]["n"] == 1
    assert record["ordinary"]["judged_ci95"][1] == 1.0
    assert record["strangers"]["n"] == 0
    assert [row["part"] for row in record["generators"]] == ["test"]
    assert record["guard"]["n_strangers"] == 1


def test_a_card_on_other_pictures_is_not_shipped(
    context, tiny_dataset, capsys, own_cache
):
    """It goes to the cache; a person reads a line for each set, form and kind."""
    choose(context, tiny_dataset)

    lines = capsys.readouterr().out.splitlines()
    words = [" ".join(line.split()) for line in lines]
    assert lines[-1] == str(own_cache / "policy" / "policy.json")
    assert {file.name for file in (own_cache / "policy").iterdir()} == {
        "domain.npz",
        "policy.json",
    }
    assert not (context.models / "policy.json").exists()
    assert not (context.models / "domain.npz").exists()
    assert any(line.startswith("official test set 12 ") for line in words)
    assert any(line.startswith("PNG 4 100.00% ") for line in words)
    assert any(line.startswith("Noise 1 ") for line in words)
    assert any(line.startswith("gan test 1 ") for line in words)
    assert any(line.endswith(" chosen") for line in words)
    assert lines[0].startswith("UNSURE: further than ")
    assert lines[1].startswith("The expert (cnn_multi): above ")
