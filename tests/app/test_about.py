"""About: meaning, citations and network cards, as AppTest sees the page."""

from cifake_core.errors import ModelUnavailableError
from tests.app import records
from tests.app.stand_in import OpenApp, StandIn, texts

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


def test_each_trained_network_has_a_card(open_app: OpenApp):
    """Networks with weights of their own have a card; the ensemble has none."""
    app = open_app(PAGE)

    assert [subheader.value for subheader in app.subheader] == ["2D-CNN", "3D-CNN"]
    shown = app.table[0].value.to_string()
    assert records.sha256("cnn")[:16] in shown
    assert "38.6 million" in shown
    assert "60 min" in shown
    assert "Ensemble" not in texts(app)
    assert not app.exception


def test_learning_curves_where_there_is_a_history(open_app: OpenApp):
    """A network with a history has its curves, one without is shown all the same."""
    app = open_app(PAGE)

    charts = app.get("plotly_chart")
    assert [chart.proto.alt for chart in charts] == [
        "Learning curves of the 2D-CNN: loss and accuracy by epoch."
    ]
    assert len(app.table) == 2
    assert not app.exception


def test_unreadable_card_is_told(open_app: OpenApp, stand_in: StandIn):
    """A card that cannot be read is a sentence; the other card is shown."""
    stand_in.failures["card cnn"] = ModelUnavailableError("The card is damaged.")

    app = open_app(PAGE)

    assert app.error[0].value == "The card is damaged."
    assert [subheader.value for subheader in app.subheader] == ["3D-CNN"]
    assert "Krizhevsky" in texts(app)
    assert not app.exception


def test_missing_networks_are_told(open_app: OpenApp, stand_in: StandIn):
    """Before anything is trained the page says so, and still cites its sources."""
    stand_in.logits = {}

    app = open_app(PAGE)

    assert "no trained networks yet" in app.info[0].value
    assert "Krizhevsky" in texts(app)
    assert not app.table
    assert not app.exception
