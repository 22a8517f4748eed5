"""Sanity check of saliency maps: rank correlation before and after randomisation."""

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from cifake_core.basics.arrays import Floats


def rank_correlation(one: Floats, other: Floats) -> float:
    """Return Spearman's rank correlation of two maps, -1 to 1.

    A map that is the same everywhere says nothing, so its correlation is 0.

    Source: Adebayo et al. 2018, arXiv:1810.03292, section 3.
    """
    a, b = _centred_ranks(one), _centred_ranks(other)
    scale = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / scale) if scale > 0 else 0.0


def _centred_ranks(heatmap: Floats) -> npt.NDArray[np.float64]:
    """Return the ranks of all pixels less their mean; equal ones share theirs."""
    ranks = rankdata(heatmap)
    return np.asarray(ranks - ranks.mean(), np.float64)
