"""Deletion and insertion curves, on networks whose curves are known by hand."""

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE, Floats
from cifake_core.basics.labels import LABELS
from cifake_core.explain.replacements import PIXEL_REPLACEMENTS, blurred, mean_colour
from cifake_core.trust.curves import NUM_STEPS, Curves, draw_curves, random_maps
from tests.fakes import LinearProbe, checker, noise, random_probe

EACH = pytest.mark.parametrize("name", PIXEL_REPLACEMENTS)


def ramp() -> Floats:
    """Return a map that falls from pixel to pixel, so that its order is reading."""
    return -np.arange(SIDE * SIDE, dtype=np.float32).reshape(SIDE, SIDE)


def draw(network, heatmaps, *, label="REAL", image=None) -> dict[str, Curves]:
    """Return the curves of maps of a noisy picture."""
    return draw_curves(
        network,
        noise() if image is None else image,
        np.asarray(heatmaps, np.float32),
        label=label,
        progress=lambda _share: None,
    )


def watching(row: int, column: int) -> LinearProbe:
    """Return a network that sees nothing but the red of one pixel."""
    weights = np.zeros((SIDE, SIDE, 3))
    weights[row, column, 0] = 1
    return LinearProbe(weights)


def contributions(name: str, network: LinearProbe) -> Floats:
    """Return what each pixel of the noisy picture has over its replacement."""
    image, rest = noise(), PIXEL_REPLACEMENTS[name].fill(noise())
    inputs = network.inputs(np.stack([image, rest]))
    return ((inputs[0] - inputs[1]) * network.gradients(inputs)[0]).sum(axis=-1)


@EACH
@pytest.mark.parametrize("label", LABELS)
def test_curves_lead_from_the_picture_to_what_replaces_it(name, label):
    """The ends are the label's logits of the picture and of the replacement."""
    network, sign = random_probe("planes", 1), 1 if label == "REAL" else -1

    curves = draw(network, [ramp()], label=label)[name]

    ends = sign * network.logits(
        np.stack([noise(), PIXEL_REPLACEMENTS[name].fill(noise())])
    )
    assert curves.deletion.shape == curves.insertion.shape == (1, NUM_STEPS + 1)
    np.testing.assert_allclose(curves.deletion[0, [0, -1]], ends, rtol=1e-5)
    np.testing.assert_allclose(curves.insertion[0, [-1, 0]], ends, rtol=1e-5)


@EACH
def test_the_highest_pixel_goes_and_comes_in_the_first_step(name):
    """A network that sees one pixel changes its word once, when that pixel goes."""
    network, image = watching(3, 5), noise()
    red, other = (
        float(p[3, 5, 0]) for p in (image, PIXEL_REPLACEMENTS[name].fill(image))
    )
    first, last = np.zeros((2, SIDE, SIDE))
    first[3, 5], last[3, 5] = 1, -1

    curves = draw(network, [first, last])[name]

    early, late = [red] + NUM_STEPS * [other], NUM_STEPS * [red] + [other]
    np.testing.assert_array_equal(curves.deletion, [early, late])
    np.testing.assert_array_equal(curves.insertion, [early[::-1], late[::-1]][::-1])
    sure, half = (NUM_STEPS - 1) / NUM_STEPS, 1 / NUM_STEPS / 2
    expected = [other * sure + half * (red + other), red * sure + half * (red + other)]
    np.testing.assert_allclose(curves.deletion_auc, expected)
    np.testing.assert_allclose(curves.insertion_auc, expected[::-1])


def test_each_step_takes_as_many_pixels():
    """Of 1,024 pixels 41 go at a time, or 40 where 40.96 rounds so."""
    signs = np.repeat(checker()[..., None], 3, axis=-1)
    image = (105 + 5 * signs).astype(np.uint8)  # its mean colour is 105
    counter = LinearProbe(signs / 15)  # each pixel counts 1 until it is grey

    curves = draw(counter, [ramp()], image=image)["mean_colour"]

    left = curves.deletion[0] - curves.deletion[0, -1]
    np.testing.assert_allclose(left[0], SIDE * SIDE, rtol=1e-5)
    assert set(np.rint(-np.diff(left)).tolist()) == {40, 41}


@EACH
def test_what_goes_in_one_curve_comes_in_the_other(name):
    """For a linear network the two add up to the same at every step."""
    network = random_probe("rgb", 2)

    curves = draw(network, random_maps(ramp(), count=4, seed=0))[name]

    both = curves.deletion + curves.insertion
    np.testing.assert_allclose(both, both[0, 0], atol=1e-3)


@EACH
@pytest.mark.parametrize("label", LABELS)
def test_curves_are_monotone_where_every_pixel_speaks_for_the_label(name, label):
    """Whatever the order, each step of a linear network takes or gives a share."""
    sign = 1 if label == "REAL" else -1
    image = noise().astype(np.float32)
    weights = sign * 1e-4 * (image - PIXEL_REPLACEMENTS[name].fill(noise()))

    curves = draw(
        LinearProbe(weights), random_maps(ramp(), count=5, seed=1), label=label
    )[name]

    assert (np.diff(curves.deletion) < 0).all()
    assert (np.diff(curves.insertion) > 0).all()


@EACH
def test_no_curve_beats_that_of_the_true_map(name):
    """At every step the true map of a linear network has taken or given the most."""
    network = random_probe("rgb", 4)
    truth = contributions(name, network)
    others = random_maps(truth, count=20, seed=2)

    curves = draw(network, np.concatenate([truth[None], others]))[name]

    assert (curves.deletion[0] <= curves.deletion[1:] + 1e-4).all()
    assert (curves.insertion[0] >= curves.insertion[1:] - 1e-4).all()
    assert curves.deletion_auc[0] < curves.deletion_auc[1:].min()
    assert curves.insertion_auc[0] > curves.insertion_auc[1:].max()


def test_equal_pixels_go_in_reading_order():
    """A map without a difference is as the one that falls from pixel to pixel."""
    network = random_probe("rgb", 5)

    flat, falling = (
        draw(network, [each])["blurred"] for each in (np.zeros((SIDE, SIDE)), ramp())
    )

    np.testing.assert_array_equal(flat.deletion, falling.deletion)
    np.testing.assert_array_equal(flat.insertion, falling.insertion)


def test_maps_of_the_same_order_are_scored_once():
    """Three maps in one order cost two curves for each replacement, and agree."""
    network = random_probe("rgb", 6)

    curves = draw(network, [ramp(), 3 * ramp(), ramp() - 1])

    assert sum(network.calls) == 2 * (2 + 2 * (NUM_STEPS - 1))
    for each in curves.values():
        np.testing.assert_array_equal(each.deletion[1:], each.deletion[[0, 0]])


def test_progress_is_told_and_may_stop_the_work():
    """Batches are of at most 250 pictures; between them the work can be stopped."""
    network, said = random_probe("rgb", 7), []
    asked = {"label": "FAKE", "progress": said.append}
    maps = random_maps(ramp(), count=11, seed=0)

    draw_curves(network, noise(), maps, **asked)

    assert max(network.calls) <= 250
    assert said == sorted(said)
    assert (said[0], said[-1], len(said)) == (0, 1, len(network.calls) + 1)

    def stop(share: float) -> None:
        if share > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        draw_curves(network, noise(), maps, label="FAKE", progress=stop)


def test_replacements_keep_the_colour_and_drop_the_texture():
    """A noisy picture becomes its mean colour; blurred, it is nearly that."""
    image = noise()

    flat, soft = mean_colour(image), blurred(image)

    assert flat.shape == soft.shape == image.shape
    assert flat.dtype == soft.dtype == np.uint8
    np.testing.assert_array_equal(flat[9, 9], np.rint(image.mean(axis=(0, 1))))
    assert flat.std(axis=(0, 1)).max() == 0
    assert soft.std() < image.std() / 5


def test_random_maps_have_the_texture_of_the_map():
    """Turned over and moved, a map keeps its values and its spectrum."""
    heatmap = np.random.RandomState(0).rand(SIDE, SIDE).astype(np.float32)

    maps = random_maps(heatmap, count=10, seed=3)

    assert maps.shape == (10, SIDE, SIDE)
    assert maps.dtype == np.float32
    spectrum = np.sort(np.abs(np.fft.fft2(heatmap)), axis=None)
    for each in maps:
        np.testing.assert_array_equal(np.sort(each, axis=None), np.sort(heatmap, None))
        found = np.sort(np.abs(np.fft.fft2(each)), axis=None)
        np.testing.assert_allclose(found, spectrum, atol=1e-3)


def test_random_maps_are_all_different_and_repeat():
    """Every move but the one that changes nothing is drawn once, by the seed."""
    every = random_maps(ramp(), count=4 * SIDE * SIDE - 1, seed=0)

    assert len({each.tobytes() for each in (*every, ramp())}) == 4 * SIDE * SIDE
    few, again, other = (random_maps(ramp(), count=5, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(few, again)
    assert not np.array_equal(few, other)
