"""Where features lie: what is at home there, what is not, and what is kept of it."""

import numpy as np
import pytest

from cifake_core.verdicts import mahalanobis

HASHES = {"cnn": "a1", "cnn3d": "b2"}


def cloud(*centre: float, seed: int = 0, count: int = 3000) -> np.ndarray:
    """Return features around a point, ten times as spread along the second axis."""
    random = np.random.RandomState(seed)
    scale = np.array([0.01, 0.1, 0.01])
    return (np.array(centre) + scale * random.normal(size=(count, 3))).astype("f4")


@pytest.fixture(scope="module")
def found() -> mahalanobis.Domain:
    """Return the domain of two networks whose features point different ways."""
    features = {"cnn": cloud(1, 0, 0), "cnn3d": cloud(0, 0, 2, seed=1)}
    return mahalanobis.fit(features, model_sha256=HASHES)


def distances(found, cnn, cnn3d) -> np.ndarray:
    """Return how far pictures with these features lie."""
    return found.distances({"cnn": cnn, "cnn3d": cnn3d})


def test_the_like_of_training_is_at_one(found):
    """The mean square of the distance is 1."""
    near = distances(found, cloud(1, 0, 0, seed=2), cloud(0, 0, 2, seed=3))

    assert (near**2).mean() == pytest.approx(1, abs=0.1)


def test_only_the_direction_counts(found):
    """A picture of more contrast has longer features, and is no further away."""
    cnn, cnn3d = cloud(1, 0, 0, seed=2), cloud(0, 0, 2, seed=3)

    longer = distances(found, 7 * cnn, 0.2 * cnn3d)

    np.testing.assert_allclose(longer, distances(found, cnn, cnn3d), rtol=1e-3)


def test_a_step_counts_by_how_the_feature_varies(found):
    """One of 0.2 is two deviations where features vary, many where they don't."""
    home = np.array([[0, 0, 2]], "f4")

    along = distances(found, np.array([[1, 0.2, 0]], "f4"), home)[0]
    across = distances(found, np.array([[1, 0, 0.2]], "f4"), home)[0]

    assert along < 2
    assert across > 5 * along


def test_one_network_alone_is_enough(found):
    """Features that point elsewhere in one of two are far."""
    home = np.array([[1, 0, 0]], "f4")

    assert distances(found, home, np.array([[0, 0, 2]], "f4"))[0] < 1
    assert distances(found, home, np.array([[2, 0, 0]], "f4"))[0] > 10


def test_dead_features_do_no_harm():
    """Features that never moved, or are all zero, leave the distances finite."""
    still = mahalanobis.fit({"cnn": np.zeros((9, 3), "f4")}, model_sha256={"cnn": "a1"})

    assert np.isfinite(still.distances({"cnn": cloud(1, 0, 0, count=5)})).all()


def test_what_is_written_is_read(found, tmp_path):
    """The same distances come out."""
    mahalanobis.write(found, tmp_path)

    read = mahalanobis.read(HASHES, tmp_path)

    features = {"cnn": cloud(1, 0, 1, count=20), "cnn3d": cloud(1, 1, 1, count=20)}
    np.testing.assert_array_equal(read.distances(features), found.distances(features))
