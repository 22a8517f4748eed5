"""Judge: from a picture to a verdict, each network loaded once."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest

from cifake_core.basics.errors import (
    InvalidImageError,
    ModelUnavailableError,
    UnknownNameError,
)
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.ensemble import ensemble_sha256
from cifake_core.networks.pool import NetworkPool
from cifake_core.pictures import filters
from cifake_core.pictures.preprocessing import prepare
from cifake_core.verdicts import card, mahalanobis
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.mahalanobis import Domain
from cifake_core.verdicts.rule import AbstainThresholds
from tests.cards import put_ensemble, put_network
from tests.fakes import INPUT_SHAPES, LinearProbe, constant_probe, noise, noise_picture
from tests.policies import policy_record

#: What the stand-in networks say of every picture.
LOGITS = {"cnn": 2.0, "cnn3d": 1.0, "cnn_multi": 1.5}
#: Noise is let in, a flat picture is not.
LIMITS = AbstainThresholds(
    max_grid_distance=0.4,
    max_feature_distance=9.0,
    min_confidence=0.6,
    clear_confidence=0.9,
    min_kept=15,
    expert_fake=0.99,
    expert_doubt=0.8,
    expert_veto=0.05,
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
AT_HOME = domain_of(cnn=1, cnn3d=1, cnn_multi=1)


def put_networks(models, *names):
    """Write the cards of these networks, and of their ensemble if all are there."""
    for name in names:
        put_network(models, name, f"sha of {name}")
    if set(names) == set(LOGITS):
        put_ensemble(models)


def known_hashes(models) -> dict[str, str]:
    """Return the hashes that the cards of `models` give."""
    return {name: store.revision(name, models) for name in store.available(models)}


class Loader:
    """A loader of stand-ins that say `LOGITS`; `loaded` has the names in order."""

    def __init__(self) -> None:
        self.loaded = []

    def __call__(self, folder):
        """Return the stand-in for the network of a folder."""
        self.loaded.append(folder.name)
        time.sleep(0.02)  # long enough for other threads to come in between
        probe = constant_probe(NETWORKS[folder.name].input_kind, LOGITS[folder.name])
        probe.name, probe.sha256 = folder.name, f"sha of {folder.name}"
        return probe


@pytest.fixture
def load() -> Loader:
    """Return a loader of stand-ins."""
    return Loader()


@pytest.fixture
def pool(tmp_path, load) -> NetworkPool:
    """Return a pool of the stand-ins and their ensemble."""
    put_networks(tmp_path, *LOGITS)
    return NetworkPool(tmp_path, load=load)


@pytest.fixture
def judge(pool) -> Judge:
    """Return a judge on the stand-ins."""
    return Judge(pool, thresholds=LIMITS, known=AT_HOME)


def judge_of(models, probe, *, sign: int = 1) -> Judge:
    """Return a judge whose ensemble says what one network does, called `cnn`.

    Args:
        models: an empty folder.
        probe: the network; the others are not sure of anything.
        sign: 1 or -1, the direction of training, and what the 3D-CNN says.
    """
    for name in LOGITS:
        put_network(models, name, f"sha of {name}")
    put_ensemble(models, weights=(1.0, 0.0))
    networks = {
        "cnn": probe,
        "cnn3d": constant_probe("planes", sign * 0.1),
        "cnn_multi": constant_probe("rgb", sign * 0.1),
    }
    pool = NetworkPool(models, load=lambda folder: networks[folder.name])
    known = domain_of(cnn=sign, cnn3d=sign, cnn_multi=sign)
    return Judge(pool, thresholds=LIMITS, known=known)


def test_networks_that_agree_give_a_decision(judge):
    """A 32x32 picture has a verdict, with the predictions in menu order."""
    image = noise()

    verdict = judge.judge(image)

    assert verdict.decision == "REAL"
    assert verdict.reasons[0].startswith(
        "The 2D-CNN and 3D-CNN agree, and together they are 82\u00a0%"
    )
    assert verdict.reasons[2] == "20 of 20 small changes leave the answer as it is."
    assert list(verdict.predictions) == [*LOGITS, "ensemble"]
    logits = [prediction.logit for prediction in verdict.predictions.values()]
    assert logits == [2.0, 1.0, 1.5, 1.5]
    np.testing.assert_array_equal(verdict.prepared.pixels, image)
    np.testing.assert_array_equal(verdict.prepared.planes, filters.stack(image))


def test_a_prediction_names_its_weights_and_its_time(judge):
    """Hash, probability and milliseconds; the ensemble took as long as its members."""
    predictions = judge.judge(noise()).predictions

    assert predictions["cnn"].model_sha256 == "sha of cnn"
    members = NETWORKS["ensemble"].members
    hashes = {name: f"sha of {name}" for name in members}
    joint = ensemble_sha256(hashes, dict.fromkeys(members, 0.5))
    assert predictions["ensemble"].model_sha256 == joint
    assert predictions["cnn"].p_real == pytest.approx(1 / (1 + np.exp(-2)))
    spent = sum(predictions[name].milliseconds for name in members)
    assert 0 < spent <= predictions["ensemble"].milliseconds


@pytest.mark.parametrize("size", [(8, 8), (32, 33), (100, 60)])
def test_another_size_is_unsure(judge, size):
    """The picture is brought to 32x32 and judged, but not decided on."""
    image = np.full((*size, 3), 90, np.uint8)

    verdict = judge.judge(image)

    assert verdict.decision == "UNSURE"
    assert len(verdict.reasons) == 1
    assert verdict.predictions["cnn"].label == "REAL"
    assert verdict.prepared.pixels.shape == (32, 32, 3)
    assert verdict.prepared.planes.shape == (6, 32, 32)


def test_the_decision_rests_on_all_networks(judge, monkeypatch):
    """Asking for one prediction does not hide that another network disagrees."""
    monkeypatch.setitem(LOGITS, "cnn3d", -3.0)

    verdict = judge.judge(noise(), networks=["cnn"])

    assert list(verdict.predictions) == ["cnn"]
    assert verdict.decision == "UNSURE"
    assert "3D-CNN says FAKE" in verdict.reasons[-1]


def test_predictions_come_in_the_order_asked_for(judge):
    """A caller chooses which, and in which order."""
    verdict = judge.judge(noise(), networks=["ensemble", "cnn"])

    assert list(verdict.predictions) == ["ensemble", "cnn"]


def test_a_prediction_of_nobody_is_refused(judge):
    """The sentence names the networks there are."""
    with pytest.raises(
        UnknownNameError, match=r"'vgg'. Choose one of: cnn, cnn3d, cnn_"
    ):
        judge.judge(noise(), networks=["cnn", "vgg"])


def test_a_network_without_weights_is_left_out(tmp_path, load):
    """With one network trained there is one prediction, and no verdict rests on it."""
    put_networks(tmp_path, "cnn")
    pool = NetworkPool(tmp_path, load=load)
    judge = Judge(pool, thresholds=LIMITS, known=domain_of(cnn=1))

    verdict = judge.judge(noise())

    assert pool.names() == ("cnn",)
    assert list(verdict.predictions) == ["cnn"]
    assert verdict.decision == "UNSURE"
    assert "There is no card" in verdict.reasons[0]
    assert load.loaded == ["cnn"]
    with pytest.raises(UnknownNameError, match="no trained network called 'cnn3d'"):
        judge.judge(noise(), networks=["cnn3d"])


def test_without_networks_there_is_a_way_out(tmp_path):
    """The sentence says how to train; nothing is loaded to find that out."""
    judge = Judge(NetworkPool(tmp_path))

    with pytest.raises(ModelUnavailableError, match="python -m cifake_core train cnn"):
        judge.judge(noise())


def test_what_is_no_picture_is_refused(judge):
    """The shape that was received is named."""
    with pytest.raises(InvalidImageError, match=r"\(32, 32\)"):
        judge.judge(noise()[:, :, 0])


def test_each_network_is_loaded_once(judge, load):
    """Verdicts share what was loaded."""
    judge.judge(noise())
    judge.judge(noise(4))

    assert load.loaded == list(LOGITS)


def test_threads_load_each_network_once(judge, load):
    """Eight sessions that start at once wait for one load and are all answered."""
    start = Barrier(8)

    def decide(_session):
        start.wait()
        return judge.judge(noise()).decision

    with ThreadPoolExecutor(8) as threads:
        decisions = list(threads.map(decide, range(8)))

    assert decisions == ["REAL"] * 8
    assert sorted(load.loaded) == sorted(LOGITS)


def test_nothing_is_loaded_before_it_is_needed(pool, load):
    """Making a judge and asking for names is cheap."""
    Judge(pool)

    assert pool.names() == (*LOGITS, "ensemble")
    assert load.loaded == []


def test_a_prepared_picture_is_judged_as_it_is(judge, monkeypatch):
    """It is not prepared again, and the verdict holds the very record."""
    picture = noise_picture()
    monkeypatch.setattr("cifake_core.verdicts.judge.prepare", None)

    verdict = judge.judge_prepared(picture)

    assert verdict.prepared is picture
    assert verdict.decision == "REAL"


def test_small_changes_count_where_the_answer_is_not_clear(tmp_path):
    """A network whose answer hangs on one pixel's brightness is not believed."""
    weights = np.zeros(INPUT_SHAPES["rgb"])
    weights[16, 16, 0] = 1.0
    image = noise()
    image[16, 16] = 140
    probe = LinearProbe(weights, bias=-138.0)

    verdict = judge_of(tmp_path, probe).judge(image)

    assert verdict.predictions["cnn"].p_real == pytest.approx(0.88, abs=0.001)
    assert verdict.decision == "UNSURE"
    assert "small changes leave the answer as it is" in verdict.reasons[0]


def test_what_the_expert_surely_finds_is_fake(pool, monkeypatch):
    """Though the ensemble says REAL, which could not know; its sentence says so."""
    monkeypatch.setitem(LOGITS, "cnn_multi", -5.0)
    at_home = domain_of(cnn=1, cnn3d=1, cnn_multi=-1)

    verdict = Judge(pool, thresholds=LIMITS, known=at_home).judge(noise())

    assert verdict.predictions["ensemble"].label == "REAL"
    assert verdict.decision == "FAKE"
    assert verdict.reasons[0] == (
        "The Multi-generator CNN, which has learnt the fakes of several generators, is "
        "over 99\u00a0% sure. The 2D-CNN and 3D-CNN say REAL, but have learnt those of "
        "CIFAKE alone."
    )
    assert len(verdict.reasons) == 2  # no small changes: nothing hangs on them


def test_a_trace_that_the_expert_finds_leaves_no_real(pool, monkeypatch):
    """Between its two limits, 80 and 99 %, it says neither REAL nor FAKE."""
    monkeypatch.setitem(LOGITS, "cnn_multi", -2.0)
    at_home = domain_of(cnn=1, cnn3d=1, cnn_multi=-1)

    verdict = Judge(pool, thresholds=LIMITS, known=at_home).judge(noise())

    assert verdict.decision == "UNSURE"
    assert "finds a trace of other generators, 88\u00a0% sure" in verdict.reasons[0]


@pytest.mark.parametrize(
    ("logit", "decision"), [(2.0, "FAKE"), (4.0, "UNSURE")], ids=["doubts", "vetoes"]
)
def test_a_fake_of_which_the_expert_finds_nothing_does_not_stand(
    pool, monkeypatch, logit, decision
):
    """It has learnt CIFAKE's fakes, too: below 5 % FAKE by it the others are alone."""
    for name, said in {"cnn": -5.0, "cnn3d": -5.0, "cnn_multi": logit}.items():
        monkeypatch.setitem(LOGITS, name, said)
    at_home = domain_of(cnn=-1, cnn3d=-1, cnn_multi=1)

    verdict = Judge(pool, thresholds=LIMITS, known=at_home).judge(noise())

    assert verdict.decision == decision
    alone = "say FAKE, but the Multi-generator CNN" in verdict.reasons[0]
    assert alone == (decision == "UNSURE")


def test_without_the_expert_there_is_no_verdict(tmp_path, load):
    """Predictions are there; what the decision rests on is not, and has a name."""
    put_networks(tmp_path, *LOGITS)
    for file in (tmp_path / "cnn_multi").iterdir():
        file.unlink()
    pool = NetworkPool(tmp_path, load=load)

    verdict = Judge(pool, thresholds=LIMITS, known=AT_HOME).judge(noise())

    assert list(verdict.predictions) == ["cnn", "cnn3d", "ensemble"]
    assert verdict.decision == "UNSURE"
    assert "cnn_multi" in verdict.reasons[0]


def test_a_clear_verdict_asks_a_network_once(tmp_path):
    """Logit, features and object_prediction come from one forward pass."""
    probe = constant_probe("rgb", 5.0)
    judge = judge_of(tmp_path, probe)

    verdict = judge.judge(noise())

    assert verdict.decision == "REAL"
    assert probe.calls == [1]


def test_an_answer_that_follows_the_kernel_is_none(tmp_path):
    """Blocks average to grey by area; bilinear shrinking sees their middles alone."""
    weights = np.zeros(INPUT_SHAPES["rgb"])
    weights[:, :, 0] = 1e-3
    probe = LinearProbe(weights, bias=-1e-3 * 32 * 32 * 128)
    image = np.zeros((128, 128, 3), np.uint8)
    image[1::4, 1::4] = image[2::4, 2::4] = 255
    image[1::4, 2::4] = image[2::4, 1::4] = 255

    verdict = judge_of(tmp_path, probe, sign=-1).judge(image)

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


def test_without_a_card_nothing_is_claimed(pool):
    """Predictions are there, the decision is UNSURE, the sentence says what to do."""
    verdict = Judge(pool).judge(noise())

    assert verdict.decision == "UNSURE"
    assert "python -m cifake_core policy" in verdict.reasons[0]
    assert verdict.predictions["ensemble"].label == "REAL"


def test_the_card_has_the_thresholds(tmp_path, pool):
    """A card of these weights is used, one of others is not."""
    hashes = known_hashes(tmp_path)
    card.write(policy_record(LIMITS, hashes), tmp_path)
    mahalanobis.write(AT_HOME, tmp_path)

    verdict = Judge(pool).judge(noise())
    card.write(policy_record(LIMITS, hashes | {"cnn": "other"}), tmp_path)
    other = Judge(pool).judge(noise())

    assert verdict.decision == "REAL"
    assert other.decision == "UNSURE"
    assert "made with other weights" in other.reasons[0]


@pytest.mark.parametrize("network", ["cnn3d", "cnn_multi"])
def test_far_from_training_there_is_no_verdict(pool, network):
    """However sure the networks are, one whose features point elsewhere is enough."""
    centres = {**dict.fromkeys(LOGITS, 1), network: -1}
    elsewhere = domain_of(**centres)

    verdict = Judge(pool, thresholds=LIMITS, known=elsewhere).judge(noise())

    assert verdict.decision == "UNSURE"
    assert "outside of what they learnt from" in verdict.reasons[0]


def test_a_card_without_a_domain_is_not_enough(tmp_path, pool):
    """What would let every picture in is not taken for granted."""
    card.write(policy_record(LIMITS, known_hashes(tmp_path)), tmp_path)

    verdict = Judge(pool).judge(noise())

    assert verdict.decision == "UNSURE"
    assert "python -m cifake_core policy" in verdict.reasons[0]


@pytest.mark.slow
def test_real_networks_give_a_verdict(random_models):
    """From saved weights to predictions that equal the networks' own logits."""
    pool = NetworkPool(random_models)

    verdict = Judge(pool).judge(noise())

    for name, prediction in verdict.predictions.items():
        logit = pool.network(name).logits(noise()[None])[0]
        assert prediction.logit == pytest.approx(logit, abs=1e-5)
        assert prediction.model_sha256 == store.revision(name, random_models)


def test_many_at_once_get_the_verdicts_that_each_gets(tmp_path):
    """Pictures of any size beside one another change nothing of each other's."""
    put_networks(tmp_path, *LOGITS)

    def load(folder):
        kind = NETWORKS[folder.name].input_kind
        weights = np.random.RandomState(3).normal(0, 1e-3, INPUT_SHAPES[kind])
        return LinearProbe(weights, name=folder.name, sha256=f"sha of {folder.name}")

    judge = Judge(NetworkPool(tmp_path, load=load), thresholds=LIMITS, known=AT_HOME)
    flat = np.full((32, 32, 3), 128, np.uint8)
    images = [*map(noise, range(4)), flat, np.tile(noise(9), (2, 3, 1))]
    pictures = [prepare(image) for image in images]

    together = judge.judge_all(pictures)

    for verdict, picture in zip(together, pictures, strict=True):
        alone = judge.judge_prepared(picture)
        assert (verdict.decision, verdict.reasons) == (alone.decision, alone.reasons)
        assert verdict.prepared is picture
        for name, prediction in verdict.predictions.items():
            expected = alone.predictions[name].logit
            assert prediction.logit == pytest.approx(expected, rel=1e-5)
    assert len({verdict.reasons for verdict in together}) > 1
    assert judge.judge_all([]) == []
