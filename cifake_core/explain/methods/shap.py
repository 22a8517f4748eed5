"""SHAP: sampled Shapley values of the pieces of a picture.

The package `shap` would draw from NumPy's global generator, which other sessions
move on at the same time, so that a seed would not repeat a map.

Example:
    explain(network, prepare(image), method="shap", label="FAKE", seed=0).heatmap
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.explain.explainer import Question, RawMap
from cifake_core.explain.methods.superpixels import fade, segment

#: From (N, n) bool, which things are there, to (N,) float32, what they are worth.
Worth: TypeAlias = Callable[[npt.NDArray[np.bool_]], Floats]


def shap(question: Question) -> RawMap:
    """SHAP: the sampled Shapley value of each piece of the picture.

        phi[j] = mean over orders of (score(pieces up to j) - score(pieces before j))

    The pieces are LIME's, and a piece that is left out is in its mean colour as
    with LIME. The values add up to the score of the picture less that of the
    picture with every piece left out.

    Source: Lundberg & Lee 2017, arXiv:1705.07874, equation 8.
    """
    pieces = segment(question.pixels)
    faded = fade(question.pixels, pieces)
    orders = draw_orders(
        int(pieces.max()) + 1,
        num_samples=question.settings["num_samples"],
        random=np.random.RandomState(question.seed),
    )
    values = sampled_values(
        lambda kept: question.scores_of_parts(kept[:, pieces], faded), orders
    )
    facts = {"pieces": len(values), "orders": len(orders)}
    return RawMap(heatmap=values[pieces], facts=facts)


def draw_orders(
    count: int, *, num_samples: int, random: np.random.RandomState
) -> npt.NDArray[np.int64]:
    """Return random orders of `count` things, each followed by its reverse.

    In pairs they are exact wherever at most two things act together.

    Args:
        count: how many things; at least 2.
        num_samples: how many sets of them may be asked about; orders enough to use
            them up, and at least one pair.
        random: decides the orders.

    Returns:
        (orders, count) int64.

    Source: Mitchell et al. 2022, arXiv:2104.12199.
    """
    num_pairs = max(1, (num_samples - 2) // (2 * (count - 1)))
    pairs = [random.permutation(count) for _ in range(num_pairs)]
    return np.array([order for one in pairs for order in (one, one[::-1])])


def sampled_values(worth: Worth, orders: npt.NDArray[np.int64]) -> Floats:
    """Return the mean over `orders` of what each thing adds when it comes.

    Args:
        worth: asked once, about every set that is met.
        orders: (m, n) int64; each row is an order of n things.

    Returns:
        (n,) float32, which add up to the worth of all less that of none.

    Example:
        Worth is the number of things squared: the second to come adds more.

        >>> orders = np.array([[0, 1], [1, 0]])
        >>> sampled_values(lambda kept: kept.sum(axis=1) ** 2, orders).tolist()
        [2.0, 2.0]

    Source: Castro et al. 2009, doi:10.1016/j.cor.2008.04.004.
    """
    num_orders, count = orders.shape
    places = orders.argsort(axis=1)
    # row k of an order holds its first k + 1 things; all but the last, which is all
    begun = places[:, np.newaxis] <= np.arange(count - 1)[:, np.newaxis]
    ends = np.array([[False] * count, [True] * count])
    worths = worth(np.concatenate([ends, begun.reshape(-1, count)])).astype(np.float64)
    steps = np.empty((num_orders, count + 1))
    steps[:, 0], steps[:, -1] = worths[:2]
    steps[:, 1:-1] = worths[2:].reshape(num_orders, count - 1)
    added = np.take_along_axis(np.diff(steps, axis=1), places, axis=1)
    return np.asarray(added.mean(axis=0), np.float32)
