"""Class activation maps: where the inner maps of a network speak for a label.

All three read one pass through the network. Grad-CAM looks at its last map; on
that one HiResCAM would give the same, as our networks average it into the logit,
so HiResCAM and LayerCAM look at the finer map before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np

from cifake_core.basics.arrays import SIDE, Floats, Rgb
from cifake_core.basics.labels import Label
from cifake_core.explain.explainer import Question, RawMap
from cifake_core.networks.inspection.convolution import unit_range
from cifake_core.networks.protocols import Probe

#: From (*space, K) activations and d(score)/d(activations) to (*space) evidence.
Weigh: TypeAlias = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class CamSteps:
    """From gradient to Grad-CAM, step by step, for one network and label.

    `activations` and `gradients` are (h, w, K) float32, of the layer `layer` and of
    the label's score by them; of a layer with depth the sum and the mean over it.
    `weights` is (K,), the mean gradients; `evidence` is (h, w), the channels added up
    by them; `heatmap` is (32, 32), 0 to 1, what is left of it above 0, enlarged.
    """

    layer: str
    label: Label
    activations: Floats
    gradients: Floats
    weights: Floats
    evidence: Floats
    heatmap: Floats


def cam_steps(network: Probe, image: Rgb, *, label: Label) -> CamSteps:
    """Return how Grad-CAM comes to its map of `image`, (32, 32, 3) uint8.

    Source: Selvaraju et al. 2017, arXiv:1610.02391, equations 1 and 2.
    """
    layer = network.spec.cam_layer
    activations, gradients = network.activations(image)[layer]
    gradients = gradients * (1 if label == "REAL" else -1)
    if activations.ndim == 4:
        activations, gradients = activations.sum(axis=0), gradients.mean(axis=0)
    evidence = weigh_channels(activations, gradients)
    heatmap = positive_part(evidence)
    return CamSteps(
        layer=layer,
        label=label,
        activations=activations,
        gradients=gradients,
        weights=np.asarray(gradients.mean(axis=(0, 1)), np.float32),
        evidence=evidence,
        heatmap=unit_range(heatmap),
    )


def gradcam(question: Question) -> RawMap:
    """Return which regions of the picture spoke for the label, from the last map."""
    layers = [part.spec.cam_layer for part in question.network.parts]
    return _raw_map(question, layers, weigh_channels)


def hirescam(question: Question) -> RawMap:
    """Return which regions spoke for the label, each by its own gradient."""
    return _raw_map(question, _fine_layers(question), weigh_places)


def layercam(question: Question) -> RawMap:
    """Return which regions spoke for the label, by what only speaks for it."""
    return _raw_map(question, _fine_layers(question), weigh_support)


def weigh_channels(activations: Floats, gradients: Floats) -> Floats:
    """Return the channels, weighted by their mean gradient.

    Source: Selvaraju et al. 2017, arXiv:1610.02391, equation 1.
    """
    weights = gradients.mean(axis=tuple(range(gradients.ndim - 1)))
    return np.asarray(activations @ weights, np.float32)


def weigh_places(activations: Floats, gradients: Floats) -> Floats:
    """Return the channels, weighted at each place by the gradient there.

    Source: Draelos & Carin 2020, arXiv:2011.08891.
    """
    return np.asarray((activations * gradients).sum(axis=-1), np.float32)


def weigh_support(activations: Floats, gradients: Floats) -> Floats:
    """Return the channels, weighted at each place by a gradient that is positive.

    Source: Jiang et al. 2021, doi:10.1109/TIP.2021.3089943.
    """
    return weigh_places(activations, np.maximum(gradients, 0))


def positive_part(evidence: Floats) -> Floats:
    """Return the positive evidence of (h, w) places on the pixels, (32, 32) float32.

    It is enlarged bilinearly; where there is none the map is 0.
    """
    coarse = np.maximum(evidence, 0).astype(np.float32)
    fine = cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    return np.asarray(fine, np.float32)


def _raw_map(question: Question, layers: list[str], weigh: Weigh) -> RawMap:
    """Return the map of the network, or of an ensemble's members together.

    Their evidence is added as their logits are, before the cut-off. So is that of
    a layer with depth, all of which lies behind one place of the picture.
    """
    network, maps = question.network, []
    facts = {"layer": "+".join(layers)}
    for part, layer, weight in zip(network.parts, layers, network.weights, strict=True):
        activations, gradients = part.activations(question.image)[layer]
        evidence = weigh(activations, question.sign * weight * gradients)
        if evidence.ndim == 3:
            evidence, facts["depth"] = evidence.sum(axis=0), "sum"
        maps.append(evidence)
    return RawMap(heatmap=positive_part(np.sum(maps, axis=0)), facts=facts)


def _fine_layers(question: Question) -> list[str]:
    """Return the layer with the finest map to look at, of each network asked."""
    return [part.spec.finest_layer for part in question.network.parts]
