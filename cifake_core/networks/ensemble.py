"""Several networks as one."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.networks import store
from cifake_core.networks.protocols import Probe, Scorer
from cifake_core.networks.records import Answers


class Ensemble:
    """Several networks whose logits are weighed and added."""

    def __init__(
        self, name: str, parts: Sequence[Probe], *, weights: Sequence[float]
    ) -> None:
        self.name = name
        self.sha256 = store.joint_sha256([part.sha256 for part in parts])
        self.parts = tuple(parts)
        self.weights = tuple(weights)

    def logits(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Return the weighted sum of the members' logits, (N,) float32."""
        return self.answers(images).logits

    def answers(self, images: npt.NDArray[np.uint8]) -> Answers:
        """Return the logits; the first member alone says what is in a picture."""
        answers = [part.answers(images) for part in self.parts]
        logits = weighted_sum([answer.logits for answer in answers], self.weights)
        return Answers(logits=logits, objects=answers[0].objects)


def with_parts(network: Scorer, parts: Sequence[Probe]) -> Scorer:
    """Return what `network` is, made of other `parts`: one alone, or an ensemble."""
    if len(parts) == 1:
        return parts[0]
    return Ensemble(network.name, parts, weights=network.weights)


def weighted_sum(votes: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """Return the ensemble's logits from those of its members, all (N,) float32."""
    return np.asarray(np.tensordot(np.array(weights), np.stack(votes), 1), np.float32)
