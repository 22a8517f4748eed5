"""Answering networks: the fast engine alone, one picture or many."""

import numpy as np
import pytest

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.places import CHECKOUT
from cifake_core.networks import store
from cifake_core.networks.runtimes.answering import AnsweringNetwork, load_answering
from cifake_core.pictures.preprocessing import prepare
from tests.cards import put_network
from tests.fakes import noise, noise_picture

pytestmark = pytest.mark.slow

IMAGES = np.stack([noise(seed) for seed in range(5)])


@pytest.fixture(scope="module", params=["cnn", "cnn3d"])
def folder(request):
    """The folder of a shipped network, on colours and on planes."""
    return CHECKOUT / "models" / request.param


def test_pictures_beside_one_another_change_nothing(folder):
    """Prepared or not, alone or together, by one thread or several: one answer."""
    network, single = load_answering(folder), load_answering(folder, num_threads=1)

    together = network.answers(IMAGES)

    assert network.sha256 == store.load_card(folder).model_sha256
    assert network.name == folder.name
    prepared = single.predict(*[prepare(image) for image in IMAGES])
    np.testing.assert_array_equal(prepared.logits, together.logits)
    np.testing.assert_array_equal(prepared.features, together.features)
    np.testing.assert_array_equal(prepared.objects, together.objects)
    alone = [single.predict(prepare(image)).logits[0] for image in IMAGES]
    np.testing.assert_array_equal(alone, together.logits)
    np.testing.assert_array_equal(single.logits(IMAGES[:0]), np.empty(0))


def test_it_explains_nothing(folder):
    """Who asks how it came to its answer is told where to ask."""
    network = load_answering(folder)

    with pytest.raises(ModelUnavailableError, match="for answers alone"):
        network.gradients(network.inputs(IMAGES))
    with pytest.raises(ModelUnavailableError, match="for answers alone"):
        network.activations(noise_picture())


def test_a_network_that_was_not_converted_is_none(tmp_path):
    """Who can do so loads it another way."""
    put_network(tmp_path, "cnn", "sha")

    assert load_answering(tmp_path / "cnn") is None
    assert isinstance(load_answering(CHECKOUT / "models" / "cnn"), AnsweringNetwork)
