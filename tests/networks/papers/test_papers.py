"""The papers' networks against what their papers say of them, held in a table."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE
from cifake_core.basics.errors import UnknownNameError
from cifake_core.basics.labels import LABELS
from cifake_core.networks import NETWORKS, OWN, PAPERS, store
from cifake_core.networks.pool import NetworkPool
from cifake_core.pictures.preprocessing import prepare
from cifake_core.verdicts.judge import Judge
from tests.cards import network_card, put_network
from tests.fakes import constant_probe, noise, noise_picture

#: Blocks of two padded convolutions, pooled and thinned but for the last.
HOSEN = [
    word
    for width, dropout in zip(
        (32, 64, 128, 256, 512), (0.2, 0.3, 0.3, 0.4, None), strict=True
    )
    for word in (
        *2 * (f"conv {width} same", "norm"),
        *(("pool", f"dropout {dropout}") if dropout else ()),
    )
]


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What a paper gives: its layers in words, their parameters, its map."""

    layers: list[str]
    parameters: int
    cam_map: tuple[int, ...]


def cnn2d(units: int) -> list[str]:
    """Return the layers that Bird & Lotfi, Pavani and Deep Vision have in common."""
    convolutions = 2 * ["conv 32 valid", "pool"]
    return ["scale", *convolutions, "flatten", f"dense {units}", "dense 1"]


#: Parameters worked by hand: a convolution has 9 (27 in 3D) x in x out + out, a dense
#: layer in x out + out, a normalisation 4 x width; after two unpadded convolutions
#: and pools 6x6x32 = 1,152 numbers are left, after Tulasi's three 2x2x128 = 512,
#: after Pallavi's 14x14x128 = 25,088. Hosen's two are the papers' own numbers.
TABLE = {
    "bird_lotfi": Paper(
        layers=cnn2d(64),
        parameters=896 + 9_248 + (1_152 * 64 + 64) + 65,
        cam_map=(13, 13, 32),
    ),
    "pavani": Paper(
        layers=cnn2d(32),
        parameters=896 + 9_248 + (1_152 * 32 + 32) + 33,
        cam_map=(13, 13, 32),
    ),
    "pavani_modified": Paper(
        layers=[
            "scale",
            *2 * ["conv 32 valid", "pool", "dropout 0.25"],
            "average",
            "dense 32",
            "dense 1",
        ],
        parameters=896 + 9_248 + (32 * 32 + 32) + 33,
        cam_map=(13, 13, 32),
    ),
    "deep_vision_64": Paper(
        layers=cnn2d(64),
        parameters=896 + 9_248 + (1_152 * 64 + 64) + 65,
        cam_map=(13, 13, 32),
    ),
    "deep_vision_128": Paper(
        layers=cnn2d(128),
        parameters=896 + 9_248 + (1_152 * 128 + 128) + 129,
        cam_map=(13, 13, 32),
    ),
    "deep_vision_4096": Paper(
        layers=cnn2d(4096),
        parameters=896 + 9_248 + (1_152 * 4_096 + 4_096) + 4_097,
        cam_map=(13, 13, 32),
    ),
    "pallavi": Paper(
        layers=[
            "enlarge 128x128",
            "scale",
            *("conv 32 valid", "pool", "conv 64 valid", "pool"),
            *("conv 128 valid", "pool", "flatten", "dense 128", "dropout 0.5"),
            "dense 1",
        ],
        parameters=896 + 18_496 + 73_856 + (25_088 * 128 + 128) + 129,
        cam_map=(28, 28, 128),
    ),
    "tulasi": Paper(
        layers=[
            "scale",
            *("conv 32 valid", "norm", "pool", "dropout 0.25"),
            *("conv 64 valid", "norm", "pool", "dropout 0.25"),
            *("conv 128 valid", "norm", "pool", "dropout 0.25"),
            *("flatten", "dense 128", "norm", "dropout 0.5", "dense 1"),
        ],
        parameters=(896 + 128)
        + (18_496 + 256)
        + (73_856 + 512)
        + (512 * 128 + 128 + 512)
        + 129,
        cam_map=(13, 13, 64),
    ),
    "hosen_cnn": Paper(
        layers=[
            *("scale", *HOSEN, "average", "dropout 0.5"),
            *("dense 512", "norm", "dropout 0.5", "dense 1"),
        ],
        parameters=4_985_377,
        cam_map=(8, 8, 128),
    ),
    "hosen_cnn3d": Paper(
        layers=[
            *("scale", *HOSEN, "average", "dropout 0.5"),
            *("dense 256", "norm", "dropout 0.5", "dense 1"),
        ],
        parameters=14_271_521,
        cam_map=(16, 8, 128),
    ),
}


def in_words(layer) -> list[str]:
    """Return what a layer is, with the numbers that a paper gives of it."""
    kind = type(layer).__name__.removesuffix("2D").removesuffix("3D")
    match kind:
        case "Conv":
            assert set(layer.kernel_size) == {3}
            assert layer.activation.__name__ == "relu"
            return [f"conv {layer.filters} {layer.padding}"]
        case "Dense":
            relu = layer.activation.__name__ == "relu"
            assert relu is (layer.name != "logit")
            return [f"dense {layer.units}"]
        case "Dropout":
            return [f"dropout {layer.rate}"]
        case "Resizing":
            return [f"enlarge {layer.height}x{layer.width}"]
        case "InputLayer" | "Reshape":
            return []
    words = {
        "Rescaling": "scale",
        "MaxPooling": "pool",
        "BatchNormalization": "norm",
        "GlobalAveragePooling": "average",
        "Flatten": "flatten",
    }
    return [words[kind]]


@pytest.fixture
def judge(tmp_path) -> Judge:
    """Return a judge on `cnn`, which says REAL, and a paper's, which says FAKE."""
    logits = {"cnn": 2.0, "bird_lotfi": -3.0}
    for name in logits:
        put_network(tmp_path, name, "a1")
    pool = NetworkPool(
        tmp_path, load=lambda folder: constant_probe("rgb", logits[folder.name])
    )
    return Judge(pool)


@pytest.fixture(scope="module", params=PAPERS)
def name(request) -> str:
    """Return the name of one of the papers' networks."""
    return request.param


@pytest.fixture(scope="module")
def model(name):
    """Return that network, untrained, with seeded weights."""
    import keras

    keras.utils.set_random_seed(0)
    return NETWORKS[name].build()


@pytest.fixture(scope="module")
def network(name, model, tmp_path_factory):
    """Return it saved, loaded again and compiled."""
    from cifake_core.networks.runtimes.compiled import compile_folder

    folder = tmp_path_factory.mktemp("papers") / name
    folder.mkdir()
    sha256 = store.save_model(model, folder)
    store.write_card(folder, network_card(name, sha256))
    return compile_folder(folder)


def test_every_paper_stands_in_the_table():
    """The papers' networks follow our own, and each says what it assumes."""
    assert tuple(TABLE) == tuple(PAPERS)
    assert tuple(NETWORKS) == (*OWN, *PAPERS)
    assert OWN == ("cnn", "cnn3d", "cnn_multi", "ensemble")
    assert not any(NETWORKS[name].paper for name in OWN)
    assert all(spec.paper and spec.assumed for spec in PAPERS.values())


def test_only_our_own_are_meant_by_all(judge):
    """Names and predictions are ours, though a paper's network has weights too."""
    assert list(judge.judge(noise()).predictions) == ["cnn"]


def test_a_papers_network_is_asked_by_name_and_rules_on_nothing(judge):
    """It gives its prediction where it is wanted; the decision is that of our own."""
    verdict = judge.judge(noise(), networks=["bird_lotfi", "cnn"])

    labels = {
        name: prediction.label for name, prediction in verdict.predictions.items()
    }
    assert labels == {"bird_lotfi": "FAKE", "cnn": "REAL"}
    assert verdict.decision == judge.judge(noise()).decision
    with pytest.raises(UnknownNameError, match=r"'pavani'. Choose .* cnn, bird_lotfi"):
        judge.judge(noise(), networks=["pavani"])


@pytest.mark.slow
def test_the_layers_are_those_of_the_paper(name, model):
    """In order, with widths, padding and dropout, from 32x32 RGB to one logit."""
    words = [word for layer in model.layers for word in in_words(layer)]

    assert words == TABLE[name].layers
    assert model.input.shape == (None, SIDE, SIDE, 3)
    assert model.output.shape == (None, 1)


@pytest.mark.slow
def test_the_parameters_are_those_of_the_paper(name, model):
    """The number is exact."""
    assert model.count_params() == TABLE[name].parameters


@pytest.mark.slow
def test_the_network_scales_its_input(name, model):
    """Pixels of 0 to 255 reach the first convolution as 0 to 1."""
    import keras

    scaled = keras.Model(model.input, model.get_layer("scale").output)
    pixels = np.full((1, SIDE, SIDE, 3), 255, np.float32)

    assert np.asarray(scaled(pixels)) == pytest.approx(1.0)
    assert np.asarray(scaled(pixels * 0)).max() == 0
    assert NETWORKS[name].input_kind == "rgb"


@pytest.mark.slow
def test_the_logit_follows_the_features(model):
    """`features` is a vector, and nothing but dropout lies between it and the logit."""
    names = [layer.name for layer in model.layers]
    after = names[names.index("features") + 1 :]

    assert after in (["logit"], ["dropout", "logit"])
    assert len(model.get_layer("features").output.shape) == 2
    assert model.get_layer("logit").activation.__name__ == "linear"
    assert not any(
        "_" in n and n.rsplit("_", 1)[0] in {"conv2d", "dense"} for n in names
    )


@pytest.mark.slow
def test_the_explained_map_is_the_last_of_8x8(name, model):
    """It lies on the picture's rows and columns, and no later map is as large."""
    names = [layer.name for layer in model.layers]
    position = names.index(NETWORKS[name].cam_layer)

    assert model.layers[position].output.shape[1:] == TABLE[name].cam_map
    kinds = {layer: type(layer).__name__ for layer in model.layers[position + 1 :]}
    later = [layer.output.shape[1:3] for layer in kinds if "Conv" in kinds[layer]]
    assert all(min(sides) < 8 for sides in later)


@pytest.mark.slow
def test_a_saved_network_is_a_full_citizen(name, network):
    """It answers, repeats itself, and gives maps that Grad-CAM can use."""
    images = np.stack([noise(1), noise(2)])

    first, second = network.answers(images), network.answers(images)

    assert first.logits.shape == (2,)
    assert np.isfinite(first.logits).all()
    np.testing.assert_array_equal(first.logits, second.logits)
    assert first.objects is None
    activations, gradients = network.activations(prepare(images[0]))[
        network.spec.cam_layer
    ]
    assert activations.shape == gradients.shape == TABLE[name].cam_map
    assert network.gradients(network.inputs(images)).shape == images.shape


@pytest.mark.slow
def test_grad_cam_explains_a_saved_network(network):
    """Its maps for both labels are on the 32x32 pixels, and one is not empty."""
    from cifake_core.explain import EXPLAINERS

    explain = EXPLAINERS["gradcam"].explain
    maps = [explain(network, noise_picture(1), label=label).heatmap for label in LABELS]

    assert {heatmap.shape for heatmap in maps} == {(SIDE, SIDE)}
    assert max(heatmap.max() for heatmap in maps) == 1
    assert min(heatmap.min() for heatmap in maps) >= 0


@pytest.mark.slow
def test_lime_explains_a_saved_network(network):
    """Its map is on the 32x32 pixels, and the same again."""
    from cifake_core.explain import EXPLAINERS

    settings = {"num_samples": 100}
    first, second = (
        EXPLAINERS["lime"].explain(
            network, noise_picture(1), label="REAL", settings=settings
        )
        for _ in range(2)
    )

    assert first.heatmap.shape == (SIDE, SIDE)
    assert np.abs(first.heatmap).max() == pytest.approx(1)
    np.testing.assert_array_equal(first.heatmap, second.heatmap)


@pytest.mark.slow
def test_hosens_volume_is_the_picture():
    """Rows, columns and colours are the axes; a pixel stays where it was."""
    import keras

    model = NETWORKS["hosen_cnn3d"].build()
    volume = keras.Model(model.input, model.get_layer("volume").output)
    picture = noise(4).astype(np.float32)

    out = np.asarray(volume(picture[None]))

    assert out.shape == (1, SIDE, SIDE, 3, 1)
    np.testing.assert_allclose(out[0, ..., 0], picture / 255, atol=1e-6)


@pytest.mark.slow
def test_birds_search_builds_any_of_its_networks():
    """Three convolutions of 16 with no dense layer have these parameters."""
    from cifake_core.networks.papers.bird_lotfi import build_bird_lotfi

    model = build_bird_lotfi(3, 16, dense_layers=0)

    kernels = [(3, 16), (16, 16), (16, 16)]
    convolutions = sum(9 * math.prod(pair) + pair[1] for pair in kernels)
    assert model.count_params() == convolutions + (2 * 2 * 16 + 1)
    assert [w for x in model.layers for w in in_words(x)][-2:] == ["flatten", "dense 1"]
