"""LIME: a line fitted to the score of pictures with pieces greyed out.

Example:
    explain(network, prepare(image), method="lime", label="FAKE", seed=0).heatmap
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats, Rgb, Rgb32
from cifake_core.explain.explainer import Question, RawMap
from cifake_core.explain.methods.superpixels import fade, segment

#: Width of the kernel that weighs the changed pictures, as in `lime.lime_image`.
_KERNEL_WIDTH: Final = 0.25


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class LineFit:
    """Line that LIME fits to the scores of N changed pictures, and those pictures.

    `pieces` is (32, 32) int64, numbered from 0 to P - 1; `kept` is (N, P) of 0 and 1,
    the first row all 1; `scores` and `nearness` are (N,), what the network said and
    how much the fit listens to it, 0 to 1. The line says `intercept` plus the
    `weights`, (P,) float32, of the pieces kept; `r_squared` is the share of the
    scores' variance that it explains, each counted by its nearness.
    """

    pieces: npt.NDArray[np.int64]
    kept: npt.NDArray[np.int64]
    scores: Floats
    nearness: Floats
    weights: Floats
    intercept: float
    r_squared: float

    @property
    def fitted(self) -> Floats:
        """Score of each changed picture by the line, (N,) float32."""
        return np.asarray(self.kept @ self.weights + self.intercept, np.float32)

    def changed(self, pixels: Rgb32, row: int) -> Rgb:
        """Return the picture that was scored in `row`, (32, 32, 3) uint8."""
        shown = self.kept[row][self.pieces, np.newaxis].astype(bool)
        return np.where(shown, pixels, fade(pixels, self.pieces))


def lime(question: Question) -> RawMap:
    """LIME: the weight of each piece of the picture in a line fitted to the score.

    With z[j] = 1 where piece j is kept and 0 where it is greyed out, the weights w
    minimise, with a small ridge,

        sum over z of nearness(z) * (score(z) - b - sum over j of w[j] z[j])^2

    where nearness falls with the cosine distance of z to the whole picture.

    Source: Ribeiro et al. 2016, arXiv:1602.04938, equation 2; see `fit_line`.
    """
    fit = fit_line(question)
    return RawMap(heatmap=fit.weights[fit.pieces], facts={"pieces": len(fit.weights)})


def fit_line(question: Question) -> LineFit:
    """LIME's changed pictures of one picture, and its line through their scores.

    Pieces are greyed out to their mean colour at random and the network scores
    the result: it is the RGB picture that is perturbed, and filtered after that
    where the network sees planes. The line is fitted to the logit, which does
    not saturate as the probability does.

    Source: Ribeiro et al. 2016, arXiv:1602.04938; the fit is the package `lime`'s.
    """
    # these import slowly
    from lime.lime_base import LimeBase  # noqa: PLC0415
    from sklearn.metrics.pairwise import cosine_distances  # noqa: PLC0415

    pieces = segment(question.pixels)
    kept = _draw(question.settings["num_samples"], int(pieces.max()) + 1, question.seed)
    scores = question.scores_of_parts(
        kept.astype(bool)[:, pieces], fade(question.pixels, pieces)
    )
    distances = cosine_distances(kept, kept[:1]).ravel()
    base = LimeBase(_nearness)
    intercept, weight_of_piece, r_squared, _ = base.explain_instance_with_data(
        kept,
        scores[:, np.newaxis],
        distances,
        label=0,
        num_features=kept.shape[1],
        feature_selection="none",
    )
    weights = np.zeros(kept.shape[1], np.float32)
    for piece, weight in weight_of_piece:
        weights[piece] = weight
    return LineFit(
        pieces=pieces,
        kept=kept,
        scores=scores,
        nearness=np.asarray(_nearness(distances), np.float32),
        weights=weights,
        intercept=float(intercept),
        r_squared=float(r_squared),
    )


def _draw(num_samples: int, num_pieces: int, seed: int) -> npt.NDArray[np.int64]:
    """Pieces that each changed picture keeps, (N, P) of 0 and 1, the first all."""
    random = np.random.RandomState(seed)
    random.randint(1000)  # the package's own draw for a segmentation at random
    kept = random.randint(0, 2, (num_samples, num_pieces))
    kept[0] = 1
    return kept


def _nearness(distances: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """LIME's exponential kernel: 1 for the whole picture, less for one changed more."""
    return np.asarray(np.sqrt(np.exp(-(distances**2) / _KERNEL_WIDTH**2)))
