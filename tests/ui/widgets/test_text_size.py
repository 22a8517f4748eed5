"""Large text: one switch in the bar of every page, and charts that follow it."""

from contextvars import copy_context
from pathlib import Path

from streamlit.testing.v1 import AppTest

from cifake_core.evaluation.comparison import Agreement
from cifake_core.figures import TEXT_SCALE, agreement_figure
from tests.ui.reading import ROOT, OpenApp


def styles(app: AppTest) -> list[str]:
    """Return the style sheets that the page adds."""
    return [element.proto.body for element in app.get("html")]


def text_sizes() -> tuple[int, int, int | None]:
    """Return the sizes of a chart's text: legend, squares, titles of the axes."""
    table = Agreement(both_right=1, only_a=1, only_b=1, both_wrong=1)
    figure = agreement_figure(table, title_a="A", title_b="B", chosen="")
    sizes = figure.layout.legend.font.size, figure.data[0].textfont.size
    return *sizes, figure.layout.xaxis.title.font.size


def test_usual_text_is_left_alone(open_app: OpenApp):
    """Without the switch the root of the page keeps its size."""
    app = open_app()

    assert not app.toggle(key="large_text").value
    assert not any("html {" in style for style in styles(app))
    assert not app.exception


def test_large_text_enlarges_the_root_of_the_page(made: Path):
    """With the switch on, the page measures in larger letters."""
    del made  # in place before the app starts
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    app.session_state["large_text"] = True

    app.run()

    assert app.toggle(key="large_text").value
    assert any("html { font-size: 24px !important }" in each for each in styles(app))
    assert not app.exception


def test_charts_follow_for_one_visitor_alone():
    """In the context of who asked for large text charts have it, elsewhere not."""
    visitor = copy_context()
    visitor.run(TEXT_SCALE.set, 1.4)

    large = visitor.run(text_sizes)

    assert large == (20, 24, 21)
    assert text_sizes() == (14, 17, None)
