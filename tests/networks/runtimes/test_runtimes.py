"""Runtimes: LiteRT answers as TensorFlow does, from the file its card vouches for."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import keras
import numpy as np
import pytest
from keras import layers

from cifake_core.basics.errors import ModelUnavailableError, TrainingError
from cifake_core.basics.files import file_sha256
from cifake_core.basics.places import CHECKOUT
from cifake_core.networks import NETWORKS, OWN, store
from cifake_core.networks.inputs import network_input
from cifake_core.networks.runtimes import conversion
from cifake_core.networks.runtimes.litert import LiteRTRuntime
from cifake_core.networks.runtimes.loading import load_runtime
from cifake_core.networks.runtimes.tensorflow import TensorFlowRuntime
from tests.fakes import noise

pytestmark = pytest.mark.slow

TRAINED = [name for name in OWN if not NETWORKS[name].members]
#: Features of a picture.
WIDTHS = {"cnn": 128, "cnn3d": 128, "cnn_multi": 224}


def attention_network() -> keras.Model:
    """A small random network with self-attention and a depthwise convolution."""
    keras.utils.set_random_seed(1)
    picture = keras.Input((32, 32, 3))
    x = layers.Rescaling(1 / 127.5, offset=-1)(picture)
    x = layers.Conv2D(16, 4, strides=4)(x)
    x = layers.DepthwiseConv2D(5, padding="same", activation="gelu")(x)
    x = layers.Reshape((64, 16))(x)
    x = layers.LayerNormalization()(x)
    x = layers.Add()([x, layers.MultiHeadAttention(2, 8)(x, x)])
    x = layers.Dense(32, activation="gelu")(x)
    features = layers.GlobalAveragePooling1D(name="features")(x)
    logit = layers.Dense(1, name="logit")(features)
    return keras.Model(picture, logit, name="attention")


def assert_same(found, expected):
    """Check that two runtimes say the same, within the tolerance."""
    np.testing.assert_allclose(found.logits, expected.logits, atol=1e-4)
    np.testing.assert_allclose(found.features, expected.features, atol=1e-4)
    if expected.objects is None:
        assert found.objects is None
    else:
        np.testing.assert_allclose(found.objects, expected.objects, atol=1e-4)


@pytest.fixture(scope="module", params=TRAINED)
def shipped(request):
    """Return the name, the model and the runtime of a shipped network."""
    folder = CHECKOUT / "models" / request.param
    model = store.load_model(folder)
    return request.param, model, load_runtime(folder, model)


@pytest.fixture
def folder(tmp_path):
    """Return a copy of a shipped network that the test may change."""
    return shutil.copytree(CHECKOUT / "models" / "cnn", tmp_path / "cnn")


def inputs_of(name: str, num_pictures: int) -> np.ndarray:
    """Return what a network is fed for that many random pictures."""
    images = np.stack([noise(seed) for seed in range(num_pictures)])
    return network_input(NETWORKS[name].input_kind, images)


def test_a_shipped_network_runs_in_litert_as_in_tensorflow(shipped):
    """Logits, features and object probabilities within 1e-4."""
    name, model, runtime = shipped
    inputs = inputs_of(name, 40)
    before = inputs.copy()

    found = runtime.run(inputs)

    assert runtime.describe().startswith("LiteRT ")
    assert_same(found, TensorFlowRuntime(model).run(inputs))
    assert np.ptp(found.logits) > 0.5
    assert {each.dtype for each in (found.logits, found.features, found.objects)} == {
        np.dtype(np.float32)
    }
    np.testing.assert_array_equal(inputs, before)


@pytest.mark.parametrize("count", [0, 1, 2, 70])
def test_a_batch_of_any_size_is_answered_as_single_pictures(shipped, count):
    """To the bit: what stands beside a picture does not change its answer."""
    name, _, runtime = shipped
    inputs = inputs_of(name, 70)

    found = runtime.run(inputs[:count])

    assert found.logits.shape == (count,)
    assert found.features.shape == (count, WIDTHS[name])
    assert found.objects.shape == (count, 10)
    for number in range(0, count, 23):
        alone = runtime.run(inputs[number : number + 1])
        np.testing.assert_array_equal(alone.logits[0], found.logits[number])


def test_tensorflow_answers_an_empty_batch(shipped):
    """With nothing, in the same shapes."""
    name, model, _ = shipped

    found = TensorFlowRuntime(model).run(inputs_of(name, 1)[:0])

    assert (found.logits.shape, found.features.shape) == ((0,), (0, WIDTHS[name]))


def test_threads_may_share_a_runtime(shipped):
    """Eight callers at once hear what each would hear alone."""
    name, _, runtime = shipped
    inputs = inputs_of(name, 40)
    expected = runtime.run(inputs).logits
    chosen = [np.random.default_rng(seed).permutation(40)[:9] for seed in range(32)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda these: runtime.run(inputs[these]), chosen))

    for these, answer in zip(chosen, answers, strict=True):
        np.testing.assert_array_equal(answer.logits, expected[these])


def test_attention_and_depthwise_layers_are_converted(tmp_path):
    """The converter takes layers that no network has yet."""
    model = attention_network()
    inputs = np.stack([noise(seed) for seed in range(5)]).astype(np.float32)

    facts = conversion.convert(model, tmp_path)

    runtime = LiteRTRuntime((tmp_path / facts.file).read_bytes())
    assert_same(runtime.run(inputs), TensorFlowRuntime(model).run(inputs))
    assert facts.logit_difference <= 1e-4
    assert facts.sha256 == file_sha256(tmp_path / store.RUNTIME_FILE)
    assert [each.name for each in tmp_path.iterdir()] == [store.RUNTIME_FILE]


def test_a_conversion_that_changes_logits_is_refused(tmp_path, monkeypatch):
    """Nothing is left of it."""
    monkeypatch.setattr(conversion, "TOLERANCE", -1.0)

    with pytest.raises(TrainingError, match=r"'attention' differ from TensorFlow's by"):
        conversion.convert(attention_network(), tmp_path)

    assert not list(tmp_path.iterdir())


def test_a_converted_file_is_what_its_card_vouches_for(folder):
    """One changed byte is found."""
    path = folder / store.RUNTIME_FILE
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)

    with pytest.raises(ModelUnavailableError, match=r"not the one its card vouches"):
        store.read_runtime_file(folder)


def test_a_missing_converted_file_is_told(folder):
    """It is not answered by another engine without anyone's knowing."""
    (folder / store.RUNTIME_FILE).unlink()

    with pytest.raises(ModelUnavailableError, match=r"model\.tflite is missing or not"):
        store.read_runtime_file(folder)


def test_a_network_without_a_converted_file_runs_in_tensorflow(folder):
    """Such as one of a run folder; it says so."""
    store.write_card(folder, replace(store.load_card(folder), runtime=None))

    runtime = load_runtime(folder, store.load_model(folder))

    assert runtime.describe().startswith("TensorFlow ")
