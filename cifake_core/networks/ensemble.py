"""Several networks as one."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cifake_core.arrays import Floats
from cifake_core.networks import store
from cifake_core.networks.protocols import Probe
from cifake_core.results import Answers


class Ensemble:
    """Several networks whose mean logit is the answer."""

    def __init__(self, name: str, parts: Sequence[Probe]) -> None:
        self.name = name
        self.sha256 = store.joint_sha256([part.sha256 for part in parts])
        self.parts = tuple(parts)

    def logits(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Return the mean of the members' logits for each picture, (N,) float32."""
        return self.answers(images).logits

    def answers(self, images: npt.NDArray[np.uint8]) -> Answers:
        """Return the mean logits; the first member alone says what is in a picture."""
        answers = [part.answers(images) for part in self.parts]
        logits = mean_logit([answer.logits for answer in answers])
        return Answers(logits=logits, objects=answers[0].objects)


def mean_logit(votes: Sequence[Floats]) -> Floats:
    """Return the ensemble's logits from those of its members, all (N,) float32."""
    return np.asarray(np.mean(votes, axis=0), np.float32)
