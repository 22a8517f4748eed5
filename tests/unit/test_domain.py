"""The feature space: what lies in it, what does not, and what is kept of it."""

import numpy as np
import pytest

from cifake_core import domain
from cifake_core.errors import ModelUnavailableError
from cifake_core.networks import store

NUM_FEATURES = 6


def cloud(centre: float, count: int = 3000, seed: int = 0) -> np.ndarray:
    """Return features around `centre`, the first of them ten times as spread out."""
    random = np.random.RandomState(seed)
    scale = np.array([10, 1, 1, 1, 1, 1])
    return (centre + scale * random.normal(size=(count, NUM_FEATURES))).astype("f4")


@pytest.fixture(scope="module")
def space() -> domain.FeatureSpace:
    """Return the space of two clouds."""
    features = np.concatenate([cloud(0), cloud(50, seed=1)])
    groups = np.repeat([3, 8], 3000)
    return domain.fit(features, groups, network="cnn", model_sha256="a1")


@pytest.mark.parametrize("centre", [0, 50])
def test_the_like_of_training_is_near(space, centre):
    """The mean squared distance to the own cloud is the number of features."""
    distances = space.distances(cloud(centre, seed=2))

    assert (distances**2).mean() == pytest.approx(NUM_FEATURES, rel=0.1)


def test_between_the_clouds_is_far(space):
    """What resembles neither group is outside, though it is the mean of all."""
    middle = np.full((1, NUM_FEATURES), 25, np.float32)

    assert space.distances(middle)[0] > 30


def test_a_step_counts_by_how_the_feature_varies(space):
    """Ten along the spread-out feature are one deviation, elsewhere ten."""
    steps = 10 * np.eye(NUM_FEATURES, dtype=np.float32)[:2]

    along, across = space.distances(steps)

    assert along == pytest.approx(1, abs=0.2)
    assert across == pytest.approx(10, abs=0.6)


def test_a_dead_feature_does_no_harm():
    """A feature that never moved leaves the distances finite."""
    features = cloud(0)
    features[:, 2] = 0

    space = domain.fit(features, np.zeros(3000, int), network="cnn", model_sha256="a1")

    assert np.isfinite(space.distances(features)).all()


def models_with(folder, sha256: str):
    """Return a folder of models with a card of this hash."""
    (folder / "cnn").mkdir()
    store.write_card(folder / "cnn", {"name": "cnn", "model_sha256": sha256})
    return folder


def test_what_is_written_is_read(space, tmp_path):
    """The same distances come out, and the file is small."""
    models = models_with(tmp_path, "a1")
    domain.write(space, models / "cnn")

    read = domain.read("cnn", models)

    features = cloud(10, 20, seed=4)
    np.testing.assert_array_equal(read.distances(features), space.distances(features))
    files = {file.name for file in (models / "cnn").iterdir()}
    assert files == {store.CARD_FILE, store.DOMAIN_FILE}


def test_other_weights_are_refused(space, tmp_path):
    """A space says nothing of the features of another network."""
    models = models_with(tmp_path, "b2")
    domain.write(space, models / "cnn")

    with pytest.raises(ModelUnavailableError, match="other weights"):
        domain.read("cnn", models)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 half a zip"])
def test_a_missing_or_damaged_file_is_refused(tmp_path, content):
    """The sentence says how to make it."""
    models = models_with(tmp_path, "a1")
    if content is not None:
        (models / "cnn" / store.DOMAIN_FILE).write_bytes(content)

    with pytest.raises(ModelUnavailableError, match="cifake_core policy"):
        domain.read("cnn", models)
