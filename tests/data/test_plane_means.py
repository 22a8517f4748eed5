"""Means of the planes over a training split."""

from dataclasses import replace

import numpy as np

from cifake_core.data import cifake
from cifake_core.data.plane_means import plane_means
from cifake_core.pictures.filters import stack


def test_means_are_over_all_pictures(tiny_dataset, monkeypatch):
    """Chunks do not count more or less than their pictures; progress is told."""
    train = cifake.load(tiny_dataset, "train")
    monkeypatch.setattr("cifake_core.data.plane_means._CHUNK", 9)
    told = []

    means = plane_means(train, progress=told.append)

    planes = np.stack([stack(image) for image in train.images])
    np.testing.assert_allclose(means, planes.mean(axis=(0, 2, 3)), rtol=1e-12)
    np.testing.assert_allclose(told, np.array([0, 9, 18, 27]) / 28)


def test_means_of_one_picture_are_its_own(tiny_dataset):
    """Nobody need listen to the progress."""
    train = cifake.load(tiny_dataset, "train")

    means = plane_means(replace(train, images=train.images[:1]))

    np.testing.assert_allclose(means, stack(train.images[0]).mean(axis=(1, 2)))
