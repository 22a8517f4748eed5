"""LIME: pieces that fit 32x32 pixels, maps that repeat and have the right sign."""

import json
from pathlib import Path

import numpy as np
import pytest
from lime.lime_image import LimeImageExplainer

from cifake_core.arrays import SIDE
from cifake_core.explain._batched_lime import BatchedLime
from cifake_core.explain.superpixels import (
    MAX_PIECES,
    MIN_PIECES,
    LimeConfig,
    lime,
    segment,
)
from cifake_core.images import read_picture
from cifake_core.preprocess import prepare
from tests.fakes import INPUT_SHAPES, LinearProbe, constant_probe, noise, random_probe

ASSETS = Path(__file__).resolve().parents[2] / "assets"
SAMPLES = [
    sample["file"]
    for sample in json.loads((ASSETS / "samples.json").read_text(encoding="utf-8"))
]
FEW = LimeConfig(num_samples=200)


def ramp() -> np.ndarray:
    """Return a grey picture that grows brighter from left to right."""
    row = np.linspace(0, 255, SIDE).astype(np.uint8)
    return np.broadcast_to(row[None, :, None], (SIDE, SIDE, 3)).copy()


def checker() -> np.ndarray:
    """Return +1 and -1 in turn, (32, 32)."""
    return 1 - 2 * (np.indices((SIDE, SIDE)).sum(axis=0) % 2)


def check_pieces(pieces: np.ndarray) -> None:
    """Check that the pieces are numbered without a gap, and how many there are."""
    numbers = np.unique(pieces)
    np.testing.assert_array_equal(numbers, np.arange(len(numbers)))
    assert pieces.shape == (SIDE, SIDE)
    assert pieces.dtype == np.int64
    assert MIN_PIECES <= len(numbers) <= MAX_PIECES


@pytest.mark.parametrize("file", SAMPLES)
def test_a_natural_picture_is_cut_into_a_readable_number(file):
    """Every sample gives 20 to 40 pieces."""
    picture = read_picture(ASSETS / "samples" / file)

    pieces = segment(prepare(picture.pixels).pixels)

    check_pieces(pieces)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((SIDE, SIDE, 3), np.uint8),
        np.full((SIDE, SIDE, 3), 90, np.uint8),
        ramp(),
        noise(),
        (127 + 127 * checker()).astype(np.uint8)[..., None].repeat(3, axis=2),
    ],
    ids=["black", "grey", "ramp", "noise", "checker"],
)
def test_an_odd_picture_is_cut_too(image):
    """Flat, smooth and wild pictures give 20 to 40 pieces as well."""
    pieces = segment(image)

    check_pieces(pieces)


def test_pieces_follow_an_edge():
    """No piece lies on both sides of a strong edge."""
    image = np.zeros((SIDE, SIDE, 3), np.uint8)
    image[:, 13:] = 255

    pieces = segment(image)

    assert not set(pieces[:, :13].ravel()) & set(pieces[:, 13:].ravel())


def test_a_seed_repeats_the_map():
    """The same seed gives the same bytes, another seed another map."""
    network, image = random_probe("rgb", 6), noise()

    first = lime(network, image, label="REAL", seed=7, config=FEW)
    again = lime(network, image, label="REAL", seed=7, config=FEW)
    other = lime(network, image, label="REAL", seed=8, config=FEW)

    assert first.heatmap.tobytes() == again.heatmap.tobytes()
    assert first.heatmap.tobytes() != other.heatmap.tobytes()
    assert (first.seed, other.seed) == (7, 8)


def test_the_pieces_that_count_are_found():
    """A network that looks for a pattern in one corner leans on that corner alone.

    Greying a piece out takes its part of the pattern away, so that each piece
    should weigh as many pixels as it has in the corner.
    """
    corner = np.zeros((SIDE, SIDE))
    corner[:12, :12] = 1
    network = LinearProbe((checker() * corner)[..., None].repeat(3, axis=2))
    image = (128 + 50 * checker()).astype(np.uint8)[..., None].repeat(3, axis=2)
    pieces = segment(image)
    share = np.bincount(pieces.ravel(), weights=corner.ravel())
    expected = (share / share.max())[pieces]

    real = lime(network, image, label="REAL").heatmap
    fake = lime(network, image, label="FAKE").heatmap

    np.testing.assert_allclose(real, expected, atol=0.05)
    np.testing.assert_allclose(fake, -expected, atol=0.05)
    assert (real[expected > 0.1] > 0).all()
    assert (fake[expected > 0.1] < 0).all()


def test_a_network_without_an_opinion_has_an_empty_map():
    """Where nothing changes the score the map is 0, and no NaN appears."""
    heatmap = lime(
        constant_probe("rgb", 2.0), noise(), label="REAL", config=FEW
    ).heatmap

    np.testing.assert_allclose(heatmap, np.zeros((SIDE, SIDE)))


@pytest.mark.parametrize(
    ("num_samples", "calls"), [(1000, [250] * 4), (300, [250, 50]), (40, [40])]
)
def test_samples_are_scored_in_batches(num_samples, calls):
    """The network is asked a batch at a time, and for no sample more than asked."""
    network = random_probe("rgb", 6)
    config = LimeConfig(num_samples=num_samples)

    explanation = lime(network, noise(), label="REAL", config=config)

    assert network.calls == calls
    assert explanation.settings["num_samples"] == num_samples


def test_the_picture_is_perturbed_before_it_is_filtered():
    """A network on planes is given RGB pictures, the first of them untouched."""
    seen = []
    network, image = random_probe("planes", 6), noise()
    logits = network.logits
    network.logits = lambda images: (seen.append(images), logits(images))[1]

    lime(network, image, label="REAL", config=FEW)

    (pictures,) = seen
    assert pictures.shape == (FEW.num_samples, *INPUT_SHAPES["rgb"])
    assert pictures.dtype == np.uint8
    np.testing.assert_array_equal(pictures[0], image)
    assert (pictures[1:] != image).any(axis=(1, 2, 3)).all()


def test_batches_change_nothing_of_the_package():
    """Draws, pictures and scores are those of the package's own loop."""
    image, network = noise(), random_probe("rgb", 6)
    pieces, grey = segment(image), np.full_like(image, 77)
    asked = {own: [] for own in (LimeImageExplainer, BatchedLime)}

    answers = {}
    for own, pictures in asked.items():

        def scores(images, pictures=pictures):
            pictures.append(images)
            return network.logits(images)[:, None]

        explainer = own(random_state=9)
        answers[own] = explainer.data_labels(image, grey, pieces, scores, 60, 25)

    for theirs, ours in zip(*answers.values(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    for theirs, ours in zip(*asked.values(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_nothing_is_written_to_the_terminal(capfd):
    """The package's progress bar is for a notebook, not for a server."""
    lime(random_probe("rgb", 6), noise(), label="REAL", config=FEW)

    written = capfd.readouterr()

    assert (written.out, written.err) == ("", "")
