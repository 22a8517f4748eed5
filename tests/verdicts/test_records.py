"""A verdict: which of its networks it rests on."""

import pytest

from cifake_core.basics.labels import Decision
from tests.findings import verdict_of

REAL, FAKE = 2.0, -2.0


@pytest.mark.parametrize(
    ("decision", "expert", "ensemble", "network"),
    [
        ("REAL", REAL, REAL, "ensemble"),
        ("FAKE", REAL, FAKE, "ensemble"),
        ("FAKE", FAKE, REAL, "cnn_multi"),
        ("UNSURE", FAKE, REAL, "ensemble"),
    ],
)
def test_a_decision_rests_on_the_ensemble_unless_the_expert_found_more(
    decision: Decision, expert: float, ensemble: float, network: str
):
    """The networks beside it may say either; when unsure it is the ensemble's."""
    logits = {"cnn": REAL, "cnn3d": REAL, "cnn_multi": expert, "ensemble": ensemble}

    assert verdict_of(logits, decision=decision).decided_by == network


def test_a_papers_network_decides_nothing():
    """It is asked beside ours, and comes after them."""
    verdict = verdict_of({"cnn": REAL, "pavani": FAKE}, decision="REAL")

    assert verdict.decided_by == "cnn"
