"""A normalising flow: an invertible network between pictures and noise.

Sources: Dinh et al. 2017, arXiv:1605.08803 (Real NVP); Kingma & Dhariwal 2018,
arXiv:1807.03039 (Glow), with fixed random rotations of the channels.
"""

from typing import Final

import keras
import numpy as np
from keras import layers, ops

from cifake_core.generators.catalogue import Settings
from cifake_core.generators.differentiation import Metrics, Tensor
from cifake_core.generators.system import Player, System

_LEVELS: Final = 3
_PIXEL_NUMBERS: Final = 32 * 32 * 3
#: Width of a step between two values of a pixel, on the scale of -1 to 1.
_STEP: Final = 2 / 255


class FlowStep(layers.Layer):  # type: ignore[misc]  # Keras is untyped
    """Scale and shift of each channel, a rotation of them, an affine coupling."""

    def __init__(self, channels: int, hidden: int, *, seed: int) -> None:
        super().__init__()
        drawn = np.random.default_rng(seed).standard_normal((channels, channels))
        self.rotation = np.linalg.qr(drawn)[0].astype(np.float32)
        self.log_scale = self.add_weight(shape=(channels,), initializer="zeros")
        self.shift = self.add_weight(shape=(channels,), initializer="zeros")
        self.inner = keras.Sequential(
            [
                keras.Input((None, None, channels // 2)),
                layers.Conv2D(hidden, 3, padding="same", activation="relu"),
                layers.Conv2D(hidden, 1, activation="relu"),
                layers.Conv2D(
                    channels,
                    3,
                    padding="same",
                    kernel_initializer="zeros",
                    dtype="float32",
                ),
            ]
        )

    def call(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The step forward, and the logarithm of its volume change, (N,)."""
        places = x.shape[1] * x.shape[2]
        scale, shift = self._wide(self.log_scale), self._wide(self.shift)
        x = (x + shift) * ops.exp(scale)
        x = ops.matmul(x, self.rotation)
        kept, moved = ops.split(x, 2, axis=-1)
        log_factor, offset = self._coupling(kept)
        moved = (moved + offset) * ops.exp(log_factor)
        volume = ops.sum(log_factor, axis=(1, 2, 3)) + places * ops.sum(scale)
        return ops.concatenate([kept, moved], axis=-1), volume

    def inverse(self, x: Tensor) -> Tensor:
        """The step backward."""
        kept, moved = ops.split(x, 2, axis=-1)
        log_factor, offset = self._coupling(kept)
        moved = moved * ops.exp(-log_factor) - offset
        x = ops.matmul(ops.concatenate([kept, moved], axis=-1), self.rotation.T)
        return x * ops.exp(-self._wide(self.log_scale)) - self._wide(self.shift)

    def _coupling(self, kept: Tensor) -> tuple[Tensor, Tensor]:
        """Logarithm of the factor, and offset, for the other half of the channels."""
        raw, offset = ops.split(self.inner(kept), 2, axis=-1)
        return 2 * ops.tanh(raw / 2), offset

    @staticmethod
    def _wide(variable: keras.Variable) -> Tensor:
        """A variable in float32, whatever the layers compute in."""
        return ops.cast(variable.value, "float32")


class Flow(keras.Model):  # type: ignore[misc]  # Keras is untyped
    """Three levels of `depth` steps each; half of the channels leaves at each level.

    Input shape: (N, 32, 32, 3) float32, -1 to 1.
    Output shape: (N, 3072) float32, and the logarithm of the volume change, (N,).
    """

    def __init__(self, *, depth: int, hidden: int) -> None:
        super().__init__(dtype="float32")
        self.steps = [
            [FlowStep(12 << level, hidden, seed=100 * level + i) for i in range(depth)]
            for level in range(_LEVELS)
        ]
        self.flat = [step for level in self.steps for step in level]

    def call(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Noise of pictures, and the logarithm of the volume change."""
        volume, left = ops.zeros((x.shape[0],)), []
        for number, level in enumerate(self.steps):
            x = _squeezed(x)
            for step in level:
                x, change = step(x)
                volume = volume + change
            if number < _LEVELS - 1:
                x, gone = ops.split(x, 2, axis=-1)
                left.append(gone)
        parts = [ops.reshape(each, (each.shape[0], -1)) for each in (*left, x)]
        return ops.concatenate(parts, axis=1), volume

    def inverse(self, noise: Tensor) -> Tensor:
        """Pictures, about -1 to 1, of noise, (N, 3072)."""
        half, quarter = _PIXEL_NUMBERS // 2, _PIXEL_NUMBERS // 4
        first, second = noise[:, :half], noise[:, half : half + quarter]
        x = ops.reshape(noise[:, half + quarter :], (-1, 4, 4, 48))
        gone = [
            ops.reshape(first, (-1, 16, 16, 6)),
            ops.reshape(second, (-1, 8, 8, 12)),
        ]
        for number in reversed(range(_LEVELS)):
            if number < _LEVELS - 1:
                x = ops.concatenate([x, gone[number]], axis=-1)
            for step in reversed(self.steps[number]):
                x = step.inverse(x)
            x = _unsqueezed(x)
        return x


class FlowSystem(System):
    """A flow that learns to make photographs likely."""

    def __init__(self, networks: dict[str, keras.Model], settings: Settings) -> None:
        super().__init__(networks, settings)
        self.network = networks["network"]
        player = Player([self.network], rate=settings.rate, annealed=True)
        self.players = {"network": player}

    def step(self, images: Tensor, classes: Tensor, progress: Tensor) -> Metrics:
        """One step on photographs whose whole numbers are spread evenly."""

        def loss() -> tuple[Tensor, Metrics]:
            real, _ = self.draw(images, classes)
            spread = keras.random.uniform(real.shape, seed=self.randomness)
            noise, volume = self.network(real + _STEP * (spread - 0.5), training=True)
            squares = 0.5 * ops.sum(ops.square(noise) + np.log(2 * np.pi), axis=1)
            nats = ops.mean(squares - volume) / _PIXEL_NUMBERS
            bits = (nats - np.log(_STEP)) / np.log(2)
            return nats, {"bits": bits}

        return self.move("network", loss, progress)


def built(*, depth: int, hidden: int) -> Flow:
    """A flow whose weights exist."""
    network = Flow(depth=depth, hidden=hidden)
    network(np.zeros((1, 32, 32, 3), np.float32))
    return network


def _squeezed(x: Tensor) -> Tensor:
    """Squares of 2x2 pixels as channels of one."""
    _, height, width, channels = x.shape
    x = ops.reshape(x, (-1, height // 2, 2, width // 2, 2, channels))
    x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
    return ops.reshape(x, (-1, height // 2, width // 2, 4 * channels))


def _unsqueezed(x: Tensor) -> Tensor:
    """The reverse of `_squeezed`."""
    _, height, width, channels = x.shape
    x = ops.reshape(x, (-1, height, width, 2, 2, channels // 4))
    x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
    return ops.reshape(x, (-1, 2 * height, 2 * width, channels // 4))
