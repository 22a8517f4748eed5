"""A policy's card as tests need it, with figures worked by hand."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from cifake_core.basics.estimates import proportion
from cifake_core.evaluation.generator_scores import HeldOut
from cifake_core.verdicts.card import (
    FormRow,
    GeneratorRow,
    GuardCurve,
    OutOfDistributionRow,
    PolicyCard,
    RiskCurve,
    SetName,
    SetRow,
)
from cifake_core.verdicts.rule import ABSTAIN_REASONS, AbstainThresholds, Signals


def policy_record(
    thresholds: AbstainThresholds,
    model_sha256: Mapping[str, str],
    *,
    decisions: str = "FRU",
) -> PolicyCard:
    """Return a card: 96 of 100 pictures judged, 95 of them rightly."""
    return PolicyCard(
        thresholds=thresholds,
        settings={
            "accepted": 0.99,
            "coverage": 0.955,
            "strangers_fake": 0.02,
            "num_clear": 4,
        },
        model_sha256=model_sha256,
        data_digest="d1",
        versions={"keras": "3.15.1"},
        seconds=12.5,
        sets=(set_row("validation"), set_row("official"), set_row("leak_free")),
        forms=(FormRow(form="PNG", n=50, kept=proportion(49, 50)),),
        out_of_distribution=(
            _outside("Photographs", n=14, judged=1),
            _outside("Text", n=20, judged=0),
            _outside("Looked at", n=9, judged=9, tuned=True),
            _outside("Crops", n=8, judged=7, marked=True),
            _outside("More crops", n=4, judged=1, marked=True),
        ),
        generators=(_fakes("gan_resize", "validation"), _fakes("gan_resize", "test")),
        guard=GuardCurve(
            accepted=(0.95, 0.99, 1.0),
            coverage=(0.93, 0.96, 0.97),
            strangers=(0.1, 0.25, 0.75),
            strangers_fake=(0.0, 0.01, 0.2),
            fakes_real=(0.05, 0.06, 0.1),
            n_strangers=288,
            n_fakes=50,
            chosen=1,
        ),
        clear_kept=proportion(4, 4),
        curve=RiskCurve(coverage=(0.5, 1.0), accuracy=(1.0, 0.96)),
        test_decisions=decisions,
    )


def set_row(name: SetName, *, judged: int = 96) -> SetRow:
    """Return how the verdicts fare on one set."""
    return SetRow(
        name=name,
        n=100,
        coverage=proportion(judged, 100),
        accuracy=proportion(judged - 1, judged),
        abstain_reasons=dict.fromkeys(ABSTAIN_REASONS, 1),
        num_changed=7,
    )


def _outside(
    kind: str, *, n: int, judged: int, tuned: bool = False, marked: bool = False
) -> OutOfDistributionRow:
    """Return how pictures of one kind are judged; of verdicts one in seven is FAKE."""
    return OutOfDistributionRow(
        kind=kind,
        tuned=tuned,
        marked=marked,
        n=n,
        judged=proportion(judged, n),
        called_fake=proportion(judged // 7, n),
        labelled_fake=proportion(n // 4, n),
        expert_fake=proportion(n // 5, n),
    )


def _fakes(generator: str, part: HeldOut) -> GeneratorRow:
    """Return the verdicts on fifty fakes, most of them FAKE."""
    return GeneratorRow(
        generator=generator,
        part=part,
        n=50,
        verdicts={"FAKE": 40, "REAL": 3, "UNSURE": 7},
        labelled_fake=proportion(1, 50),
        expert_fake=proportion(45, 50),
    )


def signals(p_real: list[float], **changes: object) -> Signals:
    """Return signals on pictures on which all networks say the same."""
    p = np.array(p_real)
    found = Signals(
        p_real=p,
        parts={"cnn": p, "cnn3d": p},
        expert=np.full(p.size, 0.5),
        grid_distance=np.full(p.size, 0.05),
        feature_distance=np.full(p.size, 1.0),
        kept=np.full(p.size, 20),
        num_changes=20,
    )
    return replace(found, **changes)
