"""Occlusion: the fall of the score when a patch is covered.

Example:
    explain(network, prepare(image), method="occlusion", label="FAKE").heatmap
"""

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import SIDE
from cifake_core.explain.explainer import Question, RawMap

#: Patches lie half their side apart, so that each pixel is in two times two.
_COVERS = 4


def occlusion(question: Question) -> RawMap:
    """Occlusion: the fall of the label's score, shared out over each patch's pixels.

        share[p] = mean over patches P with p of (y(x) - y(x without P)) / |P|

    A patch is covered with the picture's mean colour before it is filtered for a
    network on the planes. For a linear network the map adds up to the score of the
    picture less that of a flat one.

    Source: Zeiler & Fergus 2014, arXiv:1311.2901, section 4.2.
    """
    covered = patches(question.settings["side"])
    whole = np.ones((1, SIDE, SIDE), np.bool_)
    scores = question.scores_of_parts(np.concatenate([whole, ~covered]), question.flat)
    falls = (scores[0] - scores[1:]) / covered.sum(axis=(1, 2))
    heatmap = np.tensordot(falls, covered.astype(np.float32), 1) / _COVERS
    return RawMap(
        heatmap=np.asarray(heatmap, np.float32), facts={"cover": "mean colour"}
    )


def patches(side: int) -> npt.NDArray[np.bool_]:
    """Return the patches that are covered one after the other, (N, 32, 32).

    Args:
        side: pixels, even. Patches begin `side / 2` apart; the outermost reach over
            the picture's edge, so that every pixel is in four.

    Example:
        >>> int(patches(8).sum(axis=0).min()), int(patches(8).sum(axis=0).max())
        (4, 4)
    """
    starts = np.arange(-side // 2, SIDE, side // 2)[:, np.newaxis]
    pixels = np.arange(SIDE)
    lines = (starts <= pixels) & (pixels < starts + side)
    both = lines[:, np.newaxis, :, np.newaxis] & lines[np.newaxis, :, np.newaxis, :]
    return both.reshape(-1, SIDE, SIDE)
