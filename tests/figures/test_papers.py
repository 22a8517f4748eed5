"""Charts on earlier systems: what is hollow, what is filled, and what is left out."""

from dataclasses import replace

import pytest

from cifake_core.basics.estimates import Estimate
from cifake_core.figures import cost_figure, learning_figure, search_figure
from cifake_core.networks import PAPERS
from cifake_core.papers.bird_lotfi_search import Ranking
from cifake_core.papers.bird_lotfi_trial import SearchConfig, Topology, Trial
from cifake_core.papers.claims import CLAIMS
from cifake_core.papers.leaderboard import LeaderboardEntry

CLAIMED = [claim for claim in CLAIMS if claim.about_cifake]
SHARE = Estimate(value=0.9, low=0.88, high=0.93)
BARE = {
    name: LeaderboardEntry(network=name, multiply_adds=1_000_000 * number)
    for number, name in enumerate(PAPERS, start=1)
}


def traces(figure, *, hollow: bool):
    """Return the marks of one kind."""
    return [
        trace
        for trace in figure.data
        if trace.mode == "markers+text"
        and trace.marker.symbol.endswith("-open") is hollow
    ]


def test_claims_are_hollow_and_stand_at_their_networks_cost():
    """Before anything is trained there are hollow marks alone, each system its own."""
    figure = cost_figure(BARE, CLAIMED)

    found = traces(figure, hollow=True)
    assert not traces(figure, hollow=False)
    assert len({trace.marker.symbol for trace in found}) == 6
    bird = found[0]
    assert (bird.x, bird.y) == ((1_000_000,), (pytest.approx(0.9298),))
    assert bird.text == ("Bird & Lotfi",)
    assert figure.layout.xaxis.type == "log"


def test_what_is_measured_is_filled_and_tied_to_its_claim():
    """With its interval, and a line from the claim; it is not named twice."""
    stands = BARE | {"pavani": replace(BARE["pavani"], accuracy=SHARE)}

    figure = cost_figure(stands, CLAIMED)

    (mark,) = traces(figure, hollow=False)
    assert (mark.x, mark.y) == ((2_000_000,), (0.9,))
    assert mark.error_y.array == (pytest.approx(0.03),)
    assert mark.error_y.arrayminus == (pytest.approx(0.02),)
    assert mark.text == ("",)
    (line,) = [trace for trace in figure.data if trace.mode == "lines"]
    assert line.y == (pytest.approx(0.9498), 0.9)


def test_a_network_without_a_claimed_figure_is_named_at_ours():
    """Deep Vision's wider networks, and our own, have a name beside the filled mark."""
    stands = {
        "deep_vision_64": replace(BARE["deep_vision_64"], accuracy=SHARE),
        "cnn": LeaderboardEntry(network="cnn", multiply_adds=5, accuracy=SHARE),
    }

    figure = cost_figure(stands, CLAIMED)

    marks = traces(figure, hollow=False)
    assert [mark.text for mark in marks] == [("Deep Vision 64",), ("2D-CNN",)]
    assert [mark.showlegend for mark in marks] == [True, True]
    assert not traces(figure, hollow=True)


def test_a_network_of_unknown_cost_has_no_mark():
    """Neither claim nor figure: there is no place for them."""
    figure = cost_figure(
        {"pavani": LeaderboardEntry(network="pavani", accuracy=SHARE)}, CLAIMED
    )

    assert not figure.data


def test_learning_curves_are_told_apart_without_colour():
    """A line a network in each panel, with a dash and a marker of its own."""
    history = {
        "epoch": [1.0, 2.0],
        "validation_loss": [0.5, 0.25],
        "validation_accuracy": [0.75, 0.875],
    }

    figure = learning_figure({"A": history, "B": history})

    assert [trace.name for trace in figure.data] == ["A", "A", "B", "B"]
    assert figure.data[0].y == (0.5, 0.25)
    assert figure.data[1].y == (0.75, 0.875)
    assert figure.data[0].line.dash != figure.data[2].line.dash
    assert figure.data[0].marker.symbol != figure.data[2].marker.symbol


def test_the_search_has_a_line_for_each_depth():
    """On the left convolutions alone, by filters; on the right dense layers."""
    places = [
        Topology(convolutions=1, filters=32),
        Topology(convolutions=1, filters=16),
        Topology(convolutions=2, filters=16),
        Topology(convolutions=2, filters=16, dense_layers=1, units=64),
        Topology(convolutions=2, filters=16, dense_layers=1, units=32),
    ]
    trials = [
        Trial(
            topology=place,
            parameters=1,
            multiply_adds=1,
            validation_accuracy=0.9,
            validation_loss=0.3,
            seconds=1.0,
        )
        for place in places
    ]
    ranking = Ranking(
        config=SearchConfig(),
        train_digest="",
        num_validation=100,
        trials=tuple(trials),
    )

    figure = search_figure(ranking, dict.fromkeys(places, SHARE))

    lines = {(trace.name, trace.xaxis): trace.x for trace in figure.data}
    assert lines == {
        ("1 convolution", "x"): ("16", "32"),
        ("2 convolutions", "x"): ("16",),
        ("1 dense layer", "x2"): ("32", "64"),
    }
    assert figure.data[0].error_y.array == (pytest.approx(0.03),) * 2
