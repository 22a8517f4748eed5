"""Networks made by hand: our own architectures, narrow, whose answers are known.

The 2D-CNN compares the mean green of a picture with its mean red, the 3D-CNN its green
channel with its greyscale; the greener, the more REAL. Convolutions pass on single
channels and residual branches are 0, so both are linear in what they are fed.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

#: What a difference of half the range of a channel adds to the logit.
_GAIN: Final = {"cnn": 4.0, "cnn3d": 14.0}
#: The object class that both see everywhere, and the logit by which it leads.
_SEEN, _LEAD = 3, 2.0
#: What the papers' network says of every picture.
PAPER_LOGIT: Final = -3.0


def make_cnn() -> Any:
    """The 2D-CNN: green against red."""
    from cifake_core.networks.cnn import build_cnn

    model = build_cnn(widths=(3, 3, 3))
    _clear(model)
    kernel = np.zeros((3, 3, 3, 3), np.float32)
    kernel[1, 1] = np.eye(3)  # each filter passes on one colour
    model.get_layer("stem_conv").kernel.assign(kernel)
    model.get_layer("stem_norm").beta.assign(np.ones(3))  # above 0, where ReLU lets go
    _end(model, np.array([-1, 1, 0]) * _GAIN["cnn"])
    return model


def make_cnn3d() -> Any:
    """The 3D-CNN: the green channel against the greyscale, three planes apart."""
    from cifake_core.networks.cnn3d import build_cnn3d

    model = build_cnn3d(volumes=(2, 2), widths=(2, 2, 2))
    _clear(model)
    first = np.zeros((6, 3, 3, 1, 2), np.float32)
    first[2, 1, 1, 0, 0] = first[5, 1, 1, 0, 1] = 1  # at its first place these two
    model.get_layer("volume1_conv").kernel.assign(first)
    model.get_layer("volume1_norm").beta.assign(np.ones(2))
    second = np.zeros((3, 3, 3, 2, 2), np.float32)
    second[0, 1, 1] = np.eye(2)
    model.get_layer("volume2_conv").kernel.assign(second)
    _end(model, np.array([1, -1]) * _GAIN["cnn3d"])
    return model


def make_pavani() -> Any:
    """The network of a paper: FAKE, whatever it is shown."""
    from cifake_core.networks.papers.pavani import build_cnn2d

    model = build_cnn2d(units=2)
    head = model.get_layer("logit")
    head.kernel.assign(np.zeros(head.kernel.shape))
    head.bias.assign([PAPER_LOGIT])
    return model


#: By the name in `NETWORKS`.
MAKERS: Final[Mapping[str, Callable[[], Any]]] = {
    "cnn": make_cnn,
    "cnn3d": make_cnn3d,
    "pavani": make_pavani,
}


def _clear(model: Any) -> None:
    """Set every convolution to 0, which makes each residual block pass its input on."""
    for layer in model.layers:
        if layer.name.endswith("_conv"):
            layer.kernel.assign(np.zeros(layer.kernel.shape))


def _end(model: Any, weights: np.ndarray) -> None:
    """Set what the features count in the logit, and the object that is always seen."""
    model.get_layer("logit").kernel.assign(weights[:, None])
    objects = model.get_layer("object_class")
    objects.kernel.assign(np.zeros(objects.kernel.shape))
    objects.bias.assign(np.eye(10)[_SEEN] * _LEAD)
