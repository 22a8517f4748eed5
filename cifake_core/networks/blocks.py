"""Building blocks of our networks: convolution, residual stage, trunk and heads."""

import keras
from keras import layers

from cifake_core.basics.labels import OBJECT_CLASSES


def convolve(
    x: keras.KerasTensor, width: int, *, name: str, stride: int = 1, relu: bool = True
) -> keras.KerasTensor:
    """Return `x` after a 3x3 convolution, batch normalisation and, perhaps, ReLU."""
    x = layers.Conv2D(
        width,
        3,
        strides=stride,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        name=f"{name}_conv",
    )(x)
    return normalize(x, name=name, relu=relu)


def normalize(
    x: keras.KerasTensor, *, name: str, relu: bool = True
) -> keras.KerasTensor:
    """Return `x` after batch normalisation and, perhaps, ReLU."""
    x = layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x)
    return layers.ReLU(name=f"{name}_relu")(x) if relu else x


def residual_stage(
    x: keras.KerasTensor, width: int, num_blocks: int, *, name: str, stride: int = 1
) -> keras.KerasTensor:
    """Return `x` after `num_blocks` basic residual blocks, the first with `stride`.

    The output of block `i` is the layer `<name>_<i>_relu`.

    Source: He et al. 2016, arXiv:1512.03385; where sides or width change, the
        shortcut averages before its 1x1 convolution (He et al. 2019,
        arXiv:1812.01187, "ResNet-D").
    """
    for number in range(1, num_blocks + 1):
        x = _residual(x, width, name=f"{name}_{number}", stride=stride)
        stride = 1
    return x


def residual_trunk(
    x: keras.KerasTensor,
    widths: tuple[int, ...],
    blocks: tuple[int, ...],
    *,
    strides: tuple[int, ...],
) -> keras.KerasTensor:
    """Return `x` after residual stages and a global average: the features, (N, K).

    Stage `i`, counted from 1, is called `stage<i>`, the average `features`.

    Args:
        x: (N, height, width, channels).
        widths: filters of each stage; the last are the K features.
        blocks: residual blocks of each stage.
        strides: of the first block of each stage.
    """
    stages = zip(widths, blocks, strides, strict=True)
    for number, (width, num_blocks, stride) in enumerate(stages, start=1):
        x = residual_stage(x, width, num_blocks, name=f"stage{number}", stride=stride)
    return layers.GlobalAveragePooling2D(name="features")(x)


def heads(features: keras.KerasTensor) -> list[keras.KerasTensor]:
    """Return the two output layers on (N, K) features.

    The logit of REAL, (N, 1), and the logits of the ten object classes, (N, 10).
    """
    return [
        layers.Dense(1, name="logit")(features),
        layers.Dense(len(OBJECT_CLASSES), name="object_class")(features),
    ]


def _residual(
    x: keras.KerasTensor, width: int, *, name: str, stride: int
) -> keras.KerasTensor:
    """Return `x` after one basic block."""
    shortcut = x
    if stride > 1:
        shortcut = layers.AveragePooling2D(stride, name=f"{name}_shortcut_pool")(x)
    if x.shape[-1] != width:
        shortcut = layers.Conv2D(
            width, 1, use_bias=False, name=f"{name}_shortcut_conv"
        )(shortcut)
        shortcut = normalize(shortcut, name=f"{name}_shortcut", relu=False)
    x = convolve(x, width, name=f"{name}_a", stride=stride)
    x = convolve(x, width, name=f"{name}_b", relu=False)
    x = layers.Add(name=f"{name}_add")([x, shortcut])
    return layers.ReLU(name=f"{name}_relu")(x)
