"""A policy's card as tests need it, with figures worked by hand."""

from collections.abc import Mapping

from cifake_core.basics.estimates import proportion
from cifake_core.verdicts.card import (
    FormRow,
    OutOfDistributionRow,
    PolicyCard,
    RiskCurve,
    SetName,
    SetRow,
)
from cifake_core.verdicts.rule import ABSTAIN_REASONS, AbstainThresholds


def policy_record(
    thresholds: AbstainThresholds,
    model_sha256: Mapping[str, str],
    *,
    decisions: str = "FRU",
) -> PolicyCard:
    """Return a card: 96 of 100 pictures judged, 95 of them rightly."""
    return PolicyCard(
        thresholds=thresholds,
        settings={"accepted": 0.99, "num_clear": 4},
        model_sha256=model_sha256,
        data_digest="d1",
        versions={"keras": "3.15.1"},
        seconds=12.5,
        sets=(_row("validation"), _row("official"), _row("leak_free")),
        forms=(FormRow(form="PNG", n=50, kept=proportion(49, 50)),),
        out_of_distribution=(
            _outside("Photographs", n=14, judged=1),
            _outside("Text", n=20, judged=0),
            _outside("Looked at", n=9, judged=9, tuned=True),
            _outside("Saved as CIFAKE's are", n=8, judged=7, marked=True),
        ),
        clear_kept=proportion(4, 4),
        curve=RiskCurve(coverage=(0.5, 1.0), accuracy=(1.0, 0.96)),
        test_decisions=decisions,
    )


def _row(name: SetName) -> SetRow:
    """Return how the verdicts fare on one set."""
    return SetRow(
        name=name,
        n=100,
        coverage=proportion(96, 100),
        accuracy=proportion(95, 96),
        abstain_reasons=dict.fromkeys(ABSTAIN_REASONS, 1),
        num_changed=7,
    )


def _outside(
    kind: str, *, n: int, judged: int, tuned: bool = False, marked: bool = False
) -> OutOfDistributionRow:
    """Return how many pictures of one kind are judged all the same."""
    return OutOfDistributionRow(
        kind=kind, tuned=tuned, marked=marked, n=n, judged=proportion(judged, n)
    )
