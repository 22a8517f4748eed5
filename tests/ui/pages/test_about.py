"""About: meaning and citations, as AppTest sees the page."""

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
    """About leads to the networks' page and shows no card itself."""
    app = open_app(PAGE)

    assert [link.proto.label for link in app.get("page_link")] == [
        "What the networks are and how they were trained"
    ]
    assert not tables(app)
    assert not app.get("plotly_chart")
    assert not app.exception
