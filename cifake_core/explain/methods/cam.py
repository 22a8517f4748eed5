"""Class activation maps: Grad-CAM, HiResCAM and LayerCAM.

All three read one pass through the network. Grad-CAM looks at its last map; on
that one HiResCAM would give the same, as our networks average it into the logit,
so HiResCAM and LayerCAM look at the finer map before.

With activations A[p, k] of channel k at place p and the score y of the label, all
three enlarge ReLU(E) to the picture's pixels; they differ in the evidence E[p].

Example:
    explain(network, prepare(image), method="gradcam", label="FAKE").heatmap
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import cv2
import numpy as np

from cifake_core.basics.arrays import SIDE, Floats, unit_range
from cifake_core.basics.labels import Label, sign_of
from cifake_core.explain.explainer import Question, RawMap
from cifake_core.networks.protocols import Probe
from cifake_core.pictures.records import PreparedPicture

#: From (*space, K) activations and d(score)/d(activations) to (*space) evidence.
Weigh: TypeAlias = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class CamSteps:
    """Grad-CAM step by step, for one network and label.

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


def gradcam(question: Question) -> RawMap:
    """Grad-CAM: the channels of the last map, weighted by their mean gradient.

        alpha[k] = mean over p of dy / dA[p, k]
        E[p] = sum over k of alpha[k] A[p, k]

    Source: Selvaraju et al. 2017, arXiv:1610.02391, equations 1 and 2.
    """
    layers = [part.spec.cam_layer for part in question.network.parts]
    return _raw_map(question, layers, weigh_channels)


def hirescam(question: Question) -> RawMap:
    """HiResCAM: the channels of the finer map, weighted by the gradient at each place.

        E[p] = sum over k of dy / dA[p, k] A[p, k]

    Source: Draelos & Carin 2020, arXiv:2011.08891, equation 4.
    """
    return _raw_map(question, _fine_layers(question), weigh_places)


def layercam(question: Question) -> RawMap:
    """LayerCAM: as HiResCAM, by the positive gradients alone.

        E[p] = sum over k of ReLU(dy / dA[p, k]) A[p, k]

    Source: Jiang et al. 2021, doi:10.1109/TIP.2021.3089943, equations 5 and 6.
    """
    return _raw_map(question, _fine_layers(question), weigh_support)


def cam_steps(network: Probe, picture: PreparedPicture, *, label: Label) -> CamSteps:
    """Grad-CAM of one network, with all that it computes on the way."""
    layer = network.spec.cam_layer
    found = _evidence(network, picture, layer, sign_of(label), weigh_channels)
    activations, gradients = found.activations, found.gradients
    if activations.ndim == 4:
        activations, gradients = activations.sum(axis=0), gradients.mean(axis=0)
    return CamSteps(
        layer=layer,
        label=label,
        activations=activations,
        gradients=gradients,
        weights=channel_weights(found.gradients),
        evidence=found.evidence,
        heatmap=unit_range(positive_part(found.evidence)),
    )


def channel_weights(gradients: Floats) -> Floats:
    """Mean gradient of each channel, (K,) float32; Grad-CAM's alpha."""
    space = tuple(range(gradients.ndim - 1))
    return np.asarray(gradients.mean(axis=space), np.float32)


def weigh_channels(activations: Floats, gradients: Floats) -> Floats:
    """Channels weighted by their mean gradient: Grad-CAM's evidence.

    Example:
        One place, two channels; the second speaks against the label:

        >>> weigh_channels(np.array([[[3.0, 1.0]]]), np.array([[[2.0, -1.0]]])).tolist()
        [[5.0]]
    """
    return np.asarray(activations @ channel_weights(gradients), np.float32)


def weigh_places(activations: Floats, gradients: Floats) -> Floats:
    """Channels weighted at each place by the gradient there: HiResCAM's evidence.

    Example:
        Two places, one channel, which counts at the first place alone:

        >>> activations = np.array([[[3.0], [4.0]]])
        >>> gradients = np.array([[[2.0], [0.0]]])
        >>> weigh_places(activations, gradients).tolist()
        [[6.0, 0.0]]
    """
    return np.asarray((activations * gradients).sum(axis=-1), np.float32)


def weigh_support(activations: Floats, gradients: Floats) -> Floats:
    """Channels weighted by positive gradients alone: LayerCAM's evidence.

    Example:
        Unlike in HiResCAM, the second channel takes nothing off:

        >>> weigh_support(np.array([[[3.0, 1.0]]]), np.array([[[2.0, -1.0]]])).tolist()
        [[6.0]]
    """
    return weigh_places(activations, np.maximum(gradients, 0))


def positive_part(evidence: Floats) -> Floats:
    """Positive evidence of (h, w) places on the pixels, (32, 32) float32.

    It is enlarged bilinearly; where there is none the map is 0.
    """
    coarse = np.maximum(evidence, 0).astype(np.float32)
    fine = cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    return np.asarray(fine, np.float32)


class _LayerEvidence(NamedTuple):
    """Activations of one layer, gradients of the score, (h, w) evidence from both."""

    activations: Floats
    gradients: Floats
    evidence: Floats


def _evidence(
    network: Probe, picture: PreparedPicture, layer: str, factor: float, weigh: Weigh
) -> _LayerEvidence:
    """Evidence of one layer for the score that is `factor` times the logit.

    That of a layer with depth is added up, as all of it lies behind one place of the
    picture.
    """
    activations, gradients = network.activations(picture)[layer]
    gradients = factor * gradients
    evidence = weigh(activations, gradients)
    if evidence.ndim == 3:
        evidence = evidence.sum(axis=0)
    return _LayerEvidence(activations, gradients, evidence)


def _raw_map(question: Question, layers: Sequence[str], weigh: Weigh) -> RawMap:
    """Map of the network, or of an ensemble's members together.

    Their evidence is added as their logits are, before the cut-off.
    """
    network = question.network
    facts = {"layer": "+".join(layers)}
    maps = []
    for part, layer, weight in zip(network.parts, layers, network.weights, strict=True):
        factor = question.sign * weight
        found = _evidence(part, question.picture, layer, factor, weigh)
        if found.activations.ndim == 4:
            facts["depth"] = "sum"
        maps.append(found.evidence)
    return RawMap(heatmap=positive_part(np.sum(maps, axis=0)), facts=facts)


def _fine_layers(question: Question) -> list[str]:
    """The layer with the finest map to look at, of each network asked."""
    return [part.spec.finest_layer for part in question.network.parts]
