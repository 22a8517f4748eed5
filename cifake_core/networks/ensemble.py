"""Ensemble of networks: the weighted sum of their logits."""

import hashlib
import json
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.networks.protocols import Probe, Scorer
from cifake_core.networks.records import Answers
from cifake_core.pictures.records import PreparedPicture


class Ensemble:
    """Weighted sum of the logits of several networks (stacking).

    Args:
        name: as in `NETWORKS`.
        parts: the members, in order.
        weights: what each member's logit counts, in the same order.
    """

    def __init__(
        self, name: str, parts: Sequence[Probe], *, weights: Sequence[float]
    ) -> None:
        self.name = name
        self.parts = tuple(parts)
        self.weights = tuple(weights)
        self.sha256 = ensemble_sha256(
            {part.name: part.sha256 for part in parts},
            {part.name: weight for part, weight in zip(parts, weights, strict=True)},
        )

    @property
    def engine(self) -> str:
        """The engines of the members, each once."""
        return ", ".join(dict.fromkeys(part.engine for part in self.parts))

    def logits(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Return the weighted sum of the members' logits, (N,) float32."""
        return self.answers(images).logits

    def answers(self, images: npt.NDArray[np.uint8]) -> Answers:
        """Return the logits, and the first member's object classes."""
        return self._combined([part.answers(images) for part in self.parts])

    def predict(self, *pictures: PreparedPicture) -> Answers:
        """Return the same for N >= 1 prepared pictures."""
        return self._combined([part.predict(*pictures) for part in self.parts])

    def _combined(self, answers: Sequence[Answers]) -> Answers:
        """Return the ensemble's answers from its members'."""
        logits = weighted_sum([answer.logits for answer in answers], self.weights)
        return Answers(logits=logits, objects=answers[0].objects)


def ensemble_sha256(members: Mapping[str, str], weights: Mapping[str, float]) -> str:
    """Return the SHA-256 of an ensemble: of its members' hashes and their weights.

    Args:
        members: the SHA-256 of each member's weights file, by its name.
        weights: what each member's logit counts, by its name.
    """
    parts = {name: [members[name], float(weights[name])] for name in members}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def with_parts(network: Scorer, parts: Sequence[Probe]) -> Scorer:
    """Return the counterpart of `network` made of other `parts`."""
    if len(parts) == 1:
        return parts[0]
    return Ensemble(network.name, parts, weights=network.weights)


def weighted_sum(votes: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """Return the ensemble's logits from those of its members, all (N,) float32."""
    return np.asarray(np.tensordot(np.array(weights), np.stack(votes), 1), np.float32)
