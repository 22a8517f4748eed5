"""The façade: from a picture to a verdict, each network loaded once."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

import numpy as np
import pytest

from cifake_core.basics.errors import (
    InvalidImageError,
    ModelUnavailableError,
    SettingError,
    UnknownNameError,
)
from cifake_core.networks import NETWORKS, store
from cifake_core.pictures import filters
from cifake_core.verdicts import card, mahalanobis
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.mahalanobis import Domain
from cifake_core.verdicts.rule import AbstainThresholds
from tests.fakes import INPUT_SHAPES, LinearProbe, constant_probe, noise
from tests.policies import policy_record

#: What the two stand-in networks say of every picture.
LOGITS = {"cnn": 2.0, "cnn3d": 1.0}
#: Noise is let in, a flat picture is not.
LIMITS = AbstainThresholds(
    max_grid_distance=0.4,
    max_feature_distance=9.0,
    min_confidence=0.6,
    clear_confidence=0.9,
    min_kept=15,
)


def domain_of(**centres: float) -> Domain:
    """Return a domain of networks with one feature: all of one sign is at home.

    Args:
        centres: 1 or -1, the direction of training, by network.
    """
    return Domain(
        means={name: np.array([centre], "f4") for name, centre in centres.items()},
        spreads={name: np.full((1, 1), 0.1, "f4") for name in centres},
        model_sha256={name: f"sha of {name}" for name in centres},
    )


#: The stand-ins know their way about every picture.
AT_HOME = domain_of(cnn=1, cnn3d=1)


def put_weights(models, *names):
    """Let it look as if these networks were trained."""
    for name in names:
        (models / name).mkdir()
        (models / name / store.WEIGHTS_FILE).touch()


@pytest.fixture
def loads(monkeypatch):
    """Replace loading by stand-ins that say `LOGITS`; return the names loaded."""
    loaded = []

    def compile_folder(folder):
        loaded.append(folder.name)
        time.sleep(0.02)  # long enough for other threads to come in between
        probe = constant_probe(NETWORKS[folder.name].input_kind, LOGITS[folder.name])
        probe.sha256 = f"sha of {folder.name}"
        return probe

    compiled = SimpleNamespace(compile_folder=compile_folder)
    monkeypatch.setitem(sys.modules, "cifake_core.networks.runtimes.compiled", compiled)
    monkeypatch.setattr(
        "cifake_core.verdicts.judge.ensemble_weights",
        lambda _name, **_models: (0.5, 0.5),
    )
    return loaded


@pytest.fixture
def judge(tmp_path, loads):  # noqa: ARG001 - without it, Keras would be loaded
    """Return a judge on two stand-in networks."""
    put_weights(tmp_path, *LOGITS)
    return Judge(tmp_path, thresholds=LIMITS, known=AT_HOME)


def test_networks_that_agree_give_a_ruling(judge):
    """A 32x32 picture has a verdict, with the predictions in menu order."""
    image = noise()

    verdict = judge.judge(image)

    assert verdict.decision == "REAL"
    assert verdict.reasons[0].startswith(
        "The networks agree, and together they are 82\u00a0%"
    )
    assert verdict.reasons[2] == "20 of 20 small changes leave the answer as it is."
    assert list(verdict.predictions) == ["cnn", "cnn3d", "ensemble"]
    logits = [prediction.logit for prediction in verdict.predictions.values()]
    assert logits == [2.0, 1.0, 1.5]
    np.testing.assert_array_equal(verdict.prepared.pixels, image)
    np.testing.assert_array_equal(verdict.planes, filters.stack(image))


def test_an_opinion_names_its_weights_and_its_time(judge):
    """Hash, probability and milliseconds; the ensemble took as long as its members."""
    predictions = judge.judge(noise()).predictions

    assert predictions["cnn"].model_sha256 == "sha of cnn"
    joint = store.joint_sha256(["sha of cnn", "sha of cnn3d"])
    assert predictions["ensemble"].model_sha256 == joint
    assert predictions["cnn"].p_real == pytest.approx(1 / (1 + np.exp(-2)))
    members = predictions["cnn"].milliseconds + predictions["cnn3d"].milliseconds
    assert 0 < members <= predictions["ensemble"].milliseconds


@pytest.mark.parametrize("size", [(8, 8), (32, 33), (100, 60)])
def test_another_size_is_unsure(judge, size):
    """The picture is brought to 32x32 and judged, but not ruled on."""
    image = np.full((*size, 3), 90, np.uint8)

    verdict = judge.judge(image)

    assert verdict.decision == "UNSURE"
    assert len(verdict.reasons) == 1
    assert verdict.predictions["cnn"].label == "REAL"
    assert verdict.prepared.pixels.shape == (32, 32, 3)
    assert verdict.planes.shape == (6, 32, 32)


def test_the_ruling_rests_on_all_networks(judge, monkeypatch):
    """Asking for one prediction does not hide that another network disagrees."""
    monkeypatch.setitem(LOGITS, "cnn3d", -3.0)

    verdict = judge.judge(noise(), networks=["cnn"])

    assert list(verdict.predictions) == ["cnn"]
    assert verdict.decision == "UNSURE"
    assert "3D-CNN says FAKE" in verdict.reasons[-1]


def test_opinions_come_in_the_order_asked_for(judge):
    """A caller chooses which, and in which order."""
    verdict = judge.judge(noise(), networks=["ensemble", "cnn"])

    assert list(verdict.predictions) == ["ensemble", "cnn"]


def test_an_opinion_of_nobody_is_refused(judge):
    """The sentence names the networks there are."""
    with pytest.raises(UnknownNameError, match=r"'vgg'. Choose one of: cnn, cnn3d, en"):
        judge.judge(noise(), networks=["cnn", "vgg"])


def test_a_network_without_weights_is_left_out(tmp_path, loads):
    """With one network trained there is one prediction, and no ensemble."""
    put_weights(tmp_path, "cnn")
    judge = Judge(tmp_path, thresholds=LIMITS, known=domain_of(cnn=1))

    verdict = judge.judge(noise())

    assert judge.names() == ("cnn",)
    assert list(verdict.predictions) == ["cnn"]
    assert verdict.decision == "REAL"
    assert loads == ["cnn"]
    with pytest.raises(UnknownNameError, match="no trained network called 'cnn3d'"):
        judge.judge(noise(), networks=["cnn3d"])


def test_without_networks_there_is_a_way_out(tmp_path):
    """The sentence says how to train; nothing is loaded to find that out."""
    judge = Judge(tmp_path)

    with pytest.raises(ModelUnavailableError, match="python -m cifake_core train cnn"):
        judge.judge(noise())


def test_what_is_no_picture_is_refused(judge):
    """The shape that was received is named."""
    with pytest.raises(InvalidImageError, match=r"\(32, 32\)"):
        judge.judge(noise()[:, :, 0])


def test_each_network_is_loaded_once(judge, loads):
    """Verdicts and explanations share what was loaded."""
    judge.judge(noise())
    judge.judge(noise(4))
    judge.explain(noise(), network="ensemble", method="gradcam", label="REAL")

    assert loads == ["cnn", "cnn3d"]


def test_threads_load_each_network_once(judge, loads):
    """Eight sessions that start at once wait for one load and are all answered."""
    start = Barrier(8)

    def judge(_session):
        start.wait()
        return judge.judge(noise()).decision

    with ThreadPoolExecutor(8) as pool:
        decisions = list(pool.map(judge, range(8)))

    assert decisions == ["REAL"] * 8
    assert sorted(loads) == ["cnn", "cnn3d"]


def test_nothing_is_loaded_before_it_is_needed(judge, loads):
    """Making a judge and asking for names is cheap."""
    names = judge.names()

    assert names == ("cnn", "cnn3d", "ensemble")
    assert loads == []


def test_explaining_one_network_loads_that_one(judge, loads):
    """The map is of the 32x32 version of the picture, for the label asked."""
    image = np.full((50, 70, 3), 90, np.uint8)

    explanation = judge.explain(
        image, network="cnn3d", method="gradient_input", label="FAKE", seed=4
    )

    assert loads == ["cnn3d"]
    assert explanation.heatmap.shape == (32, 32)
    assert (explanation.label, explanation.seed) == ("FAKE", 4)
    assert explanation.model_sha256 == "sha of cnn3d"


@pytest.mark.parametrize(
    ("network", "method", "sentence"),
    [
        ("vgg", "gradcam", "no network called 'vgg'"),
        ("vgg", "gradient_input", "no network called 'vgg'"),
        ("cnn", "guess", "no method called 'guess'"),
    ],
)
def test_names_are_checked_before_anything_is_loaded(
    judge, loads, network, method, sentence
):
    """A wrong name costs a sentence, not the loading of Keras."""
    with pytest.raises(UnknownNameError, match=sentence):
        judge.explain(noise(), network=network, method=method, label="REAL")

    assert loads == []


@pytest.mark.parametrize(
    ("settings", "error", "sentence"),
    [
        ({"side": 3}, SettingError, "from 2 to 16 in steps of 2. Received 3"),
        ({"size": 4}, UnknownNameError, "no setting of Occlusion called 'size'"),
    ],
)
def test_settings_are_checked_before_anything_is_loaded(
    judge, loads, settings, error, sentence
):
    """A wrong setting costs a sentence, too."""
    asked = {"network": "cnn", "method": "occlusion", "settings": settings}

    with pytest.raises(error, match=sentence):
        judge.explain(noise(), label="REAL", **asked)

    assert loads == []


def test_features_are_of_the_prepared_picture(judge, loads):
    """Any size will do; only the network that was named is asked."""
    large = np.repeat(np.repeat(noise(), 2, axis=0), 2, axis=1)

    features = judge.features(large, network="cnn")

    assert features.tolist() == [LOGITS["cnn"]]
    assert loads == ["cnn"]


def test_settings_and_progress_reach_the_method(judge):
    """What was chosen stands in the record, and its end is told."""
    shares = []

    explanation = judge.explain(
        noise(),
        network="cnn3d",
        method="occlusion",
        label="REAL",
        settings={"side": 16},
        progress=shares.append,
    )

    assert explanation.settings["side"] == 16
    assert shares == [0.0, 1.0]


def test_small_changes_count_where_the_answer_is_not_clear(tmp_path, monkeypatch):
    """A network whose answer hangs on one pixel's brightness is not believed."""
    weights = np.zeros(INPUT_SHAPES["rgb"])
    weights[16, 16, 0] = 1.0
    image = noise()
    image[16, 16] = 140
    probe = LinearProbe(weights, bias=-138.0)
    modules = SimpleNamespace(compile_folder=lambda _: probe)
    monkeypatch.setitem(sys.modules, "cifake_core.networks.runtimes.compiled", modules)
    put_weights(tmp_path, "cnn")

    judge = Judge(tmp_path, thresholds=LIMITS, known=domain_of(cnn=1))
    verdict = judge.judge(image)

    assert verdict.predictions["cnn"].p_real == pytest.approx(0.88, abs=0.001)
    assert verdict.decision == "UNSURE"
    assert "small changes leave the answer as it is" in verdict.reasons[0]


def test_a_clear_verdict_asks_a_network_once(tmp_path, monkeypatch):
    """Logit, features and object_prediction come from one forward pass."""
    probe = constant_probe("rgb", 5.0)
    modules = SimpleNamespace(compile_folder=lambda _: probe)
    monkeypatch.setitem(sys.modules, "cifake_core.networks.runtimes.compiled", modules)
    put_weights(tmp_path, "cnn")
    judge = Judge(tmp_path, thresholds=LIMITS, known=domain_of(cnn=1))

    verdict = judge.judge(noise())

    assert verdict.decision == "REAL"
    assert probe.calls == [1]


def test_an_answer_that_follows_the_kernel_is_none(tmp_path, monkeypatch):
    """Blocks average to grey by area; bilinear shrinking sees their middles alone."""
    weights = np.zeros(INPUT_SHAPES["rgb"])
    weights[:, :, 0] = 1e-3
    probe = LinearProbe(weights, bias=-1e-3 * 32 * 32 * 128)
    modules = SimpleNamespace(compile_folder=lambda _: probe)
    monkeypatch.setitem(sys.modules, "cifake_core.networks.runtimes.compiled", modules)
    put_weights(tmp_path, "cnn")
    image = np.zeros((128, 128, 3), np.uint8)
    image[1::4, 1::4] = image[2::4, 2::4] = 255
    image[1::4, 2::4] = image[2::4, 1::4] = 255

    judge = Judge(tmp_path, thresholds=LIMITS, known=domain_of(cnn=-1))
    verdict = judge.judge(image)

    assert verdict.predictions["cnn"].label == "FAKE"
    assert verdict.decision == "UNSURE"
    assert "FAKE by area" in verdict.reasons[1]
    assert "REAL by bilinear" in verdict.reasons[1]


def test_a_picture_enlarged_in_blocks_keeps_its_verdict(judge):
    """Size alone is no reason to abstain: the blocks are undone exactly."""
    large = noise().repeat(8, axis=0).repeat(8, axis=1)

    verdict = judge.judge(large)

    assert verdict.decision == "REAL"
    np.testing.assert_array_equal(verdict.prepared.pixels, noise())


def test_without_a_card_nothing_is_claimed(tmp_path, loads):  # noqa: ARG001 - as above
    """The predictions are there, the decision is UNSURE, the sentence says what to do."""
    put_weights(tmp_path, *LOGITS)

    verdict = Judge(tmp_path).judge(noise())

    assert verdict.decision == "UNSURE"
    assert "python -m cifake_core policy" in verdict.reasons[0]
    assert verdict.predictions["ensemble"].label == "REAL"


def test_the_card_says_where_doubt_begins(tmp_path, loads):  # noqa: ARG001 - as above
    """A card of these weights is used, one of others is not."""
    put_weights(tmp_path, *LOGITS)
    joint = store.joint_sha256(["sha of cnn", "sha of cnn3d"])
    hashes = {"cnn": "sha of cnn", "cnn3d": "sha of cnn3d", "ensemble": joint}
    card.write(policy_record(LIMITS, hashes), tmp_path)
    mahalanobis.write(AT_HOME, tmp_path)

    verdict = Judge(tmp_path).judge(noise())
    card.write(policy_record(LIMITS, hashes | {"cnn": "other"}), tmp_path)
    other = Judge(tmp_path).judge(noise())

    assert verdict.decision == "REAL"
    assert other.decision == "UNSURE"
    assert "made with other weights" in other.reasons[0]


def test_far_from_training_there_is_no_verdict(tmp_path, loads):  # noqa: ARG001
    """However sure the networks are, one whose features point elsewhere is enough."""
    put_weights(tmp_path, *LOGITS)
    elsewhere = domain_of(cnn=1, cnn3d=-1)

    verdict = Judge(tmp_path, thresholds=LIMITS, known=elsewhere).judge(noise())

    assert verdict.decision == "UNSURE"
    assert "outside of what they learnt from" in verdict.reasons[0]


def test_a_card_without_a_domain_is_not_enough(tmp_path, loads):  # noqa: ARG001
    """What would let every picture in is not taken for granted."""
    put_weights(tmp_path, *LOGITS)
    joint = store.joint_sha256(["sha of cnn", "sha of cnn3d"])
    hashes = {"cnn": "sha of cnn", "cnn3d": "sha of cnn3d", "ensemble": joint}
    card.write(policy_record(LIMITS, hashes), tmp_path)

    verdict = Judge(tmp_path).judge(noise())

    assert verdict.decision == "UNSURE"
    assert "python -m cifake_core policy" in verdict.reasons[0]


@pytest.mark.slow
def test_real_networks_give_a_verdict(random_models):
    """From saved weights to predictions that equal the networks' own logits."""
    judge = Judge(random_models)

    verdict = judge.judge(noise())

    for name, prediction in verdict.predictions.items():
        logit = judge.network(name).logits(noise()[None])[0]
        assert prediction.logit == pytest.approx(logit, abs=1e-5)
        assert prediction.model_sha256 == store.revision(name, random_models)
