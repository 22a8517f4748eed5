"""Choosing thresholds: small sets whose best choice is known, and the whole study."""

from dataclasses import replace

import numpy as np
import pytest

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.data import cifake
from cifake_core.data.out_of_distribution import OutOfDistributionSet
from cifake_core.networks import store
from cifake_core.networks.pool import NetworkPool
from cifake_core.pictures.preprocessing import prepare
from cifake_core.verdicts import card as policy_card
from cifake_core.verdicts.known_sets import ask_changes, gather
from cifake_core.verdicts.rule import NOT_ASKED, AbstainThresholds, Signals
from cifake_core.verdicts.threshold_study import (
    PolicyConfig,
    choose,
    find_domain,
    measure,
    risk_curve,
    study,
)
from tests.fakes import noise
from tests.scored import scored_networks

CONFIG = PolicyConfig(num_forms=4, num_clear=3)


def signals(p_real: list[float], **changes: object) -> Signals:
    """Return signals on pictures on which both networks say the same."""
    p = np.array(p_real)
    found = Signals(
        p_real=p,
        parts={"cnn": p, "cnn3d": p},
        grid_distance=np.full(p.size, 0.05),
        feature_distance=np.full(p.size, 1.0),
        kept=np.full(p.size, 20),
        num_changes=20,
    )
    return replace(found, **changes)


def test_the_least_confidence_is_as_low_as_the_errors_allow():
    """One error at 0.77 and rights above and below: the border goes over the error."""
    p_real = [0.99] * 50 + [0.81, 0.77]
    labels = np.array([1] * 51 + [0])

    chosen = choose(labels, signals(p_real), config=CONFIG)

    assert chosen.min_confidence == 0.78
    assert chosen.max_grid_distance == pytest.approx(0.05)
    assert chosen.max_feature_distance == pytest.approx(1.0)


def test_each_distance_lets_in_as_many_as_asked():
    """Of a hundred pictures one is left out by either."""
    far = np.linspace(0, 1, 100)

    chosen = choose(
        np.ones(100, int),
        signals([0.99] * 100, grid_distance=far, feature_distance=1 + far[::-1]),
        config=CONFIG,
    )

    assert (far > chosen.max_grid_distance).sum() == 1
    assert (1 + far > chosen.max_feature_distance).sum() == 1


def test_changes_are_demanded_where_they_tell_errors():
    """Errors among the unclear that few changes leave alone are kept out by that."""
    p_real = [0.99] * 40 + [0.7] * 40
    labels = np.array([1] * 40 + [1, 0] * 20)
    kept = np.array([20] * 40 + [18, 12] * 20)

    chosen = choose(labels, signals(p_real, kept=kept), config=CONFIG)

    assert 12 < chosen.min_kept <= 18
    assert chosen.min_confidence <= 0.7 < chosen.clear_confidence


def test_out_of_reach_the_most_accurate_is_chosen():
    """If no threshold is accurate enough, the border goes as high as it helps."""
    p_real = [0.99] * 10 + [0.6] * 10
    labels = np.array([1] * 8 + [0] * 2 + [0] * 10)

    chosen = choose(labels, signals(p_real), config=CONFIG)

    assert chosen.min_confidence > 0.6


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
    """Return a pool of two linear networks with scores on the tiny data set."""
    probes = scored_networks(tmp_path, tiny_dataset)
    return NetworkPool(tmp_path, load=lambda folder: probes[folder.name])


def known_of(pool, data, name: str):
    """Return what is known of a split by the scores of the test pictures."""
    network = pool.network("ensemble")
    known = find_domain(network, cifake.load(data, "train"), config=CONFIG)
    return gather(
        pool.models, cifake.load(data, name), store.SCORES_FILE, network, known
    )


def test_the_study_fills_the_card(pool, tiny_dataset):
    """Every part of the card is measured on what it says."""
    noisy = OutOfDistributionSet(
        kind="Noise", tuned=False, marked=False, pictures=(noise(0),)
    )
    train, test = (cifake.load(tiny_dataset, name) for name in ("train", "test"))
    shares = []

    card, known = study(
        pool,
        train,
        test,
        config=CONFIG,
        progress=shares.append,
        outside=lambda **_: (noisy,),
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
        ("Noise", 1.0)
    ]
    assert card.settings["num_clear"] == 3
    assert shares == sorted(shares)
    assert shares[-1] < 1.0
    assert known.model_sha256 == {"cnn": "sha of cnn", "cnn3d": "sha of cnn3d"}
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
    )

    rows = [measure(name, known, limits) for name in ("official", "leak_free")]

    assert [row.abstain_reasons["origin"] for row in rows] == [12, 10]
    assert [row.coverage.value for row in rows] == [0.0, 0.0]
    assert (rows[0].accuracy.low, rows[0].accuracy.high) == (0.0, 1.0)


def test_scores_of_other_pictures_are_refused(pool, tiny_dataset):
    """The sentence says which data set to name."""
    with pytest.raises(ModelUnavailableError, match="train/ does not hold"):
        known_of(pool, tiny_dataset, "train")
