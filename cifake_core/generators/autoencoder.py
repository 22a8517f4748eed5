"""Autoencoders with an adversarial loss, and their critic of details.

Sources: Esser et al. 2021, arXiv:2012.09841 (VQ-GAN); Mentzer et al. 2024,
arXiv:2309.15505 (finite scalar quantisation); Larsen et al. 2016, arXiv:1512.09300
(the critic's features as a measure of likeness); Rombach et al. 2022,
arXiv:2112.10752 (continuous latents with a slight penalty).
"""

from collections.abc import Sequence
from typing import Final

import keras
import numpy as np
from keras import layers, ops

from cifake_core.generators.blocks import (
    SpectralConv2D,
    enlarged,
    normalized,
    residual,
    shrunk,
)
from cifake_core.generators.catalogue import Settings
from cifake_core.generators.differentiation import Metrics, Tensor
from cifake_core.generators.gan import hinge
from cifake_core.generators.system import Player, System

#: Levels of each number of a code; a picture has `NUM_PARTS` codes at each place.
LEVELS: Final = (8, 5, 5, 5)
NUM_PARTS: Final = 2
NUM_CODES: Final = int(np.prod(LEVELS))
#: The critic joins in when this share of the training is done.
_JOINS: Final = 0.15
#: Weight of the critic's verdict: more of it where the code loses detail.
_ADVERSARIAL: Final = {True: 0.3, False: 0.1}
_LIKENESS: Final = 1.0
_PENALTY: Final = 1e-4


def encoder(widths: Sequence[int], channels: int) -> keras.Model:
    """Encoder that halves the picture before each width but the first.

    Input shape: (N, 32, 32, 3) float32, -1 to 1.
    Output shape: (N, h, w, channels) float32.
    """
    image = keras.Input((32, 32, 3), name="image")
    x = layers.Conv2D(widths[0], 3, padding="same")(image)
    x = residual(x, widths[0])
    for width in widths[1:]:
        x = residual(shrunk(x, width), width)
    x = residual(x, widths[-1])
    x = layers.Conv2D(channels, 1, dtype="float32")(normalized(x))
    return keras.Model(image, x, name="encoder")


def decoder(widths: Sequence[int], channels: int) -> keras.Model:
    """Decoder, the encoder's mirror image.

    Input shape: (N, h, w, channels) float32.
    Output shape: (N, 32, 32, 3) float32, -1 to 1 and a little beyond.
    """
    side = 32 >> (len(widths) - 1)
    latent = keras.Input((side, side, channels), name="latent")
    x = layers.Conv2D(widths[-1], 3, padding="same")(latent)
    x = residual(residual(x, widths[-1]), widths[-1])
    for width in reversed(widths[:-1]):
        x = residual(enlarged(x, width), width)
    x = residual(x, widths[0])
    x = layers.Conv2D(3, 3, padding="same", dtype="float32")(normalized(x))
    return keras.Model(latent, x, name="decoder")


def detail_critic(width: int = 64) -> keras.Model:
    """Discriminator of 8x8 overlapping parts, and its features on the way.

    Input shape: (N, 32, 32, 3) float32, -1 to 1.
    Output shape: (N, 8, 8, 1) float32 scores, then its three feature maps.
    """
    image = keras.Input((32, 32, 3), name="image")
    x, found = image, []
    for number, (factor, stride) in enumerate(((1, 1), (2, 2), (4, 2))):
        x = SpectralConv2D(
            width * factor, 3 if number == 0 else 4, stride, padding="same"
        )(x)
        x = layers.LeakyReLU(negative_slope=0.2)(x)
        found.append(x)
    x = SpectralConv2D(4 * width, 3, padding="same")(x)
    x = layers.LeakyReLU(negative_slope=0.2)(x)
    score = layers.Conv2D(1, 1, dtype="float32")(x)
    return keras.Model(image, [score, *found], name="critic")


class AutoencoderSystem(System):
    """Encoder and decoder against a critic of details.

    The bottleneck is quantised, or continuous with noise and a slight penalty.
    """

    def __init__(
        self, networks: dict[str, keras.Model], settings: Settings, *, quantised: bool
    ) -> None:
        super().__init__(networks, settings)
        self.quantised = quantised
        self.adversarial = _ADVERSARIAL[quantised]
        self.encoder, self.decoder = networks["encoder"], networks["decoder"]
        self.critic = detail_critic(settings.critic_width)
        betas = (0.5, 0.99)
        coder = [self.encoder, self.decoder]
        self.players = {
            "coder": Player(coder, rate=settings.rate, betas=betas, annealed=True),
            "critic": Player([self.critic], rate=settings.critic_rate, betas=betas),
        }

    def step(self, images: Tensor, classes: Tensor, progress: Tensor) -> Metrics:
        """One step of the coder, then one of the critic."""
        real, _ = self.draw(images, classes)
        joined = ops.cast(progress > _JOINS, "float32")

        def coder_loss() -> tuple[Tensor, Metrics]:
            latent, penalty = self._bottleneck(self.encoder(real, training=True))
            again = self.decoder(latent, training=True)
            score, *features = self.critic(again, training=False)
            wanted = self.critic(real, training=False)[1:]
            distance = ops.mean(ops.abs(again - real))
            likeness = sum(
                ops.mean(ops.abs(ops.cast(a, "float32") - ops.cast(b, "float32")))
                for a, b in zip(features, wanted, strict=True)
            )
            adversarial = -ops.mean(score)
            loss = distance + penalty
            loss += joined * (_LIKENESS * likeness + self.adversarial * adversarial)
            return loss, {"distance": distance, "likeness": likeness, "again": again}

        metrics = self.move("coder", coder_loss, progress)
        again = ops.stop_gradient(metrics.pop("again"))

        def critic_loss() -> tuple[Tensor, Metrics]:
            both = self.critic(ops.concatenate([real, again]), training=True)[0]
            on_real, on_fake = ops.split(both, 2)
            return hinge(on_real, on_fake), {"margin": ops.mean(on_real - on_fake)}

        return metrics | self.move("critic", critic_loss, progress)

    def _bottleneck(self, found: Tensor) -> tuple[Tensor, Tensor]:
        """The latent that the decoder sees, and the penalty on it."""
        if self.quantised:
            bounded = bounds(found)
            rounded = ops.stop_gradient(ops.round(bounded) - bounded) + bounded
            return scaled(rounded), ops.zeros(())
        mean, log_variance = ops.split(found, 2, axis=-1)
        log_variance = ops.clip(log_variance, -12.0, 4.0)
        noise = keras.random.normal(ops.shape(mean), seed=self.randomness)
        penalty = ops.exp(log_variance) + ops.square(mean) - 1 - log_variance
        latent = mean + ops.exp(0.5 * log_variance) * noise
        return latent, _PENALTY * 0.5 * ops.mean(penalty)


def bounds(found: Tensor) -> Tensor:
    """An encoder's numbers squeezed so that rounding gives as many values as levels."""
    levels = np.tile(np.array(LEVELS, np.float32), NUM_PARTS)
    half = (levels - 1) * (1 - 1e-3) / 2
    offset = np.where(levels % 2 == 0, 0.5, 0.0).astype(np.float32)
    shift = np.arctanh(offset / half).astype(np.float32)
    return ops.tanh(found + shift) * half - offset


def scaled(rounded: Tensor) -> Tensor:
    """Rounded numbers, shrunk to about -1 to 1: the decoder's input."""
    return rounded / np.tile(np.array(LEVELS) // 2, NUM_PARTS).astype(np.float32)


def codes(rounded: "np.ndarray") -> "np.ndarray":
    """(N, h * w * NUM_PARTS) int32 code numbers of (N, h, w, C) rounded numbers."""
    digits = rounded.reshape(len(rounded), -1, len(LEVELS)) + np.array(LEVELS) // 2
    return np.asarray(digits @ _PLACES, np.int32)


def uncoded(numbers: "np.ndarray", side: int) -> "np.ndarray":
    """(N, side, side, C) float32 rounded numbers of code numbers."""
    digits = numbers[..., None] // _PLACES % np.array(LEVELS) - np.array(LEVELS) // 2
    return digits.reshape(len(numbers), side, side, -1).astype(np.float32)


_PLACES: Final = np.cumprod([1, *LEVELS[:-1]])
