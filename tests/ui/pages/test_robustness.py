"""Corruption: what it costs each network, and the pictures that flip."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.data import cifake
from cifake_core.evaluation import robustness
from cifake_core.networks import store
from cifake_core.pictures.corruptions import CORRUPTIONS
from tests.models import Remake
from tests.ui.reading import (
    OpenApp,
    alts,
    at,
    charts,
    open_picture,
    opens,
    texts,
    unfold,
)

PAGE = "pages/robustness.py"


@pytest.fixture
def page(open_app: OpenApp, remake: Remake) -> AppTest:
    """Return the page: 40 is wrong as it is; 0, 3 and 35 flip after JPEG 50."""
    remake(wrong={"cnn": {40: -9.0}, "cnn3d": {40: -9.0}})
    return open_app(PAGE)


def test_at_first_it_shows_what_jpeg_flips(page: AppTest):
    """The pictures that are right as they are and wrong after JPEG, worst first."""
    heading = "What the 2D-CNN no longer gets right after JPEG, quality 50"
    assert page.header[0].value == heading
    assert opens(page) == [35, 3, 0]
    assert "A REAL cat, as it is, that was called REAL." in alts(page)
    assert "A REAL cat, corrupted, that was called FAKE." in alts(page)
    assert "corrupted\n✗ FAKE" in texts(page)
    assert not page.warning
    assert not page.exception


def test_the_change_has_interval_and_both_ways(page: AppTest):
    """Three flip to wrong and one to right: two points of sixty less."""
    text = texts(page)

    assert "Accuracy changes by -3.33 points" in text
    assert "on the same 60 pictures), from 98.33% to 95.00%" in text
    assert "3 pictures flip from right to wrong, 1 from wrong to right" in text
    assert not page.exception


def test_charts_have_words_and_a_table(page: AppTest):
    """Each of the four charts tells its figures, and all stand in the table."""
    jpeg, _, blur, _ = charts(page)
    table = unfold(page, "robustness_figures").dataframe[0].value

    assert jpeg.startswith("Accuracy after JPEG, by quality. 2D-CNN (n = 60): ")
    assert "uncorrupted 98.3%, 90 100.0%, 75 100.0%, 50 95.0%" in jpeg
    assert "0.8 96.7%" in blur
    assert len(table) == 20
    assert table["3D-CNN"][2].startswith("95.0")
    assert not page.exception


def test_an_address_opens_its_view(page: AppTest):
    """A link opens network, corruption, set and lines as they were sent."""
    at(
        page,
        network="cnn3d",
        corruption="blur_0.8",
        lines="cnn3d",
        leak_free="yes",
        label="FAKE",
    )

    assert page.header[0].value.startswith("What the 3D-CNN no longer gets right")
    assert "Gaussian blur, sigma 0.8 pixels" in page.header[0].value
    assert opens(page) == [7]
    assert "2D-CNN" not in charts(page)[0]
    assert "on the same 59 pictures" in texts(page)
    assert not page.warning
    assert not page.exception


def test_leak_free_set_leaves_out_the_leaked(page: AppTest):
    """The leaked picture 0 is in neither count nor gallery."""
    page.selectbox(key="robustness_pictures").select("leak-free").run()

    assert opens(page) == [35, 3]
    assert "2D-CNN (n = 59)" in charts(page)[0]
    assert not page.exception


def test_corruption_and_network_can_be_chosen_without_a_click(page: AppTest):
    """Both stand in lists, and go into the address."""
    page.selectbox(key="robustness_corruption").select("blur_0.8").run()
    page.selectbox(key="robustness_network").select("ensemble").run()

    assert page.query_params == {"network": "ensemble", "corruption": "blur_0.8"}
    assert opens(page) == [36, 7]
    assert not page.exception


def test_lines_can_be_taken_out(page: AppTest):
    """Charts have the chosen networks alone; without any there are none."""
    page.button_group(key="robustness_lines").unselect("cnn").run()
    two = charts(page)[0]

    at(page, lines="")

    assert "2D-CNN" not in two
    assert "3D-CNN" in two
    assert charts(page) == []
    assert opens(page) == [35, 3, 0]
    assert not page.exception


def test_only_networks_with_figures_have_lines_at_first(
    open_app: OpenApp, remake: Remake
):
    """One without is a sentence when it is asked for."""
    models = remake(wrong={"cnn": {40: -9.0}, "cnn3d": {40: -9.0}})
    (models / "cnn3d" / store.CORRUPTIONS_FILE).unlink()
    page = open_app(PAGE)

    assert page.button_group(key="robustness_lines").value == ["cnn", "cnn_multi"]
    assert not page.info

    at(page, lines="cnn cnn3d")

    assert "corruption scores" in page.info[0].value
    assert not page.exception


def test_bad_addresses_are_told(page: AppTest):
    """An unknown corruption or network is a sentence; the rest is shown."""
    at(page, corruption="rain_3", lines="cnn vgg")

    told = [warning.value for warning in page.warning]
    assert len(told) == 2
    assert "Expected one of: jpeg" in told[0]
    assert "lines='vgg'" in told[1]
    assert opens(page) == [35, 3, 0]
    assert not page.exception


def test_a_picture_opens_twice_and_leads_on(page: AppTest):
    """Open, it stands as it is and corrupted, with maps of all; next goes on."""
    open_picture(page, 35)
    first, maps = texts(page), [a for a in alts(page) if a.startswith("Grad-CAM")]

    page.button(key="robustness_Right").click().run()

    assert "Picture 1 of 3 in this selection" in first
    assert "#### As it is" in first
    assert "#### JPEG, quality 50" in first
    assert len(maps) == 8
    assert page.query_params["picture"] == "3"
    assert not page.exception


def test_the_corrupted_picture_goes_on_to_analyze(page: AppTest, made_dataset: Path):
    """What is analysed further is the corrupted picture, and its name says so."""
    at(page, picture="3")

    next(b for b in page.button if b.label.startswith("More on this")).click().run()

    split = cifake.load(made_dataset, "test")
    (chosen,) = page.session_state["analyze_pictures"]
    corrupted = robustness.corrupted(split, 3, CORRUPTIONS["jpeg_50"])
    np.testing.assert_array_equal(chosen.picture.pixels, corrupted)
    assert chosen.name == "Test picture 3 (cat), JPEG, quality 50"
    assert not page.exception


def click(points: list[object]) -> None:
    """Be a page on which a point was clicked."""
    import streamlit as st

    from cifake_core.ui.pages import robustness

    st.session_state["clicked"] = {"selection": {"points": points}}
    robustness.choose_point("clicked")


def after_click(*marks: str) -> AppTest:
    """Return the page after a click on points with these marks."""
    points = [{"customdata": [each]} for each in marks]
    app = AppTest.from_function(click, args=(points,), default_timeout=20)
    return at(app, network="cnn", page="3", lines="cnn cnn3d")


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("marks", [(), ("",)])
def test_points_without_corruption_choose_nothing(marks: tuple[str, ...]):
    """Neither the first point of a line nor a click beside them changes the view."""
    app = after_click(*marks)

    assert app.query_params == {"network": "cnn", "page": "3", "lines": "cnn cnn3d"}
    assert not app.exception


@pytest.mark.usefixtures("made")
def test_a_click_chooses_network_and_corruption():
    """A point shows the first page of what flips there, and the lines stay."""
    app = after_click("cnn3d noise_8")

    assert app.query_params == {
        "network": "cnn3d",
        "corruption": "noise_8",
        "lines": "cnn cnn3d",
    }
    assert not app.exception
