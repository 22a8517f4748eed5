"""Gradient methods: gradient x input and integrated gradients.

With x[i] the value i of a network's input and y(x) the score of the label. A map has
one share for each pixel: the sum over its colours or planes.

Example:
    explain(network, prepare(image), method="gradient_input", label="FAKE").heatmap
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from cifake_core.basics.arrays import SIDE, Floats
from cifake_core.explain.explainer import Question, RawMap
from cifake_core.networks.inputs import picture_input

#: Steps of integrated gradients in one batch; between two progress is told.
_BATCH: Final = 32


def gradient_input(question: Question) -> RawMap:
    """Gradient x input: the share of each value of the input, to first order.

        share[i] = x[i] * dy / dx[i]

    The product is taken in the range of the network's input, 0 to 255, so that a
    black pixel has no share. A network on the six planes has a map of each, and the
    whole is their sum.

    Source: Shrikumar et al. 2016, arXiv:1605.01713, section 3.2.
    """
    shares = []
    for probe in question.network.parts:
        inputs = picture_input(probe.spec.input_kind, question.picture)
        shares.append((inputs * probe.gradients(inputs))[0])
    return _raw_map(question, shares)


def integrated_gradients(question: Question) -> RawMap:
    """Integrated gradients: the gradient along the way from a flat picture to this one.

        share[i] = (x[i] - b[i]) * integral from 0 to 1 of dy/dx[i] at b + t (x - b) dt

    The way is a straight line in the network's input, from that of the picture's mean
    colour, b, to that of the picture, by the midpoint rule. The shares add up to the
    difference of the two scores but for what the steps leave open:
    `completeness_gap`.

    Source: Sundararajan et al. 2017, arXiv:1703.01365, section 3.
    """
    num_steps, parts = question.settings["num_steps"], question.network.parts
    steps = (np.arange(num_steps, dtype=np.float32) + 0.5) / num_steps
    batches = np.split(steps, range(_BATCH, num_steps, _BATCH))
    shares: list[Floats] = []
    for number, probe in enumerate(parts):
        start = probe.inputs(question.flat[np.newaxis])[0]
        end = picture_input(probe.spec.input_kind, question.picture)[0]
        total = np.zeros_like(start)
        for position, batch in enumerate(batches):
            question.progress((number + position / len(batches)) / len(parts))
            way = start + np.multiply.outer(batch, end - start)
            total += probe.gradients(way).sum(axis=0)
        shares.append((end - start) * total / num_steps)
    question.progress(1.0)
    raw = _raw_map(question, shares)
    flat, full = question.scores(np.stack([question.flat, question.pixels]))
    gap = raw.heatmap.sum(dtype=np.float64) - (full - flat)
    return replace(
        raw, facts={"baseline": "mean colour", "completeness_gap": float(gap)}
    )


def _raw_map(question: Question, shares: Sequence[Floats]) -> RawMap:
    """Sum of the shares of each pixel over the networks' inputs, for the label.

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
