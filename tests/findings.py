"""Hand-made findings on one picture, for sentences and reports."""

from datetime import date
from typing import Any

import numpy as np

from cifake_core.basics.arrays import SIDE, Rgb
from cifake_core.basics.estimates import sigmoid
from cifake_core.basics.labels import Decision
from cifake_core.explain.records import ChannelValues, Explanation
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.records import Picture
from cifake_core.reports import render_report
from cifake_core.reports.findings import Findings, MapFinding
from cifake_core.trust.curves import Curves
from cifake_core.trust.measure import Trust
from cifake_core.verdicts.records import (
    ObjectPrediction,
    Prediction,
    Stability,
    Verdict,
)
from cifake_core.verdicts.scope_words import CIFAKE_GENERATOR
from tests.made_scopes import LEARNT, made_scope

HASHES = {"cnn": "c" * 64, "cnn3d": "d" * 64, "ensemble": "e" * 64}
KNOWN = {
    name: (CIFAKE_GENERATOR, *LEARNT.get(name, LEARNT["cnn3d"])) for name in HASHES
}
LOGITS = {"cnn": -4.0, "cnn3d": -1.5, "ensemble": -6.0}


def spot(top: int = 20, left: int = 4, *, size: int = 6) -> Rgb:
    """Return a grey picture with a bright square, by default at the lower left."""
    image = np.full((SIDE, SIDE, 3), 90, np.uint8)
    image[top : top + size, left : left + size] = 240
    return image


def verdict_of(
    logits: dict[str, float] = LOGITS,
    *,
    decision: Decision = "FAKE",
    reasons: tuple[str, ...] = (),
    image: Rgb | None = None,
) -> Verdict:
    """Return a verdict with predictions of these logits."""
    prepared = prepare(spot() if image is None else image)
    predictions = {
        name: Prediction(
            network=name,
            logit=logit,
            p_real=float(sigmoid(np.array(logit))),
            milliseconds=3.0,
            model_sha256=HASHES.get(name, "f" * 64),
            known=KNOWN.get(name, KNOWN["cnn3d"]),
            object_prediction=ObjectPrediction(object_class="ship", probability=0.8),
        )
        for name, logit in logits.items()
    }
    return Verdict(
        decision=decision,
        reasons=reasons,
        scope=made_scope("gan_resize", "flow"),
        predictions=predictions,
        prepared=prepared,
    )


def map_of(heatmap: np.ndarray, **options: Any) -> Explanation:
    """Return an explanation with this map."""
    facts: dict[str, Any] = {
        "label": "FAKE",
        "signed": True,
        "method": "lime",
        "network": "cnn",
        "seed": 5,
        "settings": {"num_samples": 300, "pieces": 24},
    } | options
    return Explanation(
        heatmap=heatmap.astype(np.float32),
        model_sha256=HASHES[facts["network"]],
        seconds=0.25,
        **facts,
    )


def trust_of(*leads: float) -> Trust:
    """Return trust in a map with the first lead, and random maps with the others."""
    column = np.array(leads)[:, None] * np.linspace(2, 0, 26)
    curves = Curves(deletion=-column, insertion=column)
    return Trust(
        curves={"blurred": curves, "mean_colour": curves},
        label="FAKE",
        method="lime",
        network="cnn",
        model_sha256=HASHES["cnn"],
        seed=8,
        seconds=0.5,
    )


def channels_of(values: list[float], *, baseline: float = -1.0) -> ChannelValues:
    """Return these values of the six channels for FAKE."""
    return ChannelValues(
        values=np.array(values),
        drops=np.array(values) / 2,
        baseline=baseline,
        full=baseline + sum(values),
        label="FAKE",
        network="cnn3d",
        model_sha256=HASHES["cnn3d"],
        replacement="blurred_noise",
        seed=3,
        seconds=0.1,
    )


def stability_of(p_real: list[float], *, original: float) -> Stability:
    """Return how the ensemble's word stands up to changes with these answers."""
    count = len(p_real)
    random = np.random.RandomState(1)
    return Stability(
        names=tuple(f"change {number}" for number in range(count)),
        pictures=random.randint(0, 256, (count, SIDE, SIDE, 3)).astype(np.uint8),
        p_real=np.array(p_real),
        original_p_real=original,
        network="ensemble",
        model_sha256=HASHES["ensemble"],
        seed=7,
        seconds=0.1,
    )


DAY = date(2026, 3, 1)
TRUST = trust_of(9, *range(-4, 6))
SIGNED = MapFinding(
    explanation=map_of(np.tile(np.linspace(-1, 1, SIDE), (SIDE, 1))), trust=TRUST
)
POSITIVE = MapFinding(
    explanation=map_of(np.eye(SIDE), signed=False, method="gradcam", settings={})
)
FULL = Findings(
    verdict=verdict_of(),
    maps=(SIGNED, POSITIVE),
    channels=channels_of([0.5, -0.25, 0, 0.25, 0, 2.0]),
    stability=stability_of([0.1] * 18 + [0.6, 0.7], original=0.02),
)


def page_of(findings=FULL, *, name="cat.png", image=None, notes=()) -> str:
    """Return the report on a picture."""
    pixels = spot() if image is None else image
    picture = Picture(pixels=pixels, format="PNG", notes=notes)
    return render_report(findings, name=name, picture=picture, made=DAY)
