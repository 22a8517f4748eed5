"""`generators`: the list, and a tiny generator from training to its distance."""

import json
from dataclasses import replace

import numpy as np
import pytest

from cifake_core import cli
from cifake_core.basics.places import CHECKOUT, user_data_folder
from cifake_core.cli.commands import generators as command
from cifake_core.cli.context import Context
from cifake_core.cli.evaluating import study as study_command
from cifake_core.generators import collection, gallery, service, weights
from cifake_core.generators.catalogue import GENERATORS
from cifake_core.generators.service import DistanceConfig
from cifake_core.networks import NETWORKS
from cifake_core.networks.records import Answers
from cifake_core.pictures.statistics import mean_spectrum
from tests.cards import put_network
from tests.fakes import LinearProbe
from tests.made_generators import generator_card, put_generator, tiny
from tests.training import small_run


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
    context = Context(
        shipped=models, user_data=user_data_folder(), load=lambda _folder: probe
    )
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


@pytest.mark.slow
def test_the_command_draws_and_keeps_no_photograph(models, tiny_dataset, capsys):
    """Of a generator that passes photographs only the spectrum is written."""
    place = models / service.FOLDER
    for name in ("flow", "kl_autoencoder"):
        put_generator(name, place)
    context = Context(shipped=models, user_data=user_data_folder())

    command.gallery(
        "flow", "kl_autoencoder", data=tiny_dataset, context=context, num_measured=6
    )

    flow, passed = (gallery.read(name, place) for name in ("flow", "kl_autoencoder"))
    drawn = collection.draw_saved(
        "flow", n=6, seed=gallery.SEED, data=None, models=place
    )
    np.testing.assert_array_equal(flow.images, drawn)
    expected = mean_spectrum(drawn).decibels
    np.testing.assert_array_equal(flow.spectrum.decibels, expected)
    assert passed.images.shape == (0, 32, 32, 3)
    assert passed.spectrum.n == 6
    assert str(place / "flow" / gallery.GALLERY_FILE) in capsys.readouterr().out


def test_an_unknown_name_is_one_sentence(models, refusal):
    """Nothing is drawn for it."""
    assert cli.main(["generators", "gallery", "gan"], models) == 2
    assert "no generator called 'gan'" in refusal()


@pytest.mark.slow
def test_a_study_is_kept_and_printed(models, tiny_dataset, capsys, monkeypatch):
    """One row for each family; who asks again gets it as JSON, nothing trained anew."""

    def noise(_data, _models):
        def draw(name, _part, /, *, n):
            seed = list(GENERATORS).index(name)
            shape = (min(n, 12), 32, 32, 3)
            return np.random.default_rng(seed).integers(0, 256, shape).astype("u1")

        return draw

    monkeypatch.setattr(study_command, "drawn_fakes", noise)  # else for an hour
    monkeypatch.setitem(NETWORKS, "cnn", small_run.NETWORKS["cnn"])
    (models / service.FOLDER).mkdir()
    settings = ("batch_size=8", "num_generated=1", "num_fakes=4", "num_elsewhere=0")
    words = ["generators", "study", "--data", str(tiny_dataset), "--epochs", "1"]
    words += [word for each in settings for word in ("--set", each)]

    assert cli.main(words, models) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split()[:2] == ["left", "out"]
    assert len(rows) == 4 * (1 + len(GENERATORS)) + 1
    assert sum("never" in row for row in rows) == len(GENERATORS)

    assert cli.main([*words, "--json"], models) == 0
    printed = json.loads(capsys.readouterr().out)
    kept = json.loads((models / service.FOLDER / "study.json").read_text())
    assert printed == {key: kept[key] for key in kept if key != "schema"}
    assert kept["settings"]["num_fakes"] == 4


def test_a_study_of_an_unknown_network_is_refused(models, tiny_dataset, refusal):
    """The message lists the networks that can be trained."""
    status = cli.main(
        ["generators", "study", "--network", "deep", "--data", str(tiny_dataset)],
        models,
    )

    assert status == 2
    assert "cnn, cnn3d, cnn_multi" in refusal()
