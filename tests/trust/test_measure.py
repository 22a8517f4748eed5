"""Trust in a map: what chance gives, and what the true map of a network gets."""

from dataclasses import replace

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE, Floats
from cifake_core.basics.labels import LABELS
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.records import Explanation
from cifake_core.networks.ensemble import Ensemble
from cifake_core.trust.curves import Curves
from cifake_core.trust.measure import (
    NUM_RANDOM_MAPS,
    Trust,
    by_replacement,
    measure_trust,
    trust_to_json,
)
from tests.fakes import LinearProbe, noise, noise_picture, random_probe


def explanation_of(network, heatmap: Floats, label="REAL") -> Explanation:
    """Return a record with a map that nobody computed."""
    return Explanation(
        heatmap=np.asarray(heatmap, np.float32),
        label=label,
        signed=True,
        method="none",
        network=network.name,
        model_sha256=network.sha256,
        seed=0,
        seconds=0,
        settings={},
    )


def true_map(network: LinearProbe, label="REAL") -> Floats:
    """Return what each pixel of the noisy picture has over a grey one."""
    inputs = network.inputs(noise()[None]) - noise().mean(axis=(0, 1))
    shares = (inputs * network.gradients(inputs))[0].sum(axis=-1)
    return shares if label == "REAL" else -shares


def with_leads(*leads: float) -> Trust:
    """Return trust in a map with the first lead, and random maps with the others."""
    column = np.array(leads)[:, None] * np.ones(26)
    return Trust(
        curves={"one": Curves(deletion=-column, insertion=column)},
        label="REAL",
        method="none",
        network="cnn",
        model_sha256="a1",
        seed=0,
        seconds=0,
    )


@pytest.mark.parametrize("label", LABELS)
def test_the_true_map_of_a_linear_network_is_at_the_top(label):
    """It beats every random map clearly, with either replacement and both."""
    network = random_probe("rgb", 1)
    explanation = explanation_of(network, true_map(network, label), label)

    trust = measure_trust(network, noise_picture(), explanation)

    for each in (trust, *by_replacement(trust).values()):
        assert each.word == "faithful"
        assert each.beaten == 1
        assert each.score > 10 * each.spread


def test_the_opposite_of_the_true_map_is_at_the_bottom():
    """What speaks against the label goes first, and every random map is better."""
    network = random_probe("rgb", 1)

    trust = measure_trust(
        network, noise_picture(), explanation_of(network, -true_map(network))
    )

    assert trust.beaten == 0
    assert trust.score < -10 * trust.spread
    assert trust.word == "no better than chance"


def test_a_map_of_noise_scores_nothing():
    """Over 30 maps that know nothing the mean score is 0 within its error."""
    network = random_probe("rgb", 1)
    maps = [np.random.RandomState(seed).rand(SIDE, SIDE) for seed in range(30)]

    found = [
        measure_trust(
            network, noise_picture(), explanation_of(network, each), seed=seed
        )
        for seed, each in enumerate(maps)
    ]

    scores = np.array([trust.score for trust in found])
    assert abs(scores.mean()) < 3 * scores.std() / np.sqrt(len(scores))
    assert 0.35 < np.mean([trust.beaten for trust in found]) < 0.65
    assert [trust.word for trust in found].count("no better than chance") > 24


def test_a_map_without_a_difference_is_no_better_than_chance():
    """Its random maps are itself: nothing is won, lost or spread."""
    network = random_probe("planes", 2)

    trust = measure_trust(
        network, noise_picture(), explanation_of(network, np.zeros((SIDE, SIDE)))
    )

    assert (trust.score, trust.spread, trust.beaten) == (0, 0, 0.5)
    assert trust.word == "no better than chance"


def test_figures_by_hand():
    """A lead of 5 over leads of 1, 2 and 3 scores 3, three times their spread."""
    trust = with_leads(5, 1, 2, 3)

    facts = trust_to_json(trust)

    assert (trust.score, trust.spread, trust.beaten) == pytest.approx((3, 1, 1))
    assert trust.leads.tolist() == pytest.approx([5, 1, 2, 3])
    assert facts == {
        "deletion_auc": pytest.approx(-5),
        "random_deletion_auc": pytest.approx(-2),
        "insertion_auc": pytest.approx(5),
        "random_insertion_auc": pytest.approx(2),
        "trust_score": pytest.approx(3),
        "trust_spread": pytest.approx(1),
        "trust_beaten": 1,
        "trust": "faithful",
    }


@pytest.mark.parametrize(
    ("leads", "beaten", "word"),
    [
        ((4.1, 1, 2, 3), 1, "faithful"),
        ((3.9, 1, 2, 3), 1, "weak"),
        ((3, 1, 2, 3), 2.5 / 3, "no better than chance"),
        ((9, 1, 2, 10), 2 / 3, "no better than chance"),
        ((2, 2, 2, 2), 0.5, "no better than chance"),
        ((3, 2, 2, 2), 1, "faithful"),
    ],
)
def test_the_words(leads, beaten, word):
    """Weak is better than each random map, faithful by two spreads besides."""
    trust = with_leads(*leads)

    assert trust.beaten == pytest.approx(beaten)
    assert trust.word == word


def test_all_replacements_count_alike():
    """Areas, leads and score of a map are the means of those of each replacement."""
    network = random_probe("planes", 3)
    explanation = EXPLAINERS["occlusion"].explain(
        network, noise_picture(), label="FAKE"
    )

    trust = measure_trust(network, noise_picture(), explanation, seed=4)

    parts = by_replacement(trust)
    assert list(parts) == ["blurred", "mean_colour"]
    for name, figure in trust_to_json(trust).items():
        if name not in {"trust", "trust_spread", "trust_beaten"}:
            each = [trust_to_json(part)[name] for part in parts.values()]
            assert figure == pytest.approx(np.mean(each))
    assert trust.score == pytest.approx(
        np.mean([part.score for part in parts.values()])
    )


def test_an_ensemble_is_judged_by_its_own_logits():
    """Two equal members of half the weight are trusted as the one alone."""
    one = random_probe("rgb", 5)
    both = Ensemble("ensemble", [one, one], weights=(0.5, 0.5))
    maps = [explanation_of(network, true_map(one)) for network in (one, both)]

    alone, joined = (
        measure_trust(network, noise_picture(), each)
        for network, each in zip((one, both), maps, strict=True)
    )

    np.testing.assert_allclose(joined.leads, alone.leads, rtol=1e-5)


def test_the_record_says_how_to_repeat_it():
    """Ten random maps are drawn by the seed, and the rest is the explanation's."""
    network = random_probe("rgb", 6)
    explanation = explanation_of(network, true_map(network), "FAKE")

    trust, again, other = (
        measure_trust(network, noise_picture(), explanation, seed=seed)
        for seed in (1, 1, 2)
    )

    assert len(trust.leads) == 1 + NUM_RANDOM_MAPS == 11
    assert (trust.label, trust.method, trust.seed) == ("FAKE", "none", 1)
    assert (trust.network, trust.model_sha256) == ("cnn", network.sha256)
    assert trust.seconds > 0
    np.testing.assert_array_equal(trust.leads, again.leads)
    assert trust.leads[0] == pytest.approx(other.leads[0])
    assert trust.spread != other.spread


def test_the_map_of_another_network_is_refused():
    """The sentence names both."""
    network = random_probe("rgb", 7)
    explanation = replace(
        explanation_of(network, true_map(network)), network="cnn3d", model_sha256="b2"
    )
    sentence = "Expected an explanation of 'cnn'.*Received one of 'cnn3d', b2."

    with pytest.raises(ValueError, match=sentence):
        measure_trust(network, noise_picture(), explanation)
