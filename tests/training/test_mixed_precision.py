"""The faster copy of a network: the same weights, nearly the same answers."""

import platform
from pathlib import Path

import numpy as np
import pytest

from cifake_core.networks import NETWORKS, OWN
from cifake_core.networks.inputs import network_input
from tests.fakes import noise

pytestmark = pytest.mark.slow

TRAINED = tuple(name for name in OWN if NETWORKS[name].builder)
#: bfloat16 keeps 8 bits: numbers are 0.4 % apart, and errors add up over layers.
BFLOAT16 = 0.04


@pytest.fixture(scope="module", params=TRAINED)
def name(request) -> str:
    """Return the name of one network that is trained."""
    return request.param


@pytest.fixture(scope="module")
def model(name):
    """Return that network with seeded weights; don't change it."""
    import keras

    keras.utils.set_random_seed(0)
    return NETWORKS[name].build()


@pytest.fixture(scope="module")
def copy(model):
    """Return the copy of `model`, after a few steps of training."""
    import tensorflow as tf

    from cifake_core.training.mixed_precision import mixed_copy

    trained = mixed_copy(model, "mixed_bfloat16")
    inputs = fed(model.name, range(4))
    truth = (np.arange(4) % 2).astype(np.float32)[:, None]
    for _ in range(2):
        with tf.GradientTape() as tape:
            logit, _ = trained(inputs, training=True)
            loss = tf.nn.sigmoid_cross_entropy_with_logits(truth, logit)
        variables = trained.get_layer("logit").trainable_variables
        for variable, slope in zip(
            variables, tape.gradient(loss, variables), strict=True
        ):
            variable.assign_sub(0.1 * slope)
    return trained


def fed(name: str, seeds) -> np.ndarray:
    """Return what the network is fed for random pictures."""
    images = np.stack([noise(seed) for seed in seeds])
    return network_input(NETWORKS[name].input_kind, images)


def test_the_copy_starts_from_the_same_weights(model):
    """As many, in the same order, of the same names, shapes and values."""
    from cifake_core.training.mixed_precision import mixed_copy

    fresh = mixed_copy(model, "mixed_bfloat16")

    for one, other in zip(model.weights, fresh.weights, strict=True):
        assert one.path == other.path
        assert np.array_equal(one, other)
    assert not {id(w) for w in model.weights} & {id(w) for w in fresh.weights}


def test_weights_stay_exact_and_answers_too(copy):
    """Every variable is float32, and so are both outputs."""
    outputs = copy(fed(copy.name, [1]), training=False)

    assert {weight.dtype for weight in copy.weights} == {"float32"}
    assert [np.asarray(output).dtype for output in outputs] == [np.float32] * 2


def test_what_lies_between_is_in_bfloat16(copy):
    """Convolutions and normalisations compute in bfloat16; scale and heads do not."""
    kinds = {layer.name: layer.compute_dtype for layer in copy.layers}

    exact = {"scale", "features", "logit", "object_class"}
    assert {kinds[layer] for layer in exact} == {"float32"}
    rest = {name for name in kinds if name.endswith(("_conv", "_norm"))}
    assert {kinds[layer] for layer in rest} == {"bfloat16"}


def test_bfloat16_is_for_processors_that_are_fast_in_it():
    """An x86 processor trains in bfloat16 if its system says that it has AVX-512."""
    from cifake_core.training.mixed_precision import fastest_dtype

    told = Path("/proc/cpuinfo")
    if not told.exists():
        pytest.skip("The system tells of its processor in another way.")
    is_x86 = platform.machine() == "x86_64"
    is_slow = is_x86 and "avx512vl" not in told.read_text("utf-8")
    assert fastest_dtype() == ("float32" if is_slow else "mixed_bfloat16")


def test_the_float32_copy_says_what_the_network_says(model):
    """Only the kernels differ, so that answers in training agree to rounding."""
    import keras

    from cifake_core.training.mixed_precision import mixed_copy

    itself = keras.models.clone_model(model)
    itself.set_weights(model.get_weights())
    inputs = fed(model.name, range(4))

    ours = itself(inputs, training=True)
    theirs = mixed_copy(model, "float32")(inputs, training=True)

    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(other, one, rtol=0, atol=1e-4 * np.abs(one).max())


def test_trained_weights_fit_the_network_itself(model, copy):
    """The float32 network with the copy's weights says nearly what the copy says."""
    import keras

    itself = keras.models.clone_model(model)
    itself.set_weights(copy.get_weights())
    inputs = fed(model.name, range(20, 24))

    ours = itself(inputs, training=False)
    theirs = copy(inputs, training=False)

    assert not np.array_equal(copy.get_weights()[-4], model.get_weights()[-4])
    for one, other in zip(ours, theirs, strict=True):
        scale = np.abs(one).max()
        np.testing.assert_allclose(other, one, rtol=0, atol=BFLOAT16 * scale)


def slope_of_kernel(model, inputs: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """Return d(sum of outputs times `pull`) / d(first kernel)."""
    import tensorflow as tf

    with tf.GradientTape() as tape:
        outputs = tf.cast(model(inputs, training=True), tf.float32)
        score = tf.reduce_sum(outputs * pull)
    return np.asarray(tape.gradient(score, model.trainable_variables[0]), np.float32)


@pytest.mark.parametrize(
    ("depth", "size", "stride"),
    [(2, 7, 1), (3, 7, 1), (5, 7, 1), (6, 7, 1), (7, 7, 1), (6, 6, 2), (3, 3, 3)],
)
def test_3d_kernels_learn_what_they_should(depth, size, stride):
    """A 3D kernel, also one longer than its input, has the exact network's slope.

    In bfloat16 TensorFlow 2.21 fills a longer one with whatever lies in memory.
    """
    import keras

    from cifake_core.training.mixed_precision import mixed_copy

    keras.utils.set_random_seed(3)
    inputs = keras.Input((depth, 8, 8, 2))
    convolution = keras.layers.Conv3D(
        4, (size, 3, 3), strides=(stride, 1, 1), padding="same", use_bias=False
    )
    model = keras.Model(inputs, convolution(inputs))
    random = np.random.RandomState(6)
    batch, pull = (
        random.normal(size=(8, *shape[1:])).astype(np.float32)
        for shape in (model.input_shape, model.output_shape)
    )

    given = slope_of_kernel(mixed_copy(model, "mixed_bfloat16"), batch, pull)

    expected = slope_of_kernel(model, batch, pull)
    atol = BFLOAT16 * np.abs(expected).max()
    np.testing.assert_allclose(given, expected, rtol=0, atol=atol)


def test_a_flat_volume_is_convolved_as_the_picture_it_is():
    """Over an axis of one place the copy gives and learns what the network does."""
    import keras

    from cifake_core.training.mixed_precision import mixed_copy

    keras.utils.set_random_seed(3)
    inputs = keras.Input((8, 8, 1, 2))
    convolution = keras.layers.Conv3D(4, 3, padding="same", activation="relu")
    model = keras.Model(inputs, convolution(inputs))
    convolution.bias.assign([0.5, -0.5, 0.25, 0.0])
    copy = mixed_copy(model, "mixed_bfloat16")
    random = np.random.RandomState(6)
    batch, pull = (
        random.normal(size=(8, 8, 8, 1, width)).astype(np.float32) for width in (2, 4)
    )

    pairs = [
        (np.asarray(each(batch), np.float32), slope_of_kernel(each, batch, pull))
        for each in (model, copy)
    ]

    assert type(copy.layers[1]).__name__ == "_FlatConvolution"
    for expected, given in zip(*pairs, strict=True):
        atol = BFLOAT16 * np.abs(expected).max()
        np.testing.assert_allclose(given, expected, rtol=0, atol=atol)


def normalisations(shape: tuple[int, ...], dtype: str) -> list:
    """Return Keras's layer and the fused one, with equal weights that are no default.

    They are built for inputs of `shape`, batch included.
    """
    from keras import layers

    from cifake_core.training.mixed_precision import _FusedNormalization

    random = np.random.RandomState(2)
    values = [random.uniform(0.5, 2, shape[-1]) for _ in range(4)]
    pair = [
        kind(momentum=0.9, dtype=dtype)
        for kind in (layers.BatchNormalization, _FusedNormalization)
    ]
    for layer in pair:
        layer.build(shape)
        layer.set_weights(values)
    return pair


def train_once(layer, inputs: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return outputs in training mode, and slopes of inputs, gamma and beta."""
    import tensorflow as tf

    pull = np.random.RandomState(5).normal(size=inputs.shape)
    tensor = tf.cast(inputs, layer.compute_dtype)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        outputs = layer(tensor, training=True)
        score = tf.reduce_sum(tf.cast(outputs, tf.float32) * pull)
    slopes = tape.gradient(score, [tensor, layer.gamma.value, layer.beta.value])
    return tuple(np.asarray(tf.cast(x, tf.float32)) for x in (outputs, *slopes))


SHAPES = [(6, 5, 4, 3), (4, 6, 5, 4, 3)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [("float32", 1e-4), ("mixed_bfloat16", 2e-2)]
)
def test_fused_normalisation_trains_as_keras_does(shape, dtype, tolerance):
    """Outputs and slopes are equal, for pictures and for volumes."""
    inputs = np.random.RandomState(4).normal(3, 2, shape).astype(np.float32)

    expected, given = (train_once(n, inputs) for n in normalisations(shape, dtype))

    for one, other in zip(expected, given, strict=True):
        atol = tolerance * np.abs(one).max()
        np.testing.assert_allclose(other, one, rtol=0, atol=atol)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [("float32", 1e-5), ("mixed_bfloat16", 1e-2)]
)
def test_fused_normalisation_keeps_keras_statistics(shape, dtype, tolerance):
    """The moving mean is Keras's; the variance is that of a sample, n / (n - 1)."""
    inputs = np.random.RandomState(4).normal(3, 2, shape).astype(np.float32)
    keras_own, fused = normalisations(shape, dtype)
    before = np.asarray(keras_own.moving_variance)

    for layer in (keras_own, fused):
        layer(inputs, training=True)

    number = inputs.size // shape[-1]
    step = np.asarray(keras_own.moving_variance) - 0.9 * before
    expected = 0.9 * before + step * number / (number - 1)
    np.testing.assert_allclose(fused.moving_mean, keras_own.moving_mean, rtol=tolerance)
    np.testing.assert_allclose(fused.moving_variance, expected, rtol=tolerance)


@pytest.mark.parametrize("shape", SHAPES)
def test_fused_normalisation_is_keras_own_when_it_answers(shape):
    """Outside training the two are the same code, and learn nothing."""
    inputs = np.random.RandomState(4).normal(3, 2, shape).astype(np.float32)
    keras_own, fused = normalisations(shape, "float32")
    before = fused.get_weights()

    expected, given = (
        np.asarray(n(inputs, training=False)) for n in (keras_own, fused)
    )

    assert np.array_equal(given, expected)
    for one, other in zip(before, fused.get_weights(), strict=True):
        assert np.array_equal(one, other)
