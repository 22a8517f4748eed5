"""Trained networks on disk and in use: vouched for, exact, safe to share."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain
from threading import Barrier

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE
from cifake_core.basics.errors import ModelUnavailableError, UnknownNameError
from cifake_core.networks import NETWORKS, OWN, NetworkSpec, store
from cifake_core.pictures.preprocessing import prepare
from tests.fakes import noise, noise_picture

pytestmark = pytest.mark.slow

TRAINED = [name for name in OWN if not NETWORKS[name].members]

#: Channels of the finer of the two maps that are explained.
WIDTHS = {"cnn": 64, "cnn3d": 64, "cnn_multi": 112}


@pytest.fixture(scope="module", params=TRAINED)
def network(request, random_models):
    """Return each network with weights of its own, compiled; don't change it."""
    from cifake_core.networks.runtimes.compiled import compile_folder

    return compile_folder(random_models / request.param)


@pytest.fixture
def folder(random_models, tmp_path):
    """Return the folder of one network that the test may change."""
    return shutil.copytree(random_models / "cnn", tmp_path / "cnn")


def pictures(num_pictures: int) -> np.ndarray:
    """Return that many random pictures, no two alike."""
    return np.stack([noise(seed) for seed in range(num_pictures)])


def test_a_compiled_network_is_its_folder(network, random_models):
    """Name, hash and specification are those of the card."""
    card = store.load_card(random_models / network.name)

    assert network.sha256 == card.model_sha256
    assert network.spec is NETWORKS[network.name]
    assert network.parts == (network,)


def test_logits_are_those_of_the_model(network, random_models):
    """Compiling changes nothing of the answer."""
    images = pictures(4)
    model = store.load_model(random_models / network.name)

    logits = network.logits(images)

    expected = np.asarray(model(network.inputs(images), training=False)[0])[:, 0]
    np.testing.assert_allclose(logits, expected, rtol=1e-4)
    assert logits.dtype == np.float32
    assert np.ptp(logits) > 1e-2


def test_objects_are_the_softmax_of_the_second_output(network, random_models):
    """Ten probabilities a picture, in the order of the model's logits."""
    images = pictures(3)
    model = store.load_model(random_models / network.name)

    objects = network.answers(images).objects

    outputs = np.asarray(model(network.inputs(images), training=False)[1])
    powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    expected = powers / powers.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(objects, expected, rtol=1e-4, atol=1e-6)
    assert objects.dtype == np.float32


def test_many_pictures_are_answered_as_one_is(network):
    """A batch, also one beyond the inner limit of 250, says what single ones say."""
    images = pictures(253)

    together = network.logits(images)

    picked = [0, 1, 249, 250, 252]
    alone = np.concatenate([network.logits(images[i][None]) for i in picked])
    assert together.shape == (253,)
    np.testing.assert_allclose(together[picked], alone, rtol=1e-4)


def test_no_pictures_no_answers(network):
    """An empty batch gives an empty answer."""
    answers = network.answers(np.empty((0, SIDE, SIDE, 3), np.uint8))

    assert answers.logits.shape == (0,)
    assert answers.logits.dtype == np.float32
    assert answers.objects.shape == (0, 10)


def test_inputs_are_answered_as_their_pictures_are(network):
    """What a network is fed may be given to it directly."""
    images = pictures(5)

    logits = network.logits_of_inputs(network.inputs(images))

    np.testing.assert_array_equal(logits, network.logits(images))
    assert logits.dtype == np.float32


def test_the_explained_map_adds_up_to_the_logit(network):
    """After a global average and one dense layer, evidence sums to logit - bias."""
    from cifake_core.explain.methods.cam import weigh_channels, weigh_places

    width = WIDTHS[network.name]

    activations, gradients = network.activations(noise_picture())[
        network.spec.cam_layer
    ]

    evidence = weigh_channels(activations, gradients)
    logit = network.logits(noise()[None])[0]
    assert activations.shape == gradients.shape == (8, 8, 2 * width)
    assert evidence.sum() == pytest.approx(logit, rel=1e-4)  # a new bias is 0
    np.testing.assert_allclose(
        weigh_places(activations, gradients), evidence, rtol=1e-3, atol=1e-4
    )


def test_the_finer_map_has_gradients_of_its_own(network):
    """It is 16x16, and what a place does to the logit differs from place to place."""
    width = WIDTHS[network.name]
    activations, gradients = network.activations(noise_picture())[
        network.spec.fine_layer
    ]

    assert activations.shape == gradients.shape == (16, 16, width)
    assert np.ptp(gradients, axis=(0, 1)).max() > 0


def test_methods_share_one_pass(network):
    """A record's activations are kept, and nobody can change them."""
    picture = noise_picture()
    first = network.activations(picture)

    again, other = network.activations(picture), network.activations(noise_picture(4))

    assert again is first
    assert other is not first
    for arrays in other.values():
        for array in arrays:
            with pytest.raises(ValueError, match="read-only"):
                array[:] = 0


def test_the_gradient_of_the_input_is_a_slope(network):
    """A small step along the gradient raises the logit by its squared length."""
    (inputs,) = network.inputs(noise()[None])

    (gradient,) = network.gradients(inputs[None])

    assert gradient.shape == inputs.shape
    assert gradient.dtype == np.float32
    slope = float((gradient.astype(np.float64) ** 2).sum())
    step = 0.05 / np.sqrt(slope)
    moved = np.stack([inputs + step * gradient, inputs - step * gradient])
    up, down = network.logits_of_inputs(moved).tolist()
    assert (up - down) / (2 * step) == pytest.approx(slope, rel=0.05)


def test_each_input_has_its_own_gradient(network):
    """A batch, of pictures or of what lies between them, is answered one by one."""
    inputs = network.inputs(pictures(3))
    inputs[1] = (inputs[0] + inputs[2]) / 2

    together = network.gradients(inputs)

    alone = np.concatenate([network.gradients(one[None]) for one in inputs])
    np.testing.assert_allclose(together, alone, rtol=1e-3, atol=1e-7)
    assert (together[0] != together[1]).any()


def test_threads_get_their_own_answers(network):
    """Eight threads that ask at once are each told of their own picture."""
    images = pictures(8)
    start = Barrier(len(images))

    def ask(image):
        maps = network.activations(prepare(image)).values()
        gradient = network.gradients(network.inputs(image[None]))
        return [network.logits(image[None]), gradient, *chain.from_iterable(maps)]

    def ask_at_once(image):
        start.wait()
        return [ask(image) for _ in range(3)]

    expected = [ask(image) for image in images]
    with ThreadPoolExecutor(len(images)) as pool:
        answers = list(pool.map(ask_at_once, images))

    for rounds, one in zip(answers, expected, strict=True):
        for answer in rounds:
            for given, wanted in zip(answer, one, strict=True):
                np.testing.assert_allclose(given, wanted, rtol=1e-5, atol=1e-6)


def worked_network():
    """Return a network whose every number follows by hand from the picture.

    Its explained map is the mean red, green and blue of the four quarters; their
    means over the picture weigh 2, -1 and 0.5 in the logit, and the bias is 3.
    """
    import keras
    from keras import layers

    inputs = keras.Input((SIDE, SIDE, 3))
    quarters = layers.AveragePooling2D(SIDE // 2, name="quarters")(inputs)
    dense = layers.Dense(1, name="logit")
    model = keras.Model(
        inputs, dense(layers.GlobalAveragePooling2D(name="features")(quarters))
    )
    dense.set_weights([np.array([[2], [-1], [0.5]]), np.array([3])])
    return model


@pytest.mark.parametrize("trainable", [True, False])
def test_a_network_worked_by_hand(trainable):
    """Logit, map and both gradients are what pencil and paper give."""
    from cifake_core.networks.runtimes.compiled import CompiledNetwork

    image = np.zeros((SIDE, SIDE, 3), np.uint8)
    image[:16, :16] = 8, 0, 4
    image[16:, 16:] = 0, 6, 0
    model = worked_network()
    model.trainable = trainable
    spec = NetworkSpec(title="", summary="", cam_layer="quarters")

    network = CompiledNetwork("worked", model, spec=spec, sha256="c3")
    answers = network.answers(image[None])
    ((activations, gradients),) = network.activations(prepare(image)).values()
    (gradient,) = network.gradients(network.inputs(image[None]))

    assert answers.logits.tolist() == pytest.approx([2 * 2 - 1 * 1.5 + 0.5 * 1 + 3])
    assert answers.objects is None  # it was taught none
    np.testing.assert_allclose(
        activations, [[[8, 0, 4], [0, 0, 0]], [[0, 0, 0], [0, 6, 0]]], atol=1e-6
    )
    np.testing.assert_allclose(gradients, np.full((2, 2, 3), [0.5, -0.25, 0.125]))
    np.testing.assert_allclose(
        gradient, np.full((SIDE, SIDE, 3), np.array([2, -1, 0.5]) / SIDE**2), rtol=1e-6
    )


def test_threads_may_ask_for_the_first_gradient_at_once():
    """It is traced when first asked for, and all who ask meanwhile get theirs."""
    from cifake_core.networks.runtimes.compiled import CompiledNetwork

    spec = NetworkSpec(title="", summary="", cam_layer="quarters")
    network = CompiledNetwork("worked", worked_network(), spec=spec, sha256="c3")
    inputs, start = network.inputs(noise()[None]), Barrier(8)

    def ask(_session):
        start.wait()
        return network.gradients(inputs)

    with ThreadPoolExecutor(8) as pool:
        gradients = list(pool.map(ask, range(8)))

    expected = np.broadcast_to(np.array([2, -1, 0.5]) / SIDE**2, inputs.shape)
    for gradient in gradients:
        np.testing.assert_allclose(gradient, expected, rtol=1e-6)


def test_tampered_weights_are_refused(folder):
    """One changed byte is found, whatever Keras would make of it."""
    from cifake_core.networks.runtimes.compiled import compile_folder

    path = folder / store.WEIGHTS_FILE
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)

    with pytest.raises(ModelUnavailableError, match="not the ones their card vouches"):
        compile_folder(folder)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (store.WEIGHTS_FILE, r"model\.keras are missing"),
        (store.CARD_FILE, "cifake_core train cnn"),
    ],
)
def test_half_a_network_is_refused(folder, file, sentence):
    """Neither a card alone nor weights alone are a network."""
    from cifake_core.networks.runtimes.compiled import compile_folder

    (folder / file).unlink()

    with pytest.raises(ModelUnavailableError, match=sentence):
        compile_folder(folder)


def test_a_card_of_an_unknown_network_is_refused(folder):
    """A network that this version does not know is named."""
    from cifake_core.networks.runtimes.compiled import compile_folder

    card = store.load_card(folder)
    store.write_card(folder, replace(card, name="cnn9"))

    with pytest.raises(UnknownNameError, match="no network called 'cnn9'"):
        compile_folder(folder)
