"""Class activation maps: arithmetic by hand, places and signs that are known."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.methods.cam import (
    cam_steps,
    positive_part,
    weigh_channels,
    weigh_places,
    weigh_support,
)
from cifake_core.networks import NetworkSpec
from cifake_core.networks.ensemble import Ensemble
from cifake_core.pictures.preprocessing import prepare
from tests.fakes import (
    INPUT_SHAPES,
    PLACE,
    LinearProbe,
    noise,
    noise_picture,
    random_probe,
)

#: Pixels to a side of one place of the map that each method reads.
PLACES = {"gradcam": PLACE, "hirescam": PLACE // 2, "layercam": PLACE // 2}
CAMS = tuple(PLACES)
#: Mean gradients 2 and -1 for the two channels of every map below.
GRADIENTS_2D = np.array([[[4, -1], [0, -1]], [[2, -3], [2, 1]]], np.float32)


@dataclass
class Stored:
    """A network whose explained layer holds what the test says."""

    activations_: np.ndarray
    gradients: np.ndarray
    name: str = "cnn"
    sha256: str = "b2"
    spec: NetworkSpec = field(
        default_factory=lambda: NetworkSpec(title="", summary="", cam_layer="last")
    )

    @property
    def parts(self):
        """This network alone."""
        return (self,)

    @property
    def weights(self):
        """The network's logit is its own."""
        return (1.0,)

    def activations(self, _picture):
        """Return what was stored."""
        return {"last": (self.activations_, self.gradients)}


def explain(method, network, image, label):
    """Return the map of one method, scaled."""
    return EXPLAINERS[method].explain(network, prepare(image), label=label)


def test_a_map_worked_by_hand():
    """Each channel counts with its mean gradient: 2 a - b."""
    activations = np.array([[[1, 0], [0, 3]], [[2, 1], [1, 2]]], np.float32)

    evidence = weigh_channels(activations, GRADIENTS_2D)

    np.testing.assert_array_equal(evidence, [[2, -3], [3, 0]])
    assert evidence.dtype == np.float32


def test_a_deep_map_worked_by_hand():
    """In 3D the mean gradient is taken over depth, height and width."""
    activations = np.array([[[[1, 2]], [[3, 0]]], [[[0, 5]], [[4, 4]]]], np.float32)
    gradients = np.array([[[[8, 0]], [[0, 0]]], [[[0, -2]], [[0, -2]]]], np.float32)

    evidence = weigh_channels(activations, gradients)

    np.testing.assert_array_equal(evidence, [[[0], [6]], [[-5], [4]]])


def test_places_are_weighed_by_their_own_gradient():
    """HiResCAM multiplies place by place; LayerCAM only where that is an advance."""
    activations = np.array([[[1, 0], [0, 3]], [[2, 1], [1, 2]]], np.float32)

    places = weigh_places(activations, GRADIENTS_2D)
    real = weigh_support(activations, GRADIENTS_2D)
    fake = weigh_support(activations, -GRADIENTS_2D)

    np.testing.assert_array_equal(places, [[4, -3], [1, 4]])
    np.testing.assert_array_equal(real, [[4, 0], [4, 4]])
    np.testing.assert_array_equal(fake, [[0, 3], [3, 0]])
    np.testing.assert_array_equal(places, real - fake)


@pytest.mark.parametrize("kind", ["rgb", "planes"])
@pytest.mark.parametrize("weigh", [weigh_channels, weigh_places])
def test_evidence_adds_up_to_the_logit(kind, weigh):
    """On a linear network Grad-CAM and HiResCAM leave nothing out before the cut."""
    network = random_probe(kind, 5)

    for activations, gradients in network.activations(noise_picture()).values():
        evidence = weigh(activations, gradients)

        logit = network.logits(noise()[None])[0]
        assert evidence.sum() == pytest.approx(logit, abs=1e-3)


@pytest.mark.parametrize("method", CAMS)
def test_a_deep_map_is_summed_over_its_depth(method):
    """Evidence at one place adds up across the depth before the cut-off."""
    activations = np.zeros((2, 2, 2, 1), np.float32)
    activations[:, 0, 0, 0] = 3, -1  # 2 in all: kept
    activations[:, 1, 1, 0] = 3, -4  # -1 in all: cut off
    network = Stored(activations, np.ones_like(activations))

    explanation = explain(method, network, noise(), "REAL")

    expected = positive_part(np.array([[1, 0], [0, 0]], np.float32))
    np.testing.assert_array_equal(explanation.heatmap, expected)
    assert explanation.settings == {"layer": "last", "depth": "sum"}


@pytest.mark.parametrize(
    ("method", "real", "fake"),
    [
        ("gradcam", [[2 / 3, 0], [1, 0]], [[0, 1], [0, 0]]),
        ("hirescam", [[1, 0], [1 / 4, 1]], [[0, 1], [0, 0]]),
        ("layercam", [[1, 0], [1, 1]], [[0, 1], [1, 0]]),
    ],
)
def test_each_label_gets_its_own_places(method, real, fake):
    """What speaks against REAL is the map for FAKE."""
    activations = np.array([[[1, 0], [0, 3]], [[2, 1], [1, 2]]], np.float32)
    network = Stored(activations, GRADIENTS_2D)

    for label, expected in (("REAL", real), ("FAKE", fake)):
        heatmap = explain(method, network, noise(), label).heatmap

        corners = heatmap[np.ix_([0, -1], [0, -1])]
        np.testing.assert_allclose(corners, expected, rtol=1e-6)


def test_enlarging_is_bilinear():
    """Between two places' centres the map falls in a straight line."""
    fine = positive_part(np.array([[1, 0], [1, 0]], np.float32))

    row = fine[0]
    np.testing.assert_allclose(np.diff(row[8:24]), -1 / 16, atol=1e-6)
    np.testing.assert_array_equal(row[:8], 1)
    np.testing.assert_array_equal(row[24:], 0)
    np.testing.assert_array_equal(fine, np.broadcast_to(row, (SIDE, SIDE)))


@pytest.mark.parametrize("value", [0.0, -2.0])
def test_no_evidence_is_an_empty_map(value):
    """Without positive evidence the map is 0 everywhere, and no NaN appears."""
    fine = positive_part(np.full((8, 8), value, np.float32))

    np.testing.assert_array_equal(fine, np.zeros((SIDE, SIDE)))
    assert fine.dtype == np.float32


@pytest.mark.parametrize("method", CAMS)
@pytest.mark.parametrize("kind", ["rgb", "planes"])
@pytest.mark.parametrize(
    ("sign", "label", "other"), [(1, "REAL", "FAKE"), (-1, "FAKE", "REAL")]
)
def test_a_pixel_detector_is_found(method, kind, sign, label, other):
    """The map peaks at the one pixel that counts, and is empty for the other label."""
    row, column, place = 21, 6, PLACES[method]
    weights = np.zeros(INPUT_SHAPES[kind])
    weights[..., row, column, :] = sign
    image = np.full((SIDE, SIDE, 3), 200, np.uint8)

    found = explain(method, LinearProbe(weights), image, label).heatmap
    empty = explain(method, LinearProbe(weights), image, other).heatmap

    peak = np.unravel_index(found.argmax(), found.shape)
    assert (peak[0] // place, peak[1] // place) == (row // place, column // place)
    assert found.max() == 1
    assert np.count_nonzero(found) <= (3 * place) ** 2
    np.testing.assert_array_equal(empty, 0)


@pytest.mark.parametrize("method", CAMS)
def test_an_ensemble_adds_its_members_evidence(method):
    """Members' evidence is weighed and added before the cut-off: 6/2 - 2/1 leaves 1."""
    ones = np.ones((2, 2, 1), np.float32)
    first = Stored(np.array([[[6], [0]], [[0], [2]]], np.float32), ones)
    second = Stored(np.array([[[-2], [0]], [[0], [-3]]], np.float32), ones)
    ensemble = Ensemble("ensemble", (first, second), weights=(0.5, 1.0))

    explanation = explain(method, ensemble, noise(), "REAL")

    expected = positive_part(np.array([[1, 0], [0, -2]], np.float32))
    np.testing.assert_array_equal(explanation.heatmap, expected)
    assert explanation.settings == {"layer": "last+last"}
    assert explanation.model_sha256 == ensemble.sha256


@pytest.mark.parametrize("label", ["REAL", "FAKE"])
@pytest.mark.parametrize("kind", ["rgb", "planes"])
def test_the_steps_lead_to_the_map(kind, label):
    """What a lesson shows ends in the map of Grad-CAM, with depth or without."""
    network, image = random_probe(kind, 4), noise()

    steps = cam_steps(network, prepare(image), label=label)

    expected = explain("gradcam", network, image, label).heatmap
    assert steps.activations.shape == steps.gradients.shape == (8, 8, 2)
    assert steps.weights.tolist() == ([1, -1] if label == "REAL" else [-1, 1])
    np.testing.assert_allclose(steps.heatmap, expected, atol=1e-6)
    np.testing.assert_allclose(
        steps.evidence, steps.activations @ steps.weights, rtol=1e-4, atol=1e-4
    )


def test_the_steps_worked_by_hand():
    """The weights are the mean gradients 2 and -1, the evidence is 2 a - b."""
    activations = np.array([[[1, 0], [0, 1]], [[1, 3], [0, 0]]], np.float32)

    steps = cam_steps(Stored(activations, GRADIENTS_2D), noise_picture(), label="REAL")

    assert steps.layer == "last"
    assert steps.weights.tolist() == [2, -1]
    assert steps.evidence.tolist() == [[2, -1], [-1, 0]]
    assert steps.heatmap.max() == 1
    assert steps.heatmap[0, 0] == 1
    assert steps.heatmap[-1, -1] == 0
