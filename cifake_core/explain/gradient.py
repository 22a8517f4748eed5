"""Gradient x input: what each pixel of each input plane adds to the score."""

import time

import numpy as np

from cifake_core.arrays import Floats, Rgb
from cifake_core.networks.protocols import Scorer
from cifake_core.results import Explanation, Label


def gradient_input(
    network: Scorer, image: Rgb, *, label: Label, seed: int = 0
) -> Explanation:
    """Return how much each pixel, as it is, moved the score of `label`.

    The product is taken in the range in which the network is fed, 0 to 255, so
    that a black pixel has no share. For a network on the six planes each plane
    has a map of its own, and `heatmap` is their sum.

    Args:
        network: one network; an ensemble has no input of its own.
        image: (32, 32, 3) uint8, RGB.
        label: what the evidence is for.
        seed: recorded; nothing here is random.

    Raises:
        ValueError: If `network` is an ensemble.

    Source: Shrikumar et al. 2016, arXiv:1605.01713.
    """
    started = time.perf_counter()
    if len(network.parts) != 1:
        msg = (
            f"Expected one network. Received {network.name!r} of "
            f"{len(network.parts)}; explain its members one by one."
        )
        raise ValueError(msg)
    probe = network.parts[0]
    inputs, gradient = probe.input_gradient(image)
    share = inputs * gradient * (1 if label == "REAL" else -1)
    heatmap = share.sum(axis=-1)
    plane_maps = None
    if probe.spec.input_kind == "planes":
        plane_maps = _scaled(heatmap)
        heatmap = heatmap.sum(axis=0)
    return Explanation(
        heatmap=_scaled(heatmap),
        label=label,
        signed=True,
        method="gradient_input",
        network=network.name,
        model_sha256=network.sha256,
        seed=seed,
        seconds=time.perf_counter() - started,
        settings={},
        plane_maps=plane_maps,
    )


def _scaled(share: Floats) -> Floats:
    """Return `share` divided by its largest size, so that it lies in -1 to 1."""
    largest = np.abs(share).max()
    return np.asarray(share / largest if largest > 0 else share, np.float32)
