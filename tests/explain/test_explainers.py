"""The contract that every explainer keeps on every network it is offered for."""

import doctest
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE
from cifake_core.basics.labels import LABELS, Label
from cifake_core.explain import EXPLAINERS, channel_values
from cifake_core.explain.methods import cam, occlusion, shap
from cifake_core.explain.records import Explanation
from cifake_core.networks import NETWORKS, OWN
from cifake_core.networks.ensemble import Ensemble
from cifake_core.networks.pool import NetworkPool
from cifake_core.networks.protocols import Scorer
from cifake_core.pictures.filters import FILTERS, stack
from cifake_core.pictures.records import PreparedPicture
from tests.fakes import noise, noise_picture, random_probe

ROOT = Path(__file__).parents[2]
OFFERED = [(method, network) for method in EXPLAINERS for network in OWN]


def network_called(name: str):
    """Return a linear network for `name`; two calls give two equal objects."""
    spec = NETWORKS[name]
    if spec.members:
        return Ensemble(
            name,
            [network_called(member) for member in spec.members],
            weights=(0.5, 0.5),
        )
    return random_probe(spec.input_kind, 11, name=name)


def check_heatmap(heatmap: np.ndarray, *, signed: bool) -> None:
    """Check shape, type and range of a map that found something."""
    assert heatmap.dtype == np.float32
    assert np.isfinite(heatmap).all()
    assert heatmap.min() >= (-1 if signed else 0)
    assert np.abs(heatmap).max() == 1


def few(method: str) -> dict[str, int]:
    """Return settings that let a method which draws samples draw few."""
    settings = EXPLAINERS[method].settings
    return {each.name: each.low for each in settings if each.name == "num_samples"}


def ask(
    method: str, network: Scorer, picture: PreparedPicture, label: Label
) -> Explanation:
    """Return an explanation; the contract holds with any number of samples."""
    return EXPLAINERS[method].explain(
        network, picture, label=label, seed=2, settings=few(method)
    )


@cache
def explained(method: str, name: str, label: Label) -> Explanation:
    """Return one explanation, made once for all tests; they don't change it."""
    return ask(method, network_called(name), noise_picture(), label)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(("method", "name"), OFFERED)
def test_a_map_is_on_the_pixels_and_in_range(method, name, label):
    """Maps are (32, 32) float32, 0 to 1 or -1 to 1; so are those of planes."""
    explanation = explained(method, name, label)

    assert explanation.heatmap.shape == (SIDE, SIDE)
    check_heatmap(explanation.heatmap, signed=explanation.signed)
    if explanation.plane_maps is not None:
        assert explanation.plane_maps.shape == (len(FILTERS), SIDE, SIDE)
        check_heatmap(explanation.plane_maps, signed=explanation.signed)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(("method", "name"), OFFERED)
def test_the_record_says_how_to_repeat_it(method, name, label):
    """Method, network, weights, label and seed stand in the record."""
    explanation = explained(method, name, label)

    assert explanation.method == method
    assert explanation.network == name
    assert explanation.model_sha256 == network_called(name).sha256
    assert explanation.label == label
    assert explanation.seed == 2
    assert explanation.signed is EXPLAINERS[method].signed
    for setting in EXPLAINERS[method].settings:
        assert explanation.settings[setting.name] in setting.values
    assert explanation.seconds > 0


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(("method", "name"), OFFERED)
def test_a_map_repeats_and_leaves_the_picture_alone(method, name, label):
    """The same bytes come from a second, equal network, and the pixels stay."""
    picture = noise_picture()

    again = ask(method, network_called(name), picture, label)

    first = explained(method, name, label)
    assert again.heatmap.tobytes() == first.heatmap.tobytes()
    np.testing.assert_array_equal(again.plane_maps, first.plane_maps)
    np.testing.assert_array_equal(picture.pixels, noise())
    np.testing.assert_array_equal(picture.planes, stack(noise()))


@pytest.mark.parametrize(("method", "name"), OFFERED)
def test_labels_have_opposite_maps(method, name):
    """A signed map is mirrored; another has regions for one label alone."""
    fake, real = (explained(method, name, label) for label in LABELS)

    if real.signed:
        np.testing.assert_allclose(fake.heatmap, -real.heatmap, atol=1e-6)
    else:
        lead = real.heatmap - fake.heatmap
        assert lead.max() > 0.5
        assert lead.min() < -0.5


def test_planes_have_maps_where_the_network_sees_them():
    """Maps of planes come from both gradients on cnn3d, and nowhere else."""
    found = [
        offer for offer in OFFERED if explained(*offer, "REAL").plane_maps is not None
    ]

    assert found == [("gradient_input", "cnn3d"), ("integrated_gradients", "cnn3d")]


def test_the_registry_names_each_method():
    """Every method has a title and says how to read its map."""
    for name, explainer in EXPLAINERS.items():
        assert explainer.name == name
        assert explainer.title
        assert explainer.shows.endswith(".")


@pytest.mark.parametrize("method", EXPLAINERS)
def test_every_setting_may_have_its_default(method):
    """Names are told apart, defaults and both ends of a range may be chosen."""
    settings = EXPLAINERS[method].settings

    assert len({setting.name for setting in settings}) == len(settings)
    for setting in settings:
        assert {setting.low, setting.high, setting.default} <= set(setting.values)
        assert setting.low < setting.high
        assert setting.title[0].isupper()


def test_importing_loads_nothing_heavy():
    """A page may offer explainers before Keras, lime or scikit-image is loaded."""
    program = (
        "import sys\n"
        "import cifake_core.verdicts.judge, cifake_core.explain\n"
        "import cifake_core.verdicts.rule\n"
        "import cifake_core.networks.ensemble, cifake_core.evaluation.scores\n"
        "heavy = {'keras', 'tensorflow', 'lime', 'skimage'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or None)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("module", [cam, channel_values, occlusion, shap])
def test_examples_are_right(module):
    """What a docstring computes for its reader is what comes out."""
    found = doctest.testmod(module, extraglobs={"np": np})

    assert found.attempted > 0
    assert found.failed == 0


@pytest.fixture(scope="module")
def pools(random_models):
    """Return two pools that each load the same weights."""
    return NetworkPool(random_models), NetworkPool(random_models)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "name"), OFFERED)
def test_real_networks_keep_the_contract(method, name, pools):
    """Two loads of the same weights give the same bytes, within the range."""
    first, second = (pool.network(name) for pool in pools)
    asked = {"seed": 3, "settings": few(method)}
    explain = EXPLAINERS[method].explain

    real = explain(first, noise_picture(), label="REAL", **asked)
    again = explain(second, noise_picture(), label="REAL", **asked)
    fake = explain(second, noise_picture(), label="FAKE", **asked)

    assert real.heatmap.tobytes() == again.heatmap.tobytes()
    assert real.heatmap.tobytes() != fake.heatmap.tobytes()
    for heatmap in (real.heatmap, fake.heatmap):
        assert heatmap.shape == (SIDE, SIDE)
        assert heatmap.dtype == np.float32
        assert np.isfinite(heatmap).all()
        assert heatmap.min() >= (-1 if real.signed else 0)
        assert heatmap.max() <= 1
