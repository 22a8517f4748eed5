"""The parts of our networks: names, shapes, and blocks worked by hand."""

import numpy as np
import pytest

pytestmark = pytest.mark.slow

#: What inference divides by where nothing was learnt: variance 1 plus epsilon.
SPREAD = np.sqrt(1.001)


def stage_model(shape: tuple[int, ...], width: int, num_blocks: int = 1, **options):
    """Return a model of one residual stage called `s`."""
    import keras

    from cifake_core.networks.blocks import residual_stage

    keras.utils.set_random_seed(0)
    inputs = keras.Input(shape)
    outputs = residual_stage(inputs, width, num_blocks, name="s", **options)
    return keras.Model(inputs, outputs)


def silence(model, layer: str) -> None:
    """Let a normalisation give zero whatever it is given."""
    model.get_layer(layer).gamma.assign(np.zeros(model.output.shape[-1]))


def grain(*shape: int) -> np.ndarray:
    """Return random float32 of both signs."""
    return np.random.RandomState(1).normal(size=shape).astype(np.float32)


def test_a_convolution_is_normalised_and_rectified():
    """Three layers in this order, named after the block, and nothing below zero."""
    import keras

    from cifake_core.networks.blocks import convolve

    inputs = keras.Input((8, 8, 3))
    model = keras.Model(inputs, convolve(inputs, 5, name="stem", stride=2))

    names = [layer.name for layer in model.layers[1:]]
    answer = np.asarray(model(grain(2, 8, 8, 3), training=False))
    assert names == ["stem_conv", "stem_norm", "stem_relu"]
    assert answer.shape == (2, 4, 4, 5)
    assert answer.min() == 0 < answer.max()


def test_rectifying_can_be_left_to_the_sum():
    """Without ReLU the block ends with its normalisation and has both signs."""
    import keras

    from cifake_core.networks.blocks import convolve

    inputs = keras.Input((8, 8, 3))
    model = keras.Model(inputs, convolve(inputs, 5, name="b", relu=False))

    answer = np.asarray(model(grain(2, 8, 8, 3), training=False))
    assert model.layers[-1].name == "b_norm"
    assert answer.min() < 0 < answer.max()


def test_a_silent_block_passes_its_input_on():
    """Where sides and width stay, the shortcut is the input itself."""
    model = stage_model((8, 8, 4), width=4)
    silence(model, "s_1_b_norm")
    x = grain(2, 8, 8, 4)

    answer = np.asarray(model(x, training=False))

    np.testing.assert_array_equal(answer, np.maximum(x, 0))
    assert not any("shortcut" in layer.name for layer in model.layers)


def test_a_silent_block_of_other_shape_averages_and_mixes():
    """The shortcut is the mean of 2x2 pixels, then a 1x1 convolution."""
    model = stage_model((8, 8, 3), width=4, stride=2)
    silence(model, "s_1_b_norm")
    kernel = grain(3, 4)
    model.get_layer("s_1_shortcut_conv").kernel.assign(kernel[None, None])
    x = grain(2, 8, 8, 3)

    answer = np.asarray(model(x, training=False))

    means = x.reshape(2, 4, 2, 4, 2, 3).mean(axis=(2, 4))
    expected = np.maximum(means @ kernel / SPREAD, 0)
    np.testing.assert_allclose(answer, expected, rtol=1e-5, atol=1e-6)


def test_a_block_adds_what_its_convolutions_give():
    """What a block gives beyond its shortcut is its second normalisation."""
    import keras

    model = stage_model((8, 8, 4), width=4)
    branch = keras.Model(model.input, model.get_layer("s_1_b_norm").output)
    x = grain(2, 8, 8, 4)

    answer = np.asarray(model(x, training=False))

    expected = np.maximum(x + np.asarray(branch(x, training=False)), 0)
    np.testing.assert_allclose(answer, expected, rtol=1e-5, atol=1e-5)


def test_only_the_first_block_of_a_stage_shrinks():
    """Each block ends with `<name>_<number>_relu`, of the stage's sides and width."""
    model = stage_model((8, 8, 3), width=6, num_blocks=3, stride=2)

    ends = [model.get_layer(f"s_{number}_relu").output.shape for number in (1, 2, 3)]

    assert ends == [(None, 4, 4, 6)] * 3
    pools = [layer.name for layer in model.layers if "shortcut_pool" in layer.name]
    assert pools == ["s_1_shortcut_pool"]


def test_the_heads_are_one_logit_and_ten():
    """Both are dense layers on the features, REAL first."""
    import keras

    from cifake_core.networks.blocks import heads

    inputs = keras.Input((7,))
    model = keras.Model(inputs, heads(inputs))

    logit, objects = (np.asarray(x) for x in model(grain(3, 7)))
    assert (logit.shape, objects.shape) == ((3, 1), (3, 10))
    assert model.output_names == ["logit", "object_class"]
