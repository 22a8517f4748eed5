"""Networks that remember: the same answers, asked for once."""

import numpy as np

from cifake_core.explain import EXPLAINERS
from cifake_core.networks.ensemble import Ensemble, with_parts
from cifake_core.trust.memoization import memoize
from tests.fakes import noise, noise_picture, random_probe

IMAGES = np.stack([noise(1), noise(2)])


def trio() -> dict:
    """Return two linear networks and their ensemble, by name."""
    members = [random_probe("rgb", 1), random_probe("planes", 2)]
    ensemble = Ensemble("ensemble", members, weights=(0.7, 0.4))
    return {network.name: network for network in (*members, ensemble)}


def test_what_was_asked_before_is_not_asked_again():
    """An ensemble takes what its members said, and answers the same bytes."""
    plain, networks = trio(), trio()

    shared = memoize(networks)
    answers = {name: network.logits(IMAGES) for name, network in shared.items()}
    shared["ensemble"].answers(IMAGES)

    for name, network in plain.items():
        assert answers[name].tobytes() == network.logits(IMAGES).tobytes()
        assert shared[name].name == name
        assert shared[name].sha256 == network.sha256
        assert shared[name].weights == network.weights
    assert networks["cnn"].calls == networks["cnn3d"].calls == [len(IMAGES)]


def test_another_question_is_asked():
    """Other pictures, and the same ones in another order, are scored afresh."""
    network = random_probe("rgb", 3)
    shared = memoize({"cnn": network})["cnn"]

    first, second = shared.logits(IMAGES), shared.logits(IMAGES[::-1])

    assert network.calls == [2, 2]
    np.testing.assert_array_equal(first, second[::-1])


def test_every_method_gives_the_same_map():
    """What explainers ask of a network comes through."""
    plain, shared = trio(), memoize(trio())

    for method, explainer in EXPLAINERS.items():
        for name, network in plain.items():
            asked = {"label": "FAKE", "seed": 1}
            if method in {"lime", "shap"}:
                asked["settings"] = {"num_samples": 100}
            one = explainer.explain(network, noise_picture(), **asked)
            other = explainer.explain(shared[name], noise_picture(), **asked)
            assert one.heatmap.tobytes() == other.heatmap.tobytes()


def test_gradients_and_logits_of_one_array_are_told_apart():
    """Inputs scored as they are come through, too."""
    network = random_probe("rgb", 4)
    shared = memoize({"cnn": network})["cnn"]
    inputs = shared.inputs(IMAGES)

    gradients = [shared.gradients(inputs), shared.gradients(inputs)]

    assert gradients[0] is gradients[1]
    np.testing.assert_array_equal(gradients[0], network.gradients(inputs))
    np.testing.assert_array_equal(
        shared.logits_of_inputs(inputs), network.logits(IMAGES)
    )


def test_other_parts_make_the_same_kind_of_network():
    """One part is itself; two are an ensemble of the same name and weights."""
    networks = trio()
    parts = [random_probe("rgb", 8), random_probe("planes", 9)]

    alone = with_parts(networks["cnn"], parts[:1])
    both = with_parts(networks["ensemble"], parts)

    assert alone is parts[0]
    assert (both.name, both.parts, both.weights) == (
        "ensemble",
        tuple(parts),
        (0.7, 0.4),
    )
