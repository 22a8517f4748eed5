"""Gradient x input: on a linear network it is the whole answer."""

import numpy as np
import pytest

from cifake_core.arrays import SIDE
from cifake_core.explain.gradient import gradient_input
from cifake_core.filters import FILTERS, stack
from cifake_core.networks.ensemble import Ensemble
from tests.fakes import INPUT_SHAPES, LinearProbe, noise, random_probe


def weights_of(kind: str) -> np.ndarray:
    """Return weights of both signs, small whole numbers: sums are then exact."""
    return np.random.RandomState(8).randint(-3, 4, INPUT_SHAPES[kind])


def test_a_linear_network_is_told_exactly():
    """Each pixel's part is weight times value, summed over the colours."""
    image, weights = noise(), weights_of("rgb")

    explanation = gradient_input(LinearProbe(weights), image, label="REAL")

    shares = (weights * image.astype(np.float32)).sum(axis=-1)
    expected = shares / np.abs(shares).max()
    np.testing.assert_array_equal(explanation.heatmap, expected.astype(np.float32))
    assert explanation.plane_maps is None


def test_the_parts_add_up_to_the_logit():
    """Up to the map's scale, its sum is the logit without the bias."""
    image, weights = noise(), weights_of("rgb")
    network = LinearProbe(weights, bias=40.0)

    heatmap = gradient_input(network, image, label="REAL").heatmap

    scale = np.abs((weights * image.astype(np.float64)).sum(axis=-1)).max()
    logit = network.logits(image[None])[0]
    assert heatmap.sum(dtype=np.float64) * scale == pytest.approx(logit - 40, abs=0.1)


@pytest.mark.parametrize("kind", ["rgb", "planes"])
def test_what_speaks_for_fake_speaks_against_real(kind):
    """The map for FAKE is the negative of the map for REAL, planes too."""
    network, image = random_probe(kind, 4), noise()

    real = gradient_input(network, image, label="REAL")
    fake = gradient_input(network, image, label="FAKE")

    np.testing.assert_array_equal(fake.heatmap, -real.heatmap)
    assert real.heatmap.min() < 0 < real.heatmap.max()
    if kind == "planes":
        np.testing.assert_array_equal(fake.plane_maps, -real.plane_maps)


def test_a_black_pixel_has_no_share():
    """What is 0 in the input moves nothing, whatever its weight."""
    image = noise()
    image[5, 9] = 0

    heatmap = gradient_input(random_probe("rgb", 4), image, label="REAL").heatmap

    assert heatmap[5, 9] == 0


@pytest.mark.parametrize("position", range(len(FILTERS)), ids=list(FILTERS))
def test_a_network_that_reads_one_plane_shows_one(position):
    """The map of a plane that is read is its own; the other planes' are 0."""
    image = noise()
    weights = np.zeros(INPUT_SHAPES["planes"])
    weights[position] = 1

    explanation = gradient_input(LinearProbe(weights), image, label="REAL")

    plane = stack(image)[position].astype(np.float32)
    maps = explanation.plane_maps
    assert maps.shape == (len(FILTERS), SIDE, SIDE)
    assert maps.dtype == np.float32
    np.testing.assert_array_equal(maps[position], plane / plane.max())
    assert not np.delete(maps, position, axis=0).any()


def test_planes_share_one_scale():
    """A plane with half the weight has half the map; only the strongest reaches 1."""
    weights = np.zeros(INPUT_SHAPES["planes"])
    weights[0], weights[3] = 1, 0.5
    image = np.full((SIDE, SIDE, 3), 120, np.uint8)

    explanation = gradient_input(LinearProbe(weights), image, label="REAL")

    np.testing.assert_array_equal(explanation.plane_maps[0], 1)
    np.testing.assert_array_equal(explanation.plane_maps[3], 0.5)
    np.testing.assert_array_equal(explanation.heatmap, 1)


def test_the_whole_map_is_the_planes_together():
    """Up to its own scale, the map of the picture is the sum of the planes' maps."""
    explanation = gradient_input(random_probe("planes", 4), noise(), label="REAL")

    total = explanation.plane_maps.sum(axis=0)
    np.testing.assert_allclose(
        explanation.heatmap, total / np.abs(total).max(), atol=1e-5
    )


def test_a_network_that_sees_nothing_has_an_empty_map():
    """Without a gradient the map is 0, and no NaN appears."""
    blind = LinearProbe(np.zeros(INPUT_SHAPES["planes"]))

    explanation = gradient_input(blind, noise(), label="FAKE")

    assert not explanation.heatmap.any()
    assert not explanation.plane_maps.any()


def test_an_ensemble_has_no_input_of_its_own():
    """Asked directly, the method refuses what the table does not offer."""
    ensemble = Ensemble("ensemble", [random_probe("rgb", 1), random_probe("planes", 2)])

    with pytest.raises(ValueError, match="one network"):
        gradient_input(ensemble, noise(), label="REAL")
