"""The runtime of a network's folder."""

from pathlib import Path

import keras

from cifake_core.networks import store
from cifake_core.networks.runtimes.litert import LiteRTRuntime
from cifake_core.networks.runtimes.protocol import Runtime
from cifake_core.networks.runtimes.tensorflow import TensorFlowRuntime


def load_runtime(folder: Path, model: keras.Model) -> Runtime:
    """LiteRT where the card names a converted file, else TensorFlow.

    Run folders and the papers' networks have no converted file.

    Args:
        folder: of the network, with its card.
        model: the same network, for TensorFlow.

    Raises:
        ModelUnavailableError: If the file is missing or not what the card vouches for.
    """
    content = store.read_runtime_file(folder)
    return TensorFlowRuntime(model) if content is None else LiteRTRuntime(content)
