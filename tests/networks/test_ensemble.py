"""Several networks as one: the weighted sum of their logits, and a name."""

import numpy as np

from cifake_core.networks.ensemble import Ensemble, ensemble_sha256, weighted_sum
from tests.fakes import constant_probe, noise, noise_picture, random_probe


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
    """Other weights of a member, or other weights of the sum, are another ensemble."""
    colours, other = random_probe("rgb", 1), random_probe("rgb", 3)
    planes = random_probe("planes", 2)

    hashes = {
        Ensemble("ensemble", members, weights=weights).sha256
        for members, weights in (
            ([colours, planes], (0.5, 0.5)),
            ([other, planes], (0.5, 0.5)),
            ([colours, planes], (0.5, 0.75)),
        )
    }

    assert len(hashes) == 3
    members = {"cnn": colours.sha256, "cnn3d": planes.sha256}
    assert ensemble_sha256(members, {"cnn": 0.5, "cnn3d": 0.5}) in hashes


def test_one_picture_is_predicted_as_in_a_batch():
    """A prepared picture goes through without being filtered again."""
    members = [random_probe("rgb", 1), random_probe("planes", 2)]
    ensemble = Ensemble("ensemble", members, weights=(0.5, 2))

    for network in (*members, ensemble):
        alone = network.predict(noise_picture()).logits
        np.testing.assert_array_equal(alone, network.logits(noise()[None]))


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
