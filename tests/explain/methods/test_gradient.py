"""Gradients: on a linear network they are the whole answer, and sums are known."""

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE
from cifake_core.explain import EXPLAINERS
from cifake_core.networks.ensemble import Ensemble
from cifake_core.pictures.filters import FILTERS, stack
from cifake_core.pictures.preprocessing import prepare
from tests.fakes import INPUT_SHAPES, LinearProbe, noise, random_probe
from tests.questions import find

GRADIENTS = ("gradient_input", "integrated_gradients")


class QuadraticProbe(LinearProbe):
    """A network whose logit is the weighted sum of the squares of its input."""

    def logits_of_inputs(self, inputs):
        """Return (N,) float32 for N inputs."""
        return super().logits_of_inputs(inputs**2)

    def gradients(self, inputs):
        """Return twice the weighted input."""
        return 2 * inputs * super().gradients(inputs)


def gradient_input(network, image, *, label):
    """Return the explanation by gradient x input."""
    return EXPLAINERS["gradient_input"].explain(network, prepare(image), label=label)


def flat_like(image):
    """Return a picture of the mean colour."""
    return np.broadcast_to(np.rint(image.mean((0, 1))), image.shape).astype(np.uint8)


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


@pytest.mark.parametrize("method", GRADIENTS)
@pytest.mark.parametrize("kind", ["rgb", "planes"])
def test_what_speaks_for_fake_speaks_against_real(method, kind):
    """The map for FAKE is the negative of the map for REAL, planes too."""
    network, image = random_probe(kind, 4), noise()

    real = EXPLAINERS[method].explain(network, prepare(image), label="REAL")
    fake = EXPLAINERS[method].explain(network, prepare(image), label="FAKE")

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


@pytest.mark.parametrize("method", GRADIENTS)
def test_a_network_that_sees_nothing_has_an_empty_map(method):
    """Without a gradient the map is 0, and no NaN appears."""
    blind = LinearProbe(np.zeros(INPUT_SHAPES["planes"]))

    explanation = EXPLAINERS[method].explain(blind, prepare(noise()), label="FAKE")

    assert not explanation.heatmap.any()
    assert not explanation.plane_maps.any()


@pytest.mark.parametrize("method", GRADIENTS)
def test_an_ensemble_has_its_members_shares(method):
    """Shares on colours and on planes are of a logit: they are weighed and added."""
    members = [random_probe("rgb", 1), random_probe("planes", 2)]
    ensemble = Ensemble("ensemble", members, weights=(0.25, 2))

    together = find(method, ensemble, noise(), label="FAKE")

    first, second = (find(method, one, noise(), label="FAKE") for one in members)
    expected = first.heatmap / 4 + 2 * second.heatmap
    np.testing.assert_allclose(together.heatmap, expected, rtol=1e-5, atol=1e-7)
    assert together.plane_maps is None


@pytest.mark.parametrize("label", ["REAL", "FAKE"])
def test_the_shares_of_a_linear_network_are_its_logit(label):
    """Gradient x input adds up to the score without the bias, in an ensemble too."""
    members = [random_probe("rgb", 1), random_probe("planes", 2)]
    ensemble = Ensemble("ensemble", members, weights=(0.25, 2))

    heatmap = find("gradient_input", ensemble, noise(), label=label).heatmap

    logit = ensemble.logits(noise()[None])[0]
    sign = 1 if label == "REAL" else -1
    assert heatmap.sum(dtype=np.float64) == pytest.approx(sign * logit, abs=1e-3)


@pytest.mark.parametrize("kind", ["rgb", "planes"])
def test_integrating_a_linear_network_needs_no_steps(kind):
    """Each pixel has its weight times what it is more than the flat picture's."""
    network, image = random_probe(kind, 4), noise()

    found = find("integrated_gradients", network, image)

    start, end = network.inputs(np.stack([flat_like(image), image]))
    shares = ((end - start) * network.gradients(end)).sum(axis=-1)
    if kind == "planes":
        np.testing.assert_allclose(found.plane_maps, shares, rtol=1e-4, atol=1e-6)
        shares = shares.sum(axis=0)
    np.testing.assert_allclose(found.heatmap, shares, rtol=1e-4, atol=1e-5)
    assert abs(found.facts["completeness_gap"]) < 1e-3


@pytest.mark.parametrize("label", ["REAL", "FAKE"])
@pytest.mark.parametrize("num_steps", [16, 48])
def test_integrating_squares_gives_their_difference(label, num_steps):
    """The midpoint rule is exact on a quadratic network: w (x x - b b)."""
    image = noise()
    weights = np.random.RandomState(8).normal(0, 1e-4, INPUT_SHAPES["rgb"])
    network = QuadraticProbe(weights)

    found = find(
        "integrated_gradients",
        network,
        image,
        label=label,
        settings={"num_steps": num_steps},
    )

    sign = 1 if label == "REAL" else -1
    start, end = flat_like(image).astype(np.float64), image.astype(np.float64)
    expected = sign * (weights * (end**2 - start**2)).sum(axis=-1)
    np.testing.assert_allclose(found.heatmap, expected, rtol=1e-3, atol=1e-2)
    assert abs(found.facts["completeness_gap"]) < 0.1


def test_the_gap_says_what_the_steps_leave_open():
    """Where the shares do not add up, the record says by how much."""
    network = QuadraticProbe(weights_of("rgb") * 1e-4)
    gradients = network.gradients
    network.gradients = lambda inputs: 3 * gradients(inputs)

    facts = find("integrated_gradients", network, noise()).facts

    flat, full = network.logits(np.stack([flat_like(noise()), noise()]))
    assert facts["completeness_gap"] == pytest.approx(2 * (full - flat), rel=1e-3)
    assert facts["baseline"] == "mean colour"


def test_steps_are_taken_in_batches():
    """No more than 32 inputs at once, and as many as there are steps."""
    network, sizes = random_probe("rgb", 4), []
    gradients = network.gradients
    network.gradients = lambda way: (sizes.append(len(way)), gradients(way))[1]

    find("integrated_gradients", network, noise(), settings={"num_steps": 80})

    assert sizes == [32, 32, 16]
