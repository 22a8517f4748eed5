"""What to label next: figures worked by hand, and no copy asked about twice."""

import numpy as np
import pytest

from cifake_core.basics.errors import DatasetError, ModelUnavailableError
from cifake_core.networks.pool import NetworkPool
from cifake_core.retraining.active_learning import (
    CRITERIA,
    PoolAnswers,
    ask_networks,
    choose,
    values_of,
)
from cifake_core.verdicts import mahalanobis
from tests import made_data

#: On a quarter circle, so that none is a copy of another: four pictures.
APART = np.array([[1, 0], [3, 1], [1, 3], [0, 1]], np.float32)


def answers(*p_real: list[float], features: np.ndarray = APART) -> PoolAnswers:
    """What networks say with these probabilities of REAL, and alike features."""
    names = [f"network{number}" for number in range(len(p_real))]
    return PoolAnswers(
        p_real={n: np.array(p) for n, p in zip(names, p_real, strict=True)},
        features=dict.fromkeys(names, features),
    )


def chosen(values: dict[str, list[float]], features: np.ndarray = APART, **how):
    """Positions that are asked about with these figures."""
    figures = {name: np.array(found, np.float64) for name, found in values.items()}
    return [each.position for each in choose(figures, {"cnn": features}, **how)]


def test_two_who_are_sure_of_opposites_disagree_by_ln_2():
    """The divergence is 0 where they agree, ln 2 at the most."""
    found = values_of(answers([0.0, 0.5, 1.0, 0.9], [1.0, 0.5, 1.0, 0.9]))

    assert found["disagreement"] == pytest.approx([np.log(2), 0, 0, 0])


def test_disagreement_worked_by_hand():
    """Of 0.2 and 0.6, mean 0.4: the mean of both divergences from it."""
    terms = [(0.2, 0.4), (0.8, 0.6), (0.6, 0.4), (0.4, 0.6)]
    by_hand = sum(p * np.log(p / mean) for p, mean in terms) / 2

    found = values_of(answers([0.2], [0.6], features=APART[:1]))

    assert found["disagreement"] == pytest.approx([by_hand])


def test_least_confidence_is_of_the_mean():
    """It is 0.5 where the mean is even, 0 where all are sure."""
    found = values_of(answers([0.0, 0.5, 1.0, 0.9], [1.0, 0.5, 1.0, 0.7]))

    assert found["uncertainty"] == pytest.approx([0.5, 0.5, 0, 0.2])


def test_one_network_alone_disagrees_with_nobody():
    """What cannot be had is left out."""
    assert set(values_of(answers([0.1, 0.2, 0.3, 0.4]))) == {"uncertainty"}


def test_distance_is_that_of_the_domain():
    """Whoever points another way than training pictures lies far."""
    random = np.random.RandomState(0)
    seen = {"network0": (np.array([1, 0.5]) + random.normal(0, 0.02, (500, 2)))}
    domain = mahalanobis.fit(
        {name: each.astype("f4") for name, each in seen.items()},
        model_sha256={"network0": "a1"},
    )
    features = np.array([[2, 1], [1, -1]], np.float32)

    found = values_of(answers([0.1, 0.1], features=features), domain)

    assert found["distance"][0] < 1
    assert found["distance"][1] > 10


def test_the_highest_comes_first():
    """With one criterion the picture that stands highest is asked about first."""
    assert chosen({"uncertainty": [0.1, 0.4, 0.2, 0.3]}, num_queries=1) == [1]


def test_the_mix_takes_who_stands_highest_in_any():
    """Each criterion's first is among as many as there are criteria."""
    values = {
        "disagreement": [0.6, 0.0, 0.0, 0.1],
        "distance": [1.0, 9.0, 1.0, 1.1],
        "uncertainty": [0.0, 0.0, 0.5, 0.1],
    }
    figures = {name: np.array(found) for name, found in values.items()}

    found = choose(figures, {"cnn": APART}, num_queries=4)

    why = {each.position: each.criterion for each in found}
    assert {why[0], why[1], why[2]} == set(CRITERIA)
    assert [why[n] for n in range(3)] == list(values)
    assert found[0].values == {name: each[0] for name, each in values.items()}


def test_the_next_is_the_furthest_from_those_before():
    """By hand: after (1, 0) comes (0, 1), then that which is further from both."""
    features = np.array([[1, 0], [3, 1], [1, 2], [0, 1]], np.float32)

    found = chosen({"uncertainty": [0.5, 0.4, 0.3, 0.2]}, features)

    assert found[:3] == [0, 3, 2]


def test_a_copy_is_not_asked_about_twice():
    """Three alike pictures, of more contrast or less, are one question."""
    features = np.array([[1, 0], [2, 0], [5, 0], [0, 1]], np.float32)

    assert chosen({"uncertainty": [0.5, 0.5, 0.5, 0.1]}, features) == [0, 3]


def test_what_has_a_label_is_not_asked_nor_are_its_copies():
    """The copy of a labelled picture would teach nothing."""
    features = np.array([[1, 0], [1, 0], [1, 3], [0, 1]], np.float32)

    found = chosen({"uncertainty": [0.5, 0.4, 0.3, 0.2]}, features, labelled=[0])

    assert found == [3, 2]


def test_all_labelled_leaves_none():
    """Nothing is asked where everything has its label."""
    assert chosen({"uncertainty": [0.5, 0.4, 0.3, 0.2]}, labelled=range(4)) == []


def test_only_the_top_is_looked_at():
    """However different: what stands low is not asked about."""
    random = np.random.RandomState(0)
    features = np.concatenate([np.abs(random.normal(size=(30, 3))), [[-9, 0, 0]]])
    values = {"uncertainty": [0.4] * 30 + [0.0]}

    assert 30 not in chosen(values, features.astype("f4"), num_queries=3)


def test_twenty_at_the_most():
    """Without a number, 20 are asked about."""
    features = np.abs(np.random.RandomState(0).normal(size=(60, 8))).astype("f4")

    assert len(chosen({"uncertainty": [0.1] * 60}, features)) == 20


@pytest.mark.parametrize(
    ("strategy", "remedy"),
    [("disagreement", "train another"), ("distance", "cifake_core policy")],
)
def test_missing_figures_are_a_sentence(strategy, remedy):
    """It says what to do."""
    with pytest.raises(ModelUnavailableError, match=f"on {strategy}.*{remedy}"):
        chosen({"uncertainty": [0.1] * 4}, strategy=strategy)


def test_real_networks_are_asked(made_models):
    """Greener is more REAL for each of the networks made by hand."""
    pool = NetworkPool(made_models)
    green, red = made_data.even(50, 200, 50), made_data.even(200, 50, 50)
    told: list[float] = []

    found = ask_networks(
        [pool.network("cnn"), pool.network("cnn_multi")],
        np.stack([green, red]),
        progress=told.append,
    )

    for each in found.p_real.values():
        assert each[0] > 0.5 > each[1]
    assert {each.shape for each in found.features.values()} == {(2, 3)}
    assert told == [0.5, 1.0]


def test_nothing_to_ask_about(made_models):
    """No picture, no network and no features are told."""
    network = NetworkPool(made_models).network("cnn")
    none = np.zeros((0, 32, 32, 3), np.uint8)

    with pytest.raises(DatasetError, match="all are labelled"):
        ask_networks([network], none)
    with pytest.raises(ModelUnavailableError, match="There is none"):
        ask_networks([], none)
    with pytest.raises(TypeError, match="with features"):
        ask_networks(
            [NetworkPool(made_models).network("ensemble")],
            np.zeros((1, 32, 32, 3), np.uint8),
        )
