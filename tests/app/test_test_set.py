"""Test set: figures, charts and the gallery of errors, as AppTest sees the page."""

from dataclasses import replace

import numpy as np
import pytest

from cifake_core.errors import DatasetError, ModelUnavailableError
from cifake_core.results import EvalReport
from cifake_core.ui import services
from tests.app import records
from tests.app.stand_in import OpenApp, StandIn, alts, labels, texts

PAGE = "pages/test_set.py"


def test_table_gives_intervals_and_n(open_app: OpenApp):
    """The table gives each figure with its interval, n and the network's hash."""
    app = open_app(PAGE)

    table = app.table[0].value
    assert table["Network"][0] == f"2D-CNN ({records.sha256('cnn')[:8]})"
    assert table["Accuracy"][0] == "95.0\N{NO-BREAK SPACE}% (86.3 to 98.3)"
    assert table["ROC AUC"][0].startswith("0.9")
    assert list(table["Pictures"]) == ["60", "60", "60"]
    assert not table.isna().any(axis=None)
    assert not app.error
    assert not app.exception


def test_leak_free_set_has_its_own_figures(open_app: OpenApp):
    """The leak-free set leaves out the leaked picture, in table and gallery."""
    app = open_app(PAGE)
    official = texts(app)

    app.segmented_control(key="test_set_subset").select("Leak-free").run()

    assert "**3 errors**" in official
    assert "**2 errors**" in texts(app)
    assert list(app.table[0].value["Pictures"]) == ["59", "59", "59"]
    assert not app.exception


def test_charts_have_words(open_app: OpenApp):
    """Each chart tells its figures in words, one matrix for each network."""
    app = open_app(PAGE)

    words = [chart.proto.alt for chart in app.get("plotly_chart")]
    assert len(words) == 5
    assert "of the FAKE pictures 28 were called FAKE and 2 REAL" in words[0]
    assert words[3].startswith("ROC curves. Area under the curve: 2D-CNN")
    assert "nan" not in " ".join(words)
    assert not app.exception


def test_objects_are_counted_for_the_chosen_network(open_app: OpenApp):
    """The chosen network's object classes are drawn, of the chosen test set."""
    app = open_app(PAGE)
    official = app.get("plotly_chart")[-1].proto.alt

    app.segmented_control(key="test_set_subset").select("Leak-free")
    app.segmented_control(key="test_set_network").select("cnn3d").run()

    leak_free = app.get("plotly_chart")[-1].proto.alt
    assert official.startswith("Object classes as the 2D-CNN (")
    assert "75.0\N{NO-BREAK SPACE}% (62.8 to 84.2) rightly named" in official
    assert "cat 45 of 60" in official
    assert leak_free.startswith("Object classes as the 3D-CNN (")
    assert "cat 45 of 59" in leak_free
    assert not app.exception


def test_networks_without_objects_have_no_matrix_of_them(
    open_app: OpenApp, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
):
    """Scores without object classes leave that part out, and only that."""

    def report(network: str, *, leak_free: bool) -> EvalReport:
        scores = stand_in.test_scores(network)
        unseen = np.full_like(scores.seen_classes, -1)
        return replace(scores, seen_classes=unseen).report(leak_free=leak_free)

    monkeypatch.setattr(services, "report", report)

    app = open_app(PAGE)

    assert len(app.get("plotly_chart")) == 4
    assert [each.value for each in app.subheader] == ["Errors"]
    assert not app.exception


def test_missing_scores_are_told(open_app: OpenApp, stand_in: StandIn):
    """Without test scores the page says how to make them, and draws no chart."""
    stand_in.failures["test_scores"] = ModelUnavailableError("There are no scores.")

    app = open_app(PAGE)

    assert app.error[0].value == "There are no scores."
    assert not app.table
    assert not app.get("plotly_chart")
    assert not app.exception


def test_missing_networks_are_told(open_app: OpenApp, stand_in: StandIn):
    """Before anything is trained the page says so."""
    stand_in.logits = {}

    app = open_app(PAGE)

    assert "no trained networks yet" in app.info[0].value
    assert not app.segmented_control
    assert not app.exception


def test_gallery_begins_with_the_worst(open_app: OpenApp):
    """Errors stand in order of how sure the network was of them."""
    app = open_app(PAGE)

    keys = [button.key for button in app.button]
    assert keys == [f"test_set_open_{position}" for position in (40, 0, 7)]
    said = [text for text in texts(app).split("\n") if text.startswith("called")]
    ends = [
        line.removeprefix("called ").split("\N{NO-BREAK SPACE}")[0] for line in said
    ]
    assert ends == ["FAKE > 99.9", "REAL 98.2", "REAL 88.1"]
    assert alts(app)[0] == "A REAL cat that was called FAKE."
    assert not app.exception


def test_gallery_has_pages(open_app: OpenApp, stand_in: StandIn):
    """Many errors are spread over pages, the least wrong on the last."""
    stand_in.wrong = {position: 1.0 + position for position in range(30)}
    app = open_app(PAGE)
    first = [button.key for button in app.button]

    app.get("pagination")[0].select(2).run()

    second = [button.key for button in app.button]
    assert (len(first), len(second)) == (24, 6)
    assert (first[0], second[-1]) == ("test_set_open_29", "test_set_open_0")
    assert not set(first) & set(second)
    assert not app.exception


def test_gallery_without_errors(open_app: OpenApp, stand_in: StandIn):
    """A network without errors has an empty gallery."""
    stand_in.wrong = {}

    app = open_app(PAGE)

    assert "**0 errors**" in texts(app)
    assert not app.button
    assert not app.exception


def test_error_opens_in_analyze(open_app: OpenApp, stand_in: StandIn):
    """A click opens that very picture in Analyze, with its truth."""
    app = open_app(PAGE)

    app.button(key="test_set_open_40").click().run()

    chosen = app.session_state["analyze_pictures"][0]
    assert app.title[0].value == "Photograph or AI-generated?"
    assert app.header[0].value == "Test picture 40 (cat)"
    assert "The truth: REAL." in texts(app)
    assert np.array_equal(chosen.picture.pixels, stand_in.split.images[40])
    assert "The truth: FAKE." not in texts(app)
    assert not app.exception


def test_absent_data_set_is_offered(open_app: OpenApp, stand_in: StandIn):
    """Without the data set the charts stay and the gallery offers to get it."""
    stand_in.data = None

    app = open_app(PAGE)

    assert "not on this machine" in app.info[0].value
    assert labels(app, "button") == ["Download the data set"]
    assert len(app.get("plotly_chart")) == 5
    assert not app.image
    assert not app.exception


def test_unreadable_data_set_is_told(open_app: OpenApp, stand_in: StandIn):
    """A data set that cannot be read is a sentence below the charts."""
    stand_in.failures["test_split"] = DatasetError("The zip is cut off.")

    app = open_app(PAGE)

    assert app.error[0].value == "The zip is cut off."
    assert app.table
    assert not app.image
    assert not app.exception


def test_other_data_set_is_not_shown(open_app: OpenApp, stand_in: StandIn):
    """Pictures of another data set are not passed off as the scored ones."""
    others = np.array([f"other/{name}" for name in stand_in.split.members])
    stand_in.split = replace(stand_in.split, members=others)

    app = open_app(PAGE)

    assert "cifake.zip is not the test set that was scored" in app.warning[0].value
    assert not app.image
    assert not app.exception


def test_choices_survive_other_pages(open_app: OpenApp):
    """Test set and network are as they were after a look at another page."""
    app = open_app(PAGE)
    app.segmented_control(key="test_set_subset").select("Leak-free")
    app.segmented_control(key="test_set_network").select("cnn3d").run()

    app.switch_page("pages/about.py").run()
    away = len(app.segmented_control)
    app.switch_page(PAGE).run()

    assert away == 0
    assert app.segmented_control(key="test_set_subset").value == "Leak-free"
    assert app.segmented_control(key="test_set_network").value == "cnn3d"
    assert not app.exception
