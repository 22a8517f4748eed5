"""The study of the verdicts: every part of its card, on linear networks."""

import numpy as np
import pytest

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.data import cifake
from cifake_core.data.out_of_distribution import OutOfDistributionSet
from cifake_core.networks import store
from cifake_core.networks.pool import NetworkPool
from cifake_core.pictures.preprocessing import prepare
from cifake_core.verdicts import card as policy_card
from cifake_core.verdicts.coverage import measure, risk_curve
from cifake_core.verdicts.known_sets import ask_changes, gather
from cifake_core.verdicts.rule import NOT_ASKED, AbstainThresholds
from cifake_core.verdicts.threshold_choice import PolicyConfig
from cifake_core.verdicts.threshold_study import find_domain, study
from tests.fakes import noise
from tests.policies import signals
from tests.scored import scored_networks

CONFIG = PolicyConfig(num_forms=4, num_clear=3, num_fakes=2)


def test_the_curve_goes_from_the_surest_to_all():
    """Of four answers the least sure is wrong, on whichever side it is."""
    found = signals([0.9, 0.05, 0.45, 0.8])

    curve = risk_curve(np.array([1, 0, 1, 1]), found)

    assert curve.coverage == (0.25, 0.5, 0.75, 1.0)
    assert curve.accuracy == (1.0, 1.0, 1.0, 0.75)


def test_a_long_curve_is_thinned():
    """At most 200 points, the last of them all pictures."""
    p_real = np.linspace(0.5, 1, 1001)

    curve = risk_curve(np.ones(1001, int), signals(p_real.tolist()))

    assert len(curve.coverage) == 200
    assert curve.coverage[-1] == 1.0
    assert set(curve.accuracy) == {1.0}


@pytest.fixture
def pool(tmp_path, tiny_dataset) -> NetworkPool:
    """Return a pool of linear networks with scores on the tiny data set."""
    probes = scored_networks(tmp_path, tiny_dataset)
    return NetworkPool(tmp_path, load=lambda folder: probes[folder.name])


def known_of(pool, data, name: str):
    """Return what is known of a split by the scores of the test pictures."""
    known = find_domain(pool, cifake.load(data, "train"), {}, config=CONFIG)
    return gather(pool, cifake.load(data, name), store.SCORES_FILE, known)


def test_the_study_fills_the_card(pool, tiny_dataset):
    """Every part of the card is measured on what it says."""
    noisy = OutOfDistributionSet(
        kind="Noise", tuned=False, marked=False, pictures=(noise(0),)
    )
    crops = OutOfDistributionSet(
        kind="Crops", tuned=True, marked=True, pictures=(noise(1), noise(2))
    )
    fakes = {
        "validation": {"gan": np.stack([noise(3), noise(4), noise(5)])},
        "test": {"gan": np.stack([noise(6)])},
    }
    train, test = (cifake.load(tiny_dataset, name) for name in ("train", "test"))
    shares = []

    card, known = study(
        pool,
        train,
        test,
        config=CONFIG,
        progress=shares.append,
        outside=lambda **_: (noisy, crops),
        fakes=fakes.__getitem__,
    )

    assert [row.name for row in card.sets] == ["validation", "official", "leak_free"]
    assert [row.n for row in card.sets] == [28, 12, 10]
    assert card.model_sha256["ensemble"] == store.revision("ensemble", pool.models)
    assert card.data_digest == cifake.digest(train, test)
    assert len(card.test_decisions) == 12
    official = card.of_set("official")
    judged = card.test_decisions.count("R") + card.test_decisions.count("F")
    assert official.coverage.value == pytest.approx(judged / 12)
    assert official.accuracy.value == 1.0
    assert [row.n for row in card.forms] == [4, 4]
    assert {row.kept.value for row in card.forms} == {1.0}
    # the flat pictures of the tiny set have no grid either, and let all others in
    assert [(row.kind, row.judged.value) for row in card.out_of_distribution] == [
        ("Noise", 1.0),
        ("Crops", 1.0),
    ]
    assert [(row.generator, row.part, row.n) for row in card.generators] == [
        ("gan", "validation", 2),
        ("gan", "test", 1),
    ]
    assert all(sum(row.verdicts.values()) == row.n for row in card.generators)
    assert (card.guard.n_strangers, card.guard.n_fakes) == (2, 2)
    assert (
        card.guard.coverage[card.guard.chosen]
        == card.of_set("validation").coverage.value
    )
    assert card.settings["num_clear"] == 3
    assert shares == sorted(shares)
    assert shares[-1] < 1.0
    assert known.model_sha256 == {
        name: f"sha of {name}" for name in ("cnn", "cnn3d", "cnn_multi")
    }
    policy_card.write(card, pool.models)
    assert (
        policy_card.read(card.model_sha256, pool.models).thresholds == card.thresholds
    )


def test_kept_is_the_number_of_changes_that_leave_the_answer(pool, tiny_dataset):
    """Only the chosen pictures are asked about."""
    from cifake_core.verdicts.stability import weigh_stability

    known = known_of(pool, tiny_dataset, "test")
    network = pool.network("ensemble")
    chosen = np.arange(12) == 5

    found = ask_changes(known, chosen, network, lambda _: None)

    expected = weigh_stability(network, prepare(known.images[5]))["ensemble"].kept.sum()
    assert found.kept[5] == expected
    assert (np.delete(found.kept, 5) == NOT_ASKED).all()


def test_leaked_pictures_count_in_one_set_only(pool, tiny_dataset):
    """A reason to abstain is counted in the set it is measured on."""
    known = known_of(pool, tiny_dataset, "test")
    limits = AbstainThresholds(
        max_grid_distance=0.0,
        max_feature_distance=9.0,
        min_confidence=0.5,
        clear_confidence=0.6,
        min_kept=11,
        expert_fake=0.99,
        expert_doubt=0.8,
        expert_veto=0.05,
    )

    rows = [measure(name, known, limits) for name in ("official", "leak_free")]

    assert [row.abstain_reasons["origin"] for row in rows] == [12, 10]
    assert [row.coverage.value for row in rows] == [0.0, 0.0]
    assert (rows[0].accuracy.low, rows[0].accuracy.high) == (0.0, 1.0)


def test_scores_of_other_pictures_are_refused(pool, tiny_dataset):
    """The sentence says which data set to name."""
    with pytest.raises(ModelUnavailableError, match="train/ does not hold"):
        known_of(pool, tiny_dataset, "train")
