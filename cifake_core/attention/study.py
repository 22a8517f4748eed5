"""Study of attention: the same test pictures for every network, and what it sees."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from cifake_core.attention.looking import Means, Seen, combined, look
from cifake_core.attention.pieces import NUM_KINDS, colors_of, kinds_of, roughness
from cifake_core.attention.records import Attention
from cifake_core.basics.arrays import SIDE, Floats, Rgb32, as_rgb32
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES, sign_of
from cifake_core.basics.progress import ProgressCallback
from cifake_core.data.archive import names_sha256
from cifake_core.data.cifake import Split
from cifake_core.explain.methods.superpixels import fade, segment
from cifake_core.networks.protocols import Scorer
from cifake_core.pictures.saliency import standing_out

_UNKNOWN: Final = -1
#: One place of so many is among the strongest.
_STRONGEST: Final = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class AttentionConfig:
    """How many pictures are looked at, and the seed that draws them."""

    num_pictures: int = 2000
    seed: int = 0


def choose_pictures(test: Split, config: AttentionConfig) -> npt.NDArray[np.int64]:
    """Return positions of test pictures, rising: as many of each label and class.

    Where there are fewer of one kind than its share, there are those.
    """
    random = np.random.RandomState(config.seed)
    share = config.num_pictures // (len(LABELS) * len(OBJECT_CLASSES))
    chosen = []
    for label in range(len(LABELS)):
        for number in range(len(OBJECT_CLASSES)):
            same = (test.labels == label) & (test.object_classes == number)
            chosen.append(random.permutation(np.flatnonzero(same))[:share])
    return np.sort(np.concatenate(chosen))


def study(  # noqa: PLR0913 - who looks at what, and how: by keyword
    network: Scorer,
    test: Split,
    *,
    means: Mapping[str, Means],
    decisions: npt.NDArray[np.integer] | None,
    config: AttentionConfig,
    progress: ProgressCallback,
) -> Attention:
    """Return what a network looks at in the test pictures.

    Args:
        network: the compiled network or ensemble.
        test: the pictures.
        means: (6,) of the planes in training, by the name of each part on them.
        decisions: (N,) numbers of `DECISIONS` on the test pictures, None if unknown.
        config: how many of them.
        progress: told the share done, 0 to 1, of what was left to do; may raise to
            stop.
    """
    started = time.perf_counter()
    positions = choose_pictures(test, config)
    images = np.stack([test.images[position] for position in positions])
    seen = _look(network, images, means, progress)
    called = (network.logits(images) >= 0).astype(np.int8)
    unknown = np.full(len(positions), _UNKNOWN)
    given = unknown if decisions is None else decisions[positions]
    truths = test.labels[positions], test.object_classes[positions]
    groups = np.stack([*truths, called, given], axis=1).astype(np.int8)
    return Attention(
        network=network.name,
        model_sha256=network.sha256,
        test_sha256=names_sha256(test.members),
        seed=config.seed,
        positions=positions.astype(np.int32),
        decisions=groups[:, 3],
        channels=seen.channels if means else seen.channels[:0],
        **_by_cell(groups, seen.evidence),
        **_by_kind(images, seen),
        **_of_calls(images, called, seen.evidence),
        seconds=time.perf_counter() - started,
    )


def _look(
    network: Scorer,
    images: npt.NDArray[np.uint8],
    means: Mapping[str, Means],
    progress: ProgressCallback,
) -> Seen:
    """What the network sees in the pictures, from what each part of it sees."""
    parts = []
    for number, part in enumerate(network.parts):

        def tell(share: float, done: int = number) -> None:
            progress((done + share) / len(network.parts))

        parts.append(look(part, images, means=means.get(part.name), progress=tell))
    return combined(parts, network.weights)


def _by_cell(groups: npt.NDArray[np.int8], evidence: Floats) -> dict[str, Any]:
    """Mean and spread of the evidence over the pictures of each cell that has any."""
    cells, which = np.unique(groups, axis=0, return_inverse=True)
    parts = [evidence[which.ravel() == cell] for cell in range(len(cells))]
    return {
        "cells": cells,
        "counts": np.array([len(part) for part in parts], np.int32),
        "means": np.stack([part.mean(axis=0) for part in parts]).astype(np.float32),
        "spreads": np.stack([part.std(axis=0) for part in parts]).astype(np.float32),
    }


def _by_kind(images: npt.NDArray[np.uint8], seen: Seen) -> dict[str, Any]:
    """Mean push of the pieces of each kind in each picture."""
    colors, rough = zip(*(_described(as_rgb32(image)) for image in images), strict=True)
    edges = np.quantile(np.concatenate(rough), (1 / 3, 2 / 3)).astype(np.float32)
    sums = np.zeros((len(images), NUM_KINDS), np.float64)
    counts = np.zeros((len(images), NUM_KINDS), np.uint8)
    for row, (color, each) in enumerate(zip(colors, rough, strict=True)):
        kinds = kinds_of(color, each, edges)
        counts[row] = np.bincount(kinds, minlength=NUM_KINDS)
        pushes = seen.pushes[row, : len(kinds)]
        sums[row] = np.bincount(kinds, pushes, minlength=NUM_KINDS)
    pushes = (sums / np.maximum(counts, 1)).astype(np.float32)
    return {"pushes": pushes, "num_pieces": counts, "edges": edges}


def _described(pixels: Rgb32) -> tuple[npt.NDArray[np.int64], Floats]:
    """Colour and roughness of each piece of a picture."""
    pieces = segment(pixels)
    firsts = np.unique(pieces, return_index=True)[1]
    colors = fade(pixels, pieces).reshape(-1, 3)[firsts]
    return colors_of(colors), roughness(pixels, pieces)


def _of_calls(
    images: npt.NDArray[np.uint8], called: npt.NDArray[np.int8], evidence: Floats
) -> dict[str, Any]:
    """Where the evidence for what the network calls each picture lies."""
    signs = np.array([-sign_of(label) for label in LABELS])[called]  # it is for FAKE
    supports = np.maximum(signs[:, np.newaxis, np.newaxis] * evidence, 0)
    flat = supports.reshape(len(supports), -1)
    strongest = -np.sort(-flat, axis=1)[:, : flat.shape[1] // _STRONGEST]
    totals = np.maximum(flat.sum(axis=1), np.finfo(np.float32).tiny)
    return {
        "peaks": flat.argmax(axis=1).astype(np.int16),
        "focus": (strongest.sum(axis=1) / totals).astype(np.float32),
        "on_salient": np.array(
            [
                _density(as_rgb32(image), support)
                for image, support in zip(images, supports, strict=True)
            ],
            np.float32,
        ),
    }


def _density(pixels: Rgb32, support: Floats) -> float:
    """How much denser than elsewhere the evidence lies on what stands out."""
    mask = standing_out(pixels)
    if mask is None or not support.any():
        return float("nan")
    fine = cv2.resize(support, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    elsewhere = max(float(fine[~mask].mean()), float(np.finfo(np.float32).tiny))
    return float(fine[mask].mean()) / elsewhere
