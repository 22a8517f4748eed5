"""The protocol of runtimes."""

from typing import Protocol

from cifake_core.basics.arrays import Floats
from cifake_core.networks.records import Answers


class Runtime(Protocol):
    """An inference engine with one network loaded; threads may share it."""

    def run(self, inputs: Floats) -> Answers:
        """The forward pass.

        Args:
            inputs: (N, ...) float32, 0 to 255, as the network is fed; N may be 0.

        Returns:
            Logits, features and, where the network names objects, their
            probabilities; all float32.
        """

    def describe(self) -> str:
        """The engine and its version, such as "LiteRT 2.3.0"."""
