"""Records of networks: their outputs for a batch of pictures."""

from dataclasses import dataclass

from cifake_core.basics.arrays import Floats


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Answers:
    """Outputs of a network for N pictures.

    `logits` is (N,) float32, for REAL; `objects` is (N, 10) float32, the
    probabilities of the object classes in the order of `labels.OBJECT_CLASSES`,
    or None for a network that was not taught them. `features` is (N, K) float32,
    what the last layer but one holds, or None for an ensemble.
    """

    logits: Floats
    objects: Floats | None = None
    features: Floats | None = None
