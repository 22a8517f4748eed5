"""The image explainer of the package `lime`, perturbing a batch at a time."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from lime.lime_image import LimeImageExplainer
from sklearn.metrics import pairwise_distances

from cifake_core.basics.arrays import Floats, Rgb


# the package has no types, so mypy sees `Any` as the parent
class BatchedLime(LimeImageExplainer):  # type: ignore[misc]
    """LIME with the same draws and answers, but no loop over single pictures.

    The package's own loop costs more than is needed and writes a progress bar
    to stderr. What was drawn last, and its scores, stay in `kept` and `scores`.
    """

    kept: npt.NDArray[np.int64]
    scores: Floats

    def data_labels(  # noqa: PLR0913, PLR0917 - the package calls it so
        self,
        image: Rgb,
        fudged_image: Rgb,
        segments: npt.NDArray[np.int64],
        classifier_fn: Callable[[npt.NDArray[np.uint8]], Floats],
        num_samples: int,
        batch_size: int = 250,
    ) -> tuple[npt.NDArray[np.int64], Floats]:
        """Return the pieces that each sample kept, and its scores.

        Args:
            image: (H, W, 3) uint8, RGB.
            fudged_image: the same with every piece taken away.
            segments: (H, W) int64, the pieces, numbered from 0.
            classifier_fn: gives (N, L) scores for (N, H, W, 3) pictures.
            num_samples: how many there are; the first keeps every piece.
            batch_size: how many are scored at a time.

        Returns:
            (num_samples, pieces) of 0 and 1, and (num_samples, L) scores.
        """
        num_pieces = int(segments.max()) + 1
        kept = self.random_state.randint(0, 2, (num_samples, num_pieces))
        kept[0] = 1
        scores = [
            classifier_fn(np.where(rows[:, segments, None], image, fudged_image))
            for rows in np.split(kept, range(batch_size, num_samples, batch_size))
        ]
        self.kept, self.scores = kept, np.concatenate(scores)
        return self.kept, self.scores

    def nearness(self) -> Floats:
        """Return the weight of each of the last samples in the fit, (N,) 0 to 1.

        It falls with the cosine distance to the whole picture.
        """
        distances = pairwise_distances(self.kept, self.kept[:1], metric="cosine")
        return np.asarray(self.base.kernel_fn(distances.ravel()), np.float32)
