"""A diffusion model: a small U-Net that takes noise out of pictures.

Sources: Ho et al. 2020, arXiv:2006.11239; Nichol & Dhariwal 2021, arXiv:2102.09672
(cosine schedule); Salimans & Ho 2022, arXiv:2202.00512 (velocity); Song et al. 2021,
arXiv:2010.02502 (DDIM); Meng et al. 2022, arXiv:2108.01073 (a photograph passed
through a few steps).
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import keras
import numpy as np
from keras import layers, ops

from cifake_core.basics.arrays import Floats
from cifake_core.generators.blocks import (
    NO_CLASS,
    NUM_CLASSES,
    attention,
    enlarged,
    normalized,
    residual,
    shrunk,
)
from cifake_core.generators.catalogue import Settings
from cifake_core.generators.differentiation import Metrics, Tensor
from cifake_core.generators.system import Player, System

_FREQUENCIES = 32
#: Times between which the noise goes from almost none to almost all.
_FIRST, _LAST = 0.005, 0.995

#: What a network says of noisy pictures, times and classes: the velocity.
Denoiser = Callable[[Floats, Floats, "np.ndarray"], Floats]


def unet(widths: Sequence[int]) -> keras.Model:
    """U-Net over 32x32, 16x16 and 8x8 that predicts the velocity.

    Input shape: (N, 32, 32, 3) float32, (N,) float32 times 0 to 1, (N,) int32 classes.
    Output shape: (N, 32, 32, 3) float32.
    """
    image = keras.Input((32, 32, 3), name="image")
    time = keras.Input((), name="time")
    label = keras.Input((), dtype="int32", name="label")
    told = _embedding(time, label, widths[-1])
    x = layers.Conv2D(widths[0], 3, padding="same")(image)
    kept = []
    for level, width in enumerate(widths):
        if level:
            x = shrunk(x, width)
        x = residual(x, width, embedding=told)
        kept.append(x)
    x = attention(x, heads=4)
    x = residual(x, widths[-1], embedding=told)
    for level, width in reversed(list(enumerate(widths))):
        x = layers.Concatenate()([x, kept.pop()])
        x = residual(x, width, embedding=told)
        x = residual(x, width, embedding=told)
        if level:
            x = enlarged(x, widths[level - 1])
    x = layers.Conv2D(
        3, 3, padding="same", dtype="float32", kernel_initializer="zeros"
    )(normalized(x))
    return keras.Model([image, time, label], x, name="diffusion")


class DiffusionSystem(System):
    """A U-Net that learns the velocity at random times."""

    def __init__(self, networks: dict[str, keras.Model], settings: Settings) -> None:
        super().__init__(networks, settings)
        self.network = networks["network"]
        player = Player(
            [self.network],
            rate=settings.rate,
            decay=0.01,
            average=0.9995,
            annealed=True,
        )
        self.players = {"network": player}

    def step(self, images: Tensor, classes: Tensor, progress: Tensor) -> Metrics:
        """One step on photographs to which noise was added."""

        def loss() -> tuple[Tensor, Metrics]:
            clean, labels = self.draw(images, classes)
            forgotten = keras.random.uniform((self.batch,), seed=self.randomness) < 0.1
            labels = ops.where(forgotten, NO_CLASS, labels)
            # one time from each part of an even division lowers the loss's variance
            offset = keras.random.uniform((), seed=self.randomness)
            spread = ops.arange(self.batch, dtype="float32") / self.batch
            time = _FIRST + (_LAST - _FIRST) * ((spread + offset) % 1.0)
            noise = keras.random.normal(clean.shape, seed=self.randomness)
            signal, dirt = (each[:, None, None, None] for each in _shares(time, ops))
            found = self.network(
                [signal * clean + dirt * noise, time, labels], training=True
            )
            error = ops.mean(ops.square(found - (signal * noise - dirt * clean)))
            return error, {"error": error}

        return self.move("network", loss, progress)


def denoised(
    network: Denoiser, noisy: Floats, classes: "np.ndarray", *, start: float, steps: int
) -> Floats:
    """Pictures, -1 to 1, from noisy ones by DDIM without fresh noise.

    Args:
        network: predicts the velocity.
        noisy: (N, 32, 32, 3) float32, as noisy as they are at the time `start`.
        classes: (N,) int32.
        start: 0 to 1.
        steps: how often the network is asked.
    """
    times = np.linspace(min(start, _LAST), _FIRST, steps + 1, dtype=np.float32)
    x = noisy
    for now, then in pairwise(times):
        velocity = network(x, np.full(len(x), now, np.float32), classes)
        signal, dirt = _shares(now, np)
        clean = np.clip(signal * x - dirt * velocity, -1, 1)
        noise = (x - signal * clean) / dirt
        signal, dirt = _shares(then, np)
        x = np.asarray(signal * clean + dirt * noise, np.float32)
    return np.asarray(clean, np.float32)


def noised(clean: Floats, noise: Floats, *, time: float) -> Floats:
    """Pictures, -1 to 1, with the noise that is due at `time`, 0 to 1."""
    signal, dirt = _shares(np.float32(min(time, _LAST)), np)
    return np.asarray(signal * clean + dirt * noise, np.float32)


def _shares(time: Tensor, library: object) -> tuple[Tensor, Tensor]:
    """How much of a picture and how much noise there is at a time: cosine schedule."""
    angle = time * (np.pi / 2)
    return library.cos(angle), library.sin(angle)  # type: ignore[attr-defined]  # NumPy or keras.ops


def _embedding(time: Tensor, label: Tensor, width: int) -> Tensor:
    """What each block is told: the time by sines, and the object class."""
    spread = layers.Reshape((1,))(time)
    x = layers.Dense(width, activation="silu")(
        Waves(_FREQUENCIES, dtype="float32")(spread)
    )
    x = layers.Add()([x, layers.Embedding(NUM_CLASSES + 1, width)(label)])
    return layers.Dense(width, activation="silu")(x)


class Waves(layers.Layer):  # type: ignore[misc]  # Keras is untyped
    """Sines and cosines of a number, (N, 1), of growing frequency."""

    def __init__(self, frequencies: int, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.octaves = np.exp(np.linspace(0, np.log(500.0), frequencies))[None]

    def call(self, inputs: Tensor) -> Tensor:
        """(N, 2 * frequencies)."""
        angles = inputs * ops.convert_to_tensor(self.octaves, inputs.dtype)
        return ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)
