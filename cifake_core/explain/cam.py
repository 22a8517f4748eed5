"""Grad-CAM: where the last large map of a network speaks for a label."""

import time

import cv2
import numpy as np

from cifake_core.arrays import SIDE, Floats, Rgb
from cifake_core.networks.protocols import Probe, Scorer
from cifake_core.results import Explanation, Label


def gradcam(network: Scorer, image: Rgb, *, label: Label, seed: int = 0) -> Explanation:
    """Return which regions of `image` spoke for `label`.

    The map is 0 everywhere if no region does. An ensemble's map is made from the
    mean of its members' weighted activations, as its logit is of their logits.

    Args:
        network: the compiled network or ensemble.
        image: (32, 32, 3) uint8, RGB.
        label: what the evidence is for; the score is the logit of REAL, or its
            negative for FAKE.
        seed: recorded; nothing here is random.

    Source: Selvaraju et al. 2017, arXiv:1610.02391, equations 1 and 2.
    """
    started = time.perf_counter()
    evidence = np.mean([_evidence(part, image) for part in network.parts], axis=0)
    heatmap = positive_part(evidence if label == "REAL" else -evidence)
    return Explanation(
        heatmap=heatmap,
        label=label,
        signed=False,
        method="gradcam",
        network=network.name,
        model_sha256=network.sha256,
        seed=seed,
        seconds=time.perf_counter() - started,
        settings={"layer": "+".join(part.spec.cam_layer for part in network.parts)},
    )


def weigh_activations(activations: Floats, gradients: Floats) -> Floats:
    """Return the signed evidence at each place of a map, before any cut-off.

    Args:
        activations: (*space, K) float32, the output of the explained layer.
        gradients: (*space, K) float32, d(score) / d(activations).

    Returns:
        (*space) float32: the channels, weighted by their mean gradient.

    Source: Selvaraju et al. 2017, arXiv:1610.02391, equation 1.
    """
    weights = gradients.mean(axis=tuple(range(gradients.ndim - 1)))
    return np.asarray(activations @ weights, np.float32)


def positive_part(evidence: Floats) -> Floats:
    """Return a map of the picture's size from the positive evidence, 0 to 1.

    Args:
        evidence: (h, w) float32, coarse.

    Returns:
        (32, 32) float32, enlarged bilinearly; its maximum is 1, or 0 if there is
        no positive evidence.
    """
    coarse = np.maximum(evidence, 0).astype(np.float32)
    fine = cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    strongest = fine.max()
    return np.asarray(fine / strongest if strongest > 0 else fine, np.float32)


def _evidence(network: Probe, image: Rgb) -> Floats:
    """Return the (h, w) evidence for REAL; a 3D map is summed over its depth."""
    activations, gradients, _ = network.activations(image)
    evidence = weigh_activations(activations, gradients)
    return evidence.sum(axis=0) if evidence.ndim == 3 else evidence
