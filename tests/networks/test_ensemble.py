"""Several networks as one: the weighted sum of their logits, and a name."""

import numpy as np

from cifake_core.networks import store
from cifake_core.networks.ensemble import Ensemble, weighted_sum
from tests.fakes import constant_probe, noise, random_probe


def test_the_answer_is_the_weighted_sum_of_the_logits():
    """Logits are weighed and added, not probabilities: 0.75 x 4 - 0.5 gives 2.5."""
    members = [constant_probe("rgb", 4), constant_probe("planes", -1)]
    ensemble = Ensemble("ensemble", members, weights=(0.75, 0.5))

    logits = ensemble.logits(np.stack([noise(), noise(4)]))

    np.testing.assert_array_equal(logits, [2.5, 2.5])
    assert logits.dtype == np.float32


def test_each_member_sees_the_pictures_as_it_needs_them():
    """Colours and planes both count, picture by picture."""
    members = [random_probe("rgb", 1), random_probe("planes", 2)]
    images = np.stack([noise(seed) for seed in range(3)])

    logits = Ensemble("ensemble", members, weights=(0.5, 2)).logits(images)

    first, second = (member.logits(images) for member in members)
    np.testing.assert_allclose(logits, first / 2 + 2 * second, rtol=1e-6)
    assert not np.array_equal(first, second)


def test_its_hash_is_that_of_its_members():
    """Other weights of a member, or another order, are another ensemble."""
    one, two, three = (random_probe("rgb", seed) for seed in (1, 2, 3))

    hashes = {
        Ensemble("ensemble", members, weights=(0.5, 0.5)).sha256
        for members in ([one, two], [one, three], [two, one])
    }

    assert len(hashes) == 3
    assert store.joint_sha256([one.sha256, two.sha256]) in hashes


def test_its_parts_are_its_members():
    """Explainers reach each member, in order."""
    members = [random_probe("rgb", 1), random_probe("planes", 2)]

    ensemble = Ensemble("ensemble", members, weights=(0.5, 0.5))

    assert ensemble.parts == tuple(members)
    assert ensemble.weights == (0.5, 0.5)
    assert ensemble.name == "ensemble"


def test_any_number_may_vote():
    """The sum is over the votes, picture by picture, and stays float32."""
    votes = [np.array([number, -number], np.float32) for number in (1, 2, 3)]

    logits = weighted_sum(votes, (1, 0.5, 0))

    np.testing.assert_array_equal(logits, np.array([2, -2], np.float32))
    assert logits.dtype == np.float32
