"""Workbench: every question once, anew for new weights, faults in sentences."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.errors import (
    ModelUnavailableError,
    SettingError,
    UnknownNameError,
)
from cifake_core.basics.places import user_data_folder
from cifake_core.networks import NETWORKS
from cifake_core.networks.pool import NetworkPool
from cifake_core.workbench import Workbench, pictures
from tests.cards import put_ensemble, put_network
from tests.fakes import LinearProbe, noise, noise_picture, random_probe

PROBES = {
    name: random_probe(NETWORKS[name].input_kind, seed, name=name)
    for seed, name in enumerate(("cnn", "cnn3d", "cnn_multi"), 1)
}


@pytest.fixture
def loaded() -> list[str]:
    """Return the names of the networks that were loaded, in order."""
    return []


@pytest.fixture
def bench(tmp_path, loaded) -> Workbench:
    """Return a workbench of linear networks and their ensemble."""
    for name, probe in PROBES.items():
        put_network(tmp_path, name, probe.sha256)
    put_ensemble(tmp_path)

    def load(folder):
        loaded.append(folder.name)
        return PROBES[folder.name]

    return Workbench(
        tmp_path,
        user_data=user_data_folder(),
        networks=NetworkPool(tmp_path, load=load),
    )


def test_a_picture_is_prepared_once(bench, monkeypatch):
    """Verdict, page and report hold the same record; others have their own."""
    prepared, prepare = [], pictures.prepare

    def count(image):
        prepared.append(image)
        return prepare(image)

    monkeypatch.setattr(pictures, "prepare", count)

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


def test_a_verdict_is_found_once(bench):
    """The same pixels are judged once, others again."""
    first, again = bench.judge(noise()), bench.judge(noise().copy())

    assert again is first
    assert bench.judge(noise(4)) is not first


def test_two_visitors_cause_one_verdict(tmp_path):
    """Who asks the same at once waits for the first."""
    put_network(tmp_path, "cnn", PROBES["cnn"].sha256)
    begun, may_end, loads = threading.Event(), threading.Event(), []

    def load(folder: Path) -> LinearProbe:
        loads.append(folder.name)
        begun.set()
        assert may_end.wait(20)
        return PROBES[folder.name]

    bench = Workbench(
        tmp_path,
        user_data=user_data_folder(),
        networks=NetworkPool(tmp_path, load=load),
    )
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(bench.judge, noise()) for _ in range(2)]
        assert begun.wait(20)
        may_end.set()
        first, second = (each.result(20) for each in asked)

    assert first is second
    assert loads == ["cnn"]


def test_new_weights_get_new_answers(tmp_path):
    """The answer follows the weights on disk."""
    on_disk = {"cnn": PROBES["cnn"]}
    put_network(tmp_path, "cnn", on_disk["cnn"].sha256)
    pool = NetworkPool(tmp_path, load=lambda folder: on_disk[folder.name])
    bench = Workbench(tmp_path, user_data=user_data_folder(), networks=pool)
    before = bench.judge(noise()).predictions["cnn"].logit

    on_disk["cnn"] = trained = random_probe("rgb", 7)
    put_network(tmp_path, "cnn", trained.sha256)
    after = bench.judge(noise()).predictions["cnn"]

    assert after.model_sha256 == trained.sha256
    assert after.logit != before


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (
            lambda bench: bench.judge(noise(), networks=("vgg",)),
            UnknownNameError,
            "'vgg'",
        ),
        (
            lambda bench: bench.stability(noise_picture(), network="pavani"),
            ModelUnavailableError,
            "reproduce pavani",
        ),
        (
            lambda bench: bench.evaluation.scores("cnn"),
            ModelUnavailableError,
            "test scores",
        ),
        (lambda bench: bench.card("pavani"), ModelUnavailableError, "pavani"),
    ],
)
def test_what_is_not_there_is_told(bench, ask, error, words):
    """Unknown names and missing files are sentences."""
    with pytest.raises(error, match=words):
        ask(bench)


def test_without_networks_there_is_no_verdict(tmp_path):
    """The sentence says how to train them."""
    bench = Workbench(tmp_path, user_data=user_data_folder())

    with pytest.raises(ModelUnavailableError, match="train cnn"):
        bench.judge(noise())
    assert bench.names() == bench.all_names() == ()
    assert bench.trust_table() is None


def test_a_map_is_tested_once_for_each_method(bench):
    """Equal maps of two methods each have a record of their own."""
    picture = noise_picture()
    maps = [
        bench.explain(picture, network="cnn", method=method, label="REAL")
        for method in ("gradcam", "hirescam")
    ]

    found = [bench.trust(picture, each) for each in (*maps, maps[0])]

    assert [trust.method for trust in found] == ["gradcam", "hirescam", "gradcam"]
    assert found[2] is found[0]


def test_limes_line_is_fitted_once(bench):
    """The same question is scored once; the other label has the opposite line."""
    first, again, other = (
        bench.inspection.fit_line(
            noise_picture(), network="cnn", label=label, num_samples=100
        )
        for label in ("REAL", "REAL", "FAKE")
    )

    assert again is first
    np.testing.assert_allclose(other.scores, -first.scores, rtol=1e-5)
    np.testing.assert_allclose(other.weights, -first.weights, atol=1e-5)


def test_the_steps_of_gradcam_are_those_of_the_network(bench):
    """What speaks for REAL speaks against FAKE."""
    real, fake = (
        bench.inspection.cam_steps(noise_picture(), network="cnn", label=label)
        for label in ("REAL", "FAKE")
    )

    assert (real.layer, real.label, fake.label) == ("places", "REAL", "FAKE")
    np.testing.assert_array_equal(fake.evidence, -real.evidence)
