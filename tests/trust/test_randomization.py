"""Networks that forget, and maps that must change with them."""

from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE
from cifake_core.basics.labels import LABELS
from cifake_core.explain import EXPLAINERS
from cifake_core.networks import store
from cifake_core.trust.sanity import rank_correlation
from tests.cards import network_card
from tests.fakes import noise, noise_picture

#: The weighted layers of a 2D-CNN on the way to its logit, from the top.
LAYERS = (
    "logit",
    "stage3_2_b_conv",
    "stage3_2_a_conv",
    "stage3_1_shortcut_conv",
    "stage3_1_b_conv",
    "stage3_1_a_conv",
)


def ramp() -> np.ndarray:
    """Return a map with 1,024 different values."""
    return np.arange(SIDE * SIDE, dtype=np.float32).reshape(SIDE, SIDE)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (ramp(), 1),
        (ramp() ** 3, 1),
        (-ramp(), -1),
        (np.zeros((SIDE, SIDE), np.float32), 0),
    ],
)
def test_the_correlation_is_that_of_ranks(other, expected):
    """Only the order counts; a map without one has none."""
    assert rank_correlation(ramp(), other) == pytest.approx(expected)
    assert rank_correlation(other, ramp()) == pytest.approx(expected)


def test_the_correlation_by_hand():
    """Ranks 1, 2, 3 and 2, 1, 3 give 0.5; equal values share their ranks."""
    one = np.array([[10, 20, 30]], np.float32)

    assert rank_correlation(one, np.array([[2, 1, 3]], "f4")) == pytest.approx(0.5)
    tied = np.array([[1, 1, 3]], "f4")  # ranks 1.5, 1.5, 3
    assert rank_correlation(one, tied) == pytest.approx(1.5 / np.sqrt(2 * 1.5))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Return the folder of a narrow 2D-CNN whose weights are all of its own."""
    import keras

    from cifake_core.networks.cnn import build_cnn

    keras.utils.set_random_seed(7)
    folder = tmp_path_factory.mktemp("narrow") / "cnn"
    folder.mkdir()
    model = build_cnn(widths=(4, 6, 8))
    random = np.random.RandomState(8)
    for layer in model.layers:
        shapes = [weight.shape for weight in layer.get_weights()]
        layer.set_weights([random.uniform(0.1, 1, shape) for shape in shapes])
        if hasattr(layer, "kernel"):
            layer.kernel.assign(random.normal(0, 0.3, layer.kernel.shape))
    sha256 = store.save_model(model, folder)
    store.write_card(folder, network_card("cnn", sha256))
    return folder


@pytest.fixture(scope="module")
def cascade(folder):
    """Return the network, ready to forget."""
    from cifake_core.trust.randomization import Cascade

    return Cascade(folder, seed=3)


def weights_of(model) -> dict[str, list[np.ndarray]]:
    """Return the weights of every layer that has some, by its name."""
    return {layer.name: layer.get_weights() for layer in model.layers if layer.weights}


def changed(model, other) -> set[str]:
    """Return the layers in which two networks differ."""
    pairs = weights_of(model), weights_of(other)
    return {
        name
        for name, weights in pairs[0].items()
        if not all(map(np.array_equal, weights, pairs[1][name]))
    }


@pytest.mark.slow
def test_layers_are_forgotten_from_the_top(cascade):
    """The logit first, the stem last; the head for objects has no say."""
    assert cascade.layers[: len(LAYERS)] == LAYERS
    assert cascade.layers[-1] == "stem_conv"
    assert len(set(cascade.layers)) == len(cascade.layers) == 14


@pytest.mark.slow
def test_what_is_forgotten_is_drawn_anew(folder):
    """The top layers change with their normalisations, the others stay."""
    from cifake_core.trust.randomization import randomize

    model = store.load_model(folder)
    original = weights_of(model)

    copies = [randomize(model, count=count, seed=1) for count in (0, 1, 2, 14)]

    found = [changed(model, copy) for copy in copies]
    assert found[:2] == [set(), {"logit"}]
    assert found[2] == {"logit", "stage3_2_b_conv", "stage3_2_b_norm"}
    assert found[3] == set(original) - {"object_class"}
    for name, weights in weights_of(copies[3]).items():
        if name.endswith("_norm"):
            assert [set(each.tolist()) for each in weights] == [{1}, {0}, {0}, {1}]
    kernel = copies[3].get_layer("stage1_1_a_conv").kernel.numpy()
    assert 0.7 < kernel.std() * np.sqrt(9 * 4 / 2) < 1.3  # as He et al. draw it
    for name, weights in weights_of(model).items():
        for weight, before in zip(weights, original[name], strict=True):
            np.testing.assert_array_equal(weight, before)


@pytest.mark.slow
def test_the_seed_decides_the_new_weights(folder):
    """Steps of one seed share what they have both lost; another seed draws others."""
    from cifake_core.trust.randomization import randomize

    model = store.load_model(folder)

    few, more, again, other = (
        randomize(model, count=count, seed=seed)
        for count, seed in ((1, 1), (4, 1), (4, 1), (4, 2))
    )

    assert "logit" not in changed(few, more)
    assert changed(more, again) == set()
    assert {"logit", "stage3_2_b_conv"} < changed(more, other)


@pytest.mark.slow
def test_maps_change_as_the_network_forgets(cascade):
    """Nothing forgotten, the map is the same; all forgotten, its order is lost."""
    stages = [cascade.network(count) for count in (0, 2, len(cascade.layers))]
    label = LABELS[int(stages[0].logits(noise()[None])[0] >= 0)]

    for method in ("gradient_input", "gradcam", "occlusion"):
        first, second, last = (
            EXPLAINERS[method].explain(network, noise_picture(), label=label).heatmap
            for network in stages
        )
        assert rank_correlation(first, first) == pytest.approx(1)
        assert rank_correlation(first, second) < 0.95
        assert rank_correlation(first, last) < 0.5
    assert len({network.sha256 for network in stages}) == 3
    assert {network.name for network in stages} == {"cnn"}
