"""Sentences on an explanation, from measured parts only.

Each sentence carries the figure it rests on. Where a part was not measured, or is no
better than chance, nothing is claimed from it.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.basics.labels import Label
from cifake_core.basics.text import PERCENT, whole_percent
from cifake_core.explain.records import ChannelValues, Explanation
from cifake_core.explain.registry import EXPLAINERS
from cifake_core.networks import NETWORKS
from cifake_core.pictures.filters import FILTER_TEXTS
from cifake_core.pictures.saliency import Mask, standing_out
from cifake_core.reports.findings import Findings, MapFinding
from cifake_core.reports.origin import origin_sentence
from cifake_core.trust.measure import Trust
from cifake_core.verdicts.records import Prediction, Stability, Verdict

_QUARTERS: Final = (("upper left", "upper right"), ("lower left", "lower right"))
#: Up to this factor evidence is called as dense on one part as on the other.
_ALIKE: Final = 1.25
#: What is less would be shown as 0.0.
_SEEN: Final = 0.05


def sentences(findings: Findings) -> tuple[str, ...]:
    """Return the findings as sentences, one for each part that was measured.

    Who shows them has shown the verdict with its scope.
    """
    found: list[str] = [_predictions(findings.verdict)]
    if findings.maps:
        out = standing_out(findings.verdict.prepared.pixels)
        found.extend(_map(findings.maps[0], out))
    if findings.channels is not None:
        found.extend(_channels(findings.channels))
    if findings.stability is not None:
        found += [_held(findings.stability), _weakest(findings.stability)]
    if findings.file is not None:
        found.append(origin_sentence(findings.verdict.decision, findings.file))
    return tuple(found)


def quarter_shares(heatmap: Floats) -> npt.NDArray[np.float64]:
    """Return the share of the positive evidence in each quarter, (2, 2), rows first.

    Args:
        heatmap: (H, W) float32, H and W even, with a positive value somewhere.
    """
    half = heatmap.shape[0] // 2
    positive = np.maximum(heatmap, 0).astype(np.float64)
    sums = positive.reshape(2, half, 2, -1).sum(axis=(1, 3))
    return np.asarray(sums / sums.sum(), np.float64)


def _predictions(verdict: Verdict) -> str:
    """Return the sentence on each network's prediction, and the verdict."""
    words = ", ".join(map(_prediction, verdict.predictions.values()))
    return f"{words[:1].upper()}{words[1:]}. {verdict.headline}."


def _prediction(prediction: Prediction) -> str:
    """Return the words on one network's prediction."""
    title, sure = (
        NETWORKS[prediction.network].title,
        whole_percent(prediction.confidence),
    )
    return f"the {title} says {prediction.label} and is {sure} sure"


def _map(tested: MapFinding, out: Mask | None) -> Iterator[str]:
    """Yield the sentences on the map: its trust, and the place of the evidence."""
    explanation, trust = tested.explanation, tested.trust
    title, network = _titles(explanation)
    label, positive = explanation.label, np.maximum(explanation.heatmap, 0)
    if not positive.any():
        yield (
            f"By {title} of the {network}, 0 of {positive.size:,} pixels speak for "
            f"{label}."
        )
    elif trust is not None and trust.word == "no better than chance":
        yield (
            f"Where the evidence lies cannot be said: the map of {title} for the "
            f"{network} is better than only {_beaten(trust)} maps in random places."
        )
    else:
        yield _quarter(explanation)
        if out is not None:
            yield _object(positive, out)
        if trust is not None:
            yield (
                f"That map is {trust.word}: it is better than {_beaten(trust)} maps "
                "in random places."
            )


def _quarter(explanation: Explanation) -> str:
    """Return the quarter of the picture with most of the evidence."""
    title, network = _titles(explanation)
    shares = quarter_shares(explanation.heatmap)
    row, column = np.unravel_index(shares.argmax(), shares.shape)
    return (
        f"The {_QUARTERS[row][column]} quarter of the picture holds "
        f"{_percent(shares.max())} of the evidence for {explanation.label}, the most "
        f"of the four ({title} of the {network})."
    )


def _object(positive: Floats, out: Mask) -> str:
    """Return the words on evidence and saliency: on what stands out, or the rest."""
    share = float(positive[out].sum(dtype=np.float64) / positive.sum(dtype=np.float64))
    area = float(out.mean())
    inside, outside = share / area, (1 - share) / (1 - area)
    place = "about as dense there as on the background"
    if inside > _ALIKE * outside:
        place = "denser there than on the background"
    elif outside > _ALIKE * inside:
        place = "denser on the background than there"
    return (
        f"What stands out in the picture, often the object, covers {_percent(area)} of "
        f"it and holds {_percent(share)} of that evidence, which so is {place}."
    )


def _beaten(trust: Trust) -> str:
    """Return the number of random maps that are worse; an equal one is half."""
    count = len(trust.leads) - 1
    return f"{trust.beaten * count:g} of {count}"


def _channels(values: ChannelValues) -> Iterator[str]:
    """Yield the sentence on the channel that counted most, if any counted."""
    best = int(np.abs(values.values).argmax())
    if abs(values.values[best]) < _SEEN:
        return
    channel = list(FILTER_TEXTS.values())[best].title
    one = _push(float(values.values[best]), values.label)
    together = _push(values.full - values.baseline, values.label)
    yield (
        f"Of the six channels {channel} counted most in the "
        f"{NETWORKS[values.network].title}: it moved the score by {one}; all six "
        f"together moved it by {together}."
    )


def _push(value: float, label: Label) -> str:
    """Return a part of the score of `label` in words."""
    return f"{abs(value):.1f} {'towards' if value >= 0 else 'away from'} {label}"


def _held(stability: Stability) -> str:
    """Return the sentence on stability: how often the label is kept."""
    return (
        f"The {NETWORKS[stability.network].title} keeps saying {stability.label} for "
        f"{stability.kept.sum()} of {len(stability.names)} slightly changed versions "
        "of the picture."
    )


def _weakest(stability: Stability) -> str:
    """Return the change that weakens the label most."""
    number, label = stability.weakest, stability.label
    before, after = (
        whole_percent(float(p if label == "REAL" else 1 - p))
        for p in (stability.original_p_real, stability.p_real[number])
    )
    change = stability.names[number]
    if stability.kept[number]:
        return (
            f"It is least sure of {label} after the change “{change}”, and still "
            f"{after} sure (of the picture itself: {before})."
        )
    return (
        f"What makes it doubtful: after the change “{change}” it is only {after} sure "
        f"of {label} (of the picture itself: {before})."
    )


def _titles(explanation: Explanation) -> tuple[str, str]:
    """Return the titles of method and network."""
    return (
        EXPLAINERS[explanation.method].title,
        NETWORKS[explanation.network].title,
    )


def _percent(share: float) -> str:
    """Return a measured share, 0 to 1, in whole percents."""
    return f"{share:.0%}".replace("%", PERCENT)
