"""What judge and explainers ask of a trained network, without loading Keras."""

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats, Rgb
from cifake_core.networks.records import Answers
from cifake_core.networks.registry import NetworkSpec


class Scorer(Protocol):
    """A network or an ensemble: anything that gives pictures a logit of REAL."""

    name: str
    sha256: str

    @property
    def parts(self) -> "tuple[Probe, ...]":
        """The networks whose logits make up this one's; a network is its own."""

    @property
    def weights(self) -> tuple[float, ...]:
        """What each part's logit counts in the sum: 1 for a network alone."""

    def logits(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Return (N,) float32 for (N, 32, 32, 3) uint8 RGB pictures."""

    def answers(self, images: npt.NDArray[np.uint8]) -> Answers:
        """Return all that is said of (N, 32, 32, 3) uint8 RGB pictures."""


class Probe(Scorer, Protocol):
    """One network, open to questions on how it came to its logit."""

    spec: NetworkSpec

    def inputs(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Return what the network is fed for N pictures, float32 0 to 255."""

    def logits_of_inputs(self, inputs: Floats) -> Floats:
        """Return (N,) float32 for N inputs of the network, scored in one batch."""

    def gradients(self, inputs: Floats) -> Floats:
        """Return d(logit)/d(input) for each of N inputs, like them in shape."""

    def activations(self, image: Rgb) -> Mapping[str, tuple[Floats, Floats]]:
        """Return each explained layer's map and d(logit)/d(map), by its name."""
