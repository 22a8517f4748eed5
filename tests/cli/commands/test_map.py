"""`map`: the map as a command, on a network with few features and the tiny set."""

import json
from pathlib import Path

import numpy as np
import pytest

from cifake_core import cli
from cifake_core.cli.commands import map as command
from cifake_core.data import cifake
from cifake_core.data.archive import names_sha256
from cifake_core.evaluation import embedding_map
from cifake_core.networks import store
from cifake_core.networks.records import Answers
from tests.cards import network_card
from tests.fakes import LinearProbe


class ColourProbe(LinearProbe):
    """A network whose features are the mean colours of a picture."""

    def answers(self, images) -> Answers:
        """Return red, green and blue beside the logits."""
        features = images.mean(axis=(1, 2)).astype(np.float32)
        return Answers(logits=self.logits(images), features=features)


@pytest.fixture
def models(tmp_path, monkeypatch) -> Path:
    """Let the command ask such a network, and lay out without UMAP."""
    probe = ColourProbe(np.zeros((32, 32, 3)), sha256="c0ffee")
    (tmp_path / "cnn").mkdir()
    store.write_card(tmp_path / "cnn", network_card("cnn", "c0ffee"))
    monkeypatch.setattr(store, "MODELS", tmp_path)
    monkeypatch.setattr(command, "load_network", lambda _name: probe)
    monkeypatch.setattr(embedding_map, "lay_out", lambda all_: all_[:, 1:3])
    return tmp_path


@pytest.mark.usefixtures("published")
def test_the_map_comes_beside_the_network(models, tiny_dataset, capsys):
    """The file can be read, and each test picture is nearest to its like."""
    status = cli.main(["map", "cnn", "--data", str(tiny_dataset), "--json"])

    record = json.loads(capsys.readouterr().out.splitlines()[-1])
    found = embedding_map.read("cnn", models)
    train = cifake.load(tiny_dataset, "train")
    path = models / "cnn" / store.MAP_FILE
    assert status == 0
    assert record == {
        "network": "cnn",
        "n": 12,
        "num_training": 28,
        "explained": pytest.approx(1),
        "bytes": path.stat().st_size,
        "model_sha256": "c0ffee",
        "path": str(path),
    }
    assert found.train_sha256 == names_sha256(train.members)
    neighbours = embedding_map.nearest(found, found.test[0])
    assert (found.labels[neighbours.positions] == 0).all()


@pytest.mark.usefixtures("models", "published")
def test_a_person_reads_size_and_share(tiny_dataset, capsys):
    """Counts, the share of the variance and the place of the file are told."""
    status = cli.main(["map", "cnn", "--data", str(tiny_dataset)])

    first, last = capsys.readouterr().out.splitlines()
    assert status == 0
    assert first == (
        "12 test and 28 training pictures; 3 numbers each hold 100.0% of the variance"
    )
    assert last.endswith("embedding_map.npz (0.0 MB)")


def test_other_pictures_make_no_shipped_map(models, tiny_dataset, capsys):
    """A data set that is not the published one is refused in a sentence."""
    status = cli.main(["map", "cnn", "--data", str(tiny_dataset)])

    assert status == 2
    assert "is not CIFAKE as published" in capsys.readouterr().err
    assert not (models / "cnn" / store.MAP_FILE).exists()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("ensemble", "make those of cnn and cnn3d"),
        ("cnn3d", "There is no trained network"),
        ("vgg", "There is no network called 'vgg'"),
    ],
)
@pytest.mark.usefixtures("models")
def test_networks_without_a_map_are_told_first(name, sentence, capsys):
    """Before the data set is looked for."""
    status = cli.main(["map", name, "--data", "nowhere.zip"])

    assert status == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.slow
def test_our_own_networks_have_features(random_models, monkeypatch):
    """The network of a folder answers with what its map needs."""
    monkeypatch.setattr(store, "MODELS", random_models)

    network = command.load_network("cnn")

    black = np.zeros((2, 32, 32, 3), np.uint8)
    assert embedding_map.features_of(network, black).shape == (2, 128)
