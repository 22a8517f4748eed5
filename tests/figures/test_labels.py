"""Labels of points: each stands where it covers least."""

import plotly.graph_objects as go

from cifake_core.figures.labels import place_labels


def places(*points: tuple[float, float, str]) -> list[str]:
    """Where the labels of points stand, on a square of 500 pixels."""
    figure = go.Figure()
    for x, y, text in points:
        figure.add_scatter(x=[x], y=[y], text=[text], mode="markers+text")
    figure.update_xaxes(type="log", range=[0, 2])
    figure.update_yaxes(range=[0, 1])

    place_labels(figure, width=500, height=500)

    return [trace.textposition[0] for trace in figure.data]


def test_a_point_alone_has_its_label_on_the_left():
    """It is the first place."""
    assert places((10, 0.5, "one")) == ["middle left"]


def test_a_label_covers_no_mark():
    """One that stands where the first label would, 20 pixels to its left."""
    near = 10 ** (1 - 20 * 2 / 500)

    assert places((10, 0.5, "one"), (near, 0.5, "")) == ["middle right", "middle left"]


def test_labels_of_points_at_one_place_surround_it():
    """Each takes the next free place."""
    found = places(*[(10, 0.5, name) for name in ("one", "two", "three", "four")])

    assert found == ["middle left", "middle right", "top center", "bottom center"]


def test_lines_and_points_without_text_need_no_place():
    """They are drawn as they were."""
    figure = go.Figure()
    figure.add_scatter(x=[1, 1], y=[0, 1], mode="lines")
    figure.add_scatter(x=[1], y=[0], mode="markers")
    figure.update_xaxes(type="log", range=[0, 2])
    figure.update_yaxes(range=[0, 1])

    place_labels(figure, width=500, height=500)

    assert figure.data[0].textposition is None
    assert not figure.data[1].textposition
