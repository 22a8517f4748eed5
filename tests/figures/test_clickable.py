"""Charts that are clicked: what each mark shows and carries, read back as data."""

import numpy as np
import pytest

from cifake_core import figures
from cifake_core.evaluation.comparison import Agreement
from cifake_core.evaluation.metrics import evaluate_logits
from cifake_core.evaluation.operating_points import curves, operating_point
from cifake_core.ui.browse.chart_filters import (
    histogram_marks,
    matrix_marks,
    reliability_marks,
)

LABELS = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1])
LOGITS = np.array([-1, -1, -1, 1, -1, 1, 1, 1, 1.0])
POINT = operating_point(LABELS, LOGITS, threshold=0.5)


def histogram(chosen=""):
    """Return the histogram of the nine pictures."""
    marks = {"FAKE": histogram_marks("FAKE"), "REAL": histogram_marks("REAL")}
    return figures.histogram_figure(
        curves(LABELS, LOGITS), threshold=0.5, marks=marks, chosen=chosen
    )


def reliability(chosen=""):
    """Return the reliability diagram of the nine pictures, with its marks."""
    report = evaluate_logits(LABELS, LOGITS)
    figure = figures.reliability_figure(report.reliability, title="", ece=0.1)
    return figures.marked(figure, marks=reliability_marks(report), chosen=chosen)


def test_squares_stand_where_the_words_say():
    """Counts and shares of the row stand in the right squares, FAKE above."""
    figure = figures.matrix_figure(POINT, marks=matrix_marks(), chosen="")

    squares = figure.data[0]
    places = list(zip(squares.x, squares.base, strict=True))
    words = dict(zip(places, squares.text, strict=True))
    assert words == {
        (0, 1): "<b>3</b><br>75.0% of FAKE<br>right",
        (1, 1): "<b>1</b><br>25.0% of FAKE<br>wrong",
        (0, 0): "<b>1</b><br>20.0% of REAL<br>wrong",
        (1, 0): "<b>4</b><br>80.0% of REAL<br>right",
    }
    assert figure.layout.xaxis.ticktext == ("called FAKE", "called REAL")
    assert figure.layout.yaxis.ticktext == ("is REAL", "is FAKE")


def test_the_chosen_square_stands_out():
    """No square is framed until one is chosen; each carries its mark."""
    marks = matrix_marks()
    before = figures.matrix_figure(POINT, marks=marks, chosen="label=FAKE").data[0]
    after = figures.matrix_figure(POINT, marks=marks, chosen=marks[1][0]).data[0]

    assert before.marker.line.width == (0, 0, 0, 0)
    assert np.flatnonzero(after.marker.line.width).tolist() == [2]
    assert [each[0] for each in after.customdata] == [*marks[0], *marks[1]]


def test_agreement_says_who_is_right():
    """Rows are A, columns B; the mark of a square is its cell."""
    table = Agreement(both_right=6, only_a=3, only_b=1, both_wrong=0)

    figure = figures.agreement_figure(table, title_a="A", title_b="B", chosen="only_b")

    squares = figure.data[0]
    cells = [each[0] for each in squares.customdata]
    places = dict(zip(cells, zip(squares.x, squares.base, strict=True), strict=True))
    assert places["only_a"] == (1, 1)
    assert places["only_b"] == (0, 0)
    assert squares.text[1] == "<b>3</b><br>30.0%<br>only the A is right"
    assert np.argmax(squares.marker.line.width) == cells.index("only_b")
    assert figure.layout.xaxis.ticktext == ("B right", "B wrong")


def test_scatter_tells_which_picture_each_point_is():
    """Each cell is a trace of its own; a point has its two scores and its position."""
    cells = {"only_a": np.array([3]), "both_right": np.array([0, 8])}

    figure = figures.scatter_figure(cells, LOGITS, -LOGITS, title_a="A", title_b="B")

    only_a, both = figure.data
    assert (only_a.name, both.name) == ("only the A right", "both right")
    assert (list(both.x), list(both.y)) == ([-1, 1], [1, -1])
    assert both.customdata == ([0], [8])  # lists: a typed array comes back otherwise
    assert figure.layout.dragmode == "lasso"
    assert only_a.marker.symbol != both.marker.symbol


def test_the_point_lies_on_both_curves():
    """ROC and precision-recall show the point of the threshold in their corner."""
    report = evaluate_logits(LABELS, LOGITS)

    figure = figures.curves_figure(report, curves(LABELS, LOGITS), POINT)

    roc, recall = (t for t in figure.data if t.mode == "markers")
    assert (roc.x[0], roc.y[0]) == (0.25, 0.8)
    assert (recall.x[0], recall.y[0]) == (0.8, 0.8)
    assert figure.layout.xaxis.range[1] >= 0.25
    assert figure.layout.yaxis2.range[0] <= 0.8


def test_histogram_has_both_labels_and_the_threshold():
    """REAL stands above FAKE, both with counts and marks of their own."""
    figure = histogram()

    real, fake = figure.data
    assert (sum(real.y), sum(fake.y)) == (5, 4)
    assert real.customdata[7][0] == histogram_marks("REAL")[7]
    assert fake.customdata[7][0] == histogram_marks("FAKE")[7]
    assert {shape.x0 for shape in figure.layout.shapes} == {0.5}
    low, high = figure.layout.yaxis.range
    assert 10**low < 1 < 10**high


def test_one_chosen_bar_fades_both_labels():
    """The bars of the other label fade as well."""
    chosen = histogram_marks("REAL")[36]

    real, fake = histogram(chosen).data

    assert real.marker.opacity[36] == 1
    assert max(fake.marker.opacity) == real.marker.opacity[0] < 0.5


def test_points_and_bars_of_a_bin_have_the_same_mark():
    """In the reliability diagram point and bar choose the same pictures."""
    figure = reliability()

    points, bars = figure.data[1], figure.data[2]
    assert points.customdata == bars.customdata
    assert figure.data[0].customdata is None


@pytest.mark.parametrize(
    "figure",
    [
        figures.matrix_figure(POINT, marks=matrix_marks(), chosen=""),
        histogram(),
        reliability(),
    ],
    ids=["matrix", "histogram", "reliability"],
)
def test_clicks_neither_zoom_nor_fade_by_themselves(figure):
    """The look follows from the chosen mark alone; the background is the theme's."""
    layout = figure.layout
    marks = [t for t in figure.data if t.type == "bar" or t.mode == "markers"]

    assert layout.xaxis.fixedrange
    assert layout.yaxis.fixedrange
    assert {t.unselected.marker.opacity for t in marks} == {1}
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert layout.font.color is None


def test_a_matrix_tells_amounts_by_words_and_colours_by_sign():
    """The first row stands above; full colour is the most, either way."""
    amounts = ((2.0, -2.0), (0.0, None))
    squares = [
        [
            figures.Square(words=f"{amount}", mark=f"{row}{column}", amount=amount)
            for column, amount in enumerate(line)
        ]
        for row, line in enumerate(amounts)
    ]

    figure = figures.squares_figure(
        squares, rows=("one", "two"), columns=("a", "b"), chosen="01", most=2.0
    )

    bars = figure.data[0]
    places = list(zip(bars.x, bars.base, strict=True))
    words = dict(zip(places, bars.text, strict=True))
    assert words == {(0, 1): "2.0", (1, 1): "-2.0", (0, 0): "0.0", (1, 0): "None"}
    assert figure.layout.yaxis.ticktext == ("one", "two")
    assert [mark for (mark,) in bars.customdata] == ["00", "01", "10", "11"]
    assert np.flatnonzero(bars.marker.line.width).tolist() == [1]
    positive, negative, nothing, empty = bars.marker.color
    assert len({positive, negative, nothing}) == 3
    assert nothing == empty
