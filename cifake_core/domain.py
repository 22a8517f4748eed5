"""Is a picture like those a network was trained on? Asked of the network's features.

A network that never saw the like of a picture is sure of it all the same. How far
its features lie from those of the training pictures tells what the logit does not.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from scipy.linalg import cholesky, solve_triangular

from cifake_core.arrays import Floats
from cifake_core.errors import ModelUnavailableError
from cifake_core.networks import store

_REMEDY: Final = "Make it with `python -m cifake_core policy`."
#: Share of the mean variance added to each feature's, against dead features.
_RIDGE: Final = 1e-3


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FeatureSpace:
    """Where the features of a network's training pictures lie.

    `means` is (G, K) float32, the mean features of each group of pictures (a label
    and an object class); `spread` is (K, K) float32, the lower Cholesky factor of
    the covariance around them, the same for all groups.
    """

    network: str
    model_sha256: str
    means: Floats
    spread: Floats

    def distances(self, features: Floats) -> npt.NDArray[np.float64]:
        """Return the Mahalanobis distance of each picture to the nearest mean.

        Args:
            features: (N, K) float32, as in `results.Answers`.

        Returns:
            (N,) float64; about the root of K for a picture like those of training.
        """
        places, centres = (
            solve_triangular(self.spread, points.T.astype(np.float64), lower=True)
            for points in (features, self.means)
        )
        squares = (places**2).sum(axis=0)[:, None] + (centres**2).sum(axis=0)
        nearest = (squares - 2 * places.T @ centres).min(axis=1)
        return np.sqrt(np.maximum(nearest, 0))


def fit(
    features: Floats,
    groups: npt.NDArray[np.integer],
    *,
    network: str,
    model_sha256: str,
) -> FeatureSpace:
    """Return where `features` lie.

    Args:
        features: (N, K) float32, of training pictures.
        groups: (N,) integers: pictures of one number share a mean.
        network: whose features they are.
        model_sha256: of its weights.

    Source: Lee et al. 2018, arXiv:1807.03888, section 2.1.
    """
    numbers, members = np.unique(groups, return_inverse=True)
    exact = features.astype(np.float64)
    means = np.stack([exact[members == i].mean(axis=0) for i in range(len(numbers))])
    rest = exact - means[members]
    covariance = rest.T @ rest / len(rest)
    ridge = _RIDGE * np.trace(covariance) / len(covariance)
    return FeatureSpace(
        network=network,
        model_sha256=model_sha256,
        means=means.astype(np.float32),
        spread=cholesky(
            covariance + ridge * np.eye(len(covariance)), lower=True
        ).astype(np.float32),
    )


def write(space: FeatureSpace, folder: Path) -> None:
    """Write the space beside the network in `folder`, whole or not at all."""
    scratch = folder / f"part.{store.DOMAIN_FILE}"
    np.savez_compressed(
        scratch,
        means=space.means,
        spread=space.spread,
        model_sha256=np.array(space.model_sha256),
    )
    scratch.replace(folder / store.DOMAIN_FILE)


def read(name: str, models: Path = store.MODELS) -> FeatureSpace:
    """Return the feature space of a shipped network.

    Raises:
        ModelUnavailableError: If it is missing, damaged or of other weights.
    """
    path = models / name / store.DOMAIN_FILE
    try:
        with path.open("rb") as stream, np.load(stream) as file:
            space = FeatureSpace(
                network=name,
                model_sha256=str(file["model_sha256"]),
                means=file["means"],
                spread=file["spread"],
            )
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        msg = f"{path} cannot be read: {error}. {_REMEDY}"
        raise ModelUnavailableError(msg) from error
    if space.model_sha256 != store.revision(name, models):
        msg = f"{path} was made with other weights. {_REMEDY}"
        raise ModelUnavailableError(msg)
    return space
