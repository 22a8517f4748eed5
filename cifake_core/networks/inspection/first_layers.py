"""First convolutions of a trained network: weights and feature maps."""

import threading
from pathlib import Path
from typing import Any

import keras
import numpy as np

from cifake_core.networks import store
from cifake_core.networks.inputs import picture_input
from cifake_core.networks.inspection.convolution import FeatureMaps, open_convolution
from cifake_core.networks.registry import NETWORKS
from cifake_core.pictures.records import PreparedPicture

#: How many of its convolutions are shown.
_NUM_LAYERS = 2


class Anatomy:
    """First convolutions of one network, with their weights and feature maps.

    What it says of a layer is read from the layer, whatever its name and size.
    Threads may share it.
    """

    def __init__(self, name: str, model: keras.Model) -> None:
        self.name = name
        chosen = _first_convolutions(model)[:_NUM_LAYERS]
        self.convolutions = tuple(open_convolution(layer) for layer, _ in chosen)
        outputs = [
            tensor
            for layer, after in chosen
            for tensor in (layer.input, layer.output, after.output)
        ]
        self._probe = keras.Model(model.input, outputs)
        self._asking = threading.Lock()

    def maps(self, picture: PreparedPicture) -> tuple[FeatureMaps, ...]:
        """Return the feature maps of each of the convolutions for one picture."""
        inputs = picture_input(NETWORKS[self.name].input_kind, picture)
        with self._asking:
            tensors = self._probe(inputs, training=False)
        arrays = [np.asarray(tensor[0], np.float32) for tensor in tensors]
        return tuple(
            FeatureMaps(
                convolution=convolution,
                given=arrays[3 * number],
                filtered=arrays[3 * number + 1],
                passed=arrays[3 * number + 2],
            )
            for number, convolution in enumerate(self.convolutions)
        )


def open_folder(folder: Path) -> Anatomy:
    """Return the first layers of the network in `folder`.

    Raises:
        ModelUnavailableError: If its weights are not those of its card.
    """
    return Anatomy(store.load_card(folder).name, store.load_model(folder))


def _first_convolutions(
    model: keras.Model,
) -> list[tuple[Any, Any]]:  # Keras's layers have no common type for this
    """Return each convolution, from the first on, and the layer that ends its part.

    That is the ReLU before the next convolution, or else the convolution itself.
    """
    found: list[tuple[Any, Any]] = []
    for layer in model.layers:
        if isinstance(layer, (keras.layers.Conv2D, keras.layers.Conv3D)):
            found.append((layer, layer))
        elif isinstance(layer, keras.layers.ReLU) and found:
            convolution, after = found[-1]
            if convolution is after:
                found[-1] = convolution, layer
    return found
