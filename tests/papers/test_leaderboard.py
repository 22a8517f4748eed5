"""Where networks stand beside what is claimed of them."""

import csv
import io
import shutil
from pathlib import Path

import pytest

from cifake_core.basics.places import CHECKOUT
from cifake_core.networks import NETWORKS, OWN, PAPERS, store
from cifake_core.networks.inspection import layer_summary
from cifake_core.papers import leaderboard
from cifake_core.papers.claims import CLAIMS
from tests.cards import metrics, network_card

#: Our own networks that have weights.
MEMBERS = tuple(name for name in OWN if not NETWORKS[name].members)


@pytest.fixture
def models(tmp_path) -> Path:
    """Return a folder with the table of layers and the cards of two networks."""
    shutil.copy(CHECKOUT / "models" / layer_summary.LAYERS_FILE, tmp_path)
    for name in ("cnn", "pavani"):
        (tmp_path / name).mkdir()
        card = network_card(
            name,
            parameters=7,
            multiply_adds=11,
            epochs=3,
            seconds=60.0,
            milliseconds=1.5,
            test={
                "official": metrics(right=54, n=60),
                "leak_free": metrics(right=44, n=50),
            },
        )
        store.write_card(tmp_path / name, card)
    return tmp_path


def test_a_trained_network_stands_as_its_card_says(models):
    """Figures, times and costs are the card's."""
    found = leaderboard.read(models)["pavani"]

    assert found.accuracy is not None
    assert found.accuracy.low < found.accuracy.value == 0.9
    assert found.leak_free is not None
    assert found.leak_free.value == 0.88
    assert (found.n, found.epochs, found.seconds, found.milliseconds) == (
        *(60, 3),
        *(60.0, 1.5),
    )
    assert (found.parameters, found.multiply_adds) == (7, 11)


def test_an_untrained_network_is_known_by_its_layers(models):
    """It costs what they cost, and has no figures."""
    found = leaderboard.read(models)["pavani_modified"]

    assert (found.parameters, found.multiply_adds) == (11_233, 2_336_160)
    assert found.accuracy is None
    assert found.epochs is None


def test_without_the_table_nothing_is_known_of_it(models):
    """No cost is invented; an ensemble has none at any time."""
    (models / layer_summary.LAYERS_FILE).unlink()

    found = leaderboard.read(models)

    assert list(found) == [*MEMBERS, *PAPERS]
    assert found["tulasi"].multiply_adds is None
    assert found["pavani"].multiply_adds == 11


def test_a_card_without_a_test_has_a_cost_alone(models):
    """A run that was not measured has no accuracy."""
    store.write_card(models / "cnn", network_card("cnn", "a1"))

    found = leaderboard.read(models)["cnn"]

    assert (found.accuracy, found.leak_free, found.parameters) == (None, None, 288_481)


def test_the_file_has_claims_and_our_own(models):
    """A line each, ours in percent; what is not on CIFAKE says so; gaps are empty."""
    text = leaderboard.to_csv(leaderboard.read(models))

    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(CLAIMS) + 3
    cnn2d = rows[1]
    assert (cnn2d["system"], cnn2d["network"]) == ("Pavani et al.", "pavani")
    assert (cnn2d["claimed_accuracy"], cnn2d["accuracy_value"]) == ("94.98", "90.000")
    assert (cnn2d["leak_free_value"], cnn2d["milliseconds"]) == ("88.000", "1.5")
    elsewhere = {r["name"]: r for r in rows if r["measured_on"] == "not CIFAKE"}
    assert elsewhere.keys() == {
        *("Epstein et al.", "Baraheem et al."),
        "Saskoro et al.",
    }
    assert all(row["accuracy_value"] == "" for row in elsewhere.values())
    assert [row["name"] for row in rows[-3:]] == [
        NETWORKS[name].title for name in MEMBERS
    ]
    assert rows[-2]["system"] == "this product"
    assert rows[-2]["claimed_accuracy"] == ""
