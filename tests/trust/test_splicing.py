"""Splices: where the patch lies, what it changes, and how maps are scored on it."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE
from cifake_core.basics.errors import DatasetError
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES
from cifake_core.data import cifake
from cifake_core.data.cifake import Split
from cifake_core.trust.splicing import (
    KINDS,
    SIZES,
    Splice,
    draw_pair,
    paired_classes,
    plan_splices,
    score_map,
    splice,
)
from tests.fakes import noise

HOST, DONOR = noise(1), noise(2)
PLACES = [
    (size, top, left)
    for size in SIZES
    for top in (0, 5, SIDE - size)
    for left in (0, 7, SIDE - size)
]
EVERYWHERE = pytest.mark.parametrize(("size", "top", "left"), PLACES)


def half() -> Splice:
    """Return a splice whose patch is the left half of the picture."""
    opacity = np.zeros((SIDE, SIDE), np.float32)
    opacity[:, : SIDE // 2] = 1
    return Splice(pixels=HOST, opacity=opacity)


def split_of(copies: int, name: cifake.SplitName = "test") -> Split:
    """Return a split with `copies` different files of each label and class."""
    labels, classes, _ = np.indices((2, 10, copies)).reshape(3, -1)
    files = [f"{name} {number}" for number in range(len(labels))]
    return Split(
        name=name,
        images=np.zeros((len(labels), SIDE, SIDE, 3), np.uint8),
        labels=labels.astype(np.int8),
        object_classes=classes.astype(np.int8),
        hashes=np.array(files),
        members=np.array(files),
    )


@EVERYWHERE
@pytest.mark.parametrize("edge", ["hard", "feathered"])
def test_the_mask_is_a_square(edge, size, top, left):
    """It has size x size pixels at its place, borders of the picture included."""
    made = splice(HOST, DONOR, top=top, left=left, size=size, edge=edge)

    expected = np.zeros((SIDE, SIDE), bool)
    expected[top : top + size, left : left + size] = True
    np.testing.assert_array_equal(made.inside, expected)
    assert made.inside.sum() == size**2
    assert made.opacity.dtype == np.float32
    assert made.opacity.max() == 1


@EVERYWHERE
@pytest.mark.parametrize("edge", ["hard", "feathered"])
def test_nothing_else_changes(edge, size, top, left):
    """Outside the patch each pixel is the host's; so are the two pictures after."""
    host, donor = HOST.copy(), DONOR.copy()
    host.flags.writeable = donor.flags.writeable = False

    made = splice(host, donor, top=top, left=left, size=size, edge=edge)

    assert made.pixels.shape == (SIDE, SIDE, 3)
    assert made.pixels.dtype == np.uint8
    np.testing.assert_array_equal(made.pixels[~made.inside], host[~made.inside])


@EVERYWHERE
def test_a_hard_patch_is_the_donors(size, top, left):
    """Inside, each pixel is the donor's pixel of the same place."""
    made = splice(HOST, DONOR, top=top, left=left, size=size, edge="hard")

    np.testing.assert_array_equal(made.pixels[made.inside], DONOR[made.inside])


def test_a_feather_rises_in_thirds():
    """From the edge inwards the donor's share is 1/3, 2/3, then 1, on every side."""
    made = splice(HOST, DONOR, top=3, left=4, size=8, edge="feathered")

    row = np.array([1, 2, 3, 3, 3, 3, 2, 1])
    expected = np.minimum(row[:, None], row) / 3
    np.testing.assert_allclose(made.opacity[3:11, 4:12], expected, rtol=1e-6)


def test_a_feathered_pixel_is_between_the_two():
    """Black with white feathered in gives 85 and 170 on the way to 255."""
    black = np.zeros((SIDE, SIDE, 3), np.uint8)
    white = np.full((SIDE, SIDE, 3), 255, np.uint8)

    made = splice(black, white, top=0, left=10, size=12, edge="feathered")

    assert made.pixels[6, 9:14, 0].tolist() == [0, 85, 170, 255, 255]
    assert made.pixels[6, 18:23, 0].tolist() == [255, 255, 170, 85, 0]
    assert made.pixels[:3, 16, 0].tolist() == [85, 170, 255]


@pytest.mark.parametrize(
    ("size", "top", "left"),
    [(8, -1, 0), (8, 0, -1), (8, 25, 0), (8, 0, 25), (0, 4, 4), (33, 0, 0)],
)
def test_a_patch_beyond_the_border_is_refused(size, top, left):
    """The sentence gives size and place."""
    sentence = rf"within 32x32 pixels. Received one of {size}x{size} at row {top}, "

    with pytest.raises(ValueError, match=sentence):
        splice(HOST, DONOR, top=top, left=left, size=size, edge="hard")


def test_there_are_twelve_kinds():
    """Three sizes, two directions and two edges; a patch is never its host's label."""
    made = {(kind.size, kind.pasted, kind.host, kind.edge) for kind in KINDS}

    assert len(KINDS) == len(made) == 12
    assert {(kind.pasted, kind.host) for kind in KINDS} == {LABELS, LABELS[::-1]}


def test_plans_are_spread_over_kinds_and_classes():
    """Of 300 each kind has 25 and each class 30, at places all over the picture."""
    test = split_of(60)

    plans = plan_splices(test, split_of(0, "train"), seed=0)

    assert len(plans) == 300
    assert set(Counter(plan.kind for plan in plans).values()) == {25}
    hosts = [test.object_classes[plan.host] for plan in plans]
    assert set(Counter(hosts).values()) == {30}
    for size in SIZES:
        places = [(p.top, p.left) for p in plans if p.kind.size == size]
        assert np.min(places) == 0
        assert np.max(places) == SIDE - size
        assert len(set(places)) > 60


def test_a_plan_pairs_pictures_of_one_class():
    """Labels are those of the kind, classes are equal, no picture is used twice."""
    test = split_of(60)

    plans = plan_splices(test, split_of(0, "train"), seed=0)

    for plan in plans:
        assert LABELS[test.labels[plan.donor]] == plan.kind.pasted
        assert LABELS[test.labels[plan.host]] == plan.kind.host
        assert test.object_classes[plan.host] == test.object_classes[plan.donor]
    used = [position for plan in plans for position in (plan.host, plan.donor)]
    assert len(set(used)) == 600


def test_the_seed_decides_the_plans():
    """The same seed gives the same plans, another seed others."""
    splits = split_of(20), split_of(0, "train")

    first, again, other = (
        plan_splices(*splits, seed=seed, count=24) for seed in (1, 1, 2)
    )

    assert first == again
    assert first != other


def test_leaked_pictures_are_left_out():
    """Neither a picture of the training split nor a second copy is used."""
    test, train = split_of(6), split_of(1, "train")
    hashes = test.hashes.copy()
    hashes[::6] = train.hashes  # one of each label and class
    hashes[1::6] = hashes[2::6]  # the later one of two copies
    test = replace(test, hashes=hashes)

    plans = plan_splices(test, train, seed=3, count=40)

    used = {position % 6 for plan in plans for position in (plan.host, plan.donor)}
    assert used == {1, 3, 4, 5}


def test_too_few_pictures_are_told():
    """The sentence names a class that ran out."""
    with pytest.raises(DatasetError, match=r"too few of class '(.+)'") as caught:
        plan_splices(split_of(2), split_of(0, "train"), seed=0, count=36)

    assert any(repr(name) in str(caught.value) for name in OBJECT_CLASSES)


def test_a_map_is_scored_by_hand():
    """Of positive evidence 3 + 1 in and 2 out, two thirds lie in; negative is none."""
    heatmap = np.zeros((SIDE, SIDE), np.float32)
    heatmap[4, 4], heatmap[9, 9], heatmap[5, 20] = 3, 1, 2
    heatmap[6, 6] = heatmap[6, 26] = -5

    score = score_map(heatmap, half())

    assert score.share == pytest.approx(2 / 3)
    assert score.area == 0.5
    assert score.maximum_inside == 1


def test_a_maximum_outside_is_a_miss():
    """However much evidence lies inside."""
    heatmap = np.ones((SIDE, SIDE), np.float32)
    heatmap[:, SIDE // 2 :] = 0
    heatmap[0, -1] = 2

    score = score_map(heatmap, half())

    assert score.share == pytest.approx(512 / 514)
    assert score.maximum_inside == 0


def test_equal_maxima_share_the_hit():
    """A map that is 1 on three pixels, one of them inside, has a third of a hit."""
    heatmap = np.zeros((SIDE, SIDE), np.float32)
    heatmap[0, 3] = heatmap[0, 30] = heatmap[8, 20] = 1

    score = score_map(heatmap, half())

    assert score.maximum_inside == pytest.approx(1 / 3)


def test_an_even_map_scores_the_area():
    """A map that knows nothing is at the level of chance in both figures."""
    made = splice(HOST, DONOR, top=2, left=9, size=12, edge="feathered")

    score = score_map(np.full((SIDE, SIDE), 0.3, np.float32), made)

    assert score.area == 144 / 1024
    assert score.share == pytest.approx(score.area)
    assert score.maximum_inside == score.area


@pytest.mark.parametrize("value", [0, -1])
def test_a_map_without_evidence_found_nothing(value):
    """Neither a share nor a hit is made of nothing."""
    score = score_map(np.full((SIDE, SIDE), value, np.float32), half())

    assert (score.share, score.maximum_inside) == (0, 0)


def test_a_pair_is_of_one_class_and_both_labels():
    """The seed decides which; the class and each label are those asked for."""
    test = split_of(8)

    pairs = [draw_pair(test, object_class=4, seed=seed) for seed in range(5)]

    for pair in pairs:
        for label, position in pair.items():
            assert LABELS[test.labels[position]] == label
            assert test.object_classes[position] == 4
    assert draw_pair(test, object_class=4, seed=2) == pairs[2]
    assert len({tuple(pair.values()) for pair in pairs}) > 1


def test_a_class_of_one_label_has_no_pairs():
    """Only classes with a REAL and a FAKE picture are offered."""
    test = split_of(2)
    classes = test.object_classes.copy()
    classes[(classes == 7) & (test.labels == 1)] = 6

    assert paired_classes(test) == tuple(range(10))
    assert paired_classes(replace(test, object_classes=classes)) == (
        *range(7),
        *(8, 9),
    )
