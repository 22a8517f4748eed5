"""LIME: which pieces of a picture a network's score leans on."""

import numpy as np
import numpy.typing as npt

from cifake_core.arrays import Floats
from cifake_core.explain.explainer import BATCH, Evidence, Question
from cifake_core.explain.superpixels import segment


def lime(question: Question) -> Evidence:
    """Return the weight of each piece of the picture in a line fitted to the score.

    Pieces are greyed out to their mean colour at random and the network scores
    the result: it is the RGB picture that is perturbed, and filtered after that
    where the network sees planes. The line is fitted to the logit, which does
    not saturate as the probability does.

    Source: Ribeiro et al. 2016, arXiv:1602.04938, by the package `lime`.
    """
    from cifake_core.explain._batched_lime import (  # noqa: PLC0415 - imports slowly
        BatchedLime,
    )

    pieces = segment(question.image)
    num_samples, num_scored = question.settings["num_samples"], 0

    def scores(images: npt.NDArray[np.uint8]) -> Floats:
        nonlocal num_scored
        question.progress(num_scored / num_samples)
        num_scored += len(images)
        return question.scores(images)[:, None]

    explainer = BatchedLime(feature_selection="none", random_state=question.seed)
    fitted = explainer.explain_instance(
        question.image,
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
    return Evidence(heatmap=weights[pieces], facts={"pieces": len(weights)})
