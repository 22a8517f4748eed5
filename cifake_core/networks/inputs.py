"""From pictures to what a network is fed."""

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.networks.registry import InputKind
from cifake_core.pictures.filters import stack_batch


def network_input(kind: InputKind, images: npt.NDArray[np.uint8]) -> Floats:
    """Return a batch as a network of `kind` takes it.

    Args:
        kind: "rgb" for the colours, "planes" for the six filtered channels.
        images: (N, 32, 32, 3) uint8, RGB.

    Returns:
        (N, 32, 32, 3) or (N, 6, 32, 32, 1) float32, 0 to 255.
    """
    if kind == "planes":
        return stack_batch(images).astype(np.float32)[..., None]
    return np.asarray(images, np.float32)
