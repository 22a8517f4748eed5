"""Embedding map: the test set by its features, a picture's place, its neighbours."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.networks import NETWORKS, OWN
from cifake_core.pictures.records import Picture
from cifake_core.ui.services import visit
from tests import made_data
from tests.models import Remake
from tests.ui.reading import (
    OpenApp,
    alts,
    at,
    labels,
    open_picture,
    opens,
    texts,
)

PAGE = "pages/embedding_map.py"
#: Around the places of test pictures 38 to 41, on UMAP's map.
AROUND_FOUR = "137.50,0.50;141.50,0.50;141.50,1.50;137.50,1.50"


@pytest.fixture
def page(open_app: OpenApp) -> AppTest:
    """Return the page."""
    return open_app(PAGE)


def words(app: AppTest) -> str:
    """Return the alternative text of the map."""
    return app.get("plotly_chart")[0].proto.alt


def give(app: AppTest, name: str = "mine.png") -> AppTest:
    """Return the page with a picture open in Analyze."""
    pixels = made_data.even(159, 127, 127)  # a quarter to the right of grey
    picture = Picture(pixels=pixels, format="PNG")
    app.session_state["analyze_pictures"] = [visit.Chosen(name=name, picture=picture)]
    return app.run()


def test_at_first_all_pictures_are_on_the_map(page: AppTest):
    """The map says in words what it shows; the gallery has every picture."""
    assert words(page) == (
        "UMAP map of 60 test pictures as the 2D-CNN sees them, by truth: FAKE 30, "
        "REAL 30."
    )
    assert page.metric[0].value == "60 pictures"
    assert "Nearest in training" not in texts(page)
    assert page.selectbox(key="embedding_map_network").options == [
        NETWORKS[name].title for name in OWN if not NETWORKS[name].members
    ]
    assert not page.warning
    assert not page.exception


@pytest.mark.parametrize(
    ("color", "counts"),
    [
        ("class", "by object: airplane 0, automobile 0, bird 0, cat 60"),
        ("answer", "by right or wrong: right 57, wrong 3"),
        ("score", "by score: FAKE 29, REAL 31"),
        ("nonsense", "by truth: FAKE 30, REAL 30"),
    ],
)
def test_the_address_says_what_colours_mean(page: AppTest, color: str, counts: str):
    """Each way to colour counts its groups; an unknown one falls back."""
    at(page, color=color)

    assert counts in words(page)
    assert not page.exception


def test_an_address_opens_its_region(page: AppTest):
    """The gallery has the pictures that stand inside; letting go shows all."""
    at(page, region=AROUND_FOUR)
    inside = sorted(opens(page))

    page.button(key="embedding_map_all").click().run()

    assert inside == [38, 39, 40, 41]
    assert "region" not in page.query_params
    assert page.metric[0].value == "60 pictures"
    assert not page.exception


def test_another_map_lets_the_region_go(page: AppTest):
    """A region belongs to its map: on another map and network there is none."""
    at(page, region=AROUND_FOUR)
    page.segmented_control(key="embedding_map_layout").select("pca").run()
    other_map = dict(page.query_params)
    at(page, region=AROUND_FOUR)
    page.selectbox(key="embedding_map_network").select("cnn3d").run()

    assert other_map == {"network": "cnn", "layout": "pca"}
    assert page.query_params == {"network": "cnn3d"}
    assert "UMAP map of 60 test pictures as the 3D-CNN" in words(page)
    assert not page.exception


def test_colours_are_chosen_by_a_click(page: AppTest):
    """The region stays as it was."""
    at(page, region=AROUND_FOUR)

    page.segmented_control(key="embedding_map_color").select("answer").run()

    assert page.query_params == {"region": AROUND_FOUR, "color": "answer"}
    assert len(opens(page)) == 4
    assert not page.exception


def test_filters_hold_on_the_map(page: AppTest):
    """What is filtered out is neither a point nor in the gallery."""
    page.selectbox(key="embedding_map_label").select("FAKE").run()

    assert "map of 30 test pictures" in words(page)
    assert "REAL 0" in words(page)
    assert page.metric[0].value == "30 pictures"
    assert not page.exception


def test_a_picture_of_analyze_has_its_place(page: AppTest):
    """Its neighbours of either label are shown with object and distance."""
    give(page, "my_cat.png")

    assert page.header[0].value == r"Nearest in training to my\_cat.png"
    assert "**4 are REAL and 4 FAKE**" in texts(page)
    assert "dog\n0.25" in texts(page)
    assert "dog\n1.25" in texts(page)
    assert alts(page)[:16] == [
        *["A FAKE dog of the training set."] * 8,
        *["A REAL dog of the training set."] * 8,
    ]
    assert "96% of the variance" in texts(page)
    assert not page.exception


def test_an_open_picture_has_its_place(page: AppTest):
    """A picture of the gallery leads on, with map and neighbours below."""
    open_picture(page, 0)

    assert page.query_params["picture"] == "0"
    assert [header.value for header in page.header] == [
        "Nearest in training to test picture 0",
        "Its place on the map",
    ]
    assert "dog\n0.00" in texts(page)
    assert words(page)
    assert "embedding_map_network" not in [each.key for each in page.selectbox]
    assert not page.exception


@pytest.mark.parametrize(
    ("lost", "kind"), [({"without": True}, "info"), ({"damaged": True}, "error")]
)
def test_without_the_map_there_is_a_sentence(
    open_app: OpenApp, remake: Remake, lost: dict[str, bool], kind: str
):
    """It has the command and is red for damage alone; a network can be chosen."""
    file = "cnn/embedding_map.npz"
    if "without" in lost:
        remake(file)
    else:
        remake(damaged=(file,))

    app = open_app(PAGE)

    (told,) = app.get(kind)
    assert "Make it with `python -m cifake_core map cnn`." in told.value
    assert len(app.info) + len(app.error) == 1
    assert app.selectbox(key="embedding_map_network")
    assert not app.get("plotly_chart")
    assert not app.exception


@pytest.mark.usefixtures("absent_dataset")
def test_without_the_data_set_the_map_stays(open_app: OpenApp):
    """Points, objects and distances need no pictures."""
    app = open_app(PAGE)
    app.session_state["analyze_source"] = "Test set"  # it offers the data set too

    give(app)

    assert labels(app, "button").count("Download the data set") == 2
    assert "map of 60" in words(app)
    assert "dog\n0.25" in texts(app)
    assert not alts(app)
    assert not app.exception


def test_other_training_pictures_are_not_shown(
    open_app: OpenApp, tiny_dataset: Path, monkeypatch: pytest.MonkeyPatch
):
    """Where the data set is not that of the map, the distances stand alone."""
    monkeypatch.setenv("CIFAKE_DATA", str(tiny_dataset))

    app = give(open_app(PAGE))

    assert "holds other training pictures than those of the map" in next(
        each.value for each in app.warning if "training" in each.value
    )
    assert "dog\n0.25" in texts(app)
    assert not [alt for alt in alts(app) if "training set" in alt]
    assert not app.exception


def test_ensembles_and_bad_addresses_fall_back(page: AppTest):
    """An ensemble has no features: the first network is shown instead."""
    at(page, network="ensemble", layout="tsne", region="1,2;3")

    assert "UMAP map of 60 test pictures as the 2D-CNN" in words(page)
    assert not page.exception


def test_faults_of_the_address_are_told(page: AppTest):
    """As on the other pages."""
    at(page, label="CAT")

    assert "The address says label='CAT'" in page.warning[0].value
    assert not page.exception


def take(event: dict[str, object]) -> None:
    """Be a page on whose map something was drawn or clicked."""
    import streamlit as st

    from cifake_core.ui.pages import embedding_map
    from cifake_core.ui.services.bench import bench

    places = bench().evaluation.embedding_map("cnn").test_places("umap")
    st.session_state["drawn"] = {"selection": event}
    embedding_map.take("drawn", places, embedding_map.np.arange(20, 60))


def after(points: list[dict[str, float]], **shapes: object) -> AppTest:
    """Return the page after points or shapes came from the browser."""
    event = {"points": points, "lasso": [], "box": [], **shapes}
    app = AppTest.from_function(take, args=(event,), default_timeout=20)
    return at(app, network="cnn", page="3", picture="7")


@pytest.mark.usefixtures("made")
def test_what_is_drawn_goes_into_the_address():
    """A lasso with its corners, a box with four; an open picture closes."""
    corners = {"x": [1.0, 2.0, 2.0], "y": [0.0, 0.0, 1.0]}
    lasso = after([{"x": 1.5, "y": 0.1}], lasso=[corners])
    box = after([], box=[{"x": [1.0, 3.0], "y": [5.0, 4.0]}])

    assert lasso.query_params == {
        "network": "cnn",
        "region": "1.00,0.00;2.00,0.00;2.00,1.00",
    }
    assert box.query_params == {
        "network": "cnn",
        "region": "1.00,5.00;3.00,5.00;3.00,4.00;1.00,4.00",
    }
    assert not lasso.exception
    assert not box.exception


@pytest.mark.usefixtures("made")
def test_a_click_opens_the_picture_there():
    """The nearest of the points drawn; a click beside them changes nothing."""
    opened = after([{"x": 140.2, "y": 0.9}])
    beside = after([])

    assert opened.query_params["picture"] == "40"
    assert beside.query_params == {"network": "cnn", "page": "3", "picture": "7"}
    assert not opened.exception
    assert not beside.exception


def test_the_map_colours_by_score_on_one_scale():
    """Scores of both groups share a scale with FAKE below and REAL above."""
    from cifake_core import figures

    places = np.zeros((4, 2), np.float32)
    groups = {"FAKE": np.array([0, 2]), "REAL": np.array([1, 3])}

    figure = figures.map_figure(places, groups, scores=np.arange(4, dtype=np.float32))

    fake, real = figure.data
    assert (fake.marker.color.tolist(), real.marker.color.tolist()) == ([0, 2], [1, 3])
    assert fake.marker.symbol != real.marker.symbol
    assert figure.layout.coloraxis.cmin == -figure.layout.coloraxis.cmax
    colors = figure.layout.coloraxis.colorscale
    assert colors[0][1] == figures.LABEL_COLORS["FAKE"]
    assert colors[-1][1] == figures.LABEL_COLORS["REAL"]


def test_every_group_has_its_own_look():
    """No two object classes share a colour or a symbol; region and pin stand out."""
    from cifake_core import figures
    from cifake_core.basics.labels import OBJECT_CLASSES

    places = np.arange(20, dtype=np.float32).reshape(10, 2)
    groups = {name: np.array([k]) for k, name in enumerate(OBJECT_CLASSES)}
    pin = figures.Pin(name="mine", place=(1.0, 2.0), neighbours=[(0.0, 1.0)])

    figure = figures.map_figure(
        places, groups, region=((0, 0), (1, 0), (1, 1)), pin=pin
    )

    *classes, outline, around, star = figure.data
    assert len({each.marker.color for each in classes}) == 10
    assert len({each.marker.symbol for each in classes}) == 10
    assert (list(outline.x), list(outline.y)) == ([0, 1, 1, 0], [0, 0, 1, 0])
    assert (list(around.x), list(star.x), list(star.y)) == ([0], [1], [2])
    assert (star.name, star.marker.symbol) == ("mine", "star")
    assert {each.type for each in figure.data} == {"scattergl"}
