"""The contract of every network of our own that has weights."""

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE
from cifake_core.networks import NETWORKS, OWN
from cifake_core.pictures.filters import FILTERS, stack

pytestmark = pytest.mark.slow

TRAINED = tuple(name for name in OWN if NETWORKS[name].builder)
INPUT_SHAPES = {
    "rgb": (None, SIDE, SIDE, 3),
    "planes": (None, len(FILTERS), SIDE, SIDE, 1),
}
#: Millions of parameters and of multiply-adds a picture.
BUDGETS = {"cnn": (1.5, 90), "cnn3d": (1.5, 90), "cnn_multi": (2.1, 270)}


@pytest.fixture(scope="module", params=TRAINED)
def name(request) -> str:
    """Return the name of one network that is trained."""
    return request.param


@pytest.fixture(scope="module")
def model(name):
    """Return that network, untrained, with seeded weights."""
    import keras

    keras.utils.set_random_seed(0)
    return NETWORKS[name].build()


def pictures(count: int = 3, seed: int = 0) -> np.ndarray:
    """Return random RGB pictures."""
    random = np.random.RandomState(seed)
    return random.randint(0, 256, (count, SIDE, SIDE, 3)).astype(np.uint8)


def test_the_input_is_what_its_kind_says(name, model):
    """A network takes pictures or planes, in the shape that `network_input` makes."""
    from cifake_core.networks.inputs import network_input

    kind = NETWORKS[name].input_kind

    assert model.input.shape == INPUT_SHAPES[kind]
    assert network_input(kind, pictures(2)).shape[1:] == model.input.shape[1:]


def test_the_heads_are_logits(model):
    """The answers come from two dense layers on the same features, unsquashed."""
    heads = model.layers[-2:]

    assert [head.name for head in heads] == ["logit", "object_class"]
    assert [output.shape for output in model.outputs] == [(None, 1), (None, 10)]
    assert {head.activation.__name__ for head in heads} == {"linear"}
    assert heads[0].input is heads[1].input


def test_scaling_is_inside(model):
    """The first layer turns 0 to 255 into -1 to 1."""
    scale = model.layers[1]

    values = np.array([[0.0, 127.5, 255.0]], np.float32)
    assert type(scale).__name__ == "Rescaling"
    assert np.asarray(scale(values)).tolist() == [[-1.0, 0.0, 1.0]]


def test_the_budget_is_kept(name, model):
    """Parameters and multiply-adds a picture; who is to learn more may have more."""
    from cifake_core.networks.cost import multiply_adds

    parameters, steps = BUDGETS[name]
    assert model.count_params() < parameters * 1_000_000
    assert multiply_adds(model) < steps * 1_000_000


def test_every_layer_has_its_own_name(model):
    """Names are unique and given, not counted up by Keras."""
    names = [layer.name for layer in model.layers]

    assert len(set(names)) == len(names)
    assert not any(part in n for n in names for part in ("conv2d", "conv3d", "dense"))


def test_the_layer_of_the_heat_map_is_the_last_with_8x8(name, model):
    """`cam_layer` exists, has at least 8x8 positions, and nothing later has."""
    layers = [layer.name for layer in model.layers]
    position = layers.index(NETWORKS[name].cam_layer)

    height, width = model.layers[position].output.shape[-3:-1]
    assert min(height, width) >= 8
    later = [layer.output.shape for layer in model.layers[position + 1 :]]
    assert all(len(shape) < 4 for shape in later)


def test_an_answer_is_finite_and_repeatable(name, model):
    """The same pictures give the same finite answers, each its own."""
    from cifake_core.networks.inputs import network_input

    inputs = network_input(NETWORKS[name].input_kind, pictures())

    first, second = (model(inputs, training=False) for _ in range(2))

    for one, other, width in zip(first, second, (1, 10), strict=True):
        answer = np.asarray(one)
        assert (answer.shape, answer.dtype) == ((3, width), np.float32)
        assert np.isfinite(answer).all()
        assert np.array_equal(answer, other)
        assert len(np.unique(answer)) == answer.size


def test_no_layer_downsamples_early(model):
    """Three convolutions at least see the whole 32x32 before anything shrinks it."""
    convolutions = [x for x in model.layers if type(x).__name__.startswith("Conv")]

    sides = [tuple(x.output.shape[-3:-1]) for x in convolutions]
    assert sides[:3] == [(SIDE, SIDE)] * 3
    assert sides == sorted(sides, reverse=True)


def test_the_depth_of_cnn3d_is_the_filter_stack():
    """3D kernels take the depth from the six channels to one map of them all."""
    model = NETWORKS["cnn3d"].build()

    convolutions = [x for x in model.layers if type(x).__name__ == "Conv3D"]
    depths = [model.input.shape[1], *(x.output.shape[1] for x in convolutions)]
    assert depths == [len(FILTERS), 3, 1]
    assert all(x.kernel.shape[0] > 1 for x in convolutions)


def test_a_kernel_of_cnn3d_sees_all_six_planes_at_once():
    """Every one of them moves the middle of the first layer's depth, as it starts."""
    import keras

    keras.utils.set_random_seed(0)
    model = NETWORKS["cnn3d"].build()
    first = next(x for x in model.layers if type(x).__name__ == "Conv3D")
    planes = np.zeros((1 + len(FILTERS), *first.input.shape[1:]), np.float32)
    for place in range(len(FILTERS)):
        planes[1 + place, place] = 1

    outputs = np.asarray(first(planes))

    middle = outputs[:, outputs.shape[1] // 2]
    assert all(np.any(middle[1 + place] != middle[0]) for place in range(len(FILTERS)))


def test_every_plane_reaches_the_logit_of_cnn3d():
    """Changing any one of the six planes changes the answer."""
    import keras

    keras.utils.set_random_seed(0)
    model = NETWORKS["cnn3d"].build()
    planes = stack(pictures(1)[0]).astype(np.float32)[None, ..., None]
    before = float(model(planes, training=False)[0][0, 0])

    for position in range(len(FILTERS)):
        changed = planes.copy()
        changed[0, position] = 255 - changed[0, position]

        assert float(model(changed, training=False)[0][0, 0]) != before


def test_planes_are_fed_in_filter_order():
    """Depth n of the input is the n-th plane of the picture's stack."""
    from cifake_core.networks.inputs import network_input

    images = pictures(2)

    fed = network_input("planes", images)

    assert fed.dtype == np.float32
    assert np.array_equal(fed[1, ..., 0], stack(images[1]).astype(np.float32))


def test_pictures_are_fed_as_they_are():
    """The colours go in unscaled, 0 to 255."""
    from cifake_core.networks.inputs import network_input

    images = pictures(2)

    fed = network_input("rgb", images)

    assert fed.dtype == np.float32
    assert np.array_equal(fed, images)


def test_multiply_adds_worked_by_hand():
    """A 3x3 convolution of 3 to 4 channels on 8x8, then a dense layer of 2."""
    import keras

    from cifake_core.networks.cost import multiply_adds

    inputs = keras.Input((8, 8, 3))
    maps = keras.layers.Conv2D(4, 3, padding="same")(inputs)
    means = keras.layers.GlobalAveragePooling2D()(maps)
    model = keras.Model(inputs, keras.layers.Dense(2)(means))

    assert multiply_adds(model) == 3 * 3 * 3 * 4 * 8 * 8 + 4 * 2
