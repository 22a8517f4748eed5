"""Network inputs: pictures, or their filtered planes, as float32."""

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.networks.spec import InputKind
from cifake_core.pictures.filters import stack_batch
from cifake_core.pictures.records import PreparedPicture


def network_input(kind: InputKind, images: npt.NDArray[np.uint8]) -> Floats:
    """Input of a network of `kind` for a batch of pictures.

    Args:
        kind: "rgb" for the colours, "planes" for the six filtered channels.
        images: (N, 32, 32, 3) uint8, RGB.

    Returns:
        (N, 32, 32, 3) or (N, 6, 32, 32, 1) float32, 0 to 255.
    """
    if kind == "planes":
        return stack_batch(images).astype(np.float32)[..., np.newaxis]
    return np.asarray(images, np.float32)


def picture_input(kind: InputKind, picture: PreparedPicture) -> Floats:
    """Input of a network of `kind` for one prepared picture, not filtered again.

    Returns:
        (1, 32, 32, 3) or (1, 6, 32, 32, 1) float32, 0 to 255.
    """
    if kind == "planes":
        return picture.planes.astype(np.float32)[np.newaxis, ..., np.newaxis]
    return picture.pixels.astype(np.float32)[np.newaxis]
