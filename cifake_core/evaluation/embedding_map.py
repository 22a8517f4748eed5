"""Where pictures lie for a network: what it takes for alike lies close together.

Of a network's features a few principal components are kept, so few that those of
all training pictures can be shipped and searched without the network.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.labels import LABELS, Label
from cifake_core.data.archive import names_sha256
from cifake_core.data.cifake import Split
from cifake_core.networks import store
from cifake_core.networks.protocols import Scorer
from cifake_core.pictures.records import PreparedPicture

Layout: TypeAlias = Literal["umap", "pca"]

LAYOUTS: Final[tuple[Layout, ...]] = ("umap", "pca")
NUM_NEIGHBOURS: Final = 8
#: Principal components that are kept. On the 2D-CNN they hold 96 % of the variance,
#: and 82 % of the eight nearest pictures are those that all 128 features would give.
NUM_KEPT: Final = 24
#: The largest number in a code of 8 bits, either way.
_MOST: Final = 127
_CHUNK: Final = 1000
_NUM_MEASURED: Final = 64
_PLACES: Final = ("test_pca", "train_pca", "test_umap", "train_umap")
_COLUMNS: Final = ("mean", "axes", "steps", "labels", "object_classes", *_PLACES)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class EmbeddingMap:
    """Map of the N test and the M training pictures, by the features of one network.

    `mean` is (K,) and `axes` (D, K) float32: they take K features to D
    coordinates, the principal components of the training pictures' features,
    which hold the share `explained` of their variance. `test` is (N, D) and
    `train` (M, D) float32: the pictures' coordinates, in whole multiples of `steps`,
    (D,) float32, at most 127 of them either way.
    `labels` and `object_classes` are (M,) int8, as in `dataset.Split`, whose order
    and files `train_sha256` vouches for. `test_pca`, `test_umap`, (N, 2), and
    `train_pca`, `train_umap`, (M, 2), float16, are places on two maps.
    """

    network: str
    model_sha256: str
    train_sha256: str
    explained: float
    mean: Floats
    axes: Floats
    steps: Floats
    test: Floats
    train: Floats
    labels: npt.NDArray[np.int8]
    object_classes: npt.NDArray[np.int8]
    test_pca: npt.NDArray[np.float16]
    train_pca: npt.NDArray[np.float16]
    test_umap: npt.NDArray[np.float16]
    train_umap: npt.NDArray[np.float16]

    def coordinates(self, features: Floats) -> Floats:
        """Return (D,) float32, the coordinates of one picture's (K,) features."""
        return self.axes @ (features - self.mean)

    def test_places(self, layout: Layout) -> Floats:
        """Return (N, 2) float32, where the test pictures stand on a map."""
        return {"pca": self.test_pca, "umap": self.test_umap}[layout].astype(np.float32)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Header:
    """What is kept of a map beside its arrays."""

    SCHEMA: ClassVar[int] = 1

    model_sha256: str
    train_sha256: str
    explained: float


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Neighbours:
    """The training pictures nearest to a picture, the nearest first.

    `positions` is (8,) int64, in the training split; `distances` is (8,) float32,
    between coordinates.
    """

    positions: npt.NDArray[np.int64]
    distances: Floats


def features_of(
    network: Scorer,
    images: npt.NDArray[np.uint8],
    *,
    progress: Callable[[float], None] | None = None,
) -> Floats:
    """Return (N, K) float32, what a network's last layer but one holds of pictures.

    Args:
        network: no ensemble: those have no features.
        images: (N, 32, 32, 3) uint8, RGB; may be a memory map.
        progress: told the share done, 0 to 1.
    """
    parts = []
    for start in range(0, len(images), _CHUNK):
        features = network.answers(images[start : start + _CHUNK]).features
        if features is None:
            msg = f"Expected a network with features. Received {network.name!r}."
            raise TypeError(msg)
        parts.append(features)
        if progress is not None:
            progress(min(1.0, (start + _CHUNK) / len(images)))
    return np.concatenate(parts)


def lay_out(coordinates: Floats) -> Floats:
    """Return (N, 2) float32, the places of pictures on UMAP's map.

    Source: McInnes et al. 2018, arXiv:1802.03426, with the settings of umap-learn.
    """
    from umap import UMAP  # noqa: PLC0415 - takes seconds; only this command needs it

    # a seed makes it repeatable, and so allows one core only
    return np.asarray(
        UMAP(init="pca", random_state=0, n_jobs=1).fit_transform(coordinates),
        np.float32,
    )


def features_of_picture(network: Scorer, picture: PreparedPicture) -> Floats:
    """Return (K,) float32, the features of one picture.

    Raises:
        TypeError: If the network is an ensemble: those have no features.
    """
    features = network.predict(picture).features
    if features is None:
        msg = f"Expected a network with features. Received {network.name!r}."
        raise TypeError(msg)
    return features[0]


def fit(
    test_features: Floats,
    train_features: Floats,
    *,
    train: Split,
    network: Scorer,
    lay_out: Callable[[Floats], Floats] = lay_out,
) -> EmbeddingMap:
    """Return the map of a network; laying out 120,000 pictures takes minutes.

    Args:
        test_features: (N, K) float32, as `features_of` returns them.
        train_features: (M, K) float32.
        train: the training pictures, in the same order.
        network: whose features they are.
        lay_out: gives the places on the map, (N + M, 2), from coordinates.
    """
    from sklearn.decomposition import PCA  # noqa: PLC0415 - pages do without it

    num_kept = min(NUM_KEPT, train_features.shape[1])
    pca = PCA(num_kept, svd_solver="covariance_eigh").fit(train_features)
    both = pca.transform(np.concatenate([test_features, train_features]))
    both = np.asarray(both, np.float32)
    tiny = np.finfo(np.float32).tiny
    steps = np.maximum(np.abs(both).max(axis=0) / _MOST, tiny).astype(np.float32)
    kept = np.rint(both / steps) * steps
    places = lay_out(both).astype(np.float16)
    num_test = len(test_features)
    return EmbeddingMap(
        network=network.name,
        model_sha256=network.sha256,
        train_sha256=names_sha256(train.members),
        explained=float(pca.explained_variance_ratio_.sum()),
        mean=pca.mean_.astype(np.float32),
        axes=pca.components_.astype(np.float32),
        steps=steps,
        test=kept[:num_test],
        train=kept[num_test:],
        labels=train.labels,
        object_classes=train.object_classes,
        test_pca=both[:num_test, :2].astype(np.float16),
        train_pca=both[num_test:, :2].astype(np.float16),
        test_umap=places[:num_test],
        train_umap=places[num_test:],
    )


def nearest(
    found: EmbeddingMap, coordinates: Floats, *, label: Label | None = None
) -> Neighbours:
    """Return the eight training pictures nearest to a picture, by exact search.

    Args:
        found: the map of the network.
        coordinates: (D,) float32, those of the picture.
        label: only pictures of this label; both by default.
    """
    squares = np.einsum("md,md->m", found.train, found.train)
    squares -= 2 * (found.train @ coordinates)
    if label is not None:
        squares[found.labels != LABELS.index(label)] = np.inf
    # differences of large numbers are rough: the best of them are measured again
    num_measured = min(_NUM_MEASURED, len(squares))
    best = np.sort(np.argpartition(squares, num_measured - 1)[:num_measured])
    best = best[np.isfinite(squares[best])]
    distances = np.linalg.norm(found.train[best] - coordinates, axis=1)
    first = np.argsort(distances, kind="stable")[:NUM_NEIGHBOURS]
    return Neighbours(positions=best[first], distances=distances[first])


def place(
    found: EmbeddingMap, neighbours: Neighbours, *, layout: Layout
) -> tuple[float, float]:
    """Place of a picture on a map: the mean of its neighbours' places.

    Each counts by the inverse of its distance; a picture that is one of them, at
    distance 0, stands in its place.
    """
    places = {"pca": found.train_pca, "umap": found.train_umap}[layout]
    tiny = 1e-6 * max(1.0, float(neighbours.distances.max()))
    weights = 1 / np.maximum(neighbours.distances, tiny)
    x, y = np.average(
        places[neighbours.positions].astype(np.float64), axis=0, weights=weights
    )
    return float(x), float(y)


def write(found: EmbeddingMap, folder: Path) -> Path:
    """Write the map beside the network in `folder`, whole or not at all; return it.

    Raises:
        OSError: If it cannot be written.
    """
    header = _Header(
        model_sha256=found.model_sha256,
        train_sha256=found.train_sha256,
        explained=found.explained,
    )
    codes = {
        "test": _codes(found.test, found.steps),
        "train": _codes(found.train, found.steps),
    }
    columns = {name: getattr(found, name) for name in _COLUMNS}
    return _artefact(folder).write_arrays(header, codes | columns)


def _codes(coordinates: Floats, steps: Floats) -> npt.NDArray[np.int8]:
    """Coordinates, (N, D), as numbers of steps."""
    return np.rint(coordinates / steps).astype(np.int8)


def read(name: str, models: Path) -> EmbeddingMap:
    """Shipped map of a network.

    Raises:
        UnknownNameError: If there is no such network.
        NotMadeError: If there is no map yet.
        ModelUnavailableError: If it is damaged or made with other weights.
    """
    revision = store.revision(name, models)
    artefact = _artefact(models / name)
    header, arrays = artefact.read_arrays(_Header)
    artefact.check_weights({name: header.model_sha256}, {name: revision})
    with artefact.reading():
        columns: dict[str, Any] = {  # arrays of several types
            key: arrays[key] for key in _COLUMNS
        }
        return EmbeddingMap(
            network=name,
            model_sha256=header.model_sha256,
            train_sha256=header.train_sha256,
            explained=header.explained,
            test=arrays["test"] * columns["steps"],
            train=arrays["train"] * columns["steps"],
            **columns,
        )


def _artefact(folder: Path) -> Artefact:
    """The map of the network in `folder`."""
    remedy = f"Make it with `python -m cifake_core map {folder.name}`."
    return Artefact(folder / store.MAP_FILE, what="embedding map", remedy=remedy)
