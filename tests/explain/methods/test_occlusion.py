"""Occlusion: patches that cover all alike, and falls of the score that add up."""

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.methods.occlusion import patches
from cifake_core.networks.ensemble import Ensemble
from tests.fakes import INPUT_SHAPES, LinearProbe, noise, random_probe
from tests.questions import find

SIDES = EXPLAINERS["occlusion"].settings[0].values


@pytest.mark.parametrize("side", SIDES)
def test_every_pixel_lies_in_four_patches(side):
    """Pixels of the edge and the middle are covered as often."""
    covered = patches(side)

    np.testing.assert_array_equal(covered.sum(axis=0), 4)
    assert covered.any(axis=(1, 2)).all()
    assert covered.sum(axis=(1, 2)).max() == side**2


def test_patches_worked_by_hand():
    """Of side 16 they begin at -8, 0, 8, 16 and 24, row by row."""
    covered = patches(16)

    assert covered.shape == (25, SIDE, SIDE)
    rows, columns = np.nonzero(covered[7])
    assert (rows.min(), rows.max()) == (0, 15)
    assert (columns.min(), columns.max()) == (8, 23)
    assert covered[0].sum() == 8 * 8


@pytest.mark.parametrize("side", [2, 6, 8])
@pytest.mark.parametrize("label", ["REAL", "FAKE"])
def test_a_linear_network_is_told_completely(side, label):
    """The map adds up to the score of the picture less that of a flat one."""
    network, image = random_probe("rgb", 3), noise()

    found = find("occlusion", network, image, label=label, settings={"side": side})

    flat = np.broadcast_to(np.rint(image.mean((0, 1))), image.shape).astype(np.uint8)
    full, empty = network.logits(np.stack([image, flat]))
    sign = 1 if label == "REAL" else -1
    assert found.heatmap.sum(dtype=np.float64) == pytest.approx(
        sign * (full - empty), abs=1e-3
    )
    assert found.facts == {"cover": "mean colour"}


@pytest.mark.parametrize(("sign", "label"), [(1, "REAL"), (-1, "FAKE")])
def test_a_pixel_detector_is_found(sign, label):
    """Only patches over the one pixel that counts have a share, and it has the most."""
    row, column, side = 21, 6, 4
    weights = np.zeros(INPUT_SHAPES["rgb"])
    weights[row, column] = sign
    image = noise()
    image[row, column] = 255

    network = LinearProbe(weights)
    found = find("occlusion", network, image, label=label, settings={"side": side})

    peak = np.unravel_index(found.heatmap.argmax(), found.heatmap.shape)
    rows, columns = np.nonzero(found.heatmap)
    assert np.abs(np.array(peak) - (row, column)).max() < side / 2
    assert found.heatmap[row, column] == found.heatmap.max()
    assert np.abs(rows - row).max() < side
    assert np.abs(columns - column).max() < side
    assert found.heatmap.min() == 0


def test_the_picture_is_covered_before_it_is_filtered():
    """A network on planes is given RGB pictures, whole first and then covered."""
    seen = []
    network, image = random_probe("planes", 6), noise()
    logits = network.logits
    network.logits = lambda images: (seen.append(images), logits(images))[1]

    find("occlusion", network, image, settings={"side": 16})

    (pictures,) = seen
    assert pictures.shape == (26, *INPUT_SHAPES["rgb"])
    np.testing.assert_array_equal(pictures[0], image)
    changed = (pictures[1:] != image).any(axis=-1)
    np.testing.assert_array_equal(changed & ~patches(16), np.zeros_like(changed))
    flat = np.rint(image.mean((0, 1))).astype(np.uint8)
    assert (pictures[1:][patches(16)] == flat).all()


def test_an_ensemble_is_covered_as_a_whole():
    """Its map is the weighted sum of its members', as its logit is."""
    members = [random_probe("rgb", 1), random_probe("planes", 2)]
    ensemble = Ensemble("ensemble", members, weights=(0.25, 2))

    together = find("occlusion", ensemble, noise()).heatmap

    first, second = (find("occlusion", one, noise()).heatmap for one in members)
    np.testing.assert_allclose(together, first / 4 + 2 * second, rtol=1e-3, atol=1e-6)
