"""Scope of the verdicts: what is found of generators that no network learnt from."""

from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.errors import SettingError
from cifake_core.basics.estimates import proportion
from cifake_core.evaluation.fakes import report_fakes
from cifake_core.networks.pool import NetworkPool
from cifake_core.verdicts import scope
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.mahalanobis import Domain
from cifake_core.verdicts.rule import AbstainThresholds
from cifake_core.verdicts.scope_study import (
    check_unseen,
    count_verdicts,
    found_fake,
    num_judged,
    scope_card,
)
from cifake_core.verdicts.scope_words import CIFAKE_GENERATOR
from tests.cards import put_ensemble, put_network
from tests.fakes import INPUT_SHAPES, LinearProbe
from tests.made_data import even

#: A picture's verdict goes by its green: below 118 FAKE, from 122 on REAL. The expert
#: is of the ensemble's mind.
LIMITS = AbstainThresholds(
    max_grid_distance=1,
    max_feature_distance=9,
    min_confidence=0.88,
    clear_confidence=0.88,
    min_kept=0,
    expert_fake=0.99,
    expert_doubt=0.8,
    expert_veto=0.05,
)
VERDICTS = {
    "gan": {"REAL": 1, "FAKE": 2, "UNSURE": 0},
    "flow": {"REAL": 0, "FAKE": 0, "UNSURE": 1},
}


def greenness(folder: Path) -> LinearProbe:
    """The network of a folder: green less 120, which is its logit."""
    kind = "planes" if folder.name == "cnn3d" else "rgb"
    weights = np.zeros(INPUT_SHAPES[kind])
    if kind == "planes":
        weights[0] = 1 / 32**2
    else:
        weights[:, :, 1] = 1 / 32**2
    return LinearProbe(weights, bias=-120, sha256=f"sha of {folder.name}")


@pytest.fixture
def judge(tmp_path) -> Judge:
    """A judge whose networks go by how green a picture is."""
    names = ("cnn", "cnn3d", "cnn_multi")
    for name in names:
        put_network(tmp_path, name, f"sha of {name}")
    put_ensemble(tmp_path)
    known = Domain(
        means={name: np.zeros(1, "f4") for name in names},
        spreads={name: np.ones((1, 1), "f4") for name in names},
        model_sha256={name: f"sha of {name}" for name in names},
    )
    pool = NetworkPool(tmp_path, load=greenness)
    return Judge(pool, thresholds=LIMITS, known=known)


def test_verdicts_are_counted_by_hand(judge):
    """By how green the pictures are; all three decisions have their count."""
    greens = {"gan": (100, 110, 140), "flow": (121,)}
    fakes = {
        name: np.stack([even(90, green, 90) for green in each])
        for name, each in greens.items()
    }
    progress = []

    found = count_verdicts(judge, fakes, progress.append)

    assert found == VERDICTS
    assert progress == [0.25, 0.5, 0.75, 1]


def test_the_card_has_what_was_found(tmp_path):
    """Each generator its row; the share of FAKE is over all pictures."""
    logits = {"gan": np.array([-3, -2, 5], "f4"), "flow": np.array([0], "f4")}
    report = report_fakes(np.arange(100, dtype=np.float32), logits)
    expected = proportion(2, 4)

    card = scope_card(
        report,
        VERDICTS,
        known=(CIFAKE_GENERATOR,),
        model_sha256={"cnn": "a1"},
        fakes="fakes.zip",
        fakes_digest="d1",
    )
    scope.write(card, tmp_path)
    kept = scope.read({"cnn": "a1"}, tmp_path)

    assert (kept.n_unseen, kept.unseen_recall.value) == (4, 0.5)
    assert (kept.unseen_recall.low, kept.unseen_recall.high) == (
        expected.low,
        expected.high,
    )
    assert list(kept.unseen) == ["gan", "flow"]
    assert kept.unseen["gan"].n == 3
    assert kept.unseen["gan"].recall.value == 2 / 3
    assert kept.unseen["gan"].verdicts == VERDICTS["gan"]
    assert (kept.fakes, kept.fakes_digest) == ("fakes.zip", "d1")
    assert kept.known == (CIFAKE_GENERATOR,)


def test_shares_of_verdicts_are_over_all_fakes():
    """Whoever made them."""
    assert num_judged(VERDICTS) == 4
    assert found_fake(VERDICTS).value == 0.5


def test_fakes_of_a_known_generator_are_not_unseen():
    """A card that counted them would boast."""
    check_unseen({"gan_dcgan": 1}, ("gan_resize",))

    with pytest.raises(SettingError, match="some by gan_resize; name a folder"):
        check_unseen({"gan_dcgan": 1, "gan_resize": 2}, ("flow", "gan_resize"))
