"""Is a picture like those the networks learnt from? Asked of their features.

A network that never saw the like of a picture is sure of it all the same. Where its
features lie, compared with those of the training pictures, tells what the logit does
not. Only their direction counts: how long they are says more of contrast than of kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt
from scipy.linalg import cholesky, solve_triangular

from cifake_core.basics.arrays import Floats
from cifake_core.basics.artefacts import Artefact

#: In the folder of shipped networks.
DOMAIN_FILE: Final = "domain.npz"

#: Share of the mean variance added to each feature's, against dead features.
_RIDGE: Final = 1e-3
_TINY: Final = 1e-12


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Header:
    """What is kept of a domain beside its arrays."""

    SCHEMA: ClassVar[int] = 1

    model_sha256: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Domain:
    """Where the directions of training features lie, for each network by its name.

    `means` are (K,) float32, `spreads` (K, K) float32, the lower Cholesky factors of
    the covariances; `model_sha256` names the weights.
    """

    means: Mapping[str, Floats]
    spreads: Mapping[str, Floats]
    model_sha256: Mapping[str, str]

    def distances(self, features: Mapping[str, Floats]) -> npt.NDArray[np.float64]:
        """Mahalanobis distance of pictures from those of training, (N,).

        It is divided by the root of K, and of the networks the
        root of the mean square: about 1 for a picture like those of training.

        Args:
            features: (N, K) float32 of each network, as in `results.Answers`.
        """
        squares = []
        for name, mean in self.means.items():
            steps = (_directions(features[name]) - mean).T
            apart = solve_triangular(self.spreads[name], steps, lower=True)
            squares.append((apart**2).mean(axis=0))
        return np.asarray(np.sqrt(np.mean(squares, axis=0)), np.float64)


def fit(features: Mapping[str, Floats], *, model_sha256: Mapping[str, str]) -> Domain:
    """Domain of the features of training pictures.

    Args:
        features: (N, K) float32 of each network, by its name.
        model_sha256: of each network's weights.

    Source: Lee et al. 2018, arXiv:1807.03888, section 2.1, with one mean; directions
        instead of features after Mueller & Hein 2025, arXiv:2505.18032.
    """
    means, spreads = {}, {}
    for name, found in features.items():
        directions = _directions(found)
        covariance = np.atleast_2d(np.cov(directions.T, bias=True))
        ridge = _RIDGE * np.trace(covariance) / len(covariance) + _TINY
        factor = cholesky(covariance + ridge * np.eye(len(covariance)), lower=True)
        means[name] = directions.mean(axis=0).astype(np.float32)
        spreads[name] = factor.astype(np.float32)
    return Domain(means=means, spreads=spreads, model_sha256=dict(model_sha256))


def write(domain: Domain, folder: Path) -> Path:
    """Write the domain to its file in `folder`, whole or not at all; return it.

    Raises:
        OSError: If it cannot be written.
    """
    header = _Header(model_sha256=domain.model_sha256)
    arrays = {}
    for name in domain.model_sha256:
        arrays[f"{name}_mean"] = domain.means[name]
        arrays[f"{name}_spread"] = domain.spreads[name]
    return _artefact(folder).write_arrays(header, arrays)


def read(model_sha256: Mapping[str, str], models: Path) -> Domain:
    """Domain of the networks in `models`.

    Args:
        model_sha256: the hash of each network that is in use, by its name.
        models: the folder of networks.

    Raises:
        ModelUnavailableError: If it is missing, damaged or made with other weights.
    """
    artefact = _artefact(models)
    header, arrays = artefact.read_arrays(_Header)
    made_with = {
        name: sha256
        for name, sha256 in header.model_sha256.items()
        if name in model_sha256  # it may know more networks than are in use
    }
    artefact.check_weights(made_with, model_sha256)
    with artefact.reading():
        return Domain(
            means={name: arrays[f"{name}_mean"] for name in made_with},
            spreads={name: arrays[f"{name}_spread"] for name in made_with},
            model_sha256=made_with,
        )


def _artefact(folder: Path) -> Artefact:
    """The file of the domain in `folder`."""
    return Artefact(
        folder / DOMAIN_FILE,
        what="file of the networks' feature domain",
        remedy="Make it with `python -m cifake_core policy`.",
    )


def _directions(features: Floats) -> npt.NDArray[np.float64]:
    """Return features, (N, K), at length 1."""
    exact = features.astype(np.float64)
    lengths = np.linalg.norm(exact, axis=1, keepdims=True)
    return np.asarray(exact / np.maximum(lengths, _TINY), np.float64)
