"""The generators of our own: what each is, and the recipe that made it.

Listing them imports no network library.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from cifake_core.basics.registry import lookup

Family: TypeAlias = Literal["GAN", "diffusion", "autoencoder", "flow"]
#: What a picture is made from.
Kind: TypeAlias = Literal["noise", "photograph"]
Precision: TypeAlias = Literal["float32", "mixed_bfloat16"]


#: Which seeds serve what; those from 3000 are free, for galleries and for play. What
#: is replayed while a network learns something new, it was never trained on before.
SEEDS: Final[Mapping[str, range]] = {
    "training": range(500),
    "replay": range(500, 1000),
    "validation": range(1000, 2000),
    "test": range(2000, 3000),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """A recipe: how long, how many at a time, how fast, how wide.

    `widths` are the network's channels, from the picture inwards; `critic_width`
    and `critic_rate` are those of the discriminator, where there is one.
    """

    steps: int
    batch: int
    rate: float
    widths: tuple[int, ...]
    critic_width: int = 0
    critic_rate: float = 0.0
    seed: int = 0
    precision: Precision = "float32"


@dataclass(frozen=True, kw_only=True, slots=True)
class Generator:
    """A generator as the catalogue knows it.

    `settings` is None for one that uses another's weights, which `needs` names.
    `strengths` are the shares of the noise through which a photograph is passed.
    """

    title: str
    family: Family
    kind: Kind
    description: str
    settings: Settings | None = None
    needs: str | None = None
    strengths: tuple[float, ...] = ()


GENERATORS: Final[Mapping[str, Generator]] = {
    "gan_transposed": Generator(
        title="GAN with transposed convolutions",
        family="GAN",
        kind="noise",
        description="DCGAN's generator against a residual discriminator, hinge loss",
        settings=Settings(
            steps=40_000,
            batch=128,
            rate=2e-4,
            widths=(64, 128, 256, 256),
            critic_width=128,
            critic_rate=4e-4,
        ),
    ),
    "gan_resize": Generator(
        title="GAN that resizes and convolves",
        family="GAN",
        kind="noise",
        description="SNGAN's residual generator, nearest neighbour before each pair",
        settings=Settings(
            steps=40_000,
            batch=128,
            rate=2e-4,
            widths=(168,),
            critic_width=128,
            critic_rate=4e-4,
        ),
    ),
    "diffusion": Generator(
        title="Diffusion model",
        family="diffusion",
        kind="noise",
        description="U-Net that predicts the velocity, sampled by DDIM",
        settings=Settings(steps=60_000, batch=128, rate=8e-4, widths=(64, 96, 112)),
    ),
    "vqgan": Generator(
        title="VQ-GAN",
        family="autoencoder",
        kind="noise",
        description="transformer that fills in codes, decoded by `vq_autoencoder`",
        settings=Settings(steps=20_000, batch=256, rate=1e-3, widths=(160, 6, 5)),
        needs="vq_autoencoder",
    ),
    "flow": Generator(
        title="Normalising flow",
        family="flow",
        kind="noise",
        description="Glow with fixed rotations, three levels of eight steps",
        settings=Settings(steps=30_000, batch=128, rate=1e-3, widths=(160, 8)),
    ),
    "vq_autoencoder": Generator(
        title="Photographs through a quantising autoencoder",
        family="autoencoder",
        kind="photograph",
        description="8x8 places of two codes each, adversarial loss",
        settings=Settings(
            steps=30_000,
            batch=128,
            rate=4e-4,
            widths=(56, 88, 144, 8),
            critic_width=64,
            critic_rate=4e-4,
        ),
    ),
    "kl_autoencoder": Generator(
        title="Photographs through a continuous autoencoder",
        family="autoencoder",
        kind="photograph",
        description="16x16 places of four numbers each, adversarial loss",
        settings=Settings(
            steps=20_000,
            batch=128,
            rate=4e-4,
            widths=(64, 128, 4),
            critic_width=64,
            critic_rate=4e-4,
        ),
    ),
    "diffusion_pass": Generator(
        title="Photographs through a few steps of diffusion",
        family="diffusion",
        kind="photograph",
        description="noise is added up to a strength and taken out again by DDIM",
        needs="diffusion",
        strengths=(0.1, 0.2, 0.3, 0.4),
    ),
}


def generator(name: str) -> Generator:
    """The generator called `name`.

    Raises:
        UnknownNameError: If there is none; the message names those there are.
    """
    return lookup(GENERATORS, name, kind="generator")


def trained() -> tuple[str, ...]:
    """Names of the generators that have weights of their own."""
    return tuple(name for name, each in GENERATORS.items() if each.settings)
