"""Mixture of old and new pictures: shares of each batch, and what stands where."""

import numpy as np
import pytest

from cifake_core.data import cifake
from cifake_core.data.datasets.records import DataSetPictures
from cifake_core.retraining.mixture import SURE, Group, GroupSampler, mix
from cifake_core.retraining.recipe import LearntDataSet, RetrainConfig

OWN = LearntDataSet(digest="d", generators=("dalle", "flux"))


def pictures(name: str, generators: list[str]) -> DataSetPictures:
    """Return pictures of a set: one of each name, "" for a photograph."""
    count = len(generators)
    return DataSetPictures(
        name=name,
        digest="d",
        images=np.full((count, 32, 32, 3), 7, np.uint8),
        labels=np.array([int(not each) for each in generators], np.int8),
        object_classes=np.full(count, -1, np.int8),
        generators=np.array(generators),
        members=np.array([f"{number}.png" for number in range(count)]),
        hashes=np.array(["h"] * count),
        parts=np.array(["training"] * count),
    )


def drawn(name: str, part: str, /, *, n: int):
    """Return pictures as a generator would draw them, all alike."""
    del name, part
    return np.full((n, 32, 32, 3), 200, np.uint8)


def half(images: np.ndarray) -> np.ndarray:
    """Return what a network says that cannot tell."""
    return np.full(len(images), 0.5, np.float32)


@pytest.fixture
def split(tiny_zip):
    """Return the training split of the tiny data set."""
    return cifake.load(tiny_zip, "train")


def test_every_batch_has_its_share_of_each_group():
    """Of 8 pictures 4 are new, 3 photographs and 1 a fake, in every batch."""
    groups = tuple(
        Group(name=name, share=share, positions=np.arange(start, start + 5))
        for name, share, start in (("a", 0.375, 0), ("b", 0.125, 10), ("c", 0.5, 20))
    )
    sampler = GroupSampler(groups=groups, size=8, num_batches=6)

    order = sampler.order(np.random.default_rng(0)).reshape(6, 8)

    assert len(sampler) == 48
    assert [[(batch // 10 == n).sum() for n in range(3)] for batch in order] == [
        [3, 1, 4]
    ] * 6


def test_a_group_shows_each_picture_as_often_as_any_other():
    """Ten places for five pictures: each comes twice."""
    group = Group(name="a", share=1.0, positions=np.arange(5))
    sampler = GroupSampler(groups=(group,), size=2, num_batches=5)

    order = sampler.order(np.random.default_rng(1))

    assert np.bincount(order).tolist() == [2] * 5


@pytest.mark.parametrize("size", [1, 7, 64, 128])
def test_rounded_counts_sum_to_the_batch(size):
    """Whatever the shares, a batch is full."""
    groups = tuple(
        Group(name=str(n), share=1 / 7, positions=np.arange(1)) for n in range(7)
    )

    assert sum(GroupSampler(groups=groups, size=size, num_batches=1).counts()) == size


def test_half_is_new_and_half_of_each_half_are_photographs(split):
    """Old: photographs, crops, CIFAKE, two generators; new: photographs, two."""
    config = RetrainConfig(
        generators={"gan_resize": 6, "flow": 6},
        num_elsewhere=4,
        new=("mine",),
        datasets={"mine": OWN},
    )
    taught = [pictures("mine", ["", "", "dalle", "flux", "flux"])]

    mixture = mix(split, np.arange(28), taught, config, drawn, half)

    shares = {group.name: group.share for group in mixture.groups}
    assert shares == pytest.approx(
        {
            "photographs": 0.1875,
            "elsewhere": 0.0625,
            "CIFAKE": 0.075,
            "gan_resize": 0.0875,
            "flow": 0.0875,
            "mine: photographs": 0.25,
            "mine: dalle": 0.125,
            "mine: flux": 0.125,
        }
    )
    said = {
        group.name: set(mixture.labels[group.positions].tolist())
        for group in mixture.groups
    }
    assert said.pop("mine: photographs") == {np.float32(SURE)}
    unsure = {np.float32(1 - SURE)}
    assert said.pop("mine: dalle") == said.pop("mine: flux") == unsure
    assert set(map(tuple, said.values())) == {(0.5,)}
    flux = next(group for group in mixture.groups if group.name == "mine: flux")
    assert mixture.images[flux.positions].shape == (2, 32, 32, 3)
    assert (mixture.images[flux.positions] == 7).all()


def test_what_was_taught_before_is_old(split):
    """A second set joins; the first is replayed among the generators."""
    config = RetrainConfig(new=("second",), datasets={"first": OWN, "second": OWN})
    taught = [
        pictures("first", ["", "dalle"]),
        pictures("second", ["", "flux"]),
    ]

    mixture = mix(split, np.arange(28), taught, config, drawn, half)

    shares = {group.name: group.share for group in mixture.groups}
    assert shares["second: photographs"] == shares["second: flux"] == 0.25
    assert shares["first: dalle"] == pytest.approx(0.25 * 0.7)
    assert shares["first: photographs"] == pytest.approx(0.25 * 0.25)
    assert sum(shares.values()) == pytest.approx(1)


def test_a_network_that_knows_cifake_alone_replays_cifake_alone(split):
    """No generators and no crops: half of the old half each."""
    config = RetrainConfig(new=("mine",), datasets={"mine": OWN})

    mixture = mix(
        split, np.arange(28), [pictures("mine", ["", "a"])], config, drawn, half
    )

    shares = {group.name: group.share for group in mixture.groups}
    assert shares["photographs"] == shares["CIFAKE"] == 0.25


def test_who_is_sure_of_what_is_new_goes_on_saying_so(split):
    """Nothing is to be learnt from a new picture that is surely called rightly."""
    config = RetrainConfig(new=("mine",), datasets={"mine": OWN})
    taught = [pictures("mine", ["", "dalle"])]

    def fake(images):
        return np.full(len(images), 0.02, np.float32)

    mixture = mix(split, np.arange(28), taught, config, drawn, fake)

    said = {
        group.name: float(mixture.labels[group.positions][0])
        for group in mixture.groups
    }
    assert said["mine: dalle"] == pytest.approx(0.02)
    assert said["mine: photographs"] == pytest.approx(SURE)


def test_a_third_of_cifakes_pictures_are_corrupted(split):
    """Each by another corruption; the teacher is asked what it says of them so."""
    asked = []

    def teacher(images: np.ndarray) -> np.ndarray:
        asked.append(images)
        return half(images)

    config = RetrainConfig(new=("mine",), datasets={"mine": OWN})
    taught = [pictures("mine", ["", "dalle"])]
    mixture = mix(split, np.arange(28), taught, config, drawn, teacher)

    found = mixture.images[mixture.groups[0].positions]
    known = {image.tobytes() for image in split.images}
    changed = [place for place, each in enumerate(found) if each.tobytes() not in known]
    assert mixture.groups[0].name == "photographs"
    assert len(found) > 9
    assert changed == [*range(0, len(found), 3)]
    np.testing.assert_array_equal(asked[0], found)
