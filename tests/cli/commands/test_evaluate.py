"""`evaluate`: corrupted pictures and object classes, on the tiny data set."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from cifake_core import cli
from cifake_core.basics import files
from cifake_core.cli.commands import evaluate
from cifake_core.data import cifake
from cifake_core.evaluation import robustness
from cifake_core.networks import store
from cifake_core.networks.records import Answers
from cifake_core.pictures.corruptions import CORRUPTION_KINDS
from tests.cards import network_card
from tests.fakes import LinearProbe

OBJECT_KEYS = {"object_accuracy", "object_accuracy_ci95", "object_confusion"}


class NamingProbe(LinearProbe):
    """A network that takes every object for an airplane."""

    def answers(self, images) -> Answers:
        """Return the logits, and certainty of class 0."""
        objects = np.zeros((len(images), 10), np.float32)
        objects[:, 0] = 1
        return Answers(logits=self.logits(images), objects=objects)


def green_minus_red() -> np.ndarray:
    """Return weights that tell the tiny set's labels apart by their colours."""
    weights = np.zeros((32, 32, 3), np.float32)
    weights[..., 0], weights[..., 1] = -1 / 1024, 1 / 1024
    return weights


@pytest.fixture
def network(monkeypatch) -> LinearProbe:
    """Let `evaluate` ask a network that is right of most pictures."""
    probe = LinearProbe(green_minus_red(), sha256="c0ffee")
    monkeypatch.setattr(evaluate, "_load_network", lambda _name: probe)
    return probe


@pytest.fixture
def run(network, tmp_path, monkeypatch) -> Path:
    """Return the folder of a finished run; models/ holds the same network."""
    for place in (tmp_path / "run", tmp_path / "models" / "cnn"):
        place.mkdir(parents=True)
        store.write_card(place, network_card("cnn", network.sha256))
    monkeypatch.setattr(store, "MODELS", tmp_path / "models")
    return tmp_path / "run"


@pytest.fixture
def naming(run, monkeypatch) -> Path:
    """Let `evaluate` ask a network that names objects; return its run."""
    probe = NamingProbe(green_minus_red(), sha256="c0ffee")
    monkeypatch.setattr(evaluate, "_load_network", lambda _name: probe)
    return run


@pytest.fixture
def alone(tiny_dataset, tmp_path) -> Path:
    """Return a data set without train/."""
    data = tmp_path / "only"
    shutil.copytree(tiny_dataset / "test", data / "test")
    return data


def test_corruptions_make_a_table_of_twenty(run, alone, capsys):
    """The object has the promised keys and needs no training pictures."""
    words = ["--data", str(alone), "--corruptions", "--json"]

    status = cli.main(["evaluate", str(run), *words])

    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert status == 0
    assert list(report) == ["network", "n", "leak_free", "corruptions", "model_sha256"]
    assert (report["network"], report["model_sha256"]) == ("cnn", "c0ffee")
    assert (report["n"], report["leak_free"]) == (12, False)
    for kind, rows in report["corruptions"].items():
        strengths = tuple(row["strength"] for row in rows)
        assert strengths == CORRUPTION_KINDS[kind].strengths
        for row in rows:
            low, high = row["accuracy_ci95"]
            assert low < row["accuracy"] <= high
            assert row["accuracy"] > 0.9
    assert not (run / store.CORRUPTIONS_FILE).exists()


@pytest.mark.usefixtures("run")
def test_corruptions_read_well(tiny_zip, capsys):
    """One line a cell under the name of each kind, and what it is measured on."""
    words = ["--data", str(tiny_zip), "--corruptions", "--leak-free"]

    status = cli.main(["evaluate", "cnn", *words])

    lines = capsys.readouterr().out.splitlines()
    assert status == 0
    assert lines[0] == "2D-CNN (c0ffee) on 10 leak-free test pictures"
    assert lines[1] == "accuracy after JPEG, by quality"
    assert lines[5].split()[:2] == ["40", "1.0000"]
    assert len(lines) == 1 + 4 * (1 + 5)


def test_saved_corruption_scores_complete_the_card(run, tiny_zip):
    """File, hash and both tables come beside what stood on the card."""
    words = ["evaluate", str(run), "--data", str(tiny_zip), "--save"]

    statuses = [cli.main(words), cli.main([*words, "--corruptions"])]

    card = store.load_card(run)
    path = run / store.CORRUPTIONS_FILE
    shutil.copyfile(path, store.MODELS / "cnn" / store.CORRUPTIONS_FILE)
    stored = robustness.read("cnn", store.MODELS)
    assert statuses == [0, 0]
    assert card["corruption_scores_sha256"] == files.file_sha256(path)
    assert card["test"]["official"]["n"] == 12
    assert card["milliseconds"] > 0
    assert card["test_scores_sha256"] == files.file_sha256(run / store.SCORES_FILE)
    for name, leak_free in (("official", False), ("leak_free", True)):
        report = robustness.report_to_json(stored.report(leak_free=leak_free))
        assert card["corruptions"][name] == report


def test_shipped_corruption_figures_are_on_the_published_set_alone(
    run, network, tiny_zip, capsys
):
    """Another data set is refused before an hour is spent on it."""
    words = ["--data", str(tiny_zip), "--corruptions", "--save"]

    status = cli.main(["evaluate", "cnn", *words])

    assert status == 2
    assert "not CIFAKE as published" in capsys.readouterr().err
    assert network.calls == []
    assert not (run.parent / "models" / "cnn" / store.CORRUPTIONS_FILE).exists()


@pytest.mark.usefixtures("run")
def test_an_ensembles_corruption_scores_are_its_members(tiny_zip, capsys):
    """Nothing is saved for a network without weights of its own."""
    words = ["--data", str(tiny_zip), "--corruptions", "--save"]

    status = cli.main(["evaluate", "ensemble", *words])

    assert status == 2
    assert "follow from those of cnn" in capsys.readouterr().err


def test_no_leak_free_set_is_told_before_scoring(
    run, network, tiny_dataset, tmp_path, capsys
):
    """Where every test picture is a training picture no network is asked."""
    for split in ("train", "test"):
        shutil.copytree(tiny_dataset / "test", tmp_path / "leaky" / split)
    words = ["--data", str(tmp_path / "leaky"), "--corruptions", "--leak-free"]

    status = cli.main(["evaluate", str(run), *words])

    assert status == 2
    assert "no leak-free test set" in capsys.readouterr().err
    assert network.calls == []


def test_objects_are_reported_where_they_are_named(naming, tiny_zip, capsys):
    """Of the classes 0 to 5 of each label, "airplane" is right for the first."""
    status = cli.main(["evaluate", str(naming), "--data", str(tiny_zip), "--json"])

    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert status == 0
    assert report["object_accuracy"] == pytest.approx(2 / 12)
    assert (
        report["object_accuracy_ci95"][0] < 2 / 12 < report["object_accuracy_ci95"][1]
    )
    named = np.zeros((10, 10), int)
    named[:6, 0] = 2
    assert report["object_confusion"] == named.tolist()


def test_objects_stand_on_the_card_and_on_a_line(naming, tiny_zip, capsys):
    """Both test sets have them, and a person reads one line more."""
    cli.main(["evaluate", str(naming), "--data", str(tiny_zip), "--save"])

    card = store.load_card(naming)
    assert card["test"]["official"].keys() >= OBJECT_KEYS
    assert np.sum(card["test"]["leak_free"]["object_confusion"]) == 10
    lines = capsys.readouterr().out.splitlines()
    assert [line[:17] for line in lines if "objects" in line] == ["objects    0.1667"]


def test_objects_are_absent_where_nobody_names_them(run, tiny_zip, capsys):
    """No key is null or invented for a network that was not taught them."""
    words = ["evaluate", str(run), "--data", str(tiny_zip)]

    cli.main([*words, "--save", "--json"])
    cli.main(words)

    figures, *lines = capsys.readouterr().out.splitlines()
    assert not json.loads(figures).keys() & OBJECT_KEYS
    assert not store.load_card(run)["test"]["official"].keys() & OBJECT_KEYS
    assert not any("objects" in line for line in lines)


def test_dataset_digest_is_that_of_the_pictures(run, tiny_zip):
    """The card says which pictures the corrupted ones were made from."""
    words = ["evaluate", str(run), "--data", str(tiny_zip), "--save", "--corruptions"]

    cli.main(words)

    splits = (cifake.load(tiny_zip, split) for split in ("train", "test"))
    assert store.load_card(run)["data_digest"] == cifake.digest(*splits)
