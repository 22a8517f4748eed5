"""The forward pass by either way: the same answers, from any thread."""

from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest
from keras import layers

from cifake_core.networks import NETWORKS, OWN, store
from cifake_core.networks.inputs import network_input
from cifake_core.networks.runtimes.forward import forward_pass, through_tensorflow
from cifake_core.networks.runtimes.ncnn_translation import (
    UntranslatableError,
    translate,
)
from tests.fakes import noise

pytestmark = pytest.mark.slow

TRAINED = [name for name in OWN if not NETWORKS[name].members]


@pytest.fixture(scope="module", params=TRAINED)
def shipped(request):
    """Return a trained network as it is shipped; its normalisations do something."""
    return store.load_model(store.MODELS / request.param)


@pytest.fixture(scope="module")
def inputs(shipped):
    """Return what the network is fed for 40 random pictures."""
    images = np.stack([noise(seed) for seed in range(40)])
    return network_input(NETWORKS[shipped.name].input_kind, images)


def features_of(*parts) -> keras.Model:
    """Return a network of these layers, as it has to be to be translated."""
    picture = keras.Input((32, 32, 3))
    tensor = picture
    for part in parts:
        tensor = part(tensor)
    features = layers.GlobalAveragePooling2D(name="features")(tensor)
    return keras.Model(picture, layers.Dense(1, name="logit")(features))


def test_both_ways_give_the_same_answers(shipped, inputs):
    """Logits within 1e-4, features and probabilities too."""
    found, expected = forward_pass(shipped)(inputs), through_tensorflow(shipped)(inputs)

    assert [part.shape for part in found] == [(40,), (40, 128), (40, 10)]
    for answer, other in zip(found, expected, strict=True):
        assert answer.dtype == np.float32
        np.testing.assert_allclose(answer, other, atol=1e-4)
    assert np.ptp(found[0]) > 0.5


def test_our_networks_are_translated(shipped):
    """None of them is answered the slow way without anyone's knowing."""
    features = shipped.get_layer("features").output

    recipe, weights = translate(keras.Model(shipped.input, features))

    convolutions = [layer for layer in shipped.layers if hasattr(layer, "kernel_size")]
    assert recipe.count("Convolution ") == len(convolutions)
    assert len(weights) > 4 * sum(layer.kernel.numpy().size for layer in convolutions)


def test_the_inputs_stay_as_they_are(shipped, inputs):
    """The first step works in place, on a copy."""
    before = inputs.copy()

    forward_pass(shipped)(inputs)

    np.testing.assert_array_equal(inputs, before)


def test_threads_get_their_own_answers(shipped, inputs):
    """Eight sessions at once hear what each would hear alone."""
    forward = forward_pass(shipped)
    expected = forward(inputs)[0]
    chosen = [np.random.default_rng(seed).permutation(40)[:9] for seed in range(64)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda these: forward(inputs[these])[0], chosen))

    for these, answer in zip(chosen, answers, strict=True):
        np.testing.assert_allclose(answer, expected[these], atol=1e-5)


@pytest.mark.parametrize(
    "parts",
    [
        [layers.Conv2D(4, 3, padding="same", name="padded")],
        [layers.Conv2D(4, 3, name="unpadded"), layers.ReLU()],
        [layers.Conv2D(4, 2, strides=2, padding="same"), layers.ReLU(), layers.ReLU()],
        [layers.Rescaling(0.5, offset=3), layers.AveragePooling2D(4)],
        [layers.ReLU(), layers.Conv2D(6, 5, strides=3, padding="same")],
    ],
)
def test_layers_are_translated_one_by_one(parts):
    """Each by itself gives Keras's answer, with its bias, strides and edges."""
    keras.utils.set_random_seed(1)
    model = features_of(*parts)
    for weight in model.trainable_weights:
        weight.assign(keras.random.normal(weight.shape, seed=2))
    fed = np.random.default_rng(3).normal(size=(3, 32, 32, 3)).astype(np.float32)
    translate(keras.Model(model.input, model.get_layer("features").output))

    found, expected = forward_pass(model)(fed), through_tensorflow(model)(fed)

    for answer, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(answer, other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    "part",
    [
        layers.MaxPooling2D(2, name="strange"),
        layers.Conv2D(4, 3, activation="tanh", name="strange"),
        layers.Conv2D(4, 3, dilation_rate=2, name="strange"),
        layers.Conv2D(6, 3, groups=3, name="strange"),
        layers.AveragePooling2D(3, strides=2, name="strange"),
        layers.AveragePooling2D(3, padding="same", name="strange"),
        layers.BatchNormalization(name="strange"),
    ],
)
def test_other_layers_go_through_tensorflow(part):
    """What the translation has no words for is refused, and still answered."""
    model = features_of(part)
    fed = np.random.default_rng(3).normal(size=(2, 32, 32, 3)).astype(np.float32)

    with pytest.raises(UntranslatableError, match="strange"):
        translate(keras.Model(model.input, model.get_layer("features").output))
    logits, _ = forward_pass(model)(fed)

    expected = np.asarray(model(fed, training=False))[:, 0]
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-5)


def test_another_kind_of_head_goes_through_tensorflow():
    """Features that are not read off by a dense layer alone are not translated."""
    picture = keras.Input((32, 32, 3))
    features = layers.GlobalAveragePooling2D(name="features")(picture)
    hidden = layers.Dense(4, activation="relu")(features)
    model = keras.Model(picture, layers.Dense(1, name="logit")(hidden))
    fed = np.random.default_rng(3).normal(size=(2, 32, 32, 3)).astype(np.float32)

    logits, _ = forward_pass(model)(fed)

    expected = np.asarray(model(fed, training=False))[:, 0]
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-5)
