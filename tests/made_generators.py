"""Generators so small that they train in seconds, and cards of them."""

from pathlib import Path
from typing import Any

import numpy as np

from cifake_core.generators import gallery, weights
from cifake_core.generators.card import GeneratorCard, TrainingFacts
from cifake_core.generators.catalogue import Settings
from cifake_core.generators.gallery import Gallery
from cifake_core.generators.photographs import Photographs
from cifake_core.pictures.statistics import mean_spectrum

#: Channels of the smallest networks.
WIDTHS = {
    "gan_transposed": (8, 8, 8, 8),
    "gan_resize": (8,),
    "diffusion": (8, 8, 8),
    "vq_autoencoder": (8, 8, 8, 8),
    "vqgan": (8, 1, 2),
    "kl_autoencoder": (8, 8, 4),
    "flow": (8, 1),
}


def tiny(name: str, *, steps: int = 2) -> Settings:
    """Recipe of a generator that trains in seconds."""
    return Settings(
        steps=steps,
        batch=4,
        rate=1e-3,
        widths=WIDTHS[name],
        critic_width=8,
        critic_rate=1e-3,
    )


def grainy_squares() -> Photographs:
    """16 grainy squares of one colour each."""
    generator = np.random.default_rng(0)
    colours = generator.integers(60, 200, (16, 1, 1, 3))
    images = colours + generator.integers(-20, 20, (16, 32, 32, 3))
    return Photographs(
        images=images.astype(np.uint8),
        classes=(np.arange(16) % 10).astype(np.int32),
        digest="made for a test",
    )


def generator_card(name: str, weights_sha256: str, **changes: Any) -> GeneratorCard:
    """Card of a tiny generator."""
    facts = {
        "name": name,
        "parameters": 5,
        "settings": tiny(name),
        "steps": 2,
        "pictures_seen": 8,
        "seconds": 1.5,
        "losses": {"step": 2.0, "error": 0.25},
        "backend": "tensorflow",
        "hardware": "abacus",
        "versions": {"keras": "3"},
        "training": TrainingFacts(
            data_set="CIFAKE",
            pictures="REAL of the training split",
            num_pictures=16,
            digest="made for a test",
        ),
        "weights_sha256": weights_sha256,
        "needs": {},
    }
    return GeneratorCard(**facts | changes)


def made_gallery(name: str, weights_sha256: str, **changes: Any) -> Gallery:
    """Gallery of four grainy squares, which no generator drew."""
    images = grainy_squares().images
    facts = {
        "name": name,
        "generator_sha256": weights_sha256,
        "seed": gallery.SEED,
        "images": images[:4],
        "spectrum": mean_spectrum(images),
    }
    return Gallery(**facts | changes)


def put_generator(name: str, models: Path) -> Path:
    """Write a tiny generator with random weights to `models`; return its folder."""
    from cifake_core.generators.networks import networks

    sha256 = weights.save(name, networks(name, tiny(name)), models / name)
    weights.write_card(generator_card(name, sha256), models / name)
    return models / name
