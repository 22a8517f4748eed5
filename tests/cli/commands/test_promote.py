"""`train --promote`: a finished run takes the place of what is shipped."""

import json
import re
import shutil

import pytest

from cifake_core import cli
from cifake_core.evaluation import scores
from cifake_core.networks import store
from tests.models import validation_scores


@pytest.mark.slow
def test_promoting_a_member_refits_the_ensemble(random_models, tmp_path, capsys):
    """Where all members have validation scores, the ensemble fits the new weights."""
    models = shutil.copytree(random_models, tmp_path / "models")
    run = shutil.copytree(models / "cnn3d", tmp_path / "run")
    before = store.ensemble_weights("ensemble", models)
    sha256 = store.load_card(run).model_sha256
    other = validation_scores("cnn3d", sha256, seed=9)
    scores.write(other, run, store.VALIDATION_FILE)
    (run / store.HISTORY_FILE).write_text("epoch\n1\n")

    status = cli.main(["train", "--promote", str(run)], models)

    after = store.ensemble_weights("ensemble", models)
    assert status == 0
    assert f"now holds the network of {run}" in capsys.readouterr().out
    assert after.keys() == before.keys()
    assert after != before


def test_promoting_a_run_that_is_not_finished_is_told(models, tmp_path, refusal):
    """The shipped network stays."""
    status = cli.main(["train", "--promote", str(tmp_path)], models)

    assert status == 2
    assert f"{tmp_path} holds no finished network" in refusal()


@pytest.mark.slow
def test_from_pictures_to_shipped_weights(tiny_zip, tmp_path, capsys):
    """A run is trained, resumed for nothing, evaluated, saved and promoted."""
    models, run = tmp_path / "models", tmp_path / "run"
    data = ["--data", str(tiny_zip)]
    start = ["train", "cnn", *data, "--epochs", "1", "--out", str(run)]

    statuses = [
        cli.main(words, models)
        for words in (
            start,
            ["train", "cnn", *data, "--resume", "--out", str(run)],
            ["evaluate", str(run), *data, "--save", "--json"],
            ["train", "--promote", str(run)],
            ["evaluate", "cnn", *data, "--json"],
            start,
        )
    ]

    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    reports = [json.loads(line) for line in lines if line.startswith("{")]
    assert statuses == [0, 0, 0, 0, 0, 2]
    assert reports[0]["confusion"] == reports[1]["confusion"]
    assert reports[0]["ece"] == pytest.approx(reports[1]["ece"])  # two runtimes
    assert reports[0]["model_sha256"] == store.load_card(models / "cnn").model_sha256
    assert {path.name for path in (models / "cnn").iterdir()} == {
        store.CARD_FILE,
        store.HISTORY_FILE,
        store.RUNTIME_FILE,
        store.SCORES_FILE,
        store.VALIDATION_FILE,
        store.WEIGHTS_FILE,
    }
    assert re.search("There is a run in .* already. Go on with it", captured.err)
