"""LIME: which pieces of a picture a network's score leans on."""

import time
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from cifake_core.arrays import Floats, Rgb
from cifake_core.networks.protocols import Scorer
from cifake_core.results import LABELS, Explanation, Label

#: A person can read a map of so many pieces, and 32x32 pixels can fill them.
MIN_PIECES, MAX_PIECES = 20, 40
#: Asked of SLIC, which rounds it to a grid: 6x6 pieces on a flat 32x32 picture.
_NUM_PIECES = 50
_NUM_TRIES = 12
_BATCH = 250


@dataclass(frozen=True, kw_only=True, slots=True)
class LimeConfig:
    """How many perturbed pictures LIME draws, and how SLIC cuts the picture."""

    num_samples: int = 1000
    compactness: float = 10.0


_DEFAULTS = LimeConfig()


def lime(
    network: Scorer,
    image: Rgb,
    *,
    label: Label,
    seed: int = 0,
    config: LimeConfig = _DEFAULTS,
) -> Explanation:
    """Return which pieces of `image` speak for and against `label`.

    Pieces are greyed out to their mean colour at random and the network scores
    the result: it is the RGB picture that is perturbed, and filtered after that
    where the network sees planes. The line is fitted to the logit, which does
    not saturate as the probability does.

    Args:
        network: a compiled network or ensemble.
        image: (32, 32, 3) uint8, RGB.
        label: what the evidence is for.
        seed: decides the perturbations; the same seed gives the same map.
        config: how many samples are drawn and how the picture is cut.

    Source: Ribeiro et al. 2016, arXiv:1602.04938, by the package `lime`.
    """
    from cifake_core.explain._batched_lime import (  # noqa: PLC0415 - imports slowly
        BatchedLime,
    )

    started = time.perf_counter()
    pieces = segment(image, compactness=config.compactness)

    def scores(images: npt.NDArray[np.uint8]) -> Floats:
        logits = network.logits(images)
        return np.stack([-logits, logits], axis=1)

    number = LABELS.index(label)
    explainer = BatchedLime(feature_selection="none", random_state=seed)
    fitted = explainer.explain_instance(
        image,
        scores,
        labels=(number,),
        top_labels=None,
        num_samples=config.num_samples,
        batch_size=_BATCH,
        segmentation_fn=lambda _image: pieces,
    )
    weights = np.zeros(int(pieces.max()) + 1, np.float32)
    for piece, weight in fitted.local_exp[number]:
        weights[piece] = weight
    largest = np.abs(weights).max()
    return Explanation(
        heatmap=(weights / largest if largest > 0 else weights)[pieces],
        label=label,
        signed=True,
        method="lime",
        network=network.name,
        model_sha256=network.sha256,
        seed=seed,
        seconds=time.perf_counter() - started,
        settings={**asdict(config), "pieces": len(weights)},
    )


def segment(image: Rgb, *, compactness: float = 10.0) -> npt.NDArray[np.int64]:
    """Return the pieces of `image`, numbered from 0.

    Args:
        image: (32, 32, 3) uint8, RGB.
        compactness: SLIC's weight of nearness against likeness of colour. It is
            doubled until the number of pieces is in range, as noise needs; the
            higher it is, the nearer the pieces are to a grid of 6x6 squares.

    Returns:
        (32, 32) int64 with `MIN_PIECES` to `MAX_PIECES` pieces.

    Source: Achanta et al. 2012, doi:10.1109/TPAMI.2012.120, by scikit-image.
    """
    from skimage.segmentation import slic  # noqa: PLC0415 - imports slowly

    for doubling in range(_NUM_TRIES):
        pieces = slic(
            image,
            n_segments=_NUM_PIECES,
            compactness=compactness * 2**doubling,
            start_label=0,
        )
        if MIN_PIECES <= pieces.max() + 1 <= MAX_PIECES:
            break
    return np.asarray(pieces, np.int64)
