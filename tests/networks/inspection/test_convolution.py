"""Kernels laid open: what they meet is counted by hand, what they add is Keras's."""

import numpy as np
import pytest

from cifake_core.networks.inspection.convolution import (
    Convolution,
    FeatureMaps,
    contributions,
    meets,
    places,
)
from cifake_core.pictures.preprocessing import prepare


def deep(depth: int, stride: int, *, padded: bool = True) -> Convolution:
    """Return a layer with depth and one kernel of ones, 1x1 across."""
    return Convolution(
        layer="volume",
        kernel=np.ones((depth, 1, 1, 1, 1), np.float32),
        bias=np.zeros(1, np.float32),
        strides=(stride, 1, 1),
        padded=padded,
    )


@pytest.mark.parametrize(
    ("depth", "stride", "given", "met"),
    [
        # out = ceil(6 / 2) = 3, 2 * 2 + 6 - 6 = 4 zeros, two of them before
        (
            6,
            2,
            6,
            [(None, None, 0, 1, 2, 3), (0, 1, 2, 3, 4, 5), (2, 3, 4, 5, None, None)],
        ),
        (3, 3, 3, [(0, 1, 2)]),
        (2, 2, 6, [(0, 1), (2, 3), (4, 5)]),
        # one zero alone: it goes behind
        (2, 1, 3, [(0, 1), (1, 2), (2, None)]),
        (1, 1, 2, [(0,), (1,)]),
    ],
)
def test_what_a_padded_kernel_meets(depth, stride, given, met):
    """The channels under each slice, at every place."""
    convolution = deep(depth, stride)

    found = [
        meets(convolution, given, place=place)
        for place in range(places(convolution, given))
    ]

    assert found == met


def test_what_a_kernel_of_seven_meets():
    """Over six channels it stops six times and hangs over by three at the ends."""
    convolution = deep(7, 1)

    assert places(convolution, 6) == 6
    assert meets(convolution, 6, place=0) == (None, None, None, 0, 1, 2, 3)
    assert meets(convolution, 6, place=5) == (2, 3, 4, 5, None, None, None)


def test_without_padding_nothing_hangs_over():
    """The kernel stops only where it meets channels alone."""
    convolution = deep(3, 2, padded=False)

    assert places(convolution, 6) == 2
    assert [meets(convolution, 6, place=n) for n in (0, 1)] == [(0, 1, 2), (2, 3, 4)]


def test_contributions_worked_by_hand():
    """Each slice adds its weight times its channel; over the edge it adds nothing."""
    convolution = Convolution(
        layer="volume",
        kernel=np.array([1, 10, 100], np.float32).reshape(3, 1, 1, 1, 1),
        bias=np.array([0.5], np.float32),
        strides=(1, 1, 1),
        padded=True,
    )
    given = np.array([2, 3], np.float32).reshape(2, 1, 1, 1)
    filtered = np.array([2 * 10 + 3 * 100 + 0.5, 2 * 1 + 3 * 10 + 0.5], np.float32)
    maps = FeatureMaps(
        convolution=convolution,
        given=given,
        filtered=filtered.reshape(2, 1, 1, 1),
        passed=filtered.reshape(2, 1, 1, 1),
    )

    first, second = (contributions(maps, place=n, chosen=0) for n in (0, 1))

    assert first.ravel().tolist() == [0, 20, 300]
    assert second.ravel().tolist() == [2, 30, 0]


def test_a_flat_kernel_has_no_depth():
    """A kernel over height and width alone is refused."""
    flat = Convolution(
        layer="stem",
        kernel=np.ones((3, 3, 3, 2), np.float32),
        bias=np.zeros(2, np.float32),
        strides=(1, 1),
        padded=True,
    )
    nothing = np.zeros((4, 4, 2), np.float32)
    maps = FeatureMaps(
        convolution=flat, given=nothing, filtered=nothing, passed=nothing
    )

    assert (flat.size, flat.num_filters) == ((3, 3), 2)
    with pytest.raises(ValueError, match=r"kernel with depth. Received .*\(3, 3\)"):
        contributions(maps, place=0, chosen=0)


@pytest.mark.slow
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(
    ("size", "strides"),
    [((6, 3, 3), (2, 1, 1)), ((7, 3, 3), (1, 1, 1)), ((3, 2, 5), (2, 2, 3))],
)
def test_slices_add_up_to_what_keras_gives(size, strides, padding):
    """The sum of all slices is the layer's own output, at every place."""
    import keras

    from cifake_core.networks.inspection.first_layers import Anatomy

    keras.utils.set_random_seed(3)
    inputs = keras.Input((8, 9, 11, 2))
    layer = keras.layers.Conv3D(
        3, size, strides=strides, padding=padding, bias_initializer="ones"
    )
    model = keras.Model(inputs, layer(inputs))
    given = np.random.RandomState(0).normal(size=(8, 9, 11, 2)).astype(np.float32)
    filtered = np.asarray(model(given[None])[0])
    (convolution,) = Anatomy("cnn3d", model).convolutions
    maps = FeatureMaps(
        convolution=convolution, given=given, filtered=filtered, passed=filtered
    )

    for place in range(places(convolution, 8)):
        parts = contributions(maps, place=place, chosen=1)
        expected = filtered[place, ..., 1]
        np.testing.assert_allclose(parts.sum(axis=0) + 1, expected, atol=1e-4)
    assert len(filtered) == places(convolution, 8)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cnn", "cnn3d"])
def test_our_networks_laid_open(name, random_models):
    """The first layers' maps are the network's own, after its ReLU, scaled inside."""
    from cifake_core.networks.inspection.first_layers import open_folder

    image = np.random.RandomState(1).randint(0, 256, (32, 32, 3)).astype(np.uint8)

    anatomy = open_folder(random_models / name)
    first, second = anatomy.maps(prepare(image))

    assert anatomy.name == name
    assert -1 <= first.given.min() < 0 < first.given.max() <= 1
    for maps in (first, second):
        convolution = maps.convolution
        assert maps.filtered.shape[-1] == convolution.num_filters
        assert maps.passed.shape == maps.filtered.shape
        assert (maps.passed >= 0).all()
        assert (maps.filtered < 0).any()
        spatial = maps.given.shape[:-1]
        assert maps.filtered.shape[:-1] == tuple(
            places(convolution, given, axis=axis) for axis, given in enumerate(spatial)
        )
    if len(first.convolution.size) == 3:
        parts = contributions(first, place=1, chosen=2)
        total = first.filtered[1, ..., 2]
        np.testing.assert_allclose(parts.sum(axis=0), total, atol=1e-4)


@pytest.mark.slow
def test_a_relu_belongs_to_the_convolution_before_it():
    """Without a ReLU the convolution's own output is passed on."""
    import keras

    from cifake_core.networks.inspection.first_layers import Anatomy

    inputs = keras.Input((32, 32, 3))
    x = keras.layers.Conv2D(2, 3, name="one", strides=2)(inputs)
    x = keras.layers.Conv2D(2, 3, name="two")(x)
    x = keras.layers.ReLU()(x)
    model = keras.Model(inputs, keras.layers.ReLU()(x + 1))
    image = np.random.RandomState(1).randint(0, 256, (32, 32, 3)).astype(np.uint8)

    one, two = Anatomy("cnn", model).maps(prepare(image))

    assert [one.convolution.layer, two.convolution.layer] == ["one", "two"]
    assert (one.convolution.strides, one.convolution.padded) == ((2, 2), False)
    np.testing.assert_array_equal(one.passed, one.filtered)
    np.testing.assert_array_equal(two.passed, np.maximum(two.filtered, 0))
