"""`evaluate --generators`: on two tiny generators, from drawing to kept scores."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cifake_core import cli
from cifake_core.basics.places import user_data_folder
from cifake_core.cli.commands import evaluate
from cifake_core.cli.context import Context
from cifake_core.cli.evaluating.generators import GeneratorsConfig
from cifake_core.evaluation import generator_scores, scores
from cifake_core.evaluation.fakes import VISIBLE_BELOW
from cifake_core.generators import collection, service
from cifake_core.generators.catalogue import GENERATORS
from cifake_core.networks import store
from cifake_core.pictures.statistics import peak_signal_to_noise
from tests.made_generators import put_generator

#: One that draws from noise, and one that photographs are passed through.
NAMES = ("flow", "kl_autoencoder")
ONE = GeneratorsConfig(n=1)  # the tiny set holds out a single photograph


@pytest.fixture
def generators(models) -> Iterator[Path]:
    """Let there be two generators, with random weights; yield their folder."""
    folder = models / service.FOLDER
    for name in NAMES:
        put_generator(name, folder)
    whole = dict(GENERATORS)
    for name in whole.keys() - set(NAMES):
        del GENERATORS[name]
    yield folder
    # all anew, as their order is that of menus and messages
    GENERATORS.clear()
    GENERATORS.update(whole)


@pytest.fixture
def context(models, probes) -> Context:
    """What the door hands in."""
    return Context(
        shipped=models,
        user_data=user_data_folder(),
        load=lambda folder: probes[store.load_card(folder).name],
    )


def measure(context: Context, data: Path, name: str, **options: bool) -> None:
    """Run the command on one picture of each generator and part."""
    options = {"data": data, "context": context, "config": ONE} | options
    evaluate.run(name, generators=True, **options)


def held_out_logits(models: Path, file: str) -> np.ndarray:
    """Stored logits of the photographs in a file of scores."""
    stored = scores.read("cnn", models, file)
    return stored.logits[stored.labels == 1]


@pytest.mark.slow  # draws, for which TensorFlow is loaded
@pytest.mark.usefixtures("generators")
def test_each_part_is_measured_against_its_photographs(
    context, published, probes, capsys
):
    """Recall and change of every generator are those of a count by hand."""
    models = context.models
    measure(context, published, "cnn", json=True)

    found = json.loads(capsys.readouterr().out)["parts"]
    assert list(found) == ["validation", "test"]
    assert [part["sealed"] for part in found.values()] == [False, True]
    files = {"validation": store.VALIDATION_FILE, "test": store.SCORES_FILE}
    for part, file in files.items():
        real = held_out_logits(models, file)
        assert found[part]["n_real"] == len(real)
        assert list(found[part]["generators"]) == list(NAMES)
        for name, row in found[part]["generators"].items():
            images = collection.pictures(
                name, part, n=1, data=published, models=models / service.FOLDER
            )
            fake = probes["cnn"].logits(images)
            assert row["n"] == 1
            assert row["recall"] == (fake < real.min()).mean()  # 2 % of few: none
            assert row["auc"] == pytest.approx((real[:, None] > fake).mean())
            assert ("psnr" in row) == (name == "kl_autoencoder")
        given = collection.originals("kl_autoencoder", part, n=1, data=published)
        changes = peak_signal_to_noise(images, given)
        assert row["psnr"] == pytest.approx(np.median(changes))
        assert row["visible"]["n"] == (changes < VISIBLE_BELOW).sum()


@pytest.mark.slow
@pytest.mark.usefixtures("generators")
def test_saved_scores_are_read_and_the_seal_is_told(context, published, capsys):
    """The ensemble's follow once both members have theirs."""
    for name in ("cnn", "cnn3d"):
        measure(context, published, name, save=True)

    text = capsys.readouterr().out
    assert "Test, SEALED" in text
    assert "models/EXPERIMENTS.md" in text
    together = generator_scores.read("ensemble", context.models)
    assert list(together.validation) == list(together.test) == list(NAMES)
    assert {len(each) for each in together.test.values()} == {1}


@pytest.mark.usefixtures("generators")
def test_another_data_set_is_not_saved_in_models(command, tiny_dataset, refusal):
    """What is passed through would be of other photographs."""
    words = ("--generators", "--save", "--data", tiny_dataset)

    status = command("evaluate", "cnn", *words)

    assert status == 2
    assert "not CIFAKE as published" in refusal()


def test_an_ensembles_scores_follow(command, tiny_dataset, refusal):
    """So they are not saved."""
    words = ("--generators", "--save", "--data", tiny_dataset)

    status = command("evaluate", "ensemble", *words)

    assert status == 2
    assert "save theirs instead" in refusal()


def test_help_says_that_the_test_part_is_sealed(models, capsys):
    """Nobody looks without knowing."""
    cli.main(["evaluate", "--help"], models)

    text = " ".join(capsys.readouterr().out.split())
    assert "The test part is sealed" in text
    assert "models/EXPERIMENTS.md" in text
