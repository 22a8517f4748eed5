"""LIME: a line fitted to the score of pictures with pieces greyed out.

Example:
    explain(network, prepare(image), method="lime", label="FAKE", seed=0).heatmap
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats, Rgb, Rgb32
from cifake_core.explain.explainer import BATCH, Question, RawMap
from cifake_core.explain.methods.superpixels import fade, segment


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

    Source: Ribeiro et al. 2016, arXiv:1602.04938, by the package `lime`.
    """
    from cifake_core.explain.methods.batched_lime import BatchedLime  # noqa: PLC0415 - imports slowly

    pieces = segment(question.pixels)
    num_samples, num_scored = question.settings["num_samples"], 0

    def scores(images: npt.NDArray[np.uint8]) -> Floats:
        nonlocal num_scored
        question.progress(num_scored / num_samples)
        num_scored += len(images)
        return question.scores(images)[:, np.newaxis]

    explainer = BatchedLime(feature_selection="none", random_state=question.seed)
    fitted = explainer.explain_instance(
        question.pixels,
        scores,
        labels=(0,),
        top_labels=None,
        num_samples=num_samples,
        batch_size=BATCH,
        segmentation_fn=lambda _image: pieces,
    )
    question.progress(1.0)
    weights = np.zeros(int(pieces.max()) + 1, np.float32)
    for piece, weight in fitted.local_exp[0]:
        weights[piece] = weight
    return LineFit(
        pieces=pieces,
        kept=explainer.kept,
        scores=explainer.scores[:, 0],
        nearness=explainer.nearness(),
        weights=weights,
        intercept=float(fitted.intercept[0]),
        r_squared=float(fitted.score),
    )
