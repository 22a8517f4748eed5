"""`evaluate`: corrupted pictures and object classes, on the tiny data set."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics import files
from cifake_core.data import cifake
from cifake_core.data.plane_means import plane_means
from cifake_core.evaluation import robustness
from cifake_core.networks import store
from cifake_core.networks.records import Answers
from cifake_core.pictures.corruptions import CORRUPTION_KINDS
from tests.cards import network_card
from tests.fakes import LinearProbe

REPORT_KEYS = {
    "network",
    "n",
    "accuracy",
    "accuracy_ci95",
    "precision",
    "recall",
    "f1",
    "roc_auc",
    "ece",
    "confusion",
    "model_sha256",
}
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
def naming(finished, probes) -> Path:
    """Let the 2D-CNN name objects; return its run."""
    probes["cnn"] = NamingProbe(green_minus_red(), sha256=probes["cnn"].sha256)
    return finished


def report(capsys) -> dict:
    """Return the object on the last line of stdout."""
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_evaluate_needs_no_training_pictures(command, alone, capsys):
    """A folder with test/ alone is enough, and the object has the promised keys."""
    status = command("evaluate", "cnn", "--data", alone, "--json")

    figures = report(capsys)
    assert status == 0
    assert figures.keys() >= REPORT_KEYS
    assert (figures["network"], figures["model_sha256"]) == ("cnn", "sha of cnn")
    assert figures["n"] == 12
    assert sum(map(sum, figures["confusion"])) == 12
    assert figures["accuracy"] > 0.9


def test_an_ensemble_is_evaluated_from_the_pictures(command, alone, probes, capsys):
    """Its members are asked afresh, whatever scores are stored."""
    for probe in probes.values():
        probe.calls.clear()

    status = command("evaluate", "ensemble", "--data", alone, "--json")

    assert status == 0
    assert report(capsys)["network"] == "ensemble"
    asked = {name: sum(probe.calls) for name, probe in probes.items()}
    assert asked == {"cnn": 12, "cnn3d": 12, "cnn_multi": 0}


def test_evaluate_leak_free_leaves_copies_out(command, tiny_zip, capsys):
    """One picture is in train/ and one stands twice, so two go."""
    command("evaluate", "cnn", "--data", tiny_zip, "--leak-free", "--json")

    assert report(capsys)["n"] == 10


@pytest.mark.parametrize("flag", ["--leak-free", "--save"])
def test_leaks_need_the_training_pictures(flag, command, finished, alone, refusal):
    """Without train/ the flags are refused."""
    status = command("evaluate", finished, "--data", alone, flag)

    assert status == 2
    assert "with train/" in refusal()


@pytest.mark.parametrize("more", [[], ["--corruptions"]])
def test_no_leak_free_set_is_told_before_scoring(more, command, leaky, probes, refusal):
    """Where every test picture is a training picture no network is asked."""
    probes["cnn"].calls.clear()

    status = command("evaluate", "cnn", "--data", leaky, "--leak-free", *more)

    assert status == 2
    assert "no leak-free test set" in refusal()
    assert probes["cnn"].calls == []


def test_saving_completes_the_card_of_a_run(command, finished, tiny_zip, capsys):
    """Scores and both reports come beside the weights; the card keeps its own."""
    status = command("evaluate", finished, "--data", tiny_zip, "--save")

    card = store.load_card(finished)
    assert status == 0
    assert card.model_sha256 == "sha of cnn"
    assert {name: each.n for name, each in card.test.items()} == {
        "official": 12,
        "leak_free": 10,
    }
    assert card.test_scores_sha256 == files.file_sha256(finished / store.SCORES_FILE)
    splits = (cifake.load(tiny_zip, split) for split in ("train", "test"))
    assert card.data_digest == cifake.digest(*splits)
    assert card.milliseconds > 0
    assert card.plane_means is None
    assert "2D-CNN (sha of cnn) on 12 test pictures" in capsys.readouterr().out


def test_the_card_of_a_network_on_planes_tells_their_means(
    command, probes, tmp_path, tiny_zip
):
    """They are those of the training pictures, where its explanation finds them."""
    run = tmp_path / "planes"
    run.mkdir()
    store.write_card(run, network_card("cnn3d", probes["cnn3d"].sha256))

    status = command("evaluate", run, "--data", tiny_zip, "--save")

    expected = plane_means(cifake.load(tiny_zip, "train"))
    assert status == 0
    np.testing.assert_allclose(store.load_card(run).plane_means, expected)


@pytest.mark.parametrize("more", [[], ["--corruptions"]])
def test_shipped_figures_are_on_the_published_set_alone(
    more, command, models, tiny_zip, refusal
):
    """Neither by name nor by folder can another data set get into models/."""
    before = (models / "cnn" / store.CARD_FILE).read_bytes()

    for name in ("cnn", models / "cnn"):
        status = command("evaluate", name, "--data", tiny_zip, "--save", *more)

        assert status == 2
        assert "not CIFAKE as published" in refusal()
    assert (models / "cnn" / store.CARD_FILE).read_bytes() == before


def test_the_published_set_may_be_saved_in_models(command, models, published):
    """With the published digest the figures go beside the shipped weights."""
    status = command("evaluate", "cnn", "--data", published, "--save")

    assert status == 0
    assert store.load_card(models / "cnn").test["official"].n == 12


def test_corruptions_make_a_table_of_twenty(command, finished, alone, capsys):
    """The object has the promised keys and needs no training pictures."""
    status = command("evaluate", finished, "--data", alone, "--corruptions", "--json")

    found = report(capsys)
    assert status == 0
    assert list(found) == ["network", "n", "leak_free", "corruptions", "model_sha256"]
    assert (found["network"], found["model_sha256"]) == ("cnn", "sha of cnn")
    assert (found["n"], found["leak_free"]) == (12, False)
    for kind, rows in found["corruptions"].items():
        strengths = tuple(row["strength"] for row in rows)
        assert strengths == CORRUPTION_KINDS[kind].strengths
        for row in rows:
            low, high = row["accuracy_ci95"]
            assert low < row["accuracy"] <= high
            assert row["accuracy"] > 0.9
    assert not (finished / store.CORRUPTIONS_FILE).exists()


def test_corruptions_read_well(command, tiny_zip, capsys):
    """One line a cell under the heads, and what it is measured on."""
    status = command(
        "evaluate", "cnn", "--data", tiny_zip, "--corruptions", "--leak-free"
    )

    title, heads, *rows = capsys.readouterr().out.splitlines()
    assert status == 0
    assert title == "2D-CNN (sha of cnn) on 10 leak-free test pictures"
    assert heads.split() == ["corruption", "measure", "strength", "accuracy"]
    assert len(rows) == 4 * 5
    assert rows[0].split()[:4] == ["JPEG", "quality", "90", "1.0000"]


def test_saved_corruption_scores_complete_the_card(command, models, finished, tiny_zip):
    """File, hash and both tables come beside what stood on the card."""
    words = ("evaluate", finished, "--data", tiny_zip, "--save")

    statuses = [command(*words), command(*words, "--corruptions")]

    card = store.load_card(finished)
    path = finished / store.CORRUPTIONS_FILE
    shutil.copyfile(path, models / "cnn" / store.CORRUPTIONS_FILE)
    stored = robustness.read("cnn", models)
    assert statuses == [0, 0]
    assert card.corruption_scores_sha256 == files.file_sha256(path)
    assert card.test["official"].n == 12
    for name, accuracies in card.corruptions.items():
        expected = stored.report(leak_free=name == "leak_free").accuracy
        for kind, rows in accuracies.items():
            found = {row.strength: row.accuracy.value for row in rows}
            assert found == {
                strength: share.value for strength, share in expected[kind].items()
            }


def test_objects_are_reported_where_they_are_named(command, naming, tiny_zip, capsys):
    """Of the classes 0 to 5 of each label, "airplane" is right for the first."""
    status = command("evaluate", naming, "--data", tiny_zip, "--json")

    found = report(capsys)
    low, high = found["object_accuracy_ci95"]
    assert status == 0
    assert found["object_accuracy"] == pytest.approx(2 / 12)
    assert low < 2 / 12 < high
    named = np.zeros((10, 10), int)
    named[:6, 0] = 2
    assert found["object_confusion"] == named.tolist()


def test_objects_stand_on_the_card_and_on_a_line(command, naming, tiny_zip, capsys):
    """Both test sets have them, and a person reads one line more."""
    command("evaluate", naming, "--data", tiny_zip, "--save")

    card = store.load_card(naming)
    lines = [line.split()[:2] for line in capsys.readouterr().out.splitlines()]
    assert np.sum(card.test["leak_free"].objects.confusion) == 10
    assert ["objects", "0.1667"] in lines


def test_objects_are_absent_where_nobody_names_them(
    command, finished, tiny_zip, capsys
):
    """No key is null or invented for a network that was not taught them."""
    words = ("evaluate", finished, "--data", tiny_zip)

    command(*words, "--save", "--json")
    found = report(capsys)
    command(*words)

    assert not found.keys() & OBJECT_KEYS
    assert store.load_card(finished).test["official"].objects is None
    assert "objects" not in capsys.readouterr().out
