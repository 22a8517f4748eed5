"""The map of the pictures: its axes, its places, and who is whose neighbour."""

from dataclasses import replace

import numpy as np
import pytest

from cifake_core.basics.errors import (
    UnknownNameError,
)
from cifake_core.data.archive import names_sha256
from cifake_core.data.cifake import Split
from cifake_core.evaluation import embedding_map
from cifake_core.evaluation.embedding_map import EmbeddingMap, Neighbours
from cifake_core.networks import store
from cifake_core.networks.records import Answers
from tests.cards import network_card
from tests.fakes import LinearProbe, constant_probe

NUM_TEST, NUM_TRAIN, NUM_FEATURES = 12, 40, 30


def training(count: int = NUM_TRAIN) -> Split:
    """Return training pictures without pixels, FAKE and REAL in turn."""
    labels = (np.arange(count) % 2).astype(np.int8)
    return Split(
        name="train",
        images=np.zeros((count, 1, 1, 3), np.uint8),
        labels=labels,
        object_classes=(np.arange(count) % 10).astype(np.int8),
        hashes=np.array([f"{number:064}" for number in range(count)]),
        members=np.array([f"zip/train/FAKE/{number}.jpg" for number in range(count)]),
    )


def features(count: int, seed: int) -> np.ndarray:
    """Return features of which the first vary most."""
    scale = np.linspace(5, 0.1, NUM_FEATURES)
    noise = np.random.RandomState(seed).normal(size=(count, NUM_FEATURES))
    return (3 + scale * noise).astype(np.float32)


def beside(coordinates: np.ndarray) -> np.ndarray:
    """Return places that need no UMAP: the first coordinates, moved."""
    return coordinates[:, :2] + 100


@pytest.fixture
def found() -> EmbeddingMap:
    """Return the map of these features."""
    probe = constant_probe("rgb", 0.0)
    return embedding_map.fit(
        features(NUM_TEST, 1),
        features(NUM_TRAIN, 2),
        train=training(),
        network=probe,
        lay_out=beside,
    )


def by_hand(places: list[tuple[int, int]], labels: list[int]) -> EmbeddingMap:
    """Return a map with training pictures at these codes, one test picture at 0."""
    steps = np.array([1, 2], np.float32)
    codes = np.array(places)
    return EmbeddingMap(
        network="cnn",
        model_sha256="a1",
        train_sha256="",
        explained=1.0,
        mean=np.array([1, 1], np.float32),
        axes=np.eye(2, dtype=np.float32),
        steps=steps,
        test=np.zeros((1, 2), np.float32),
        train=codes * steps,
        labels=np.array(labels, np.int8),
        object_classes=np.zeros(len(codes), np.int8),
        test_pca=np.zeros((1, 2), np.float16),
        train_pca=codes.astype(np.float16),
        test_umap=np.zeros((1, 2), np.float16),
        train_umap=codes.astype(np.float16) + np.float16(10),
    )


def test_coordinates_are_the_principal_components(found):
    """They are what the singular vectors of the centred features give, up to sign."""
    train = features(NUM_TRAIN, 2).astype(np.float64)
    centred = train - train.mean(axis=0)
    _, sizes, vectors = np.linalg.svd(centred, full_matrices=False)
    picture = features(1, 3)[0]

    coordinates = found.coordinates(picture)

    expected = vectors[: embedding_map.NUM_KEPT] @ (picture - train.mean(axis=0))
    np.testing.assert_allclose(np.abs(coordinates), np.abs(expected), atol=1e-3)
    shares = sizes**2 / (sizes**2).sum()
    assert found.explained == pytest.approx(shares[: embedding_map.NUM_KEPT].sum())
    assert 0.9 < found.explained < 1


def test_coordinates_are_kept_in_eight_bits(found):
    """They are whole steps, off by half of one at most, at most 127 either way."""
    for kept, pictures in (
        (found.train, features(NUM_TRAIN, 2)),
        (found.test, features(NUM_TEST, 1)),
    ):
        exact = np.stack([found.coordinates(each) for each in pictures])
        codes = kept / found.steps
        np.testing.assert_allclose(codes, np.rint(codes), atol=1e-4)
        assert np.abs(codes).max() < 127.01
        assert (np.abs(kept - exact) <= 0.501 * found.steps).all()


def test_places_stand_in_the_order_of_the_pictures(found):
    """Test and training pictures are laid out together and told apart again."""
    first = found.coordinates(features(NUM_TEST, 1)[0])[:2]

    np.testing.assert_allclose(found.test_places("pca")[0], first, rtol=2e-3)
    np.testing.assert_allclose(found.test_places("umap")[0], first + 100, rtol=2e-3)
    assert found.test_places("umap").shape == (NUM_TEST, 2)
    assert found.train_umap.shape == found.train_pca.shape == (NUM_TRAIN, 2)


@pytest.mark.parametrize("label", [None, "FAKE", "REAL"])
def test_the_search_is_exact(found, label):
    """It finds what comparing with one picture after the other finds."""
    picture = found.coordinates(features(1, 9)[0])
    labels = {None: (0, 1), "FAKE": (0,), "REAL": (1,)}[label]
    distances = {
        number: float(np.linalg.norm(each - picture))
        for number, each in enumerate(found.train)
        if found.labels[number] in labels
    }

    neighbours = embedding_map.nearest(found, picture, label=label)

    expected = sorted(distances, key=distances.__getitem__)[:8]
    assert neighbours.positions.tolist() == expected
    np.testing.assert_allclose(
        neighbours.distances, [distances[number] for number in expected], rtol=1e-5
    )


def test_distances_are_those_of_coordinates():
    """A code counts by what its step is worth; a copy is at distance 0."""
    found = by_hand([(3, 2), (0, 1), (2, 0), (0, 0)], [0, 0, 1, 1])

    neighbours = embedding_map.nearest(found, found.coordinates(np.ones(2, np.float32)))

    assert neighbours.positions.tolist() == [3, 1, 2, 0]
    assert neighbours.distances.tolist() == [0, 2, 2, 5]


def test_a_picture_stands_at_the_weighted_mean():
    """Of two neighbours the one at half the distance counts twice."""
    found = by_hand([(0, 0), (3, 6)], [0, 1])
    neighbours = Neighbours(
        positions=np.array([0, 1]), distances=np.array([1, 2], np.float32)
    )

    assert embedding_map.place(found, neighbours, layout="pca") == pytest.approx((1, 2))
    assert embedding_map.place(found, neighbours, layout="umap") == pytest.approx(
        (11, 12)
    )


def test_a_copy_stands_in_its_place():
    """A picture that is also in training stands where that stands."""
    found = by_hand([(5, 5), (-9, 3)], [0, 1])
    neighbours = embedding_map.nearest(found, np.array([5, 10], np.float32))

    place = embedding_map.place(found, neighbours, layout="pca")

    assert neighbours.distances[0] == 0
    assert place == pytest.approx((5, 5), abs=1e-3)


class TwoFeatures(LinearProbe):
    """A network whose features are the first two values of a picture."""

    def answers(self, images) -> Answers:
        """Return them beside logits of 0."""
        self.calls.append(len(images))
        flat = images.reshape(len(images), -1)[:, :2]
        return Answers(
            logits=np.zeros(len(images), np.float32), features=flat.astype(np.float32)
        )


def test_features_come_in_the_order_of_the_pictures():
    """The network is asked a thousand at a time, and how far it is gets told."""
    images = np.random.RandomState(0).randint(0, 256, (2500, 32, 32, 3), np.uint8)
    probe = TwoFeatures(np.zeros((32, 32, 3)))
    shares: list[float] = []

    features = embedding_map.features_of(probe, images, progress=shares.append)

    np.testing.assert_array_equal(features, images.reshape(2500, -1)[:, :2])
    assert probe.calls == [1000, 1000, 500]
    assert shares == [0.4, 0.8, 1.0]


def test_an_ensemble_has_no_features():
    """That is a programmer's slip, told with the name."""

    class Featureless(LinearProbe):
        def answers(self, images) -> Answers:
            return Answers(logits=np.zeros(len(images), np.float32))

    probe = Featureless(np.zeros((32, 32, 3)), name="ensemble")

    with pytest.raises(TypeError, match="Received 'ensemble'"):
        embedding_map.features_of(probe, np.zeros((1, 32, 32, 3), np.uint8))


@pytest.fixture
def models(tmp_path):
    """Return a folder of models with the card of the network."""
    (tmp_path / "cnn").mkdir()
    store.write_card(tmp_path / "cnn", network_card("cnn", "a1"))
    return tmp_path


def test_what_is_written_is_read(found, models):
    """Every array and fact comes back."""
    embedding_map.write(found, models / "cnn")

    read = embedding_map.read("cnn", models)

    for name in EmbeddingMap.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(read, name), getattr(found, name))


def test_two_maps_of_the_whole_data_set_stay_under_12_mb(models):
    """Even of features in which nothing repeats."""
    random = np.random.RandomState(0)
    found = by_hand([(0, 0)], [0])
    kept = embedding_map.NUM_KEPT
    places = {
        f"{split}_{layout}": random.normal(size=(count, 2)).astype(np.float16)
        for split, count in (("test", 20_000), ("train", 100_000))
        for layout in embedding_map.LAYOUTS
    }
    found = replace(
        found,
        steps=np.ones(kept, np.float32),
        test=random.randint(-127, 128, (20_000, kept)).astype(np.float32),
        train=random.randint(-127, 128, (100_000, kept)).astype(np.float32),
        labels=random.randint(0, 2, 100_000).astype(np.int8),
        object_classes=random.randint(0, 10, 100_000).astype(np.int8),
        **places,
    )

    path = embedding_map.write(found, models / "cnn")

    assert 2 * path.stat().st_size < 12_000_000


def test_unknown_networks_are_told(models):
    """The name is looked up like any other."""
    with pytest.raises(UnknownNameError, match="vgg"):
        embedding_map.read("vgg", models)


def test_the_order_of_pictures_has_a_hash():
    """It is the same for a zip and a folder, and another for another order."""
    deep, flat = ["zip/train/FAKE/1.jpg", "zip/train/REAL/2.jpg"], None
    flat = [name.removeprefix("zip/") for name in deep]

    assert names_sha256(deep) == names_sha256(flat)
    assert names_sha256(deep[::-1]) != names_sha256(deep)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what UMAP imports
def test_umap_keeps_groups_together():
    """Two clouds far apart stay apart, and the same seed gives the same places."""
    clouds = np.concatenate([features(60, 1), features(60, 2) + 60])

    places = embedding_map.lay_out(clouds)

    assert places.shape == (120, 2)
    centres = places.reshape(2, 60, 2).mean(axis=1)
    spread = places.reshape(2, 60, 2).std(axis=1).max()
    assert np.linalg.norm(centres[0] - centres[1]) > 3 * spread
    np.testing.assert_array_equal(places, embedding_map.lay_out(clouds))


def test_the_search_is_exact_far_from_the_middle():
    """Thumbnail differences between large coordinates are told apart."""
    random = np.random.RandomState(4)
    places = [(int(x), int(y)) for x, y in random.randint(-3, 4, (300, 2))]
    found = by_hand(places, [0] * 300)
    found = replace(found, train=100 + found.train / 50)
    picture = np.array([100.03, 99.98], np.float32)

    neighbours = embedding_map.nearest(found, picture)

    distances = np.linalg.norm(found.train - picture, axis=1)
    np.testing.assert_array_equal(neighbours.distances, np.sort(distances)[:8])
