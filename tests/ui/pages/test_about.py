"""About: meaning and citations, as AppTest sees the page."""

import pytest

from cifake_core.jobs.retention.promises import PROMISES
from cifake_core.jobs.retention.settings import Retention, write_retention
from tests.accounts.conftest import ROOT
from tests.models import Remake
from tests.ui.reading import OpenApp, tables, texts

PAGE = "pages/about.py"


def test_meaning_and_citations(open_app: OpenApp):
    """The page says what a verdict means, what it does not, and whom to cite."""
    app = open_app(PAGE)

    shown = texts(app)
    assert "no proof about a picture from elsewhere" in shown
    assert "10.1109/ACCESS.2024.3356122" in shown
    assert "Learning multiple layers of features" in shown
    assert not app.error
    assert not app.exception


def test_the_networks_have_their_own_page(open_app: OpenApp):
    """About leads to the networks' page; its one table is that of the scope."""
    app = open_app(PAGE)

    assert [link.proto.label for link in app.get("page_link")] == [
        "What the networks are and how they were trained"
    ]
    (scope,) = tables(app)
    assert scope["Never met"].tolist() == ["dcgan", "edm"]
    assert scope["Fakes"].tolist() == ["64", "36"]
    assert scope["FAKE"].tolist() == ["8", "4"]
    assert not app.get("plotly_chart")
    assert not app.exception


def test_a_damaged_card_is_told(open_app: OpenApp, remake: Remake):
    """A card on scope that cannot be read has no table; the page says what is wrong."""
    remake(damaged=("scope.json",))

    app = open_app(PAGE)

    (told,) = (each.value for each in app.info)
    assert "scope.json cannot be read" in told
    assert "evaluate cnn_multi --fakes FOLDER --save" in told
    assert "It knows only Stable Diffusion 1.4." in texts(app)
    assert not tables(app)
    assert not app.exception


@pytest.mark.parametrize("days", [None, 45])
def test_what_is_kept_is_said_by_the_promises(open_app: OpenApp, user_data, days):
    """Every sentence that the sweep keeps to, with the days that are chosen."""
    chosen = Retention(records=days, pictures=days, bin=days, jobs=days)
    write_retention(chosen, user_data, by=ROOT)

    shown = texts(open_app(PAGE))

    (told,) = (part for part in shown.split("\n\n") if "- Verdicts of" in part)
    expected = [each.sentence(chosen) for each in PROMISES if not each.with_accounts]
    said = [line[2:] for line in told.splitlines() if line.startswith("- ")]
    assert [each for each in said if each in expected] == expected
    assert ("45 days" in shown) == (days is not None)
    assert "The days are chosen on *History*." in shown


def test_damaged_settings_promise_nothing(open_app: OpenApp, user_data):
    """The page says what is wrong with them."""
    (user_data / "retention.json").write_text("no settings")

    app = open_app(PAGE)

    assert any("choose the days again" in each.value for each in app.error)
    assert "Verdicts of *History*" not in texts(app)
    assert not app.exception
