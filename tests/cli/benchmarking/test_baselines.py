"""Baselines: that they do the same work, so that times may be compared."""

import numpy as np
import pytest

from cifake_core.cli.benchmarking import baselines
from cifake_core.networks.pool import NetworkPool
from tests.fakes import noise, random_probe


@pytest.mark.slow
@pytest.mark.parametrize("way", [baselines.keras_predict, baselines.tensorflow_predict])
@pytest.mark.parametrize("name", ["cnn", "ensemble"])
def test_predict_says_what_the_network_says(name, way, random_models):
    """Keras's own ways give the same logits, those of an ensemble weighed."""
    network = NetworkPool(random_models).network(name)
    images = np.stack([noise(1), noise(2)])

    predicted = way(network, random_models)(images)

    np.testing.assert_allclose(predicted, network.logits(images), rtol=1e-3)


def test_stock_lime_asks_for_as_many_pictures(capfd):
    """Ten at a time, as shipped, and without its progress bar."""
    network = random_probe("rgb", 1)

    baselines.stock_lime(network.logits, noise(), num_samples=35)

    assert network.calls == [10, 10, 10, 5]
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_tf_explain_draws_a_map(random_models):
    """The package still works with this Keras, on the network that sees colours."""
    network = NetworkPool(random_models).network("cnn")

    explain = baselines.tf_explain_gradcam(network, random_models)

    assert explain(noise()).shape == (32, 32, 3)


def test_tf_explain_is_for_one_network_on_colours(tmp_path):
    """There is nothing to compare on planes."""
    assert baselines.tf_explain_gradcam(random_probe("planes", 1), tmp_path) is None
