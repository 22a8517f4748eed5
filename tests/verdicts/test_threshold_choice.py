"""Choosing thresholds: small sets whose best choice is known."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from cifake_core.verdicts.rule import decisions
from cifake_core.verdicts.stability import VARIANTS
from cifake_core.verdicts.threshold_choice import (
    FEATURE_SHARES,
    PolicyConfig,
    choose,
    choose_guarded,
    may_hang_on_changes,
)
from tests.policies import signals

CONFIG = PolicyConfig()


def spread(count: int):
    """Signals of pictures that the networks are sure of, ever further from training."""
    return signals([0.99] * count, feature_distance=np.linspace(0, 1, count))


def validation(count: int):
    """Labels and signals of REAL and FAKE in turn, the networks sure and right."""
    labels = np.arange(count) % 2
    far = np.linspace(0, 1, count)
    return labels, signals(np.where(labels, 0.99, 0.01).tolist(), feature_distance=far)


def test_the_least_confidence_is_as_low_as_the_errors_allow():
    """One error at 0.77 and rights above and below: the border goes over the error."""
    p_real = [0.99] * 50 + [0.81, 0.77]
    labels = np.array([1] * 51 + [0])

    chosen = choose(labels, signals(p_real), accepted=0.99, config=CONFIG)

    assert chosen.min_confidence == 0.78
    assert chosen.max_grid_distance == pytest.approx(0.05)
    assert chosen.max_feature_distance == pytest.approx(1.0)


def test_each_distance_lets_in_as_many_as_asked():
    """Of a hundred pictures one is left out by either."""
    far = np.linspace(0, 1, 100)

    labels, known = validation(100)

    chosen = choose(
        labels,
        replace(known, grid_distance=far, feature_distance=1 + far[::-1]),
        accepted=0.99,
        config=CONFIG,
    )

    assert (far > chosen.max_grid_distance).sum() == 1
    assert (1 + far > chosen.max_feature_distance).sum() == 1


def test_changes_are_demanded_where_they_tell_errors():
    """Errors among the unclear that few changes leave alone are kept out by that."""
    p_real = [0.99] * 40 + [0.7] * 40
    labels = np.array([1] * 40 + [1, 0] * 20)
    kept = np.array([20] * 40 + [18, 12] * 20)

    chosen = choose(labels, signals(p_real, kept=kept), accepted=0.99, config=CONFIG)

    assert 12 < chosen.min_kept <= 18
    assert chosen.min_confidence <= 0.7 < chosen.clear_confidence


def test_out_of_reach_the_most_accurate_is_chosen():
    """If no threshold is accurate enough, the border goes as high as it helps."""
    p_real = [0.99] * 10 + [0.6] * 10
    labels = np.array([1] * 8 + [0] * 2 + [0] * 10)

    chosen = choose(labels, signals(p_real), accepted=0.99, config=CONFIG)

    assert chosen.min_confidence > 0.6


def test_the_limit_is_as_tight_as_the_coverage_allows():
    """Strangers lie ever further out: the tighter, the fewer get a verdict."""
    thresholds, curve = choose_guarded(*validation(1000), spread(50), [], config=CONFIG)

    assert curve.coverage[curve.chosen] == pytest.approx(0.955, abs=0.0026)
    assert curve.coverage[curve.chosen] >= 0.955
    assert curve.coverage[curve.chosen - 2] < 0.955
    assert thresholds.max_feature_distance == pytest.approx(0.955, abs=0.0026)
    assert curve.accepted == FEATURE_SHARES
    assert list(curve.strangers) == sorted(curve.strangers)
    assert (curve.n_strangers, curve.n_fakes) == (50, 0)
    assert set(curve.strangers_fake) == set(curve.fakes_real) == {0.0}


def test_where_no_limit_helps_the_widest_is_taken():
    """Strangers amid the training pictures: nothing is given away for nothing."""
    at_home = signals([0.99] * 20, feature_distance=np.full(20, 0.1))

    _, curve = choose_guarded(*validation(1000), at_home, [], config=CONFIG)

    assert curve.coverage[curve.chosen] == 1.0
    assert set(curve.strangers) == {1.0}


def test_few_strangers_may_be_called_fake_even_if_more_get_a_verdict():
    """FAKE of a photograph is worse than a verdict: it comes before other harm."""
    fake = signals([0.01] * 10, feature_distance=np.full(10, 0.97))
    fakes = signals([0.99] * 100, feature_distance=np.full(100, 0.1))

    _, curve = choose_guarded(*validation(1000), fake, [fakes], config=CONFIG)

    assert curve.strangers_fake[curve.chosen] == 0
    assert max(curve.strangers_fake) == 1
    assert curve.fakes_real[curve.chosen] == 1.0
    assert curve.n_fakes == 100


def test_fakes_called_real_count_as_harm():
    """They lie further out than photographs: a limit before them is taken."""
    fakes = [
        signals([0.99] * 10, feature_distance=np.full(10, far)) for far in (0.97, 2)
    ]
    at_home = signals([0.99] * 20, feature_distance=np.full(20, 0.1))

    _, curve = choose_guarded(*validation(1000), at_home, fakes, config=CONFIG)

    assert curve.fakes_real[curve.chosen] == 0
    assert curve.fakes_real[-1] == 0.5


def test_a_coverage_out_of_reach_is_as_high_as_it_can_be():
    """Half of the pictures are wrong, however far the networks are from even."""
    p_real = np.tile([0.99, 0.6], 500)
    labels = np.tile([1, 0], 500)
    known = signals(p_real.tolist(), feature_distance=np.linspace(0, 1, 1000))

    _, curve = choose_guarded(labels, known, spread(20), [], config=CONFIG)

    assert curve.coverage[curve.chosen] == max(curve.coverage) == 0.5


def test_changes_are_made_where_any_of_the_limits_asks_for_them():
    """Neither where the networks are clear nor beyond the widest limit."""
    known = signals([0.99] * 4, feature_distance=np.array([0.1, 0.2, 0.3, 1.0]))
    asked = signals(
        [0.99, 0.6, 0.6, 0.94], feature_distance=np.array([0.1, 0.1, 1.1, 1.0])
    )

    found = may_hang_on_changes(asked, known, config=CONFIG)

    assert found.tolist() == [False, True, False, True]


def test_the_limits_of_the_expert_are_quantiles():
    """Two on what it says of photographs, one on what it says of CIFAKE's fakes."""
    labels = np.repeat([1, 0], 101)
    p_fake = np.tile(np.linspace(0, 1, 101), 2)
    p_fake[101:] /= 2  # of the fakes, whose limit is to be their own
    known = signals(np.where(labels, 0.99, 0.01).tolist(), expert=1 - p_fake)
    config = replace(CONFIG, found=0.01, doubted=0.1, vetoed=0.2)

    chosen = choose(labels, known, accepted=0.99, config=config)

    assert chosen.expert_fake == pytest.approx(0.99)
    assert chosen.expert_doubt == pytest.approx(0.9)
    assert chosen.expert_veto == pytest.approx(0.1)


def test_a_fake_that_the_expert_finds_is_a_verdict_of_fake():
    """On strangers it counts as FAKE, on fakes of generators not as REAL."""
    found = signals([0.99] * 10, expert=np.full(10, 0.001))
    missed = signals([0.99] * 10)

    _, curve = choose_guarded(*validation(1000), found, [found, missed], config=CONFIG)

    within = np.array(curve.strangers) > 0
    assert not within[0]
    assert within[-1]
    assert curve.strangers == curve.strangers_fake
    assert curve.fakes_real[-1] == 0.5


def test_what_the_expert_finds_lets_lower_limits_in():
    """Fakes that the ensemble calls REAL at 0.77 are no errors if it finds them."""
    p_real = [0.99] * 1000 + [0.77] * 50
    labels = np.array([1] * 1000 + [0] * 50)
    blind = signals(p_real)
    finds = signals(p_real, expert=np.array([0.5] * 1000 + [0.001] * 50))

    careful, relaxed = (
        choose(labels, known, accepted=0.99, config=CONFIG) for known in (blind, finds)
    )

    assert careful.min_confidence == 0.78
    assert relaxed.min_confidence == 0.5


@pytest.mark.parametrize("seed", range(3))
def test_no_other_thresholds_do_better(seed):
    """Asked of every picture: those that are sure, and so left out, count rightly."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, 400)
    said = random.normal(4 * labels - 2, 2.5, (2, 400))
    p_real, expert = 1 / (1 + np.exp(-said))
    known = signals(
        p_real.tolist(),
        expert=expert,
        feature_distance=random.uniform(0, 1, 400),
        kept=random.integers(8, 21, 400),
    )
    config = replace(CONFIG, found=0.05, doubted=0.2, vetoed=0.2)

    chosen = choose(labels, known, accepted=0.9, config=config)

    def worth(thresholds):
        given = decisions(known, thresholds)
        judged = int((given < 2).sum())
        return min(int((given == labels).sum()) / judged, config.accuracy), judged

    others = (
        replace(chosen, min_confidence=least, clear_confidence=clear, min_kept=min_kept)
        for least, clear, min_kept in product(
            (0.5, 0.6, 0.7, 0.8, 0.9, chosen.min_confidence),
            (0.8, 0.85, 0.9, 0.95),
            range(len(VARIANTS) // 2 + 1, len(VARIANTS) + 1),
        )
        if least < clear
    )
    assert worth(chosen) == max(worth(each) for each in (*others, chosen))
