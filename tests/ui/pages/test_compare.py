"""Compare: two networks, their agreement, and the pictures behind each cell."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.models import Remake
from tests.ui.reading import (
    OpenApp,
    alts,
    at,
    charts,
    open_picture,
    opens,
    row_tables,
    tables,
    texts,
    unfold,
)

PAGE = "pages/compare.py"


@pytest.fixture
def page(open_app: OpenApp, remake: Remake) -> AppTest:
    """Return the page: A errs on 0, 7 and 40, B on 7 and 50."""
    remake(wrong={"cnn": {0: 4.0, 7: 2.0, 40: -9.0}, "cnn3d": {7: 1.0, 50: -1.0}})
    return open_app(PAGE)


def test_at_first_it_shows_what_the_3d_cnn_alone_sees(page: AppTest):
    """The default view is that of the pictures on which only the 3D-CNN is right."""
    assert page.header[0].value == "What the 3D-CNN sees and the 2D-CNN does not"
    assert opens(page) == [40, 0]
    assert "✗ 2D-CNN: FAKE" in texts(page)
    assert "✓ 3D-CNN: REAL" in texts(page)
    assert not page.warning
    assert not page.exception


def test_difference_has_interval_and_plain_words(page: AppTest):
    """The difference, its interval and what chance makes of it are told."""
    table = tables(page)[0]

    assert table["Accuracy"][0].startswith("95.0")
    assert table["Accuracy"][1].startswith("96.7")
    assert "Accuracy of the 2D-CNN less that of the 3D-CNN: -1.67 points" in texts(page)
    assert "on the same 60 pictures" in texts(page)
    assert "If both networks were equally good" in texts(page)
    assert not page.exception


def test_charts_have_words(page: AppTest):
    """Agreement, scatter and ROC tell their figures in words."""
    told = "\n".join(charts(unfold(page, "compare_curves")))

    assert "both right 56, only the 2D-CNN right 1, only the 3D-CNN right 2" in told
    assert "Scores of the 2D-CNN against those of the 3D-CNN, 7 pictures" in told
    assert "ROC curves" in told
    assert row_tables(page)[0]["Only 3D-CNN right"].tolist() == ["2"]
    assert not page.exception


@pytest.mark.parametrize(
    ("cell", "title", "pictures"),
    [
        ("only_a", "What the 2D-CNN sees and the 3D-CNN does not", [50]),
        ("both_wrong", "What both get wrong", [7]),
        ("nonsense", "All pictures", [40, 0, 7]),
    ],
)
def test_an_address_opens_its_cell(
    page: AppTest, cell: str, title: str, pictures: list[int]
):
    """A link to a cell shows its pictures, most wrong of A first."""
    at(page, network="cnn", other="cnn3d", cell=cell)

    assert page.header[0].value == title
    assert opens(page)[:3] == pictures
    assert not page.exception


def test_leak_free_set_leaves_out_the_leaked(page: AppTest):
    """On the leak-free set the leaked picture is in neither count nor gallery."""
    page.selectbox(key="compare_pictures").select("leak-free").run()

    assert opens(page) == [40]
    assert "on the same 59 pictures" in texts(page)
    assert not page.exception


def test_filters_narrow_a_cell(page: AppTest):
    """A filter keeps the cell; what does not belong here is not offered."""
    page.selectbox(key="compare_label").select("FAKE").run()

    assert opens(page) == [0]
    assert "compare_called" not in page.session_state
    assert not page.exception


def test_networks_change_places(page: AppTest):
    """Asking for the same network twice turns A and B round."""
    page.selectbox(key="compare_network").select("cnn3d").run()

    assert page.query_params == {"network": "cnn3d", "other": "cnn"}
    assert page.header[0].value == "What the 2D-CNN sees and the 3D-CNN does not"
    assert opens(page) == [50]
    assert not page.exception


def test_another_network_can_be_b(page: AppTest):
    """The other network is the one that was asked for."""
    page.selectbox(key="compare_other").select("ensemble").run()

    assert page.query_params["other"] == "ensemble"
    assert "less that of the Ensemble" in texts(page)
    assert not page.exception


def test_a_picture_opens_and_leads_on(page: AppTest):
    """An open picture has all maps; next stays within the cell."""
    open_picture(page, 40)
    first = texts(page)
    maps = [alt for alt in alts(page) if alt.startswith("Grad-CAM of the")]

    page.button(key="compare_Right").click().run()

    assert "Picture 1 of 2 in this selection" in first
    assert len(maps) == 4
    assert page.query_params["picture"] == "0"
    assert not page.exception


def test_a_lasso_goes_before_the_cell(page: AppTest):
    """Pictures in the lasso are shown, whatever their cell; letting go shows it."""
    page.session_state["compare_lasso"] = [7, 50]
    page.run()
    lasso = page.header[0].value, opens(page)

    page.session_state["compare_lasso"] = []
    page.run()

    assert lasso == ("The pictures in the lasso", [7, 50])
    assert opens(page) == [40, 0]
    assert not page.exception


def test_bad_addresses_are_told(page: AppTest):
    """An unknown network is a sentence, or the next one."""
    at(page, network="vgg", other="vgg")

    assert "The address says network='vgg'" in page.warning[0].value
    assert opens(page) == [40, 0]
    assert not page.exception


def test_one_network_cannot_be_compared(open_app: OpenApp, remake: Remake):
    """With fewer than two networks the page says so."""
    remake("cnn3d", "cnn_multi", "ensemble")

    app = open_app(PAGE)

    assert "two trained networks" in app.info[0].value
    assert not app.selectbox
    assert not app.exception


def click(kind: str, points: list[object]) -> None:
    """Be a page on which a cell was clicked or a lasso drawn."""
    import streamlit as st

    from cifake_core.ui.pages import compare

    st.session_state["clicked"] = {"selection": {"points": points}}
    getattr(compare, kind)("clicked")


def after_click(kind: str, *marks: object, **query: str) -> AppTest:
    """Return the page after a click on points with these marks."""
    points = [{"customdata": [each]} for each in marks]
    app = AppTest.from_function(click, args=(kind, points), default_timeout=20)
    return at(app, network="cnn", page="3", **query)


@pytest.mark.usefixtures("made")
def test_a_click_chooses_a_cell_and_another_gives_it_up():
    """A click shows the cell's first page; on the chosen cell it shows all."""
    chosen = after_click("_choose_cell", "only_a")
    again = after_click("_choose_cell", "only_a", cell="only_a")
    nothing = after_click("_choose_cell")

    assert chosen.query_params == {"network": "cnn", "cell": "only_a"}
    assert again.query_params == {"network": "cnn", "cell": "any"}
    assert nothing.query_params == {"network": "cnn", "page": "3"}
    assert not chosen.exception
    assert not again.exception
    assert not nothing.exception


@pytest.mark.usefixtures("made")
def test_a_lasso_keeps_its_pictures():
    """The pictures in the lasso stay in the session, the first page is shown."""
    app = after_click("_take_lasso", 7, 50)

    assert app.session_state["compare_lasso"] == [7, 50]
    assert app.query_params == {"network": "cnn"}
    assert not app.exception
