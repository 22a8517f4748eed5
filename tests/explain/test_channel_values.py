"""Shapley values of the channels: exact on networks and games worked by hand."""

from itertools import permutations

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE
from cifake_core.basics.errors import ModelUnavailableError, UnknownNameError
from cifake_core.basics.labels import LABELS
from cifake_core.explain.channel_values import (
    CHANNEL_REPLACEMENTS,
    channel_values,
    shapley_values,
    stored_means,
    subsets,
)
from cifake_core.networks import store
from cifake_core.networks.ensemble import Ensemble
from cifake_core.pictures.filters import FILTERS, stack
from cifake_core.pictures.preprocessing import prepare
from tests.cards import network_card
from tests.fakes import INPUT_SHAPES, LinearProbe, noise, noise_picture, random_probe

COUNT = len(FILTERS)
MEANS = np.array([110.0, 120.0, 120.5, 112.25, 30.0, 55.0])
EACH_REPLACEMENT = pytest.mark.parametrize("replacement", CHANNEL_REPLACEMENTS)


class CurvedProbe(LinearProbe):
    """A network whose channels act together: the logit is bent and no longer a sum."""

    def logits_of_inputs(self, inputs):
        """Return the linear logit, and a tenth of its square."""
        logits = super().logits_of_inputs(inputs)
        return logits + logits**2 / 10


def curved_probe(seed: int = 5) -> CurvedProbe:
    """Return one with small random weights of both signs."""
    weights = np.random.RandomState(seed).normal(0, 1e-3, INPUT_SHAPES["planes"])
    return CurvedProbe(weights)


def explained(network, **options):
    """Return the values on a random picture, for REAL unless told otherwise."""
    return channel_values(
        network, noise_picture(), **({"label": "REAL", "means": MEANS} | options)
    )


def test_subsets_are_numbered_by_their_bits():
    """None comes first, all last, and every subset once."""
    rows = subsets(3)

    assert rows.astype(int).tolist() == [
        [0, 0, 0],
        [1, 0, 0],
        [0, 1, 0],
        [1, 1, 0],
        [0, 0, 1],
        [1, 0, 1],
        [0, 1, 1],
        [1, 1, 1],
    ]


def test_a_game_worked_by_hand():
    """Gloves: the one left pairs with either right one, and earns two thirds."""
    left, right, other = subsets(3).T
    scores = (left & (right | other)).astype(np.float64)

    values = shapley_values(scores)

    np.testing.assert_allclose(values, [2 / 3, 1 / 6, 1 / 6])


def test_values_are_the_mean_over_all_orders():
    """The formula gives what adding four things in each of 24 orders gives."""
    scores = np.random.RandomState(1).normal(size=16)

    values = shapley_values(scores)

    added = np.zeros((24, 4))
    for row, order in zip(added, permutations(range(4)), strict=True):
        held = 0
        for thing in order:
            row[thing] = scores[held | 1 << thing] - scores[held]
            held |= 1 << thing
    np.testing.assert_allclose(values, added.mean(axis=0), atol=1e-12)


@EACH_REPLACEMENT
@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("seed", range(3))
def test_values_add_up(seed, label, replacement):
    """Efficiency: baseline and values make the whole score, which is the logit's."""
    network = curved_probe(seed)

    found = explained(network, label=label, replacement=replacement)

    logit = float(network.logits(noise()[None])[0])
    assert found.full == pytest.approx(logit if label == "REAL" else -logit, rel=1e-5)
    assert found.baseline + found.values.sum() == pytest.approx(found.full, abs=1e-9)
    assert np.abs(found.values).min() > 0


@EACH_REPLACEMENT
def test_a_linear_network_is_told_exactly(replacement):
    """A channel's value is its weights times what sets it apart from the absent."""
    weights = np.random.RandomState(8).randint(-3, 4, INPUT_SHAPES["planes"])

    found = explained(LinearProbe(weights, bias=7), replacement=replacement, seed=4)

    absent = CHANNEL_REPLACEMENTS[replacement].planes(MEANS, 4).astype(np.float64)
    shares = weights[..., 0] * (stack(noise()) - absent)
    expected = shares.sum(axis=(1, 2))
    np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=0.5)
    np.testing.assert_allclose(found.drops, expected, rtol=1e-4, atol=0.5)
    assert found.baseline == pytest.approx(
        (weights[..., 0] * absent).sum() + 7, rel=1e-4
    )


def test_alike_channels_have_alike_values():
    """Symmetry: of a grey picture green and luma are one plane, and earn the same."""
    image = noise()[:, :, :1].repeat(3, axis=2)
    weights = np.random.RandomState(3).normal(0, 1e-3, INPUT_SHAPES["planes"])
    first, second = (list(FILTERS).index(n) for n in ("green_channel", "grayscale"))
    weights[second] = weights[first]
    means = MEANS.copy()
    means[second] = means[first]

    found = channel_values(
        CurvedProbe(weights), prepare(image), label="REAL", means=means
    )

    assert found.values[first] == pytest.approx(found.values[second], abs=1e-6)
    assert found.drops[first] == pytest.approx(found.drops[second], abs=1e-6)
    assert np.ptp(found.values) > 0.01


@pytest.mark.parametrize("position", range(COUNT), ids=list(FILTERS))
def test_a_channel_that_is_not_read_has_no_value(position):
    """Dummy: with weights of 0 neither the value nor the drop is anything else."""
    weights = np.random.RandomState(3).normal(0, 1e-3, INPUT_SHAPES["planes"])
    weights[position] = 0

    found = explained(CurvedProbe(weights))

    assert found.values[position] == pytest.approx(0, abs=1e-6)
    assert found.drops[position] == pytest.approx(0, abs=1e-6)
    assert np.abs(np.delete(found.values, position)).min() > 0


def test_a_drop_is_that_of_one_channel_alone():
    """It is measured with all the others in place, where the values average."""
    network, planes = curved_probe(), stack(noise()).astype(np.float32)[..., None]
    absent = CHANNEL_REPLACEMENTS["training_mean"].planes(MEANS, 0)[..., None]

    found = explained(network)

    for position in range(COUNT):
        changed = planes.copy()
        changed[position] = absent[position]
        full, less = network.logits_of_inputs(np.stack([planes, changed]))
        assert found.drops[position] == pytest.approx(full - less, abs=1e-5)
    assert np.abs(found.drops - found.values).max() > 0.01


def test_what_speaks_for_fake_speaks_against_real():
    """All figures for FAKE are the negatives of those for REAL."""
    fake, real = (explained(curved_probe(), label=label) for label in LABELS)

    np.testing.assert_array_equal(fake.values, -real.values)
    np.testing.assert_array_equal(fake.drops, -real.drops)
    assert (fake.baseline, fake.full) == (-real.baseline, -real.full)


def test_one_batch_of_64_is_all_it_costs():
    """Every subset is scored once, together."""
    network = random_probe("planes", 1)

    explained(network)

    assert network.calls == [64]


def test_the_record_says_how_to_repeat_it():
    """Network, weights, label, replacement and seed are there, and nothing changed."""
    network, image = random_probe("planes", 1), noise()
    image.flags.writeable = False
    asked = {"label": "FAKE", "means": MEANS, "replacement": "blurred_noise"}

    found, again, other = (
        channel_values(network, prepare(image), seed=seed, **asked)
        for seed in (6, 6, 7)
    )

    assert (found.network, found.model_sha256) == (network.name, network.sha256)
    assert (found.label, found.replacement) == ("FAKE", "blurred_noise")
    assert found.seed == 6
    assert found.seconds > 0
    np.testing.assert_array_equal(found.values, again.values)
    assert not np.array_equal(found.values, other.values)


def test_replacements_keep_the_training_means():
    """Flat planes have the means exactly, noise nearly; both stay in range."""
    flat, cloudy = (each.planes(MEANS, 3) for each in CHANNEL_REPLACEMENTS.values())

    for planes in (flat, cloudy):
        assert planes.shape == (COUNT, SIDE, SIDE)
        assert planes.dtype == np.float32
        assert planes.min() >= 0
        assert planes.max() <= 255
    np.testing.assert_array_equal(flat.min(axis=(1, 2)), MEANS)
    np.testing.assert_array_equal(flat.max(axis=(1, 2)), MEANS)
    np.testing.assert_allclose(cloudy.mean(axis=(1, 2)), MEANS, rtol=0.1)
    steps = np.abs(np.diff(cloudy, axis=2)).mean(axis=(1, 2))
    spread = cloudy.std(axis=(1, 2))
    assert (spread > MEANS / 20).all()
    assert (steps < spread / 2).all()


@pytest.mark.parametrize(
    "network",
    [
        random_probe("rgb", 1),
        Ensemble(
            "ensemble",
            [random_probe("rgb", 1), random_probe("planes", 2)],
            weights=(0.5, 0.5),
        ),
    ],
    ids=["rgb", "ensemble"],
)
def test_a_network_without_channels_is_refused(network):
    """Neither a network on colours nor an ensemble has six channels."""
    with pytest.raises(ValueError, match=r"network on the six planes\. Received"):
        explained(network)


def test_an_unknown_replacement_is_refused():
    """The sentence names the choices."""
    with pytest.raises(UnknownNameError, match="training_mean, blurred_noise"):
        explained(random_probe("planes", 1), replacement="black")


def test_means_come_from_the_card(tmp_path):
    """What `evaluate --save` wrote is read as it was."""
    (tmp_path / "cnn3d").mkdir()
    card = network_card("cnn3d", plane_means=tuple(MEANS.tolist()))
    store.write_card(tmp_path / "cnn3d", card)

    means = stored_means("cnn3d", tmp_path)

    np.testing.assert_array_equal(means, MEANS)


@pytest.mark.parametrize("means", [None, (1.0, 2.0)])
def test_a_card_without_means_is_refused(means, tmp_path):
    """The sentence says which command makes them."""
    (tmp_path / "cnn3d").mkdir()
    store.write_card(tmp_path / "cnn3d", network_card("cnn3d", plane_means=means))

    with pytest.raises(ModelUnavailableError, match="evaluate cnn3d --save"):
        stored_means("cnn3d", tmp_path)


@pytest.mark.slow
def test_a_real_network_keeps_the_sum(random_models):
    """Efficiency holds for a compiled 3D-CNN, whose full score is its logit."""
    from cifake_core.networks.runtimes.compiled import compile_folder

    network = compile_folder(random_models / "cnn3d")

    found = explained(network, label="FAKE")

    logit = float(network.logits(noise()[None])[0])
    assert found.full == pytest.approx(-logit, abs=1e-4)
    assert found.baseline + found.values.sum() == pytest.approx(found.full, abs=1e-9)
    assert np.abs(found.values).max() > 1e-3
