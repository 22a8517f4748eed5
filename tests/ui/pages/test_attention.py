"""Attention: mean maps, channels, pieces and errors, and the pictures of each cell."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cifake_core.attention import records
from cifake_core.ui.browse import attention_address
from tests.models import Remake
from tests.ui.reading import OpenApp, alts, at, charts, labels, row_tables, texts

PAGE = "pages/attention.py"


@pytest.fixture
def page(open_app: OpenApp) -> AppTest:
    """The page, for the 3D-CNN, which sees channels."""
    return at(open_app(PAGE), network="cnn3d")


def grids(app: AppTest) -> list[list[dict]]:
    """What each grid of pictures holds: three of maps, then the gallery."""
    drawn = [json.loads(each.proto.json) for each in app.get("bidi_component")]
    return [each["cells"] for each in drawn if "cells" in each]


def shown(app: AppTest) -> str:
    """How many pictures are in the gallery."""
    return app.metric[0].value


def test_at_first_all_pictures_are_there(page: AppTest):
    """Maps, matrices and gallery are of the whole study, and say for which label."""
    by_decision, by_call, by_class, gallery = grids(page)

    assert shown(page) == "60 pictures"
    assert alts(page)[0].startswith("Mean evidence for FAKE over 60 pictures: most +")
    assert [each["pictures"][0]["lines"][1] for each in by_call] == [
        "n = 28",
        "n = 2",
        "n = 1",
        "n = 29",
    ]
    assert [each["pictures"][0]["lines"][0] for each in by_class] == ["cat"]
    assert len(by_decision) == 4  # none of the 60 is decided REAL
    assert len(gallery) == 24
    assert len(charts(page)) == 3
    assert texts(page).count("An honest reading") == 4
    assert not page.warning
    assert not page.exception


def test_the_other_label_turns_every_sign(page: AppTest):
    """What speaks for FAKE speaks as much against REAL."""
    fake = [each["pictures"][0]["lines"][-1] for each in grids(page)[1]]

    page.segmented_control(key="attention_evidence").select("REAL").run()

    real = [each["pictures"][0]["lines"][-1] for each in grids(page)[1]]
    turned = str.maketrans("+\N{MINUS SIGN}", "\N{MINUS SIGN}+")
    assert [each.translate(turned) for each in fake] == real
    assert page.query_params["evidence"] == "REAL"
    assert "Which colours and textures speak for REAL" in texts(page)
    assert not page.exception


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ({"label": "FAKE", "called": "REAL"}, "2 pictures"),
        ({"verdict": "UNSURE"}, "10 pictures"),
        ({"part": "kind-0"}, "30 pictures"),
        ({"part": "region-0"}, "4 pictures"),  # places 0, 1, 8 and 9 of 60
        ({"part": "focus-2"}, "20 pictures"),
        ({"part": "on_salient-0"}, "20 pictures"),
        ({"part": "kind-3"}, "0 pictures"),
    ],
)
def test_every_cell_opens_its_pictures(page: AppTest, address, count):
    """As many as its square says."""
    at(page, network="cnn3d", **address)

    assert shown(page) == count
    assert not page.exception


def test_leading_channels_part_the_pictures(page: AppTest):
    """Each picture is behind one of the six squares of a row."""
    counts = []
    for channel in range(6):
        at(page, network="cnn3d", part=f"channel-{channel}")
        counts.append(int(shown(page).split()[0]))

    assert sum(counts) == 60
    assert min(counts) > 0


def test_a_part_can_be_let_go(page: AppTest):
    """Its button shows all pictures of the filters again."""
    at(page, network="cnn3d", object_class="cat", part="kind-0")

    page.button(key="attention_whole").click().run()

    assert page.query_params == {"network": "cnn3d", "object_class": "cat"}
    assert shown(page) == "60 pictures"
    assert "All pictures of these filters" not in labels(page, "button")


def test_a_network_on_colours_has_no_channels(page: AppTest):
    """It says which networks have; what a channel chose is let go with the network."""
    at(page, network="cnn3d", part="channel-1")
    page.selectbox(key="attention_network").select("cnn").run()

    assert page.query_params == {"network": "cnn"}
    assert "Choose the 3D-CNN" in texts(page)
    assert len(charts(page)) == 2
    assert not page.exception


def test_errors_are_told_with_their_intervals(page: AppTest):
    """Thirds add up to all pictures; the filters on answers do not empty them."""
    at(page, network="cnn3d", right="no")

    for table in row_tables(page):
        assert sum(map(int, table["Pictures"])) == 60
        assert sum(map(int, table["Errors"])) == 3
    assert "wrong on **3 of 60**" in texts(page)
    assert shown(page) == "3 pictures"


def test_a_filter_without_pictures_says_so(page: AppTest):
    """No map is made of nothing."""
    at(page, network="cnn3d", object_class="ship")

    assert "No picture of the study is like this" in texts(page)
    assert not page.exception


def test_a_picture_opens_and_closes(page: AppTest):
    """The study gives way to it, and comes back."""
    at(page, network="cnn3d", picture="7")
    opened = texts(page)
    page.button(key="attention_close").click().run()

    assert "the truth: FAKE" in opened
    assert "Where the evidence lies" not in opened
    assert "Where the evidence lies" in texts(page)
    assert not page.exception


def test_a_network_without_a_study_says_how_to_make_it(page: AppTest):
    """That is no error, and another network can be chosen."""
    at(page, network="ensemble")

    assert "python -m cifake_core attention ensemble" in page.info[0].value
    assert not page.error
    page.selectbox(key="attention_network").select("cnn").run()
    assert shown(page) == "60 pictures"


def test_other_decisions_of_today_are_told(open_app: OpenApp, remake: Remake):
    """The maps stay those of the study; the page says how many changed."""
    models = remake()
    found = records.read("cnn", models)
    found.decisions[:5] = 1
    records.write(found, models / "cnn")

    app = open_app(PAGE)

    assert "decides 5 of these pictures otherwise" in texts(app)


def test_a_study_on_other_pictures_is_refused(open_app: OpenApp, remake: Remake):
    """Its positions would name other pictures."""
    models = remake()
    found = replace(records.read("cnn", models), test_sha256="other")
    records.write(found, models / "cnn")

    app = open_app(PAGE)

    assert "on other pictures" in app.error[0].value


def test_clicks_choose_and_let_go(page: AppTest, monkeypatch):
    """A square chooses filters and part; again lets the part go, a map its filters."""
    query: dict[str, str] = {"network": "cnn3d"}
    monkeypatch.setattr(st, "session_state", {})
    fake = SimpleNamespace(
        to_dict=lambda: dict(query),
        from_dict=lambda new: (query.clear(), query.update(new)),
    )
    monkeypatch.setattr(st, "query_params", fake)
    del page
    square, cell = "label=FAKE&called=REAL|channel-2", "label=REAL|"

    seen = []
    for mark in (square, square, cell, cell):
        attention_address.choose(mark)
        seen.append({k: v for k, v in query.items() if k != "network"})

    assert seen == [
        {"label": "FAKE", "called": "REAL", "part": "channel-2"},
        {"label": "FAKE", "called": "REAL"},
        {"label": "REAL"},
        {},
    ]
