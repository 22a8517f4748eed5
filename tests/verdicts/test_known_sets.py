"""Signals of sets of pictures: of stored scores, of new answers, and what is known."""

import numpy as np
import pytest

from cifake_core.basics.estimates import sigmoid
from cifake_core.data import cifake
from cifake_core.evaluation import scores
from cifake_core.networks import store
from cifake_core.networks.pool import NetworkPool
from cifake_core.verdicts.generator_fakes import observe_fakes, remaining
from cifake_core.verdicts.known_sets import gather, observe, parts_of
from cifake_core.verdicts.mahalanobis import Domain
from cifake_core.verdicts.rule import NOT_ASKED
from cifake_core.verdicts.threshold_choice import PolicyConfig
from cifake_core.verdicts.threshold_study import find_domain
from tests.fakes import INPUT_SHAPES, LinearProbe
from tests.made_data import even
from tests.made_scopes import teach
from tests.scored import scored_networks

CONFIG = PolicyConfig()
NAMES = ("cnn", "cnn3d", "cnn_multi")
#: One picture of each green.
GREENS = np.array([60, 100, 140, 180])
PICTURES = np.stack([even(90, int(green), 90) for green in GREENS])
#: The expert goes by green, too, but calls REAL from another one on.
SHIFT = 4.0


@pytest.fixture
def pool(tmp_path, tiny_dataset) -> NetworkPool:
    """Linear networks that go by green; the expert's logit is higher by `SHIFT`."""
    probes = scored_networks(tmp_path, tiny_dataset)
    green = np.zeros(INPUT_SHAPES["rgb"])
    green[:, :, 1] = 0.1 / 32**2
    probes["cnn_multi"] = LinearProbe(
        green, bias=SHIFT - 12, name="cnn_multi", sha256="sha of cnn_multi"
    )
    train, test = (cifake.load(tiny_dataset, name) for name in ("train", "test"))
    scores.write(scores.score(probes["cnn_multi"], test, train), tmp_path / "cnn_multi")
    return NetworkPool(tmp_path, load=lambda folder: probes[folder.name])


@pytest.fixture
def anywhere() -> Domain:
    """A domain to which features of either sign are equally far."""
    return Domain(
        means={name: np.zeros(1, "f4") for name in NAMES},
        spreads={name: np.ones((1, 1), "f4") for name in NAMES},
        model_sha256={name: f"sha of {name}" for name in NAMES},
    )


def test_the_expert_is_asked_beside_the_ensemble(pool, anywhere):
    """It is no member: its word is its own, and counts in no vote."""
    logits = 0.1 * GREENS - 12
    weights = store.ensemble_weights("ensemble", pool.models)

    found = observe(PICTURES, pool, anywhere)

    signals = found.signals
    np.testing.assert_array_equal(found.images, PICTURES)
    assert list(weights) == list(signals.parts) == ["cnn", "cnn3d"]
    for p_real in signals.parts.values():
        np.testing.assert_allclose(p_real, sigmoid(logits), atol=1e-3)
    together = sigmoid(sum(weights.values()) * logits)
    np.testing.assert_allclose(signals.p_real, together, atol=1e-3)
    np.testing.assert_allclose(signals.expert, sigmoid(logits + SHIFT), atol=1e-5)
    np.testing.assert_allclose(signals.feature_distance, 1)
    assert (signals.kept == NOT_ASKED).all()
    assert [part.name for part in parts_of(pool)] == list(NAMES)


def test_stored_scores_say_the_same(pool, anywhere, tiny_dataset):
    """Signals of a set are those of its pictures, asked anew."""
    test = cifake.load(tiny_dataset, "test")

    stored = gather(pool, test, store.SCORES_FILE, anywhere)
    asked = observe(stored.images, pool, anywhere)

    for field in ("p_real", "expert", "grid_distance", "feature_distance"):
        np.testing.assert_allclose(
            getattr(stored.signals, field), getattr(asked.signals, field), atol=1e-5
        )
    expert = scores.read("cnn_multi", pool.models)
    np.testing.assert_allclose(stored.signals.expert, sigmoid(expert.logits))


def test_who_has_learnt_a_generator_is_at_home_among_its_fakes(pool, tiny_dataset):
    """The mean direction of its features counts them; the others' does not."""
    teach(pool.models, {"cnn_multi": ("flow",)})
    train = cifake.load(tiny_dataset, "train")
    fakes = {"flow": PICTURES[2:], "gan_resize": PICTURES[:1]}

    bare = find_domain(pool, train, {}, config=CONFIG)
    domain = find_domain(pool, train, fakes, config=CONFIG)

    training, _ = cifake.split_training(train, seed=CONFIG.split_seed)
    signs = np.sign(pool.network("cnn_multi").logits(train.images[training]))
    # of "flow" two, both above the middle: REAL to the expert
    np.testing.assert_allclose(domain.means["cnn_multi"], [np.mean([*signs, 1, 1])])
    for name in ("cnn", "cnn3d"):
        np.testing.assert_array_equal(domain.means[name], bare.means[name])
    assert domain.model_sha256 == {name: f"sha of {name}" for name in NAMES}


def test_fakes_serve_for_choosing_or_for_the_domain(pool, anywhere):
    """Each picture for one of them, those chosen evenly spread."""
    fakes = {"flow": PICTURES, "gan_resize": PICTURES[:1]}

    chosen = observe_fakes(fakes, pool, anywhere, count=2)
    rest = remaining(fakes, count=2)

    np.testing.assert_array_equal(chosen["flow"].images, PICTURES[[0, 2]])
    np.testing.assert_array_equal(rest["flow"], PICTURES[[1, 3]])
    assert (len(chosen["gan_resize"].images), len(rest["gan_resize"])) == (1, 0)
