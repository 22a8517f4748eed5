"""The policy's card on disk: what is written is read, and other weights are told."""

import json
from dataclasses import asdict

import pytest

from cifake_core.verdicts import card as policy_card
from cifake_core.verdicts.rule import AbstainThresholds
from tests.policies import policy_record

LIMITS = AbstainThresholds(
    max_grid_distance=0.14,
    max_feature_distance=9.0,
    min_confidence=0.7,
    clear_confidence=0.95,
    min_kept=12,
    expert_fake=0.99,
    expert_doubt=0.8,
    expert_veto=0.05,
)
HASHES = {"cnn": "a", "cnn3d": "b", "ensemble": "c"}


def test_what_is_written_is_read(tmp_path):
    """Every value comes back as it was."""
    card = policy_record(LIMITS, HASHES)

    path = policy_card.write(card, tmp_path)
    found = policy_card.read(HASHES, tmp_path)

    assert path == tmp_path / "policy.json"
    assert asdict(found) == asdict(card)
    assert json.loads(path.read_text("utf-8"))["curve"] == {
        "coverage": [0.5, 1.0],
        "accuracy": [1.0, 0.96],
    }


def test_rulings_are_letters_and_numbers():
    """FAKE is 0, REAL 1 and UNSURE 2, in the order of the pictures."""
    card = policy_record(LIMITS, HASHES, decisions="RRUF")

    numbers = card.numbers()

    assert numbers.tolist() == [1, 1, 2, 0]
    assert policy_card.letters(numbers) == "RRUF"


def test_ordinary_pictures_are_those_nobody_looked_at():
    """Neither those looked at before nor those that bear CIFAKE's mark count."""
    ordinary = policy_record(LIMITS, HASHES).ordinary

    assert ordinary.n == 34
    assert ordinary.judged.value == pytest.approx(1 / 34)


def test_strangers_are_those_with_the_mark_that_nobody_looked_at():
    """Their verdicts, those of them that are FAKE, and the labels are added up."""
    strangers = policy_record(LIMITS, HASHES).strangers

    assert strangers.n == 12
    assert strangers.judged.value == pytest.approx(8 / 12)
    assert strangers.called_fake.value == pytest.approx(1 / 12)
    assert strangers.labelled_fake.value == pytest.approx(3 / 12)
