"""Findings: what a report holds is asked of the networks there are, and no others."""

from pathlib import Path

import numpy as np

from cifake_core.basics.labels import Label
from cifake_core.basics.places import user_data_folder
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.channel_values import channel_values
from cifake_core.networks import OWN
from cifake_core.networks.ensemble import Ensemble
from cifake_core.networks.pool import NetworkPool
from cifake_core.pictures.preprocessing import prepare
from cifake_core.reports.findings import MapFinding
from cifake_core.verdicts.stability import weigh_stability
from cifake_core.workbench import Workbench
from tests.cards import put_ensemble, put_network
from tests.fakes import noise, noise_picture, random_probe

MEANS = [110.0, 120.0, 120.5, 112.25, 30.0, 55.0]
CNN, CNN3D = random_probe("rgb", 1), random_probe("planes", 2)
CNN_MULTI = random_probe("rgb", 3, name="cnn_multi")


def bench_of(models: Path, *networks) -> Workbench:
    """Return a workbench of linear networks; the card of the planes' has means."""
    made = {network.name: network for network in networks}
    for name, network in made.items():
        put_network(models, name, network.sha256, plane_means=MEANS)
    if len(made) > 1:
        put_ensemble(models)
    pool = NetworkPool(models, load=lambda folder: made[folder.name])
    return Workbench(models, user_data=user_data_folder(), networks=pool)


def map_by(network, label: Label = "FAKE") -> MapFinding:
    """Return a map of the picture of noise."""
    explainer = EXPLAINERS["gradient_input"]
    explanation = explainer.explain(network, noise_picture(), label=label)
    return MapFinding(explanation=explanation)


def test_everything_is_gathered(tmp_path):
    """Predictions, channels for the map's label, and the ensemble's stability."""
    bench = bench_of(tmp_path, CNN, CNN3D, CNN_MULTI)
    found = map_by(CNN, "REAL")

    findings = bench.findings(noise(), maps=[found], seed=6)

    assert findings.maps == (found,)
    assert list(findings.verdict.predictions) == list(OWN)
    expected = channel_values(
        CNN3D, noise_picture(), label="REAL", means=np.array(MEANS)
    )
    np.testing.assert_array_equal(findings.channels.values, expected.values)
    assert (findings.channels.label, findings.channels.seed) == ("REAL", 6)
    ensemble = Ensemble("ensemble", [CNN, CNN3D], weights=(0.5, 0.5))
    held = weigh_stability(ensemble, noise_picture())["ensemble"]
    np.testing.assert_array_equal(findings.stability.p_real, held.p_real)
    assert (findings.stability.network, findings.stability.seed) == ("ensemble", 0)


def test_a_network_without_means_has_no_channels(tmp_path):
    """The other parts are there all the same."""
    bench = bench_of(tmp_path, CNN3D)
    put_network(tmp_path, "cnn3d", CNN3D.sha256)

    findings = bench.findings(noise(), maps=[map_by(CNN3D)])

    assert findings.channels is None
    assert findings.stability.network == "cnn3d"


def test_one_network_on_colours_has_no_channels(tmp_path):
    """There is nobody to ask what a channel adds; a large picture is shrunk first."""
    large = np.repeat(np.repeat(noise(), 2, axis=0), 2, axis=1)

    findings = bench_of(tmp_path, CNN).findings(large, maps=[map_by(CNN)])

    assert findings.channels is None
    seen = prepare(large)
    np.testing.assert_array_equal(findings.verdict.prepared.pixels, seen.pixels)
    held = weigh_stability(CNN, seen)["cnn"]
    np.testing.assert_array_equal(findings.stability.p_real, held.p_real)
