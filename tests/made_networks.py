"""Networks made by hand: small and linear in what they are fed; answers are known.

The two on colours compare the mean green of a picture with its mean red, the 3D-CNN its
green channel with its greyscale; the greener, the more REAL. Their layers bear the
names by which `NETWORKS` explains them.
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
    """The 2D-CNN, and the multi-generator CNN: green against red."""
    from keras import Input, layers

    inputs = Input((32, 32, 3), name="picture")
    x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(inputs)
    kernel = np.zeros((3, 3, 3, 3))
    kernel[1, 1] = np.eye(3)  # each filter passes on one colour
    # raised above 0, where ReLU lets everything go
    x = convolve(x, kernel, bias=1, name="stem")
    x = convolve(x, kernel, bias=0, name="stage1")
    return end(inputs, x, np.array([-1, 1, 0]) * _GAIN["cnn"], fine="stage2_2_relu")


def make_cnn3d() -> Any:
    """The 3D-CNN: the green channel against the greyscale, three planes apart."""
    from keras import Input, layers

    inputs = Input((6, 32, 32, 1), name="planes")
    x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(inputs)
    kernel = np.zeros((6, 3, 3, 1, 2))
    kernel[2, 1, 1, 0, 0] = kernel[5, 1, 1, 0, 1] = 1  # what its first place meets
    x = convolve(x, kernel, bias=1, name="volume1", strides=(2, 1, 1))
    kernel = np.zeros((3, 3, 3, 2, 2))
    kernel[0, 1, 1] = np.eye(2)
    x = convolve(x, kernel, bias=0, name="volume2", strides=(3, 1, 1))
    x = layers.Reshape((32, 32, 2), name="flat")(x)
    return end(inputs, x, np.array([1, -1]) * _GAIN["cnn3d"], fine="stage2_1_relu")


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
    "cnn_multi": make_cnn,
    "pavani": make_pavani,
}


def convolve(
    x: Any,
    kernel: np.ndarray,
    *,
    bias: float,
    name: str,
    strides: int | tuple[int, ...] = 1,
) -> Any:
    """A convolution with these weights, and ReLU."""
    from keras import layers

    kind = {4: layers.Conv2D, 5: layers.Conv3D}[kernel.ndim]
    *size, _, num_filters = kernel.shape
    layer = kind(
        num_filters, size, strides=strides, padding="same", name=f"{name}_conv"
    )
    x = layer(x)
    layer.set_weights([kernel, np.full(num_filters, bias)])
    return layers.ReLU(name=f"{name}_relu")(x)


def end(
    inputs: Any,
    x: Any,
    weights: np.ndarray,
    *,
    fine: str,
) -> Any:
    """The network whose logit is the weighted sum of the means of the maps `x`."""
    from keras import Model, layers

    for name in (fine, "stage3_2_relu"):
        x = layers.AveragePooling2D(2, name=f"{name}_pool")(x)
        x = layers.ReLU(name=name)(x)
    x = layers.GlobalAveragePooling2D(name="features")(x)
    logit, objects = (
        layers.Dense(1, name="logit"),
        layers.Dense(10, name="object_class"),
    )
    model = Model(inputs, [logit(x), objects(x)])
    logit.set_weights([weights[:, None], np.zeros(1)])
    seen = np.eye(10)[_SEEN] * _LEAD
    objects.set_weights([np.zeros((len(weights), 10)), seen])
    return model
