"""Workbench: pictures are prepared once, names are checked before Keras is loaded."""

import numpy as np
import pytest

from cifake_core.basics.errors import SettingError, UnknownNameError
from cifake_core.networks.pool import NetworkPool
from cifake_core.workbench import Workbench, workbench
from tests.cards import put_ensemble, put_network
from tests.fakes import noise, noise_picture, random_probe

PROBES = {"cnn": random_probe("rgb", 1), "cnn3d": random_probe("planes", 2)}


@pytest.fixture
def loaded() -> list[str]:
    """Return the names of the networks that were loaded, in order."""
    return []


@pytest.fixture
def bench(tmp_path, loaded) -> Workbench:
    """Return a workbench of two linear networks and their ensemble."""
    for name, probe in PROBES.items():
        put_network(tmp_path, name, probe.sha256)
    put_ensemble(tmp_path)

    def load(folder):
        loaded.append(folder.name)
        return PROBES[folder.name]

    return Workbench(tmp_path, networks=NetworkPool(tmp_path, load=load))


def test_a_picture_is_prepared_once(bench, monkeypatch):
    """Verdict, page and report hold the same record; others have their own."""
    prepared, prepare = [], workbench.prepare

    def count(image):
        prepared.append(image)
        return prepare(image)

    monkeypatch.setattr(workbench, "prepare", count)

    verdict = bench.judge(noise())
    picture = bench.prepare(noise())
    other = bench.prepare(noise(4))

    assert verdict.prepared is picture
    assert other.sha256 != picture.sha256
    assert len(prepared) == 2


def test_pictures_of_the_same_pixels_have_their_own_verdicts(bench):
    """A verdict tells how the original came to 32x32; an explanation does not."""
    small = bench.judge(noise())
    large = bench.judge(noise().repeat(2, axis=0).repeat(2, axis=1))

    assert small.prepared.sha256 == large.prepared.sha256
    assert (small.prepared.notes, small.prepared.original_width) == ((), 32)
    assert large.prepared.original_width == 64
    asked = {"network": "cnn", "method": "gradcam", "label": "REAL"}
    explained = bench.explain(small.prepared, **asked)
    assert bench.explain(large.prepared, **asked) is explained


def test_explaining_one_network_loads_that_one(bench, loaded):
    """The map is for the label asked, and names weights and seed."""
    explanation = bench.explain(
        noise_picture(),
        network="cnn3d",
        method="gradient_input",
        label="FAKE",
        seed=4,
    )

    assert loaded == ["cnn3d"]
    assert explanation.heatmap.shape == (32, 32)
    assert (explanation.label, explanation.seed) == ("FAKE", 4)
    assert explanation.model_sha256 == PROBES["cnn3d"].sha256


@pytest.mark.parametrize(
    ("network", "method", "sentence"),
    [
        ("vgg", "gradcam", "no network called 'vgg'"),
        ("cnn", "guess", "no method called 'guess'"),
    ],
)
def test_names_are_checked_before_anything_is_loaded(
    bench, loaded, network, method, sentence
):
    """A wrong name costs a sentence, not the loading of Keras."""
    with pytest.raises(UnknownNameError, match=sentence):
        bench.explain(noise_picture(), network=network, method=method, label="REAL")

    assert loaded == []


@pytest.mark.parametrize(
    ("settings", "error", "sentence"),
    [
        ({"side": 3}, SettingError, "from 2 to 16 in steps of 2. Received 3"),
        ({"size": 4}, UnknownNameError, "no setting of Occlusion called 'size'"),
    ],
)
def test_settings_are_checked_before_anything_is_loaded(
    bench, loaded, settings, error, sentence
):
    """A wrong setting costs a sentence, too."""
    asked = {"network": "cnn", "method": "occlusion", "settings": settings}

    with pytest.raises(error, match=sentence):
        bench.explain(noise_picture(), label="REAL", **asked)

    assert loaded == []


def test_settings_and_progress_reach_the_method(bench):
    """What was chosen stands in the record, and its end is told."""
    shares = []

    explanation = bench.explain(
        noise_picture(),
        network="cnn3d",
        method="occlusion",
        label="REAL",
        settings={"side": 16},
        progress=shares.append,
    )

    assert explanation.settings["side"] == 16
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_features_are_those_of_one_network(bench, loaded):
    """They are the last layer's but one; an ensemble has none."""
    picture = noise_picture()

    features = bench.features(picture, network="cnn")

    np.testing.assert_array_equal(features, PROBES["cnn"].logits(noise()[None]))
    assert loaded == ["cnn"]
    with pytest.raises(TypeError, match=r"with features. Received 'ensemble'"):
        bench.features(picture, network="ensemble")
