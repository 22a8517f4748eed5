"""`generators`: the list, and a tiny generator from training to its distance."""

import json
from dataclasses import replace

import numpy as np
import pytest

from cifake_core import cli
from cifake_core.basics.places import CHECKOUT
from cifake_core.cli.commands import generators as command
from cifake_core.cli.context import Context
from cifake_core.generators import service, weights
from cifake_core.generators.catalogue import GENERATORS
from cifake_core.generators.service import DistanceConfig
from cifake_core.networks.records import Answers
from tests.cards import put_network
from tests.fakes import LinearProbe
from tests.made_generators import generator_card, tiny


class ColourProbe(LinearProbe):
    """A network whose features are the mean colours of a picture."""

    def answers(self, images) -> Answers:
        """Return red, green and blue beside the logits."""
        features = images.mean(axis=(1, 2)).astype(np.float32)
        return Answers(logits=self.logits(images), features=features)


def test_the_shipped_list_has_their_cards(capsys):
    """A program gets each generator, and the whole card of each trained one."""
    status = cli.main(["generators", "list", "--json"], CHECKOUT / "models")

    rows = json.loads(capsys.readouterr().out)["generators"]
    assert status == 0
    assert [row["name"] for row in rows] == list(GENERATORS)
    assert all(row["available"] for row in rows)
    assert [row["name"] for row in rows if "card" not in row] == ["diffusion_pass"]


def test_a_list_of_nothing_says_so(models, capsys):
    """Without weights every generator is listed, none as trained."""
    cli.main(["generators", "list"], models)

    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split()[0] == "generator"
    assert [row.split()[0] for row in rows] == list(GENERATORS)
    assert all(" no " in row for row in rows)


@pytest.mark.slow
def test_from_training_to_distance(models, tiny_dataset, tmp_path, capsys, monkeypatch):
    """Each command says what comes next; sampling again gives the same files."""
    known = replace(GENERATORS["flow"], settings=tiny("flow"))
    monkeypatch.setitem(GENERATORS, "flow", known)  # two steps instead of an hour's
    data, out = ("--data", str(tiny_dataset)), tmp_path / "out"

    assert cli.main(["generators", "train", "flow", *data], models) == 0
    captured = capsys.readouterr()
    assert "generators train flow --minutes 60 --resume --data" in captured.err
    run = captured.out.splitlines()[-1].split()[-1]
    assert cli.main(["generators", "promote", run], models) == 0

    words = ("generators", "sample", "flow", "--n", "2", "--seed", "7", "--out")
    files = []
    for _ in range(2):
        assert cli.main([*words, str(out)], models) == 0
        files.append([each.read_bytes() for each in sorted(out.rglob("*.jpg"))])
    assert len(files[0]) == 2
    assert files[0] == files[1]

    probe = ColourProbe(np.zeros((32, 32, 3)), sha256="c0ffee")
    put_network(models, "cnn", probe.sha256)
    context = Context(models=models, load=lambda _folder: probe)
    config = DistanceConfig(n=4, num_photographs=8, seed=3, other_seed=1)
    capsys.readouterr()
    command.measure("flow", data=tiny_dataset, context=context, config=config)

    card = weights.read_card(models / service.FOLDER / "flow")
    assert (card.distance.network, card.distance.model_sha256) == ("cnn", "c0ffee")
    assert (card.distance.n, card.distance.num_photographs) == (4, 8)
    assert f"{card.distance.frechet:.3f}" in capsys.readouterr().out


@pytest.mark.slow  # loads TensorFlow
def test_a_distance_belongs_to_the_photographs_it_learnt_from(
    models, tiny_dataset, refusal
):
    """Another data set than the card's is refused before anything is drawn."""
    folder = models / service.FOLDER / "flow"
    weights.write_card(generator_card("flow", "a1"), folder)
    probe = ColourProbe(np.zeros((32, 32, 3)), sha256="c0ffee")
    put_network(models, "cnn", probe.sha256)
    words = ["generators", "measure", "flow", "--data", str(tiny_dataset)]

    status = cli.main(words, models, load=lambda _folder: probe)

    assert status == 2
    assert "learnt from other photographs" in refusal()
