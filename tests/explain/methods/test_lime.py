"""LIME: maps that repeat, with the right sign, and the package's own answers."""

import numpy as np
import pytest
from lime.lime_image import LimeImageExplainer

from cifake_core.basics.arrays import SIDE
from cifake_core.basics.labels import Label
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.explainer import BATCH, Question
from cifake_core.explain.methods.lime import LineFit, fit_line
from cifake_core.explain.methods.superpixels import segment
from cifake_core.explain.records import Explanation
from cifake_core.pictures.preprocessing import prepare
from tests.fakes import (
    INPUT_SHAPES,
    LinearProbe,
    checker,
    constant_probe,
    noise,
    random_probe,
)


def lime(
    network, image, *, label: Label = "REAL", seed=0, num_samples=200
) -> Explanation:
    """Return the explanation by LIME."""
    return EXPLAINERS["lime"].explain(
        network,
        prepare(image),
        label=label,
        seed=seed,
        settings={"num_samples": num_samples},
    )


def test_a_seed_repeats_the_map():
    """The same seed gives the same bytes, another seed another map."""
    network, image = random_probe("rgb", 6), noise()

    first = lime(network, image, seed=7)
    again = lime(network, image, seed=7)
    other = lime(network, image, seed=8)

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

    real = lime(network, image, num_samples=1000).heatmap
    fake = lime(network, image, label="FAKE", num_samples=1000).heatmap

    np.testing.assert_allclose(real, expected, atol=0.05)
    np.testing.assert_allclose(fake, -expected, atol=0.05)
    assert (real[expected > 0.1] > 0).all()
    assert (fake[expected > 0.1] < 0).all()


def test_a_network_without_an_opinion_has_an_empty_map():
    """Where nothing changes the score the map is 0, and no NaN appears."""
    heatmap = lime(constant_probe("rgb", 2.0), noise()).heatmap

    np.testing.assert_allclose(heatmap, np.zeros((SIDE, SIDE)))


def test_samples_are_scored_in_batches():
    """The network is asked a batch at a time, and for no sample more than asked."""
    network = random_probe("rgb", 6)

    explanation = lime(network, noise(), num_samples=300)

    assert network.calls == [BATCH] * 3
    pieces = segment(noise()).max() + 1
    assert explanation.settings == {"num_samples": 300, "pieces": pieces}


def test_the_picture_is_perturbed_before_it_is_filtered():
    """A network on planes is given RGB pictures, the first of them untouched."""
    seen = []
    network, image = random_probe("planes", 6), noise()
    logits = network.logits
    network.logits = lambda images: (seen.append(images), logits(images))[1]

    lime(network, image)

    pictures = np.concatenate(seen)
    assert pictures.shape == (200, *INPUT_SHAPES["rgb"])
    assert pictures.dtype == np.uint8
    np.testing.assert_array_equal(pictures[0], image)
    assert (pictures[1:] != image).any(axis=(1, 2, 3)).all()


def test_the_line_is_the_packages_own():
    """Pictures, scores and weights are those of the package's own loop."""
    image, network, seed = noise(), random_probe("rgb", 6), 5
    asked = []

    def scores(images):
        asked.extend(images)
        return network.logits(images)[:, None]

    theirs = LimeImageExplainer(
        feature_selection="none", random_state=seed
    ).explain_instance(
        image,
        scores,
        labels=(0,),
        top_labels=None,
        num_samples=200,
        segmentation_fn=segment,
    )

    ours = fit(network, image)

    for row, picture in enumerate(asked):
        np.testing.assert_array_equal(ours.changed(image, row), picture)
    weights = dict(theirs.local_exp[0])
    np.testing.assert_allclose(
        ours.weights, [weights[piece] for piece in range(len(weights))], rtol=1e-4
    )
    assert ours.intercept == pytest.approx(theirs.intercept[0], rel=1e-4)
    assert ours.r_squared == pytest.approx(theirs.score, rel=1e-4)


def test_nothing_is_written_to_the_terminal(capfd):
    """The package's progress bar is for a notebook, not for a server."""
    lime(random_probe("rgb", 6), noise())

    written = capfd.readouterr()

    assert (written.out, written.err) == ("", "")


def fit(network, image, *, num_samples=200) -> LineFit:
    """Return LIME's line for REAL."""
    question = Question(
        network=network,
        picture=prepare(image),
        label="REAL",
        seed=5,
        settings={"num_samples": num_samples},
        progress=lambda _share: None,
    )
    return fit_line(question)


def test_the_line_is_that_of_the_map():
    """Weights on their pieces, scaled, are the map; the draws are those scored."""
    network, image = random_probe("rgb", 6), noise()

    found = fit(network, image)

    heatmap = lime(network, image, seed=5, num_samples=200).heatmap
    weights = found.weights / np.abs(found.weights).max()
    np.testing.assert_allclose(weights[found.pieces], heatmap, rtol=1e-6)
    for row in (0, 1, 199):
        changed = found.changed(image, row)
        score = network.logits(changed[None])[0]
        np.testing.assert_allclose(found.scores[row], score, rtol=1e-5)
    np.testing.assert_array_equal(found.changed(image, 0), image)


def test_the_line_says_what_a_linear_network_says():
    """Of a network that adds up its pixels, the line misses next to nothing."""
    network, image = random_probe("rgb", 6), noise()

    found = fit(network, image, num_samples=600)

    assert found.r_squared > 0.99
    spread = found.scores.std()
    assert np.abs(found.fitted - found.scores).max() < 0.2 * spread


def test_the_nearest_picture_is_the_whole_one():
    """Nearness is 1 for the picture itself and falls with the pieces taken away."""
    found = fit(random_probe("rgb", 6), noise())

    share = found.kept.mean(axis=1)
    order = np.argsort(share)
    assert found.nearness[0] == 1
    assert (np.diff(found.nearness[order]) >= -1e-6).all()
    # the package's kernel: sqrt(exp(-(1 - sqrt(share))^2 / 0.25^2))
    expected = np.sqrt(np.exp(-((1 - np.sqrt(share)) ** 2) / 0.25**2))
    np.testing.assert_allclose(found.nearness, expected, rtol=1e-5)
