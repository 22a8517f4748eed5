"""Protocols of trained networks: what judge and explainers ask, without Keras."""

from collections.abc import Mapping
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.networks.records import Answers
from cifake_core.networks.spec import NetworkSpec
from cifake_core.pictures.records import PreparedPicture

#: Activations A and gradients d(logit)/dA of each explained layer, by its name; both
#: (*space, K) float32.
Activations: TypeAlias = Mapping[str, tuple[Floats, Floats]]


class Scorer(Protocol):
    """Network or ensemble: anything that gives pictures a logit of REAL."""

    name: str
    sha256: str

    @property
    def parts(self) -> "tuple[Probe, ...]":
        """The networks whose logits make up this one's; a network is its own."""

    @property
    def engine(self) -> str:
        """What computes the logits, with its version, such as "LiteRT 2.3.0"."""

    @property
    def weights(self) -> tuple[float, ...]:
        """Weight of each part's logit in the sum: 1 for a network alone."""

    def logits(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Logits of REAL, (N,) float32, for (N, 32, 32, 3) uint8 RGB pictures."""

    def answers(self, images: npt.NDArray[np.uint8]) -> Answers:
        """All outputs for (N, 32, 32, 3) uint8 RGB pictures."""

    def predict(self, *pictures: PreparedPicture) -> Answers:
        """All outputs for N >= 1 prepared pictures; they are not filtered again."""


class Probe(Scorer, Protocol):
    """One network, open to questions on how it came to its logit."""

    spec: NetworkSpec

    def inputs(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Network input for N pictures, float32 0 to 255."""

    def logits_of_inputs(self, inputs: Floats) -> Floats:
        """Logits of REAL, (N,) float32, for N network inputs, in one batch."""

    def gradients(self, inputs: Floats) -> Floats:
        """Gradients d(logit)/d(input) for each of N inputs, like them in shape."""

    def activations(self, picture: PreparedPicture) -> Activations:
        """Activations of each explained layer, and d(logit)/d(activations)."""
