"""Panel *Objects* on *Analyze*: an offer, boxes, and parts judged by themselves."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.basics.places import user_data_folder
from cifake_core.objects.weights import WEIGHTS_FILE
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import objects_panel
from tests import made_data, made_detector
from tests.made_detector import street
from tests.ui.reading import OpenApp, alts, labels, texts

pytestmark = pytest.mark.usefixtures("tiny")


@pytest.fixture
def tiny(monkeypatch) -> None:
    """Let the tiny detector be the published one."""
    made_detector.publish(monkeypatch, made_detector.weights())


def put_detector() -> None:
    """Put the tiny detector where it is kept."""
    user_data_folder().mkdir(parents=True, exist_ok=True)
    (user_data_folder() / WEIGHTS_FILE).write_bytes(made_detector.detector())


def two_objects() -> bytes:
    """A street with something red and something blue, as a file."""
    image = street(416, 832)
    image[128:192, 128:192] = (255, 0, 0)
    image[256:320, 512:576] = (0, 0, 255)
    return made_data.png(image)


def given(app: AppTest, data: bytes) -> AppTest:
    """The page after a file was given."""
    app.file_uploader[0].upload("street.png", data)
    return app.run()


def parts(app: AppTest) -> list[str]:
    """What stands below each part that can be clicked."""
    drawn = [
        json.loads(each.proto.json)
        for each in app.get("bidi_component")
        if "analyze_objects" in each.proto.id
    ]
    assert drawn, texts(app)
    return [each["pictures"][0]["lines"][0] for each in drawn[0]["cells"]]


def test_without_a_detector_there_is_an_offer(open_app: OpenApp):
    """No error, and the page is whole; what cannot be had is a sentence."""
    app = given(open_app(), two_objects())

    assert "It is not on this machine" in texts(app)
    assert not app.error
    assert "Does it hold?" in [each.value for each in app.header]

    app.button(key="analyze_objects_fetch").click().run()
    assert "there is no network, or it refuses" in app.error[0].value
    assert not app.exception


def test_boxes_and_parts(open_app: OpenApp):
    """Each object has its number, its name, and how sure the detector is."""
    put_detector()
    app = given(open_app(), two_objects())

    dog, cat = sorted(parts(app), key=lambda words: "cat" in words)
    assert "dog, > 99.9" in dog
    assert "cat, > 99.9" in cat
    assert any(each.startswith("The picture with a numbered box") for each in alts(app))
    assert "nothing of who made the picture" in texts(app)
    assert not app.exception


def test_a_part_is_judged_by_itself(open_app: OpenApp, monkeypatch):
    """It is open beside the pictures that were given; those of before give way."""
    put_detector()
    opened = {}
    monkeypatch.setattr(
        objects_panel.thumbnails,
        "show_grid",
        lambda cells, *, key, on_open: opened.update({key: (cells, on_open)}),
    )
    app = open_app()
    app.file_uploader[0].upload("other.png", made_data.png(street(40, 40)))
    app.file_uploader[0].upload("street.png", two_objects()).run()
    app.session_state["analyze_position"] = 1
    app.run()
    cells, on_open = opened["analyze_objects"]
    held = {key: app.session_state[key] for key in ("analyze_pictures", "analyze_kept")}
    held["analyze_kept"][1] = "what the history made of it"
    monkeypatch.setattr(visit.st, "session_state", held)

    for _ in range(2):
        on_open(cells[1].number)

    names = [each.name for each in held["analyze_pictures"]]
    assert names[:2] == ["other.png", "street.png"]
    assert [name[:13] for name in names[2:]] == ["street.png, 1", "street.png, 2"]
    assert held["analyze_position"] == 3
    assert held["analyze_kept"] == {1: "what the history made of it"}
    monkeypatch.undo()
    for key, value in held.items():
        app.session_state[key] = value
    app.session_state["analyze_kept"] = {}
    app.run()
    assert app.header[0].value.startswith("street.png, 2: ")
    assert "Objects" not in [each.value for each in app.header]
    assert not app.exception


def test_a_damaged_detector_is_told(open_app: OpenApp):
    """The rest of the page stays."""
    user_data_folder().mkdir(parents=True, exist_ok=True)
    (user_data_folder() / WEIGHTS_FILE).write_bytes(b"not what it was")

    app = given(open_app(), two_objects())

    assert "is damaged" in app.error[0].value
    assert "Get it anew" in labels(app, "button")
    assert "Does it hold?" in [each.value for each in app.header]


def test_nothing_found_is_said(open_app: OpenApp):
    """A grey street has no object; a tiny picture is not looked at."""
    put_detector()
    app = given(open_app(), made_data.png(street(300, 300)))
    assert "finds no object" in texts(app)

    small = given(open_app(), made_data.png(street(64, 64)))
    assert "Objects" not in [each.value for each in small.header]


def test_an_answer_is_kept(open_app: OpenApp):
    """The same picture is looked at once."""
    del open_app
    put_detector()
    image = street(416, 416)

    assert bench().objects.find(image) is bench().objects.find(image)
