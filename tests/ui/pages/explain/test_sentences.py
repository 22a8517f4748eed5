"""Sentences and report of the Explain page, as AppTest sees it."""

from datetime import date

import numpy as np
import pytest

from cifake_core.pictures.records import Picture
from cifake_core.ui.pages.explain import sentences
from cifake_core.ui.services.visit import Chosen
from tests.findings import FULL, spot
from tests.models import Remake
from tests.ui.reading import OpenApp, at, texts

PAGE = "pages/explain.py"


def test_what_was_measured_is_told(open_app: OpenApp):
    """The networks' words, channels and stability are there in sentences."""
    app = at(open_app(), PAGE, picture="cat_32.png")

    shown = texts(app)
    assert "- The 2D-CNN says FAKE and is 77" in shown
    assert "Of the six channels Green counted most in the 3D-CNN" in shown
    assert "keeps saying" in shown
    assert not app.exception


def test_what_cannot_be_measured_is_not_told(open_app: OpenApp, remake: Remake):
    """Without a network on the planes nothing is said of channels."""
    remake("cnn3d", "cnn_multi", "ensemble")

    app = at(open_app(), PAGE, picture="cat_32.png")

    assert "- The 2D-CNN says FAKE" in texts(app)
    assert "Of the six channels" not in texts(app)
    assert not app.exception


def test_the_report_is_offered(open_app: OpenApp):
    """One button, for the picture on the page."""
    app = at(open_app(), PAGE, picture="cat_32.png")

    buttons = [button.proto.label for button in app.get("download_button")]
    assert buttons.count("Download all of this as a report") == 1
    assert not app.exception


def test_the_report_is_made_when_asked_for(monkeypatch: pytest.MonkeyPatch):
    """It has the picture's name, today's date, and is named after the picture."""
    offered: dict[str, object] = {}
    monkeypatch.setattr(
        sentences.st,
        "download_button",
        lambda label, data, **options: offered.update(
            label=label, data=data, **options
        ),
    )
    picture = Picture(pixels=np.array(spot()), format="PNG")

    sentences.offer_report(FULL, Chosen(name="a & b.png", picture=picture))

    page = offered["data"]()
    assert offered["file_name"] == "a & b-report.html"
    assert "<h1>a &amp; b.png</h1>" in page
    assert date.today().isoformat() in page  # noqa: DTZ011 - as a visitor has it
