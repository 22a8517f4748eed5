"""Two adversarial generators and the discriminator that teaches them.

Sources: Radford et al. 2016, arXiv:1511.06434 (transposed convolutions); Odena et al.
2016, doi:10.23915/distill.00003 (resizing instead); Miyato et al. 2018,
arXiv:1802.05957 (spectral norm, hinge loss, residual networks); Miyato & Koyama 2018,
arXiv:1802.05637 (projection discriminator).
"""

import keras
from keras import layers, ops

from cifake_core.generators.blocks import NUM_CLASSES, SpectralConv2D
from cifake_core.generators.catalogue import Settings
from cifake_core.generators.differentiation import Metrics, Tensor
from cifake_core.generators.system import Player, System

#: Numbers that a picture is drawn from.
LATENT = 128
_EMBEDDED = 32


def transposed_generator(widths: tuple[int, ...] = (256, 256, 128, 64)) -> keras.Model:
    """Generator that enlarges by transposed convolutions, from 4x4 to 32x32.

    Input shape: (N, 128) float32 from a standard normal, (N,) int32 object classes.
    Output shape: (N, 32, 32, 3) float32, -1 to 1.
    """
    inputs, x = _seed_map(widths[0])
    for width in widths[1:]:
        x = _activated(x)
        x = layers.Conv2DTranspose(width, 4, 2, padding="same", use_bias=False)(x)
    return keras.Model(inputs, _picture(x), name="gan_transposed")


def resizing_generator(width: int = 168) -> keras.Model:
    """Residual generator that enlarges by nearest neighbour and convolves after it.

    Input shape: (N, 128) float32 from a standard normal, (N,) int32 object classes.
    Output shape: (N, 32, 32, 3) float32, -1 to 1.
    """
    inputs, x = _seed_map(width)
    for _ in range(3):
        shortcut = layers.Conv2D(width, 1)(layers.UpSampling2D()(x))
        x = layers.UpSampling2D()(_activated(x))
        x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
        x = layers.Conv2D(width, 3, padding="same")(_activated(x))
        x = layers.Add()([x, shortcut])
    return keras.Model(inputs, _picture(x), name="gan_resize")


def discriminator(width: int = 128) -> keras.Model:
    """Residual discriminator with spectral norm, conditional by projection.

    Input shape: (N, 32, 32, 3) float32, -1 to 1, and (N,) int32 object classes.
    Output shape: (N,) float32, positive for a photograph.
    """
    image = keras.Input((32, 32, 3), name="image")
    label = keras.Input((), dtype="int32", name="label")
    x = _judged(image, width, first=True, smaller=True)
    x = _judged(x, width, smaller=True)
    x = _judged(_judged(x, width), width)
    x = layers.Activation("relu")(x)
    x = layers.GlobalAveragePooling2D(keepdims=True, dtype="float32")(x)
    x = layers.Rescaling(64.0, dtype="float32")(x)  # the sum over 8x8 places
    score = SpectralConv2D(1, 1, dtype="float32")(x)
    asked = layers.Reshape((1, 1, NUM_CLASSES))(ops.one_hot(label, NUM_CLASSES))
    wanted = SpectralConv2D(width, 1, use_bias=False, dtype="float32")(asked)
    likeness = ops.sum(x * wanted, axis=-1, keepdims=True)
    score = ops.reshape(score + likeness, (-1,))
    return keras.Model([image, label], score, name="discriminator")


class AdversarialSystem(System):
    """A generator and a discriminator that train each other with the hinge loss.

    The discriminator learns twice as fast as the generator (Heusel et al. 2017,
    arXiv:1706.08500).
    """

    def __init__(self, networks: dict[str, keras.Model], settings: Settings) -> None:
        super().__init__(networks, settings)
        self.generator = networks["generator"]
        self.critic = discriminator(settings.critic_width)
        betas = (0.0, 0.9)
        self.players = {
            "generator": Player([self.generator], rate=settings.rate, betas=betas),
            "critic": Player([self.critic], rate=settings.critic_rate, betas=betas),
        }

    def step(self, images: Tensor, classes: Tensor, progress: Tensor) -> Metrics:
        """One step of the discriminator, then one of the generator."""
        real, labels = self.draw(images, classes)
        fake = ops.stop_gradient(self._fakes(labels))

        def critic_loss() -> tuple[Tensor, Metrics]:
            pictures = ops.concatenate([real, fake])
            both = self.critic([pictures, ops.concatenate([labels] * 2)], training=True)
            on_real, on_fake = ops.split(both, 2)
            loss = hinge(on_real, on_fake)
            return loss, {"critic": loss, "margin": ops.mean(on_real - on_fake)}

        metrics = self.move("critic", critic_loss, progress)

        def generator_loss() -> tuple[Tensor, Metrics]:
            score = self.critic([self._fakes(labels), labels], training=True)
            loss = -ops.mean(score)
            return loss, {"generator": loss}

        return metrics | self.move("generator", generator_loss, progress)

    def _fakes(self, labels: Tensor) -> Tensor:
        """Pictures of the classes given, from fresh noise."""
        latent = keras.random.normal((self.batch, LATENT), seed=self.randomness)
        return self.generator([latent, labels], training=True)


def hinge(on_real: Tensor, on_fake: Tensor) -> Tensor:
    """Hinge loss of a discriminator."""
    return ops.mean(ops.relu(1 - on_real)) + ops.mean(ops.relu(1 + on_fake))


def _seed_map(width: int) -> tuple[list[Tensor], Tensor]:
    """The generator's inputs, and the 4x4 map that they are spread to."""
    latent = keras.Input((LATENT,), name="latent")
    label = keras.Input((), dtype="int32", name="label")
    wanted = layers.Embedding(NUM_CLASSES, _EMBEDDED)(label)
    x = layers.Concatenate()([latent, wanted])
    x = layers.Dense(4 * 4 * width)(x)
    return [latent, label], layers.Reshape((4, 4, width))(x)


def _activated(x: Tensor) -> Tensor:
    """Batch normalisation and ReLU."""
    x = layers.BatchNormalization(momentum=0.98, epsilon=1e-5, dtype="float32")(x)
    return layers.Activation("relu")(x)


def _picture(x: Tensor) -> Tensor:
    """The last map as a picture, -1 to 1."""
    x = layers.Conv2D(3, 3, padding="same", dtype="float32")(_activated(x))
    return layers.Activation("tanh", dtype="float32")(x)


def _judged(
    x: Tensor, width: int, *, first: bool = False, smaller: bool = False
) -> Tensor:
    """Residual block of the discriminator."""
    inner = x if first else layers.Activation("relu")(x)
    inner = layers.Activation("relu")(SpectralConv2D(width, 3, padding="same")(inner))
    inner = SpectralConv2D(width, 3, padding="same")(inner)
    if smaller:
        inner, x = layers.AveragePooling2D(2)(inner), layers.AveragePooling2D(2)(x)
    if first:
        x = SpectralConv2D(width, 1)(x)
    return layers.Add()([inner, x])
