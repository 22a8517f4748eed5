"""Building blocks of the generators' networks."""

from keras import layers, ops

from cifake_core.generators.differentiation import Tensor

#: Object classes of the photographs: generators are told which one to draw.
NUM_CLASSES = 10
#: Stands for an object class that is not known.
NO_CLASS = NUM_CLASSES


def normalized(x: Tensor) -> Tensor:
    """Normalisation over the channels, in float32, and SiLU."""
    x = layers.LayerNormalization(epsilon=1e-5, dtype="float32")(x)
    return layers.Activation("silu")(x)


def residual(x: Tensor, width: int, *, embedding: Tensor | None = None) -> Tensor:
    """Residual block of two 3x3 convolutions, optionally shifted by an embedding."""
    shortcut = x if x.shape[-1] == width else layers.Conv2D(width, 1)(x)
    x = layers.Conv2D(width, 3, padding="same")(normalized(x))
    if embedding is not None:
        shift = layers.Dense(width)(embedding)
        x = layers.Add()([x, layers.Reshape((1, 1, width))(shift)])
    last = layers.Conv2D(width, 3, padding="same", kernel_initializer="zeros")
    return layers.Add()([shortcut, last(normalized(x))])


def attention(x: Tensor, *, heads: int) -> Tensor:
    """Self-attention among the places of a feature map, added to it."""
    height, width, channels = x.shape[1:]
    places = layers.Reshape((height * width, channels))(x)
    normal = layers.LayerNormalization(dtype="float32")(places)
    seen = layers.MultiHeadAttention(heads, channels // heads)(normal, normal)
    return layers.Reshape((height, width, channels))(layers.Add()([places, seen]))


def enlarged(x: Tensor, width: int) -> Tensor:
    """Twice the height and width by nearest neighbour, then a convolution."""
    return layers.Conv2D(width, 3, padding="same")(layers.UpSampling2D()(x))


def shrunk(x: Tensor, width: int) -> Tensor:
    """Half the height and width by a strided convolution."""
    return layers.Conv2D(width, 3, strides=2, padding="same")(x)


class SpectralConv2D(layers.Conv2D):  # type: ignore[misc]  # Keras is untyped
    """2D convolution whose kernel has spectral norm 1.

    One power iteration a call, while training; the singular vectors are constants
    for the gradient.

    Source: Miyato et al. 2018, arXiv:1802.05957, algorithm 1.
    """

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the kernel and the estimate of its first left singular vector."""
        super().build(input_shape)
        self.direction = self.add_weight(
            shape=(self.filters,), initializer="random_normal", trainable=False
        )

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:  # noqa: FBT001, FBT002 - Keras's own signature
        """Convolve with the normalised kernel."""
        kernel = ops.cast(self.kernel, "float32")
        matrix = ops.stop_gradient(ops.reshape(kernel, (-1, self.filters)))
        left = ops.cast(self.direction, "float32")
        right = _unit(ops.matmul(matrix, left))
        if training:
            left = _unit(ops.matmul(right, matrix))
            self.direction.assign(left)
        left, right = ops.stop_gradient(left), ops.stop_gradient(right)
        norm = ops.sum(ops.matmul(right, ops.reshape(kernel, matrix.shape)) * left)
        x = ops.conv(
            inputs,
            ops.cast(kernel / norm, inputs.dtype),
            strides=self.strides,
            padding=self.padding,
        )
        return x if self.bias is None else x + ops.cast(self.bias, x.dtype)


def _unit(vector: Tensor) -> Tensor:
    """A vector shortened or stretched to length 1."""
    return vector / (ops.norm(vector) + 1e-12)
