"""Test set: one view in the address, figures and charts, gallery, open pictures."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.data import cifake
from cifake_core.ui.browse.chart_filters import class_mark, matrix_marks
from tests.models import Remake
from tests.ui.reading import (
    OpenApp,
    alts,
    at,
    charts,
    labels,
    open_picture,
    opens,
    row_tables,
    tables,
    texts,
    unfold,
)

PAGE = "pages/test_set.py"


def figures(app: AppTest) -> dict[str, str]:
    """Return the figures of the threshold, and the count of the gallery."""
    return {metric.label: metric.value for metric in app.metric}


def test_figures_have_intervals_and_n(open_app: OpenApp):
    """At 0.5 the figures are those of the scores, each with its interval, and n."""
    app = open_app(PAGE)

    assert figures(app)["Accuracy"] == "95.0%"
    assert app.metric[0].delta == "86.3% to 98.3%"
    assert "60 pictures" in texts(app)
    assert "nan" not in " ".join(charts(app))
    assert not app.error
    assert not app.exception


def test_charts_have_words(open_app: OpenApp):
    """Each of the five charts tells its figures in words, the last when unfolded."""
    app = unfold(open_app(PAGE), "test_set_curve")

    matrix, curves, histogram, reliability, risk = charts(app)
    assert "of the FAKE pictures 28 were called FAKE and 2 REAL" in matrix
    assert "At threshold 0.500" in curves
    assert "Of the FAKE ones 0 are in the lowest of 50 bars" in histogram
    assert reliability.startswith("Reliability at threshold 0.5:")
    assert "gives 96.0\N{NO-BREAK SPACE}% of the pictures a verdict" in risk
    assert row_tables(app)[0]["Object"].tolist() == ["cat"]
    assert not app.exception


def test_one_slider_moves_everything(open_app: OpenApp):
    """Matrix, curves, figures, table and gallery follow the threshold."""
    app = open_app(PAGE)

    app.slider(key="test_set_threshold").set_value(0.9).run()

    assert figures(app)["REAL flagged"] == "100.0%"
    assert "29 were called FAKE and 1 REAL" in charts(app)[0]
    assert "At threshold 0.900" in charts(app)[1]
    assert row_tables(app)[0]["Errors"].tolist() == ["31"]
    assert app.query_params["threshold"] == "0.9"
    assert not app.exception


def test_buttons_find_thresholds(open_app: OpenApp):
    """The buttons set the threshold of a promise, and 0.5 again."""
    app = open_app(PAGE)
    found = []

    for label in ("Equal error", "Flag at most so many", "Even: 0.5"):
        next(b for b in app.button if b.label == label).click().run()
        found.append((app.query_params.get("threshold"), figures(app)["REAL flagged"]))

    assert float(found[0][0]) > 0.8
    assert float(found[1][0]) < 0.001
    assert [flagged for _, flagged in found] == ["3.3%", "0.0%", "3.3%"]
    assert found[2][0] is None
    assert not app.exception


def test_leak_free_set_has_its_own_figures(open_app: OpenApp):
    """The leak-free set leaves out the leaked picture, in figures and gallery."""
    app = open_app(PAGE)

    app.selectbox(key="test_set_pictures").select("leak-free").run()

    assert "59 pictures" in texts(app)
    assert figures(app)["In the gallery"] == "59 pictures"
    assert app.query_params["pictures"] == "leak-free"
    assert not app.exception


def test_an_address_opens_its_view(open_app: OpenApp):
    """Network, threshold, set and filters of a link are on the page."""
    app = open_app(PAGE)

    at(app, network="cnn3d", label="FAKE", called="REAL", leak_free="yes")

    assert app.selectbox(key="test_set_network").value == "cnn3d"
    assert app.selectbox(key="test_set_called").value == "REAL"
    assert app.selectbox(key="test_set_pictures").value == "leak-free"
    assert opens(app) == [7]
    assert not app.warning
    assert not app.exception


def test_a_bad_address_is_told(open_app: OpenApp):
    """What makes no sense in an address is a sentence; the rest of it counts."""
    app = open_app(PAGE)

    at(app, network="cnn", threshold="*9*", right="no")

    assert "threshold='\\*9\\*'. Expected a number from 0 to 1" in app.warning[0].value
    assert opens(app) == [40, 0, 7]
    assert not app.exception


def test_filters_narrow_the_gallery(open_app: OpenApp):
    """A filter goes into the address, begins at page 1 and can be cleared."""
    app = open_app(PAGE)
    at(app, network="cnn", page="2")

    app.selectbox(key="test_set_right").select(v=False).run()
    narrowed = opens(app), dict(app.query_params)
    app.button(key="test_set_clear").click().run()

    assert narrowed == ([40, 0, 7], {"network": "cnn", "right": "no"})
    assert figures(app)["In the gallery"] == "60 pictures"
    assert app.query_params == {"network": "cnn"}
    assert not app.exception


def test_gallery_begins_with_the_worst(open_app: OpenApp):
    """The most wrong picture is first; its words tell truth and score."""
    app = open_app(PAGE)

    assert opens(app)[:3] == [40, 0, 7]
    assert alts(app)[0] == "A REAL cat that was called FAKE."
    assert "cat, is REAL\n✗ P(REAL) < 0.1" in texts(app)
    assert not app.exception


def test_gallery_has_pages(open_app: OpenApp):
    """The arrows turn the pages, and the box jumps; the ends are ends."""
    app = open_app(PAGE)
    first = opens(app)

    app.button(key="test_set_on").click().run()
    second = opens(app)
    app.number_input(key="test_set_page").set_value(3).run()
    third = opens(app)

    assert [len(part) for part in (first, second, third)] == [24, 24, 12]
    assert sorted(first + second + third) == list(range(60))
    assert app.button(key="test_set_on").disabled
    assert not app.button(key="test_set_back").disabled
    assert not app.exception


def test_random_order_has_a_seed(open_app: OpenApp):
    """The same seed gives the same order, another one another."""
    app = open_app(PAGE)

    app.selectbox(key="test_set_order").select("random").run()
    zero = opens(app)
    app.number_input(key="test_set_seed").set_value(7).run()
    seven = opens(app)
    at(app, network="cnn", order="random", seed="7")

    assert opens(app) == seven != zero
    assert not app.exception


def test_selection_without_pictures(open_app: OpenApp, remake: Remake):
    """A selection without pictures says so; there is nothing to download."""
    remake(wrong={})
    app = open_app(PAGE)

    at(app, network="cnn", right="no")

    assert figures(app)["In the gallery"] == "0 pictures"
    assert "No picture is like this" in app.info[0].value
    assert opens(app) == []
    assert not app.exception


def test_selection_downloads_as_csv(open_app: OpenApp):
    """The download names its network and is there unless nothing is chosen."""
    app = open_app(PAGE)

    at(app, network="cnn", right="no")
    button = app.get("download_button")[0].proto
    at(app, network="cnn", object_class="dog")
    empty = app.get("download_button")[0].proto

    assert button.label == "Download as CSV"
    assert (button.disabled, empty.disabled) == (False, True)
    assert not app.exception


def test_a_picture_opens_large(open_app: OpenApp):
    """An open picture has its truth, every network's verdict, and their maps."""
    app = open_app(PAGE)
    at(app, network="cnn", right="no")

    open_picture(app, 0)

    assert app.query_params["picture"] == "0"
    assert "Cat; the truth: FAKE" in texts(app)
    assert "Picture 2 of 3 in this selection" in texts(app)
    assert "The same file also stands in the training set." in texts(app)
    maps = [alt for alt in alts(app) if alt.startswith("Grad-CAM of the")]
    assert len(maps) == 4
    assert not app.get("plotly_chart")
    assert not app.exception


def test_next_goes_on_within_the_selection(open_app: OpenApp):
    """Next and previous lead to the neighbours, the last has none; back shows all."""
    app = open_app(PAGE)
    at(app, network="cnn", right="no", picture="0")

    app.button(key="test_set_Right").click().run()
    last = app.query_params["picture"], app.button(key="test_set_Right").disabled
    app.button(key="test_set_Left").click().run()
    middle = app.query_params["picture"]
    app.button(key="test_set_close").click().run()

    assert last == ("7", True)
    assert middle == "0"
    assert app.query_params == {"network": "cnn", "right": "no"}
    assert opens(app) == [40, 0, 7]
    assert not app.exception


def test_an_open_picture_of_another_selection(open_app: OpenApp):
    """A picture outside the selection is shown, without neighbours."""
    app = open_app(PAGE)

    at(app, network="cnn", label="FAKE", picture="50")

    assert "Not in this selection" in texts(app)
    assert app.button(key="test_set_Right").disabled
    assert app.button(key="test_set_Left").disabled
    assert not app.exception


@pytest.mark.parametrize("picture", ["60", "-1", "cat", "٣"])
def test_pictures_that_are_not_there_are_not_opened(open_app: OpenApp, picture: str):
    """Another number, or none, leaves the page as it is."""
    app = open_app(PAGE)

    at(app, network="cnn", picture=picture)

    assert len(charts(app)) == 4
    assert not app.exception


def test_an_open_picture_goes_on_to_analyze(open_app: OpenApp, made_dataset: Path):
    """A click opens that very picture in Analyze, with its truth."""
    app = open_app(PAGE)
    at(app, network="cnn", picture="40")

    label = "More on this picture in Analyze"
    next(button for button in app.button if button.label == label).click().run()

    chosen = app.session_state["analyze_pictures"][0]
    assert app.title[0].value == "Photograph or AI-generated?"
    assert app.header[0].value == "Test picture 40 (cat)"
    assert "The truth: REAL." in texts(app)
    assert np.array_equal(
        chosen.picture.pixels, cifake.load(made_dataset, "test").images[40]
    )
    assert not app.exception


@pytest.mark.parametrize("picture", [{}, {"picture": "7"}])
def test_absent_data_set_is_offered(
    open_app: OpenApp, absent_dataset: Path, picture: dict[str, str]
):
    """Without the data set the charts stay; gallery and picture offer to get it."""
    del absent_dataset
    app = open_app(PAGE)

    at(app, network="cnn", **picture)

    assert "not on this machine" in app.info[0].value
    assert "Download the data set" in labels(app, "button")
    assert len(app.get("plotly_chart")) == (0 if picture else 4)
    assert not alts(app)
    assert not app.exception


def test_other_data_set_is_not_shown(
    open_app: OpenApp, tiny_dataset: Path, monkeypatch: pytest.MonkeyPatch
):
    """Pictures of another data set are not passed off as the scored ones."""
    monkeypatch.setenv("CIFAKE_DATA", str(tiny_dataset))

    app = open_app(PAGE)

    assert "is not the test set that was scored" in app.warning[0].value
    assert not alts(app)
    assert not app.exception


def test_the_view_survives_other_pages(open_app: OpenApp):
    """The view is as it was after a look at another page."""
    app = open_app(PAGE)
    app.selectbox(key="test_set_pictures").select("leak-free").run()

    app.query_params = {}
    app.switch_page("pages/about.py").run()
    away = len(app.selectbox)
    app.query_params = {}
    app.switch_page(PAGE).run()

    assert away == 0
    assert app.selectbox(key="test_set_pictures").value == "leak-free"
    assert app.query_params == {"network": "cnn", "pictures": "leak-free"}
    assert not app.exception


def click(event: dict[str, object]) -> None:
    """Be a page on which a chart was clicked."""
    import streamlit as st

    from cifake_core.ui.browse import views
    from cifake_core.ui.pages import evaluation

    st.session_state["clicked"] = {"selection": event}
    views.clicked(evaluation.PAGE, "clicked")()


def after_click(event: dict[str, object]) -> AppTest:
    """Return the page after a click that sent `event`."""
    app = AppTest.from_function(click, args=(event,), default_timeout=20)
    return at(app, network="cnn", page="3", right="no")


@pytest.mark.parametrize(
    ("chosen", "filters"),
    [
        (matrix_marks()[0][1], {"label": "FAKE", "called": "REAL"}),
        (class_mark("cat"), {"object_class": "cat"}),
    ],
)
def test_a_click_shows_the_pictures_of_its_mark(chosen: str, filters: dict[str, str]):
    """A click writes the mark's filters into the address, in place of others."""
    app = after_click({"points": [{"customdata": [chosen]}]})

    assert app.query_params == {"network": "cnn"} | filters
    assert not app.exception


def test_an_empty_click_changes_nothing():
    """What a chart sends when a mark is let go does not count."""
    app = after_click({"points": []})

    assert app.query_params == {"network": "cnn", "page": "3", "right": "no"}
    assert not app.exception


def test_pictures_are_filtered_by_their_verdict(open_app: OpenApp):
    """UNSURE is a filter like the others, in the address and in its own words."""
    app = open_app(PAGE)

    app.selectbox(key="test_set_verdict").select("UNSURE").run()

    assert sorted(opens(app)) == list(range(0, 60, 6))
    assert app.query_params["verdict"] == "UNSURE"
    assert not app.exception


def test_fare_of_the_verdicts_is_told(open_app: OpenApp):
    """The rule, coverage and accuracy of each set, and pictures from elsewhere."""
    app = open_app(PAGE)

    shown = texts(app)
    assert "if the ensemble is at least 60% sure. Below 90% its members must" in shown
    assert "Above 99.0% FAKE by it the verdict is FAKE" in shown
    assert "above 80.0% their REAL does not stand, and below 5.0% their FAKE" in shown
    assert "REAL, but a trace for the expert 1" in shown
    assert "UNSURE on the official set: not saved as CIFAKE" in shown
    rows = [table.to_string() for table in tables(unfold(app, "test_set_outside"))]
    assert any("96.0" in row and "Leak-free test set" in row for row in rows)
    assert any("Looked at *" in row and "ordinary pictures" in row for row in rows)
    assert not app.exception


def test_the_guard_and_the_generators_are_told(open_app: OpenApp):
    """What strangers get at which coverage, and what fakes of ours do, in words."""
    app = unfold(unfold(open_app(PAGE), "test_set_guard"), "test_set_fakes")

    told = charts(app)[-1]
    assert "As it is, 96.0\N{NO-BREAK SPACE}% of CIFAKE and 25.0" in told
    assert "of the 288 photographs from elsewhere get one; 1.0" in told
    (rows,) = [table for table in tables(app) if "Fakes by" in table]
    assert rows["Part"].tolist() == ["validation", "test"]
    assert rows["FAKE"].tolist() == ["40", "40"]
    assert rows["Fakes by"].tolist()[0].startswith("GAN")
    assert not app.exception


def test_without_a_card_there_is_no_verdict_to_filter_by(
    open_app: OpenApp, remake: Remake
):
    """The page says how to make it; the rest is as before."""
    models = remake("policy.json")

    app = at(open_app(PAGE), verdict="UNSURE")

    assert f"There is no card on verdicts in {models}" in app.info[0].value
    assert len(opens(app)) == 24
    assert not app.exception
