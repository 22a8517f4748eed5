"""Gradients of the score: what each pixel, as the network is fed it, adds."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from cifake_core.basics.arrays import SIDE, Floats
from cifake_core.explain.explainer import Question, RawMap

#: Steps of integrated gradients in one batch; between two progress is told.
_BATCH: Final = 32


def gradient_input(question: Question) -> RawMap:
    """Return how much each pixel, as it is, moved the score of the label.

    The product is taken in the range in which the network is fed, 0 to 255, so
    that a black pixel has no share. A network on the six planes has a map of each,
    and the whole is their sum.

    Source: Shrikumar et al. 2016, arXiv:1605.01713.
    """
    shares = []
    for probe in question.network.parts:
        inputs = probe.inputs(question.image[None])
        shares.append((inputs * probe.gradients(inputs))[0])
    return _raw_map(question, shares)


def integrated_gradients(question: Question) -> RawMap:
    """Return what each pixel adds to the score on the way from a flat picture.

    The way is a straight line in what the network is fed, from the picture's mean
    colour to the picture, by the midpoint rule. The shares add up to the difference
    of the two scores but for what the steps leave open: `completeness_gap`.

    Source: Sundararajan et al. 2017, arXiv:1703.01365, section 3.
    """
    ends = np.stack([question.flat, question.image])
    num_steps, parts = question.settings["num_steps"], question.network.parts
    steps = (np.arange(num_steps, dtype=np.float32) + 0.5) / num_steps
    batches = np.split(steps, range(_BATCH, num_steps, _BATCH))
    shares: list[Floats] = []
    for number, probe in enumerate(parts):
        start, end = probe.inputs(ends)
        total = np.zeros_like(start)
        for position, batch in enumerate(batches):
            question.progress((number + position / len(batches)) / len(parts))
            way = start + batch.reshape(-1, *[1] * start.ndim) * (end - start)
            total += probe.gradients(way).sum(axis=0)
        shares.append((end - start) * total / num_steps)
    question.progress(1.0)
    raw = _raw_map(question, shares)
    flat, full = question.scores(ends)
    gap = raw.heatmap.sum(dtype=np.float64) - (full - flat)
    return replace(
        raw, facts={"baseline": "mean colour", "completeness_gap": float(gap)}
    )


def _raw_map(question: Question, shares: Sequence[Floats]) -> RawMap:
    """Return what each pixel has of each network's input, for the label.

    An ensemble's members see different inputs, but their shares are all of a logit,
    and on the same pixels: they add up as the logits do.
    """
    network = question.network
    planes = None
    heatmap = np.zeros((SIDE, SIDE), np.float32)
    for part, share, weight in zip(network.parts, shares, network.weights, strict=True):
        for_label = question.sign * weight * share.sum(axis=-1)
        if part.spec.input_kind == "planes":
            planes = for_label
            for_label = for_label.sum(axis=0)
        heatmap += for_label
    alone = len(network.parts) == 1
    return RawMap(heatmap=heatmap, plane_maps=planes if alone else None)
