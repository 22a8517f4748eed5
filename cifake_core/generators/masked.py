"""Sampling from the quantising autoencoder: a transformer that fills in masked codes.

Source: Chang et al. 2022, arXiv:2202.04200 (MaskGIT).
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt
from keras import layers, ops

from cifake_core.basics.arrays import Floats
from cifake_core.generators.autoencoder import (
    LEVELS,
    NUM_CODES,
    NUM_PARTS,
    bounds,
)
from cifake_core.generators.blocks import NUM_CLASSES
from cifake_core.generators.catalogue import Settings
from cifake_core.generators.differentiation import Metrics, Tensor
from cifake_core.generators.system import Player, System

#: Codes of a picture: two at each of 8x8 places.
LENGTH: Final = 8 * 8 * NUM_PARTS
#: What stands for a code that is not known yet.
MASK: Final = NUM_CODES

Codes = npt.NDArray[np.int32]
#: What a network says of codes and classes: (N, LENGTH, NUM_CODES) logits.
Guesser = Callable[[Codes, Codes], Floats]


def transformer(width: int, depth: int, heads: int) -> keras.Model:
    """Transformer that sees all codes, known and masked, and guesses each.

    Input shape: (N, 128) int32 codes, 1000 where masked, and (N,) int32 classes.
    Output shape: (N, 128, 1000) float32 logits.
    """
    numbers = keras.Input((LENGTH,), dtype="int32", name="codes")
    label = keras.Input((), dtype="int32", name="label")
    x = Placed()(layers.Embedding(NUM_CODES + 1, width)(numbers))
    wanted = layers.Reshape((1, width))(layers.Embedding(NUM_CLASSES, width)(label))
    x = layers.Add()([x, wanted])
    for _ in range(depth):
        normal = layers.LayerNormalization(dtype="float32")(x)
        x = layers.Add()(
            [x, layers.MultiHeadAttention(heads, width // heads)(normal, normal)]
        )
        normal = layers.LayerNormalization(dtype="float32")(x)
        inner = layers.Dense(4 * width, activation="gelu")(normal)
        x = layers.Add()([x, layers.Dense(width)(inner)])
    x = layers.LayerNormalization(dtype="float32")(x)
    x = layers.Dense(NUM_CODES, dtype="float32")(x)
    return keras.Model([numbers, label], x, name="transformer")


class Placed(layers.Layer):  # type: ignore[misc]  # Keras is untyped
    """Adds to each code of a picture what says where it stands."""

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make one vector for each place."""
        self.places = self.add_weight(shape=input_shape[1:], initializer="uniform")

    def call(self, inputs: Tensor) -> Tensor:
        """(N, LENGTH, width), as it came in."""
        return inputs + self.places


class MaskedSystem(System):
    """A transformer that learns to guess masked codes of photographs."""

    def __init__(
        self,
        networks: dict[str, keras.Model],
        settings: Settings,
        *,
        coder: keras.Model,
    ) -> None:
        super().__init__(networks, settings)
        self.coder = coder
        self.network = networks["network"]
        player = Player([self.network], rate=settings.rate, decay=0.03, annealed=True)
        self.players = {"network": player}

    def step(self, images: Tensor, classes: Tensor, progress: Tensor) -> Metrics:
        """One step on the codes of photographs, a random share of them masked."""

        def loss() -> tuple[Tensor, Metrics]:
            real, labels = self.draw(images, classes)
            numbers = _numbers(ops.round(bounds(self.coder(real, training=False))))
            share = keras.random.uniform((self.batch, 1), seed=self.randomness)
            share = ops.cos(share * (np.pi / 2))
            drawn = keras.random.uniform((self.batch, LENGTH), seed=self.randomness)
            masked = drawn < share
            asked = ops.where(masked, MASK, numbers)
            logits = self.network([asked, labels], training=True)
            entropy = (
                ops.logsumexp(logits, -1)
                - ops.take_along_axis(logits, numbers[..., None], -1)[..., 0]
            )
            chosen = ops.cast(masked, "float32")
            error = ops.sum(entropy * chosen) / (ops.sum(chosen) + 1)
            return error, {"entropy": error}

        return self.move("network", loss, progress)


def filled_in(
    network: Guesser,
    classes: Codes,
    generators: Sequence[np.random.Generator],
    *,
    steps: int,
    temperature: float,
) -> Codes:
    """Codes of new pictures, the surest guesses first.

    Args:
        network: guesses codes.
        classes: (N,) int32.
        generators: N sources of randomness, one a picture.
        steps: how often the network is asked.
        temperature: how much chance there is in which guesses are kept.
    """
    numbers = np.full((len(classes), LENGTH), MASK, np.int32)
    for step in range(steps):
        logits = network(numbers, classes)
        noise = np.stack([_gumbel(each, logits.shape[1:]) for each in generators])
        guess = np.argmax(logits + noise, axis=-1).astype(np.int32)
        chosen = np.take_along_axis(logits, guess[..., None], -1)[..., 0]
        sureness = chosen - _logsumexp(logits)
        spread = np.stack([_gumbel(each, (LENGTH,)) for each in generators])
        sureness = sureness + temperature * (1 - (step + 1) / steps) * spread
        known = numbers != MASK
        guess = np.where(known, numbers, guess)
        sureness = np.where(known, np.inf, sureness)
        hidden = int(LENGTH * np.cos(np.pi / 2 * (step + 1) / steps))
        least = np.argsort(sureness, axis=1, kind="stable")[:, :hidden]
        numbers = guess
        np.put_along_axis(numbers, least, MASK, axis=1)
    return numbers


def _numbers(rounded: Tensor) -> Tensor:
    """(N, LENGTH) int32 code numbers, as `autoencoder.codes` has them."""
    digits = ops.reshape(rounded, (rounded.shape[0], LENGTH, len(LEVELS)))
    digits = ops.cast(digits, "int32") + np.array(LEVELS, np.int32) // 2
    places = np.cumprod([1, *LEVELS[:-1]]).astype(np.int32)
    return ops.sum(digits * places, axis=-1)


def _gumbel(generator: np.random.Generator, shape: Any) -> Floats:  # noqa: ANN401 - NumPy's shapes
    """Noise whose largest sum with logits is a draw from their softmax."""
    drawn = generator.standard_exponential(shape, np.float32)
    return -np.log(np.maximum(drawn, np.finfo(np.float32).tiny))


def _logsumexp(logits: Floats) -> Floats:
    """The logarithm of a softmax's denominator, over the last axis."""
    most = logits.max(axis=-1)
    return most + np.log(np.exp(logits - most[..., None]).sum(axis=-1))
