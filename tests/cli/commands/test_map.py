"""`map`: the map as a command, on a network with few features and the tiny set."""

import json
from pathlib import Path

import numpy as np
import pytest

from cifake_core import cli
from cifake_core.basics.errors import DatasetError
from cifake_core.basics.places import user_data_folder
from cifake_core.cli.commands import map as command
from cifake_core.cli.context import Context, load_quietly
from cifake_core.data import cifake
from cifake_core.data.archive import names_sha256
from cifake_core.evaluation import embedding_map
from cifake_core.networks import store
from cifake_core.networks.records import Answers
from tests.cards import put_network
from tests.fakes import LinearProbe


class ColourProbe(LinearProbe):
    """A network whose features are the mean colours of a picture."""

    def answers(self, images) -> Answers:
        """Return red, green and blue beside the logits."""
        features = images.mean(axis=(1, 2)).astype(np.float32)
        return Answers(logits=self.logits(images), features=features)


@pytest.fixture
def context(models) -> Context:
    """Let the command ask such a network."""
    probe = ColourProbe(np.zeros((32, 32, 3)), sha256="c0ffee")
    put_network(models, "cnn", probe.sha256)
    return Context(
        shipped=models, user_data=user_data_folder(), load=lambda _folder: probe
    )


def make_map(context: Context, data: Path, *, json: bool = False) -> None:
    """Make the map of the 2D-CNN, laid out without UMAP."""
    command.run(
        "cnn", data=data, json=json, context=context, lay_out=lambda all_: all_[:, 1:3]
    )


def test_the_map_comes_beside_the_network(context, published, capsys):
    """The file can be read, and each test picture is nearest to its like."""
    make_map(context, published, json=True)

    record = json.loads(capsys.readouterr().out.splitlines()[-1])
    found = embedding_map.read("cnn", context.models)
    train = cifake.load(published, "train")
    path = context.models / "cnn" / store.MAP_FILE
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


def test_a_person_reads_size_and_share(context, published, capsys):
    """Counts, the share of the variance and the place of the file are told."""
    make_map(context, published)

    first, last = capsys.readouterr().out.splitlines()
    assert first == (
        "12 test and 28 training pictures; 3 numbers each hold 100.0% of the variance"
    )
    assert last.endswith("embedding_map.npz (0.0 MB)")


def test_other_pictures_make_no_shipped_map(context, tiny_dataset):
    """A data set that is not the published one is refused in a sentence."""
    with pytest.raises(DatasetError, match="is not CIFAKE as published"):
        make_map(context, tiny_dataset)

    assert not (context.models / "cnn" / store.MAP_FILE).exists()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("ensemble", "make those of cnn and cnn3d"),
        ("cnn3d", "Train it with `python -m cifake_core train cnn3d`"),
        ("vgg", "There is no network called 'vgg'"),
    ],
)
def test_networks_without_a_map_are_told_first(name, sentence, models, refusal):
    """Before the data set is looked for."""
    status = cli.main(["map", name, "--data", "nowhere.zip"], models)

    assert status == 2
    assert sentence in refusal()


@pytest.mark.slow
def test_our_own_networks_have_features(random_models):
    """The network of a folder answers with what its map needs."""
    network = load_quietly(random_models / "cnn")

    black = np.zeros((2, 32, 32, 3), np.uint8)
    assert embedding_map.features_of(network, black).shape == (2, 128)
