"""Scores on the generators' pictures: read as written, tied to weights and pictures."""

from dataclasses import replace

import numpy as np
import pytest

from cifake_core.basics.errors import (
    ModelUnavailableError,
    NotMadeError,
    UnknownNameError,
)
from cifake_core.evaluation import generator_scores
from cifake_core.evaluation.generator_scores import GeneratorScores
from cifake_core.networks import NETWORKS, store
from tests.cards import network_card, put_ensemble, put_network
from tests.fakes import random_probe

MEMBERS = NETWORKS["ensemble"].members


@pytest.fixture
def models(tmp_path):
    """Return a folder with the cards of the members, of the ensemble and no scores."""
    for name in MEMBERS:
        put_network(tmp_path, name, f"sha of {name}")
    put_ensemble(tmp_path)
    return tmp_path


def scores_of(network: str, first: float) -> GeneratorScores:
    """Return scores of two generators' pictures, which rise from `first`."""
    return GeneratorScores(
        network=network,
        model_sha256=f"sha of {network}",
        pictures_sha256="p1",
        validation={
            "gan": np.array([first, first + 1], np.float32),
            "flow": np.array([first + 2], np.float32),
        },
        test={
            "gan": np.array([first + 3], np.float32),
            "flow": np.array([first + 4], np.float32),
        },
    )


def pictures(seed: int, counts: dict[str, int]) -> dict[str, np.ndarray]:
    """Return random pictures of each generator."""
    random = np.random.RandomState(seed)
    return {
        name: random.randint(0, 256, (count, 32, 32, 3)).astype(np.uint8)
        for name, count in counts.items()
    }


def test_what_is_written_is_read(models):
    """Both parts of every generator come back, in order."""
    written = scores_of("cnn", -2)
    generator_scores.write(written, models / "cnn")

    read = generator_scores.read("cnn", models)

    assert (read.network, read.model_sha256) == ("cnn", "sha of cnn")
    assert read.pictures_sha256 == "p1"
    assert list(read.validation) == list(read.test) == ["gan", "flow"]
    for part in generator_scores.HELD_OUT:
        for name, logits in read.part(part).items():
            np.testing.assert_array_equal(logits, written.part(part)[name])
            assert logits.dtype == np.float32


def test_an_ensembles_scores_follow_from_its_members(models):
    """Its logits are their weighted sum, here the mean."""
    for number, name in enumerate(MEMBERS):
        generator_scores.write(scores_of(name, number), models / name)

    read = generator_scores.read("ensemble", models)

    mean = (len(MEMBERS) - 1) / 2
    np.testing.assert_allclose(read.validation["gan"], [mean, mean + 1], rtol=1e-6)
    np.testing.assert_allclose(read.test["flow"], [mean + 4], rtol=1e-6)
    assert read.model_sha256 == store.revision("ensemble", models)


def test_members_must_have_seen_the_same_pictures(models):
    """A sum over other pictures would be no network's answer."""
    for name in MEMBERS:
        generator_scores.write(scores_of(name, 0), models / name)
    other = replace(scores_of("cnn", 0), pictures_sha256="p2")
    generator_scores.write(other, models / "cnn")

    with pytest.raises(ModelUnavailableError, match=r"not on the same .*--generators"):
        generator_scores.read("ensemble", models)


def test_missing_scores_say_how_to_make_them(models):
    """The sentence holds the command."""
    with pytest.raises(NotMadeError, match="evaluate cnn --generators --save"):
        generator_scores.read("cnn", models)
    assert not generator_scores.available("cnn", models)


def test_scores_of_other_weights_are_refused(models):
    """New weights need new scores."""
    generator_scores.write(scores_of("cnn", 0), models / "cnn")
    store.write_card(models / "cnn", network_card("cnn", "another"))

    assert generator_scores.available("cnn", models)
    with pytest.raises(ModelUnavailableError, match="other weights of cnn"):
        generator_scores.read("cnn", models)


def test_an_unknown_network_is_refused(models):
    """The sentence lists the networks."""
    with pytest.raises(UnknownNameError, match="no network called 'vgg'"):
        generator_scores.read("vgg", models)


def test_every_picture_is_scored(monkeypatch):
    """Logits are the network's own, in order, however the pictures are cut."""
    monkeypatch.setattr(generator_scores, "_CHUNK", 2)
    network, told = random_probe("rgb", 1), []
    validation = pictures(1, {"gan": 3, "flow": 1})
    test = pictures(2, {"gan": 1, "flow": 3})

    made = generator_scores.score(
        network, validation=validation, test=test, progress=told.append
    )

    for part, images in (("validation", validation), ("test", test)):
        for name, logits in made.part(part).items():
            expected = network.logits(images[name])
            np.testing.assert_allclose(logits, expected, rtol=1e-5)
    assert told == [2 / 8, 3 / 8, 4 / 8, 5 / 8, 7 / 8, 1.0]
    assert (made.network, made.model_sha256) == (network.name, network.sha256)
    assert made.pictures_sha256 == generator_scores.pictures_sha256(validation, test)


def test_other_pictures_have_another_hash():
    """One pixel or the name of a generator tells two sets apart."""
    images = pictures(1, {"gan": 2})
    changed = {"gan": images["gan"].copy()}
    changed["gan"][1, 31, 31, 2] ^= 1
    renamed = {"flow": images["gan"]}

    hashes = {
        generator_scores.pictures_sha256(each, images)
        for each in (images, changed, renamed)
    }

    assert len(hashes) == 3


def test_both_parts_must_have_the_same_generators():
    """A generator without test pictures is a slip of the caller."""
    with pytest.raises(ValueError, match="Received gan and flow"):
        generator_scores.score(
            random_probe("rgb", 1),
            validation=pictures(1, {"gan": 1}),
            test=pictures(2, {"flow": 1}),
        )
