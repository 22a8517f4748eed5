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
#: Segment counts to ask SLIC for, until the pieces it gives are in that range.
_REQUESTS = (50, 40, 65, 32, 85, 110)
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
    from lime.lime_image import LimeImageExplainer  # noqa: PLC0415 - imports slowly

    started = time.perf_counter()
    pieces = segment(image, compactness=config.compactness)

    def scores(images: npt.NDArray[np.uint8]) -> Floats:
        logits = network.logits(np.asarray(images))
        return np.stack([-logits, logits], axis=1)

    number = LABELS.index(label)
    fitted = LimeImageExplainer(random_state=seed).explain_instance(
        image,
        scores,
        labels=(number,),
        num_features=int(pieces.max()) + 1,
        num_samples=config.num_samples,
        batch_size=_BATCH,
        segmentation_fn=lambda _image: pieces,
        random_seed=seed,
        progress_bar=False,
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
        image: (H, W, 3) uint8, RGB.
        compactness: SLIC's weight of nearness against likeness of colour.

    Returns:
        (H, W) int64 with `MIN_PIECES` to `MAX_PIECES` pieces; where SLIC finds
        another number, as on nearly flat pictures, a 5x5 grid.
    """
    from skimage.segmentation import slic  # noqa: PLC0415 - imports slowly

    for request in _REQUESTS:
        pieces = slic(image, n_segments=request, compactness=compactness, start_label=0)
        if MIN_PIECES <= pieces.max() + 1 <= MAX_PIECES:
            return np.asarray(pieces, np.int64)
    height, width = image.shape[:2]
    rows, columns = np.arange(height) * 5 // height, np.arange(width) * 5 // width
    return rows[:, None] * 5 + columns[None, :]
