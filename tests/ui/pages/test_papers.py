"""Papers: claims beside reproductions, before there are any and after."""

import csv
import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.basics.places import CHECKOUT, MODELS_VARIABLE
from cifake_core.data import cifake
from cifake_core.networks import PAPERS, store
from cifake_core.networks.inspection import layer_summary
from cifake_core.papers import bird_lotfi_search, leaderboard
from cifake_core.papers.bird_lotfi_search import Ranking
from cifake_core.papers.bird_lotfi_trial import SearchConfig, Topology, Trial
from cifake_core.pictures.records import Picture
from cifake_core.ui.services import visit
from tests import made_data, made_records
from tests.ui.reading import (
    OpenApp,
    alts,
    at,
    charts,
    labels,
    tables,
    texts,
    unfold,
)

PAGE = "pages/papers.py"
#: The network of the tests that is reproduced.
MADE = "pavani"
CHOSEN = visit.Chosen(
    name="cat.png", picture=Picture(pixels=made_data.picture(), format="PNG")
)


@pytest.fixture
def models(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder without networks that has the table of layers."""
    del made  # the data set is there
    shutil.copy(CHECKOUT / "models" / layer_summary.LAYERS_FILE, tmp_path)
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.fixture
def reproduced(models: Path, models_with_paper: Path) -> Path:
    """Put one of the papers' networks there, and our first."""
    for name in (MADE, "cnn"):
        folder = shutil.copytree(models_with_paper / name, models / name)
        sha256 = store.revision(name, models)
        split = [cifake.load(cifake.find(), part) for part in ("test", "train")]
        clean = made_records.scores(name, sha256, *split, {0: 4.0, 40: -9.0})
        card = replace(made_records.card(clean), epochs=9, milliseconds=1.26)
        store.write_card(folder, card)
        (folder / store.HISTORY_FILE).write_text(
            "epoch,loss,accuracy,validation_loss,validation_accuracy\n"
            "1,1.0,0.5,0.9,0.75\n",
            "utf-8",
        )
    return models


def write_ranking(models: Path, *places: Topology) -> None:
    """Write a search whose first network is right of 95 % of 200 pictures."""
    trials = tuple(
        Trial(
            topology=place,
            parameters=100,
            multiply_adds=1000,
            validation_accuracy=0.95 - 0.01 * number,
            validation_loss=0.2,
            seconds=12.0,
        )
        for number, place in enumerate(places)
    )
    ranking = Ranking(
        config=SearchConfig(), train_digest="", num_validation=200, trials=trials
    )
    bird_lotfi_search.write_ranking(ranking, models / bird_lotfi_search.RANKING_FILE)


@pytest.mark.usefixtures("models")
def test_claims_stand_before_anything_is_reproduced(open_app: OpenApp):
    """Every claim is there, every figure of ours is missing, and a command is named."""
    app = open_app(PAGE)

    table = app.dataframe[0].value
    assert len(table) == 12
    assert table["Claimed"][1] == "94.98\N{NO-BREAK SPACE}%"
    assert table["Claimed"][5] == "no figure"
    assert table["Claimed"][8] == "at least 92\N{NO-BREAK SPACE}% (validation)"
    assert set(table["Measured here"]) == {"not reproduced yet"}
    assert table["Parameters"][11] == "14,271,521"
    assert set(table["Epochs"]) == {"\N{EN DASH}"}
    told = texts(app)
    assert "10 of 10 networks are not reproduced yet" in told
    assert "`python -m cifake_core reproduce` trains" in told
    assert "There are no learning curves of the papers' networks yet" in told
    assert "reproduce b-search`" in told
    (cost,) = charts(app)
    assert "Tulasi 5,137,920 multiply-adds, not reproduced yet" in cost
    assert not app.error
    assert not app.exception


@pytest.mark.usefixtures("models")
def test_differences_and_quotations_are_told(open_app: OpenApp):
    """A sentence for each system; what is not on CIFAKE is marked so."""
    app = open_app(PAGE)

    told = texts(app)
    assert "It claims 2 to 10 ms a picture, while its own log shows 135" in told
    assert "Its abstract says that the modified network is without" in told
    assert "512 dense units, not the 256 described" in told
    assert "**Deep Vision**: Its network" in told
    elsewhere = tables(app)[-1]
    assert list(elsewhere["System"]) == [
        *("Epstein et al.", "Baraheem et al."),
        "Saskoro et al.",
    ]
    assert "Claimed, not on CIFAKE" in elsewhere.columns
    assert not app.exception


@pytest.mark.usefixtures("reproduced")
def test_what_is_reproduced_stands_beside_its_claims(open_app: OpenApp):
    """One network answers two claims; times, epochs and interval are the card's."""
    app = open_app(PAGE)

    table = app.dataframe[0].value
    measured = "96.7\N{NO-BREAK SPACE}% (88.6 to 99.1)"
    assert [i for i, cell in enumerate(table["Measured here"]) if cell == measured] == [
        *(1, 3),
    ]
    row = table.iloc[1]
    assert (row["Epochs"], row["Training"], row["One picture"]) == (
        *("9", "60 min"),
        "1.3 ms",
    )
    told = texts(app)
    assert "9 of 10 networks are not reproduced yet" in told
    assert "reproduce bird_lotfi pavani_modified" in told
    assert f"for comparison:** 2D-CNN {measured}" in told
    assert "(60 pictures)" in told
    assert (
        f"Pavani CNN2D 38,633,600 multiply-adds, measured {measured}" in charts(app)[0]
    )
    assert "Pavani CNN2D 75.0% after 1 epochs" in charts(app)[1]
    assert "no learning curves" not in told
    assert not app.exception


@pytest.mark.usefixtures("models")
def test_an_unmade_network_opens(open_app: OpenApp):
    """Claims, assumptions and layers are there; a try waits for the weights."""
    app = at(open_app(PAGE), network="hosen_cnn")

    assert app.header[0].value == "Hosen CNN"
    told = texts(app)
    assert "accuracy 95.69" in told
    assert "precision 93.67, recall 98, F1 95.79" in told
    assert "**Assumed:** 512 dense units, not 256" in told
    table = app.dataframe[1].value
    assert table["Gives"][0] == "32 x 32 x 3"
    assert table["Of all work"].sum() == pytest.approx(1)
    assert "36 layers, 4,985,377 parameters, 67,207,680 multiply-adds" in told
    assert "`python -m cifake_core reproduce hosen_cnn` makes them" in told
    assert app.selectbox(key="papers_network").value == "hosen_cnn"
    assert not app.image
    assert not app.exception


@pytest.mark.usefixtures("reproduced")
def test_a_made_network_is_tried_on_the_current_picture(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    """Its prediction stands after ours, with its Grad-CAM and its figures."""
    monkeypatch.setattr(visit, "current", lambda: CHOSEN)

    app = at(open_app(PAGE), network=MADE)

    told = texts(app)
    assert "**Grad-CAM**, Pavani CNN2D, evidence for FAKE" in told
    assert "**cat.png**" in told
    assert "**Pavani CNN2D**" in told
    assert any(alt.startswith("Grad-CAM of the Pavani CNN2D") for alt in alts(app))
    assert "Leak-free test set" in tables(app)[0].to_string()
    assert "Epochs run" in tables(app)[1].to_string()
    assert any(alt.startswith("Reliability of the Pavani CNN2D") for alt in charts(app))
    assert not app.error
    assert not app.exception


@pytest.mark.usefixtures("reproduced")
def test_a_try_asks_for_a_picture_first(open_app: OpenApp):
    """Before there is one the page offers the five sources."""
    app = at(open_app(PAGE), network=MADE)

    assert app.segmented_control(key="analyze_source")
    assert "Grad-CAM" not in texts(app)
    assert not app.exception


def test_without_the_table_of_layers_the_page_stands(open_app: OpenApp, models: Path):
    """Costs are unknown, and a sentence says how to make the table."""
    (models / layer_summary.LAYERS_FILE).unlink()

    app = at(open_app(PAGE), network="tulasi")

    told = texts(app)
    assert told.count("python -m cifake_core layers") == 2
    assert set(app.dataframe[0].value["Parameters"]) == {"\N{EN DASH}"}
    assert len(app.dataframe) == 1
    assert not app.exception


def test_the_search_is_drawn(open_app: OpenApp, models: Path):
    """Best first, with intervals, and where the paper's own best comes."""
    best = Topology(convolutions=3, filters=64)
    theirs = Topology(convolutions=2, filters=32, dense_layers=1, units=64)
    write_ranking(models, best, theirs)

    app = open_app(PAGE)

    told = texts(app)
    assert "Best here: 3 x 64 filters, 0 x 0 units, 95.0" in told
    assert "comes 2. of 2 here" in told
    assert "20,000 pictures 3 times" in told
    table = unfold(app, "papers_trials").dataframe[-1].value
    assert table["Accuracy"][1].startswith("94.0")
    assert table["Seconds"][0] == "12"
    assert charts(app)[-1].startswith("Accuracy of each network of the search: 3 x 64")
    assert not app.exception


def test_a_search_that_missed_the_papers_best_says_so(open_app: OpenApp, models: Path):
    """The second round stands on the best of the first, which may be another."""
    write_ranking(models, Topology(convolutions=3, filters=64))

    app = open_app(PAGE)

    assert "is not among those tried here" in texts(app)
    assert not app.exception


@pytest.mark.usefixtures("models")
def test_a_bad_address_is_told(open_app: OpenApp):
    """One of our own or an unknown network is no paper's."""
    app = at(open_app(PAGE), network="cnn")

    assert "The address says network='cnn'" in app.warning[0].value
    assert app.header[0].value == "Accuracy against cost"
    assert not app.exception


@pytest.mark.usefixtures("models")
def test_the_choice_is_in_the_address(open_app: OpenApp):
    """Choosing a network opens it, and choosing none closes it."""
    app = open_app(PAGE)

    app.selectbox(key="papers_network").select("tulasi").run()
    there = app.query_params["network"], app.header[0].value
    app.selectbox(key="papers_network").select(None).run()

    assert there == ("tulasi", "Tulasi")
    assert "network" not in app.query_params
    assert app.header[0].value == "Accuracy against cost"
    assert not app.exception


def click(rows: list[int]) -> None:
    """Be a page on which a row was clicked."""
    import streamlit as st

    from cifake_core.ui.pages.papers import claims

    st.session_state["clicked"] = {"selection": {"rows": rows}}
    claims.open_row("clicked")


def test_a_click_on_a_row_opens_its_network():
    """The last row is Hosen's 3D-CNN; no row leaves all as it is."""
    clicked = AppTest.from_function(click, args=([11],), default_timeout=20).run()
    nothing = AppTest.from_function(click, args=([],), default_timeout=20).run()

    assert "hosen_cnn3d" in clicked.query_params["network"]
    assert "network" not in nothing.query_params
    assert not clicked.exception
    assert not nothing.exception


def test_all_figures_are_offered_as_a_file(open_app: OpenApp, reproduced: Path):
    """The button is there; its file has a line for each claim and for ours."""
    app = open_app(PAGE)

    rows = list(
        csv.DictReader(io.StringIO(leaderboard.to_csv(leaderboard.read(reproduced))))
    )
    assert "Download all figures as CSV" in labels(app, "download_button")
    assert [row["system"] for row in rows].count("this product") == 3
    assert {row["network"] for row in rows} >= set(PAPERS)
    assert not app.exception
