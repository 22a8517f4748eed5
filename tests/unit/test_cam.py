"""Grad-CAM: arithmetic worked by hand, places and signs that are known."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from cifake_core.arrays import SIDE
from cifake_core.explain.cam import gradcam, positive_part, weigh_activations
from cifake_core.networks import NetworkSpec
from cifake_core.networks.ensemble import Ensemble
from tests.fakes import INPUT_SHAPES, PLACE, LinearProbe, noise

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

    def activations(self, _image):
        """Return what was stored."""
        return self.activations_, self.gradients, 0.0


def test_a_map_worked_by_hand():
    """Each channel counts with its mean gradient: 2 a - b."""
    activations = np.array([[[1, 0], [0, 3]], [[2, 1], [1, 2]]], np.float32)

    evidence = weigh_activations(activations, GRADIENTS_2D)

    np.testing.assert_array_equal(evidence, [[2, -3], [3, 0]])
    assert evidence.dtype == np.float32


def test_a_deep_map_worked_by_hand():
    """In 3D the mean gradient is taken over depth, height and width."""
    activations = np.array([[[[1, 2]], [[3, 0]]], [[[0, 5]], [[4, 4]]]], np.float32)
    gradients = np.array([[[[8, 0]], [[0, 0]]], [[[0, -2]], [[0, -2]]]], np.float32)

    evidence = weigh_activations(activations, gradients)

    np.testing.assert_array_equal(evidence, [[[0], [6]], [[-5], [4]]])


def test_a_deep_map_is_summed_over_its_depth():
    """Evidence at one place adds up across the depth before the cut-off."""
    activations = np.zeros((2, 2, 2, 1), np.float32)
    activations[:, 0, 0, 0] = 3, -1  # 2 in all: kept
    activations[:, 1, 1, 0] = 3, -4  # -1 in all: cut off
    network = Stored(activations, np.ones_like(activations))

    explanation = gradcam(network, noise(), label="REAL")

    expected = positive_part(np.array([[2, 0], [0, 0]], np.float32))
    np.testing.assert_array_equal(explanation.heatmap, expected)


def test_each_label_gets_its_own_places():
    """What speaks against REAL is the map for FAKE, and nothing is in both."""
    activations = np.array([[[1, 0], [0, 3]], [[2, 1], [1, 2]]], np.float32)
    network = Stored(activations, GRADIENTS_2D)

    real = gradcam(network, noise(), label="REAL").heatmap
    fake = gradcam(network, noise(), label="FAKE").heatmap

    corners = np.ix_([0, -1], [0, -1])
    np.testing.assert_allclose(real[corners], [[2 / 3, 0], [1, 0]], rtol=1e-6)
    np.testing.assert_array_equal(fake[corners], [[0, 1], [0, 0]])


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


@pytest.mark.parametrize("kind", ["rgb", "planes"])
@pytest.mark.parametrize(
    ("sign", "label", "other"), [(1, "REAL", "FAKE"), (-1, "FAKE", "REAL")]
)
def test_a_pixel_detector_is_found(kind, sign, label, other):
    """The map peaks at the one pixel that counts, and is empty for the other label."""
    row, column = 21, 6
    weights = np.zeros(INPUT_SHAPES[kind])
    weights[..., row, column, :] = sign
    image = np.full((SIDE, SIDE, 3), 200, np.uint8)

    found = gradcam(LinearProbe(weights), image, label=label).heatmap
    empty = gradcam(LinearProbe(weights), image, label=other).heatmap

    peak = np.unravel_index(found.argmax(), found.shape)
    assert (peak[0] // PLACE, peak[1] // PLACE) == (row // PLACE, column // PLACE)
    assert found.max() == 1
    assert np.count_nonzero(found) <= (3 * PLACE) ** 2
    np.testing.assert_array_equal(empty, 0)


def test_an_ensemble_explains_the_mean_of_its_members():
    """Evidence of members is averaged before the cut-off: 3 and -1 leave 1."""
    ones = np.ones((2, 2, 1), np.float32)
    first = Stored(np.array([[[3], [0]], [[0], [1]]], np.float32), ones)
    second = Stored(np.array([[[-1], [0]], [[0], [-3]]], np.float32), ones)
    ensemble = Ensemble("ensemble", (first, second), weights=(0.5, 0.5))

    explanation = gradcam(ensemble, noise(), label="REAL")

    expected = positive_part(np.array([[1, 0], [0, -1]], np.float32))
    np.testing.assert_array_equal(explanation.heatmap, expected)
    assert explanation.settings == {"layer": "last+last"}
    assert explanation.model_sha256 == ensemble.sha256
