"""Memoization of networks that are asked the same of a picture more than once.

An ensemble asks its members what they were asked for their own sake before: an
explainer changes a picture in the same ways, whichever network it explains.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.networks.ensemble import with_parts
from cifake_core.networks.protocols import Activations, Probe, Scorer
from cifake_core.networks.records import Answers
from cifake_core.pictures.records import PreparedPicture

A = TypeVar("A", bound=np.generic)


class MemoizedProbe:
    """Network that keeps every logit and gradient it has given.

    The answers are the same, byte for byte. They are kept as long as the object,
    so make one for each picture.
    """

    def __init__(self, probe: Probe) -> None:
        self.name = probe.name
        self.sha256 = probe.sha256
        self.spec = probe.spec
        self._probe = probe
        self._answers: dict[tuple[str, bytes], Floats] = {}

    @property
    def parts(self) -> "tuple[MemoizedProbe, ...]":
        """This network alone."""
        return (self,)

    @property
    def engine(self) -> str:
        """What computes the logits, with its version."""
        return self._probe.engine

    @property
    def weights(self) -> tuple[float, ...]:
        """The network's logit is its own."""
        return (1.0,)

    def logits(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Return (N,) float32 for (N, 32, 32, 3) uint8 RGB pictures."""
        return self._recalled("logits", images, self._probe.logits)

    def answers(self, images: npt.NDArray[np.uint8]) -> Answers:
        """Return the logits alone of (N, 32, 32, 3) uint8 RGB pictures."""
        return Answers(logits=self.logits(images))

    def predict(self, *pictures: PreparedPicture) -> Answers:
        """Return all outputs for N >= 1 prepared pictures; they are not kept."""
        return self._probe.predict(*pictures)

    def inputs(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Return the network's input for N pictures, float32 0 to 255."""
        return self._probe.inputs(images)

    def logits_of_inputs(self, inputs: Floats) -> Floats:
        """Return (N,) float32 for N inputs of the network, scored in one batch."""
        return self._probe.logits_of_inputs(inputs)

    def gradients(self, inputs: Floats) -> Floats:
        """Return d(logit)/d(input) for each of N inputs, like them in shape."""
        return self._recalled("gradients", inputs, self._probe.gradients)

    def activations(self, picture: PreparedPicture) -> Activations:
        """Return each explained layer's map and d(logit)/d(map), by its name."""
        return self._probe.activations(picture)

    def _recalled(
        self,
        kind: str,
        asked: npt.NDArray[A],
        answer: Callable[[npt.NDArray[A]], Floats],
    ) -> Floats:
        """Return the answer for this very array, computed only once."""
        key = kind, hashlib.blake2b(asked.tobytes()).digest()
        if key not in self._answers:
            self._answers[key] = answer(asked)
        return self._answers[key]


def memoize(networks: Mapping[str, Scorer]) -> dict[str, Scorer]:
    """Return `networks` with members that remember what they were asked.

    Args:
        networks: by name; an ensemble shares its members with those among them
            that are the same network.
    """
    probes = {
        part.name: MemoizedProbe(part)
        for network in networks.values()
        for part in network.parts
    }
    return {
        name: with_parts(network, [probes[part.name] for part in network.parts])
        for name, network in networks.items()
    }
