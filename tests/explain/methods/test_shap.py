"""SHAP: sampled Shapley values against exact ones, and what always holds of them."""

from itertools import permutations

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE
from cifake_core.explain.channel_values import shapley_values, subsets
from cifake_core.explain.methods import shap as module
from cifake_core.explain.methods.shap import draw_orders, sampled_values
from cifake_core.explain.methods.superpixels import fade, segment
from cifake_core.networks.ensemble import Ensemble
from tests.fakes import LinearProbe, checker, noise, random_probe
from tests.questions import find

NUMBERS = 2 ** np.arange(6)


class CubicProbe(LinearProbe):
    """A network in which three pieces act together: its logit is a sum, cubed."""

    def logits_of_inputs(self, inputs):
        """Return (N,) float32 for N inputs."""
        return super().logits_of_inputs(inputs) ** 3


def game(seed=4):
    """Return the worth of the 64 sets of six things, and a function that tells it."""
    scores = np.random.RandomState(seed).normal(size=64).astype(np.float32)
    return scores, lambda kept: scores[kept @ NUMBERS]


def orders_of(count, num_pairs, seed=0):
    """Return as many pairs of orders."""
    num_samples = 2 + num_pairs * 2 * (count - 1)
    random = np.random.RandomState(seed)
    return draw_orders(count, num_samples=num_samples, random=random)


def test_all_orders_give_the_exact_values():
    """Over all 720 orders nothing is left to chance."""
    scores, worth = game()

    values = sampled_values(worth, np.array(list(permutations(range(6)))))

    np.testing.assert_allclose(values, shapley_values(scores.astype(float)), atol=1e-6)
    assert values.dtype == np.float32


def test_many_orders_come_near():
    """With four thousand orders the error is small beside the values."""
    scores, worth = game()

    values = sampled_values(worth, orders_of(6, 2000))

    exact = shapley_values(scores.astype(float))
    np.testing.assert_allclose(values, exact, atol=0.06)
    assert np.abs(exact).max() > 0.3


@pytest.mark.parametrize("num_pairs", [1, 7])
def test_values_add_up(num_pairs):
    """However few the orders, they add up to all less nothing."""
    scores, worth = game()

    values = sampled_values(worth, orders_of(6, num_pairs))

    assert values.sum() == pytest.approx(scores[63] - scores[0], abs=1e-5)


def test_two_orders_are_exact_where_things_act_in_pairs():
    """An order and its reverse share out what two things do together."""
    random = np.random.RandomState(2)
    alone, together = random.normal(size=6), np.triu(random.normal(size=(6, 6)), 1)

    def worth(kept):
        there = kept.astype(float)
        return there @ alone + ((there @ together) * there).sum(axis=1)

    values = sampled_values(worth, orders_of(6, 1))

    exact = shapley_values(worth(subsets(6)))
    np.testing.assert_allclose(values, exact, atol=1e-6)


def test_what_changes_nothing_has_nothing():
    """A thing without effect has 0, one that always adds 2 has 2, in any orders."""

    def worth(kept):
        others = kept[:, 2:].astype(float)
        return others.prod(axis=1) - others[:, 0] * others[:, 1] + 2 * kept[:, 1]

    values = sampled_values(worth, orders_of(6, 3))

    assert values[0] == 0
    assert values[1] == pytest.approx(2)
    assert np.abs(values[2:]).max() > 0


def test_every_set_is_asked_about_once():
    """One call has nothing, everything, and what each order begins with."""
    asked = []

    sampled_values(
        lambda kept: (asked.append(kept), kept.sum(axis=1))[1], np.array([[2, 0, 1]])
    )

    expected = [[0, 0, 0], [1, 1, 1], [0, 0, 1], [1, 0, 1]]
    (kept,) = asked
    np.testing.assert_array_equal(kept, expected)


@pytest.mark.parametrize(
    ("count", "num_samples", "num_orders"),
    [(6, 22, 4), (6, 31, 4), (6, 32, 6), (30, 300, 10), (40, 100, 2), (40, 10, 2)],
)
def test_orders_use_up_the_samples(count, num_samples, num_orders):
    """As many as fit, in pairs, and one pair at least."""
    random = np.random.RandomState(0)

    orders = draw_orders(count, num_samples=num_samples, random=random)

    assert orders.shape == (num_orders, count)
    np.testing.assert_array_equal(np.sort(orders), [np.arange(count)] * num_orders)
    np.testing.assert_array_equal(orders[1::2], orders[::2, ::-1])


def test_a_few_pieces_agree_with_counting_all_subsets(monkeypatch):
    """Where three pieces act together, samples come near the exact values."""
    pieces = np.arange(SIDE) // 16 + 2 * (np.arange(SIDE) // 11)[:, None]
    monkeypatch.setattr(module, "segment", lambda _image: pieces)
    weights = np.random.RandomState(3).normal(0, 2e-3, (SIDE, SIDE, 3))
    network, image = CubicProbe(weights), noise()

    found = find("shap", network, image, label="FAKE", settings={"num_samples": 5000})

    faded = fade(image, pieces)
    shown = subsets(6)[:, pieces][..., None]
    exact = shapley_values(-network.logits(np.where(shown, image, faded)).astype(float))
    error = np.abs(found.heatmap - exact[pieces]).max()
    assert error < 0.05 * np.abs(exact).max()
    assert found.facts == {"pieces": 6, "orders": 998}


@pytest.mark.parametrize("label", ["REAL", "FAKE"])
@pytest.mark.parametrize("num_samples", [100, 300])
def test_a_linear_network_is_told_exactly(label, num_samples):
    """Each piece has what its pixels add, against their mean colour."""
    network, image = random_probe("rgb", 6), noise()

    found = find(
        "shap", network, image, label=label, settings={"num_samples": num_samples}
    )

    pieces = segment(image)
    change = image.astype(float) - fade(image, pieces)
    shares = (change * network.gradients(change)).sum(axis=-1)
    sign = 1 if label == "REAL" else -1
    expected = sign * np.bincount(pieces.ravel(), weights=shares.ravel())
    np.testing.assert_allclose(found.heatmap, expected[pieces], atol=1e-4)


def test_the_pieces_that_count_are_found():
    """A network that looks for a pattern in one corner has it from there alone."""
    corner = np.zeros((SIDE, SIDE))
    corner[:12, :12] = 1
    network = LinearProbe((checker() * corner)[..., None].repeat(3, axis=2))
    image = (128 + 50 * checker()).astype(np.uint8)[..., None].repeat(3, axis=2)

    heatmap = find("shap", network, image, settings={"num_samples": 100}).heatmap

    pieces = segment(image)
    with_corner = np.isin(pieces, np.unique(pieces[corner > 0]))
    assert (heatmap[with_corner] > 0).all()
    np.testing.assert_allclose(heatmap[~with_corner], 0, atol=1e-3)


def test_an_ensembles_values_are_its_members():
    """With the same orders they are weighed and added, as the logits are."""
    members = [random_probe("rgb", 1), random_probe("planes", 2)]
    ensemble = Ensemble("ensemble", members, weights=(0.25, 2))
    few = {"num_samples": 100}

    together = find("shap", ensemble, noise(), settings=few).heatmap

    first, second = (find("shap", m, noise(), settings=few).heatmap for m in members)
    np.testing.assert_allclose(together, first / 4 + 2 * second, rtol=1e-3, atol=1e-5)


def test_a_seed_repeats_the_map():
    """The same seed gives the same bytes, another seed another map."""
    weights = np.random.RandomState(3).normal(0, 2e-3, (SIDE, SIDE, 3))
    network, few = CubicProbe(weights), {"num_samples": 100}

    first, again, other = (
        find("shap", network, noise(), seed=seed, settings=few).heatmap.tobytes()
        for seed in (7, 7, 8)
    )

    assert first == again
    assert first != other
