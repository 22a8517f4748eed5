"""The multi-generator CNN: its shapes, and what it is shown."""

import numpy as np
import pytest

from cifake_core.networks import NETWORKS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model():
    """Return the network, untrained."""
    return NETWORKS["cnn_multi"].build()


def test_its_answers_and_layers_are_those_of_the_table(model):
    """Two heads, two million weights, maps of 8x8 and 16x16 to explain by."""
    spec = NETWORKS["cnn_multi"]

    assert model.input.shape == (None, 32, 32, 3)
    assert [answer.shape for answer in model.outputs] == [(None, 1), (None, 10)]
    assert model.count_params() == 2_076_379
    assert model.get_layer(spec.cam_layer).output.shape == (None, 8, 8, 224)
    assert model.get_layer(spec.fine_layer).output.shape == (None, 16, 16, 112)


def test_beside_the_colours_it_sees_what_their_average_leaves(model):
    """A white dot on black: 2 above the average of its 9 pixels of which it is one."""
    import keras

    seen = keras.Model(model.input, model.get_layer("colours_and_residual").output)
    picture = np.zeros((1, 32, 32, 3), np.float32)
    picture[0, 10, 10] = 255

    maps = np.asarray(seen(picture))[0]

    assert maps.shape == (32, 32, 6)
    np.testing.assert_allclose(maps[10, 10], [1] * 3 + [8 * (2 - 2 / 9)] * 3, rtol=1e-5)
    np.testing.assert_allclose(maps[10, 11], [-1] * 3 + [8 * -2 / 9] * 3, rtol=1e-5)
    np.testing.assert_allclose(maps[0, 0], [-1] * 3 + [0] * 3, atol=1e-5)
