"""Batches: every picture once an epoch, and the same ones after an interruption."""

from dataclasses import replace
from itertools import chain

import numpy as np
import pytest

from cifake_core.data import cifake
from cifake_core.pictures.filters import stack
from cifake_core.training.augmentation import AugmentConfig
from cifake_core.training.batches import BatchSource, RandomSampler, chunks

STILL = AugmentConfig(shift=0, corrupted=0)


@pytest.fixture
def source(tiny_zip) -> BatchSource:
    """Return batches of eight over the tiny data set, hardly augmented."""
    return BatchSource(
        pictures=cifake.load(tiny_zip, "train"),
        sampler=RandomSampler(np.arange(28)),
        kind="rgb",
        size=8,
        augmentation=STILL,
        seed=0,
    )


def means(inputs: np.ndarray) -> list[float]:
    """Return what tells pictures apart, mirrored or not."""
    return inputs.reshape(len(inputs), -1).mean(axis=1, dtype=np.float64).tolist()


def test_an_epoch_is_every_picture_once(source):
    """The last batch is smaller; no picture is left out or comes twice."""
    batches = list(source.epoch(1))

    assert [len(labels) for _, labels, _ in batches] == [8, 8, 8, 4]
    assert len(source) == 4
    inputs = np.concatenate([batch[0] for batch in batches])
    expected = means(source.pictures.images.astype(np.float32))
    assert sorted(means(inputs)) == pytest.approx(sorted(expected))


def test_more_batches_than_are_made_ahead_come_in_order(source):
    """Whether one waits for a batch or not, an epoch gives the same pictures."""
    small = replace(source, size=3)

    batches = [means(inputs) for inputs, _, _ in small.epoch(1)]

    assert [len(batch) for batch in batches] == [3] * 9 + [1]
    order = np.random.default_rng((0, 1)).permutation(28)
    expected = means(source.pictures.images[order].astype(np.float32))
    assert list(chain.from_iterable(batches)) == pytest.approx(expected)


def test_a_batch_carries_its_own_labels(source):
    """Label and object class belong to the picture beside them."""
    by_mean = {round(m, 3): i for i, m in enumerate(means(source.pictures.images))}

    inputs, labels, classes = next(source.epoch(1))

    assert (inputs.dtype, labels.shape, classes.shape) == (np.float32, (8, 1), (8,))
    for mean, label, number in zip(means(inputs), labels[:, 0], classes, strict=True):
        position = by_mean[round(mean, 3)]
        assert label == source.pictures.labels[position]
        assert number == source.pictures.object_classes[position]


def test_an_epoch_repeats_and_epochs_differ(source):
    """A resumed run sees what the first would have seen."""
    again = replace(source, pictures=source.pictures)

    second, same, third = (
        np.concatenate([batch[0] for batch in run.epoch(number)])
        for run, number in ((source, 2), (again, 2), (source, 3))
    )

    assert np.array_equal(second, same)
    assert not np.array_equal(second, third)


def test_pictures_may_stay_as_they_are(source):
    """Without an augmentation nothing is moved or mirrored."""
    still = replace(source, augmentation=None, size=28)

    inputs, _, _ = next(still.epoch(1))

    order = np.random.default_rng((0, 1)).permutation(28)
    assert np.array_equal(inputs, source.pictures.images[order])


def test_planes_are_those_of_the_augmented_picture(source):
    """The six planes are filtered after the change, so both kinds agree."""
    loud = replace(source, augmentation=AugmentConfig())
    rgb = next(loud.epoch(1))[0]

    planes = next(replace(loud, kind="planes").epoch(1))[0]

    for picture, depth in zip(rgb, planes, strict=True):
        assert np.array_equal(stack(picture.astype(np.uint8)), depth[..., 0])


def test_only_the_positions_given_are_used(source):
    """Pictures held out never come up."""
    positions = np.array([3, 7, 11])

    batches = list(replace(source, sampler=RandomSampler(positions)).epoch(1))

    expected = means(source.pictures.images[positions].astype(np.float32))
    assert sorted(means(batches[0][0])) == pytest.approx(sorted(expected))
    assert len(batches) == 1


def test_chunks_worked_by_hand():
    """Seven in runs of three are three, three and one."""
    parts = [part.tolist() for part in chunks(np.arange(7), 3)]

    assert parts == [[0, 1, 2], [3, 4, 5], [6]]


def test_a_picture_of_two_names_no_object(source):
    """Pasted pictures have soft labels and no object class; the others keep theirs."""
    mixing = replace(source, size=28, augmentation=replace(STILL, pasted=0.5))

    (_, labels, classes), (_, whole, known) = (
        next(mixing.epoch(1)),
        next(replace(source, size=28).epoch(1)),
    )

    pasted = classes == -1
    assert 0 < pasted.sum() < 28
    assert np.array_equal(classes[~pasted], known[~pasted])
    assert np.array_equal(labels[~pasted], whole[~pasted])
    assert ((labels > 0) & (labels < 1)).any()
