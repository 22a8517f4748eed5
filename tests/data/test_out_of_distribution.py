"""Pictures from outside: what they are, and that none bears CIFAKE's mark unasked."""

import numpy as np
import pytest

from cifake_core.data.out_of_distribution import (
    OutOfDistributionSet,
    out_of_distribution_sets,
    to_learn_from,
)
from cifake_core.pictures.jpeg_grid import grid_distance
from cifake_core.pictures.preprocessing import KERNELS, prepare
from cifake_core.pictures.reading import check_picture


@pytest.fixture(scope="module")
def groups() -> tuple[OutOfDistributionSet, ...]:
    """Return all pictures from outside."""
    return out_of_distribution_sets(seed=0)


def test_every_picture_can_be_judged(groups):
    """Whole ones are of several sizes, shrunk ones of 32x32, all are RGB."""
    for group in groups:
        assert len(group.pictures) >= 5, group.kind
        for picture in group.pictures:
            check_picture(picture)
        shapes = {picture.shape[:2] for picture in group.pictures}
        assert (shapes == {(32, 32)}) == ("shrunk" in group.kind), group.kind


def test_each_kernel_shrinks_the_same_parts(groups):
    """Four kinds for what was looked at, four for what was not, alike in number."""
    for tuned in (False, True):
        shrunk = [
            group
            for group in groups
            if (group.tuned, group.marked) == (tuned, False) and "shrunk" in group.kind
        ]
        assert [group.kind.split(", ")[1] for group in shrunk] == list(KERNELS)
        assert len({len(group.pictures) for group in shrunk}) == 1
        first, *others = (group.pictures[0].astype(int) for group in shrunk)
        for other in others:
            assert 0 < np.abs(first - other).mean() < 40


def test_only_what_was_saved_like_cifake_bears_its_mark(groups):
    """Of the others none comes near it, whatever its size."""
    for group in groups:
        pixels = np.stack([prepare(picture).pixels for picture in group.pictures])
        near = (grid_distance(pixels) < 0.2).mean()
        assert (near > 0.7) if group.marked else (near == 0), group.kind


def test_the_seed_repeats_every_byte():
    """Another seed draws other parts and other drawings."""
    first, again, other = (out_of_distribution_sets(seed=seed) for seed in (1, 1, 2))

    for one, two in zip(first, again, strict=True):
        assert one.kind == two.kind
        assert [p.tobytes() for p in one.pictures] == [
            p.tobytes() for p in two.pictures
        ]
    noise, others = (
        next(group for group in found if group.kind == "Noise")
        for found in (first, other)
    )
    assert noise.pictures[0].tobytes() != others.pictures[0].tobytes()


def test_what_networks_may_learn_from_is_in_no_set(groups):
    """Parts of four photographs, none of them among those that are judged."""
    learnt = to_learn_from(9, seed=1)

    assert learnt.shape == (9, 32, 32, 3)
    assert learnt.dtype == np.uint8
    assert np.array_equal(learnt, to_learn_from(9, seed=1))
    assert not np.array_equal(learnt, to_learn_from(9, seed=2))
    assert (grid_distance(learnt) < 0.2).mean() > 0.7
    whole = [len(group.pictures) for group in groups if group.kind == "Photographs"]
    assert whole == [14, 5]
    assert to_learn_from(0, seed=1).shape == (0, 32, 32, 3)
