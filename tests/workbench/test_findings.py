"""What a report holds is asked of the networks, and of no others than are there."""

from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.labels import Label
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.channel_values import channel_values
from cifake_core.networks import store
from cifake_core.networks.ensemble import Ensemble
from cifake_core.pictures.preprocessing import prepare
from cifake_core.reports import gather
from cifake_core.reports.findings import MapFinding
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.stability import weigh_stability
from tests.cards import network_card
from tests.fakes import noise, random_probe

MEANS = [110.0, 120.0, 120.5, 112.25, 30.0, 55.0]
CNN, CNN3D = random_probe("rgb", 1), random_probe("planes", 2)


class HandMade(Judge):
    """A judge of networks that are worked by hand."""

    def __init__(self, models: Path, *networks) -> None:
        super().__init__(models)
        self._made = {network.name: network for network in networks}

    def names(self) -> tuple[str, ...]:
        """Return the networks there are."""
        return tuple(self._made)

    def network(self, name: str):
        """Return one of them."""
        return self._made[name]


@pytest.fixture
def models(tmp_path) -> Path:
    """Return a folder with the card of the network on the planes."""
    folder = tmp_path / "cnn3d"
    folder.mkdir()
    card = network_card("cnn3d", CNN3D.sha256, plane_means=tuple(MEANS))
    store.write_card(folder, card)
    return tmp_path


def map_by(network, label: Label = "FAKE") -> MapFinding:
    """Return a map of the picture of noise."""
    explainer = EXPLAINERS["gradient_input"]
    return MapFinding(explanation=explainer.explain(network, noise(), label=label))


def test_everything_is_gathered(models):
    """Predictions, channels for the map's label, and how the ensemble's word holds."""
    ensemble = Ensemble("ensemble", [CNN, CNN3D], weights=(0.5, 0.5))
    judge = HandMade(models, CNN, CNN3D, ensemble)
    found = map_by(CNN, "REAL")

    findings = gather(judge, noise(), maps=[found], seed=6, models=models)

    assert findings.maps == (found,)
    assert list(findings.verdict.predictions) == ["cnn", "cnn3d", "ensemble"]
    expected = channel_values(CNN3D, noise(), label="REAL", means=np.array(MEANS))
    np.testing.assert_array_equal(findings.channels.values, expected.values)
    assert (findings.channels.label, findings.channels.seed) == ("REAL", 6)
    held = weigh_stability(ensemble, noise())["ensemble"]
    np.testing.assert_array_equal(findings.stability.p_real, held.p_real)
    assert (findings.stability.network, findings.stability.seed) == ("ensemble", 0)


def test_a_network_without_means_has_no_channels(models):
    """The other parts are there all the same."""
    store.write_card(models / "cnn3d", network_card("cnn3d", "old"))
    judge = HandMade(models, CNN3D)

    findings = gather(judge, noise(), maps=[map_by(CNN3D)], models=models)

    assert findings.channels is None
    assert findings.stability.network == "cnn3d"


def test_one_network_on_colours_has_no_channels(models):
    """There is nobody to ask what a channel adds; a large picture is shrunk first."""
    large = np.repeat(np.repeat(noise(), 2, axis=0), 2, axis=1)

    findings = gather(HandMade(models, CNN), large, maps=[map_by(CNN)], models=models)

    assert findings.channels is None
    seen = prepare(large).pixels
    np.testing.assert_array_equal(findings.verdict.prepared.pixels, seen)
    held = weigh_stability(CNN, seen)["cnn"]
    np.testing.assert_array_equal(findings.stability.p_real, held.p_real)
