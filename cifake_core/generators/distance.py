"""How far generated pictures lie from photographs, by a network's features.

Source: Heusel et al. 2017, arXiv:1706.08500 (Frechet distance of two normal
distributions), with features of a network of this product's own.
"""

import numpy as np
from scipy.linalg import eigvalsh

from cifake_core.basics.arrays import Floats


def frechet(one: Floats, other: Floats) -> float:
    """Frechet distance of two sets of features, each seen as normally distributed.

    Args:
        one: (N, K) float32, features of the first pictures.
        other: (M, K) float32, of the second.

    Returns:
        0 for sets of the same mean and covariance. Small sets lie farther apart than
        what they were drawn from: compare only figures of the same N and M.
    """
    means = [each.mean(axis=0, dtype=np.float64) for each in (one, other)]
    spreads = [
        np.atleast_2d(np.cov(each.astype(np.float64), rowvar=False))
        for each in (one, other)
    ]
    # the eigenvalues of the product of two covariances are real and not negative:
    # those of the symmetric root(A) B root(A)
    values, vectors = np.linalg.eigh(spreads[0])
    root = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    shared = np.sqrt(np.maximum(eigvalsh(root @ spreads[1] @ root), 0)).sum()
    apart = float(np.square(means[0] - means[1]).sum())
    return float(apart + np.trace(spreads[0]) + np.trace(spreads[1]) - 2 * shared)
