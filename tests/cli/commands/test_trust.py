"""`trust`: the study as a command, on linear networks and the tiny data set."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cifake_core import cli
from cifake_core.basics import places
from cifake_core.cli.commands import trust
from cifake_core.networks import OWN, store
from cifake_core.networks.ensemble import Ensemble
from cifake_core.trust import study
from cifake_core.trust import table as trust_table
from cifake_core.trust.journal import Journal
from tests.cards import network_card
from tests.subjects import FAST, SMALL, few_methods, subjects

ESTIMATES = (
    "score",
    "score_blurred",
    "score_mean_colour",
    "spread",
    "deletion_auc",
    "insertion_auc",
    "random_deletion_auc",
    "random_insertion_auc",
    "beaten",
    "faithful",
    "splice_share",
    "splice_maximum_inside",
    "correlation_after_forgetting",
)


@pytest.fixture
def models(tmp_path, monkeypatch) -> Path:
    """Let the command study two methods on linear networks, on few pictures."""
    few_methods(monkeypatch)
    studied = subjects()
    for name in ("cnn", "cnn3d"):
        (tmp_path / name).mkdir()
        sha256 = studied.networks[name].sha256
        store.write_card(tmp_path / name, network_card(name, sha256))
    monkeypatch.setattr(store, "MODELS", tmp_path)
    monkeypatch.setattr(trust, "StudyConfig", lambda: replace(SMALL, num_splices=2))
    monkeypatch.setattr(
        trust,
        "load_subjects",
        lambda test, train, **_: replace(studied, test=test, train=train),
    )
    return tmp_path


@pytest.mark.usefixtures("published")
def test_the_table_is_shipped_beside_the_networks(models, tiny_dataset, capsys):
    """The file can be read, the object names the winners, the parts are gone."""
    status = cli.main(["trust", "--data", str(tiny_dataset), "--json"])

    record = json.loads(capsys.readouterr().out.splitlines()[-1])
    table = trust_table.read(models)
    assert status == 0
    assert list(record) == [
        "path",
        "n",
        "num_errors",
        "num_splices",
        "seconds",
        "networks",
    ]
    assert record["path"] == str(models / "trust.json")
    assert (record["n"], record["num_errors"], record["num_splices"]) == (3, 0, 2)
    assert [each["network"] for each in record["networks"]] == list(OWN)
    for each in record["networks"]:
        name = each["network"]
        assert each["model_sha256"] == store.revision(name, models)
        assert each["best_method"] == table.best_method(name)
        assert list(each["methods"]) == list(FAST)
        for method, figures in each["methods"].items():
            assert set(figures) == {
                "splice_area",
                *ESTIMATES,
                *(f"{figure}_ci95" for figure in ESTIMATES),
            }
            assert figures["score"] == table.scores(name)[method].score.value
            halves = figures["score_blurred"], figures["score_mean_colour"]
            assert figures["score"] == pytest.approx(sum(halves) / 2)
    assert not list((places.cache_folder() / "trust").iterdir())


def test_other_pictures_leave_the_networks_alone(models, tiny_dataset, capsys):
    """Their table goes to the user's cache; a person reads a line for each method."""
    status = cli.main(["trust", "--data", str(tiny_dataset)])

    lines = capsys.readouterr().out.splitlines()
    place = places.cache_folder() / "trust" / "trust.json"
    assert status == 0
    assert lines[-1] == str(place)
    assert place.is_file()
    assert not (models / "trust.json").exists()
    assert lines[0].startswith("3 pictures (0 errors), 2 patches, seed 0, ")
    heads = [line for line in lines if "): best is " in line]
    assert [head.split(" (")[0] for head in heads] == ["2D-CNN", "3D-CNN", "Ensemble"]
    named = [line for line in lines if line.startswith("Gradient x input")]
    assert len(named) == 3
    assert all(len(line) == len(named[0]) for line in named)


@pytest.mark.usefixtures("models")
def test_a_stopped_command_goes_on(tiny_dataset, monkeypatch, capsys):
    """Ctrl-C is answered by a sentence; the next start goes on with what is kept."""
    words = ["trust", "--data", str(tiny_dataset), "--json"]

    def stop(share: float) -> None:
        if share > 0:
            raise KeyboardInterrupt

    def stopped(studied, config, *, notebook, progress):
        assert progress is not stop
        return study.study(studied, config, notebook=notebook, progress=stop)

    with monkeypatch.context() as patch:
        patch.setattr(trust, "study", stopped)
        first = cli.main(words)
    told = capsys.readouterr().err
    kept = {file.stem for file in (places.cache_folder() / "trust").glob("*/*.json")}
    make, made = Journal.rows, []

    def rows(notebook, name, part):
        return make(notebook, name, lambda: (made.append(name), part())[1])

    monkeypatch.setattr(Journal, "rows", rows)
    second = cli.main(words)

    captured = capsys.readouterr()
    assert (first, second) == (130, 0)
    assert "Stopped. The same command goes on where it was." in told
    assert "Going on" not in told
    assert "Going on where the last run was stopped." in captured.err
    assert json.loads(captured.out)["n"] == 3
    assert kept == {"pictures", "curves-000"}
    assert made
    assert not kept & set(made)


def test_missing_weights_are_told_first(tmp_path, monkeypatch, capsys):
    """Before the data set is looked for."""
    monkeypatch.setattr(store, "MODELS", tmp_path)

    status = cli.main(["trust", "--data", "nowhere.zip"])

    assert status == 2
    assert "There is no trained network" in capsys.readouterr().err


@pytest.mark.slow
def test_our_own_networks_are_studied(random_models, monkeypatch):
    """All three are asked, and each member can forget all of its layers."""
    from cifake_core.trust.randomization import Cascade

    monkeypatch.setattr(store, "MODELS", random_models)
    splits = subjects()

    studied = trust.load_subjects(splits.test, splits.train, seed=3)

    assert list(studied.networks) == list(OWN)
    assert isinstance(studied.networks["ensemble"], Ensemble)
    assert list(studied.cascades) == ["cnn", "cnn3d"]
    for cascade in studied.cascades.values():
        assert isinstance(cascade, Cascade)
        assert cascade.layers[0] == "logit"
    assert studied.forgotten("ensemble")[0] == "logit + logit"
