"""How it works: five steps on one picture, and the address that opens each."""

from typing import Any

import numpy as np
import pytest
from keras import Input, Model, layers
from streamlit.testing.v1 import AppTest

from cifake_core.basics.arrays import Floats
from cifake_core.pictures.filters import FILTERS
from cifake_core.pictures.records import Picture
from cifake_core.ui.services import visit
from tests.made_data import noise
from tests.made_networks import convolve, end
from tests.models import Remake, save_network
from tests.ui.reading import OpenApp, alts, at, labels, tables, texts

PAGE = "pages/how_it_works.py"
KEY = "how_it_works"


def kernel(*shape: int) -> Floats:
    """Return random weights of both signs."""
    return np.random.RandomState(4).normal(size=shape).astype(np.float32)


def flat_network(*, relu: bool = True) -> Any:
    """Return a network of one 3x3 layer on whichever input it is for."""
    inputs = Input((32, 32, 3))
    layer = layers.Conv2D(4, 3, padding="same", name="stem_conv")
    x = layers.ReLU()(layer(inputs)) if relu else layer(inputs)
    layer.set_weights([kernel(3, 3, 3, 4), np.zeros(4)])
    return end(inputs, x, np.ones(4), fine="stage2_2_relu")


def deep_network(*geometry: tuple[int, int]) -> Any:
    """Return a network on the planes whose kernels have these depths and strides."""
    inputs = x = Input((6, 32, 32, 1))
    for number, (depth, stride) in enumerate(geometry, start=1):
        weights = kernel(depth, 3, 3, x.shape[-1], 4)
        strides = (stride, 1, 1)
        x = convolve(x, weights, bias=0, name=f"volume{number}", strides=strides)
    x = layers.Reshape((32, 32, -1))(x)
    return end(inputs, x, np.ones(x.shape[-1]), fine="stage2_1_relu")


def network_without_depth() -> Any:
    """Return a network on the planes that takes them for colours."""
    inputs = Input((6, 32, 32, 1))
    x = convolve(
        layers.Reshape((32, 32, 6))(inputs), kernel(3, 3, 6, 4), bias=0, name="stem"
    )
    return end(inputs, x, np.ones(4), fine="stage2_1_relu")


def network_of_places() -> Any:
    """Return a network whose score hangs on where something is, always for REAL."""
    inputs = Input((32, 32, 3))
    x = layers.AveragePooling2D(2)(inputs)
    x = layers.AveragePooling2D(2)(layers.ReLU(name="stage2_2_relu")(x))
    x = layers.Flatten(name="features")(layers.ReLU(name="stage3_2_relu")(x))
    logit, objects = (
        layers.Dense(1, name="logit"),
        layers.Dense(10, name="object_class"),
    )
    model = Model(inputs, [logit(x), objects(x)])
    weights = np.linspace(1e-6, 1e-4, x.shape[-1])
    logit.set_weights([weights[:, None], np.zeros(1)])
    return model


def headers(app: AppTest) -> list[str]:
    """Return the headers of the page."""
    return [str(element.value) for element in app.header]


def test_the_filters_are_first(open_app: OpenApp):
    """Six planes as networks see them, six as they are set, clearly told apart."""
    app = open_app(PAGE)

    assert headers(app) == ["Filters"]
    assert "no network sees what you set here" in app.info[0].value
    planes = [alt for alt in alts(app) if " channel. " in alt]
    assert sum(alt.startswith("As the 3D-CNN sees them") for alt in planes) == 6
    assert sum(alt.startswith("As you set them") for alt in planes) == 6
    assert app.slider(key=f"{KEY}_canny").value == (100, 200)
    assert app.select_slider(key=f"{KEY}_tiles").value == 8
    assert not app.exception


def test_sliders_change_the_second_row_alone(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    """What is set reaches the demonstration, and one button takes it back."""
    from cifake_core.ui.pages.lesson import filters

    asked = []
    real = filters.demonstrate
    monkeypatch.setattr(
        filters,
        "demonstrate",
        lambda image, settings: (asked.append(settings), real(image, settings))[1],
    )
    app = open_app(PAGE)

    app.slider(key=f"{KEY}_clip_limit").set_value(7.5).run()
    app.slider(key=f"{KEY}_canny").set_range(50, 90).run()
    changed = asked[-1]
    app.button(key=f"{KEY}_usual").click().run()

    assert (changed.clip_limit, changed.canny_low, changed.canny_high) == (7.5, 50, 90)
    assert changed.tiles == 8
    assert asked[-1] == filters.FilterSettings()
    assert not app.warning
    assert not app.exception


def test_the_steps_go_on_and_back(open_app: OpenApp):
    """Buttons, which the arrow keys press, and the row of steps lead through."""
    app = open_app(PAGE)
    keys = {b.key: b.proto.shortcut for b in app.button}

    app.button(key=f"{KEY}_on").click().run()
    second = headers(app), app.query_params["step"]
    app.segmented_control(key=f"{KEY}_step").select(5).run()
    last = headers(app), app.button(key=f"{KEY}_on").disabled
    app.button(key=f"{KEY}_back").click().run()

    assert (keys[f"{KEY}_back"], keys[f"{KEY}_on"]) == ("left", "right")
    assert second[0] == ["First layers"]
    assert last == (["The verdict"], True)
    assert headers(app) == ["LIME"]
    assert not app.exception


@pytest.mark.parametrize("step", ["0", "-1", "x", "²"])
def test_a_step_that_is_not_there(open_app: OpenApp, step):
    """An address of no step opens the first."""
    app = open_app(PAGE)

    at(app, step=step)

    assert headers(app) == ["Filters"]
    assert app.button(key=f"{KEY}_back").disabled
    assert not app.exception


def test_the_first_layers(open_app: OpenApp):
    """Kernels, both layers' maps, and what the layers themselves say of their size."""
    app = open_app(PAGE)

    at(app, step="2")

    words = texts(app)
    assert "has 3 kernels of 3x3 weights" in words
    assert "red, green, blue" in words
    assert "The weights of kernels 1 to 3, a row each." in alts(app)
    assert "The 3 maps of layer stem_conv, 8 in a row." in alts(app)
    assert "The 3 maps of layer stage1_conv, 8 in a row." in alts(app)
    assert "moves by 1." in words
    assert not app.exception


def test_the_layers_of_a_network_with_depth(open_app: OpenApp):
    """Maps at each depth count; kernels have as many slices as floors."""
    app = open_app(PAGE)
    at(app, step="2")

    app.segmented_control(key=f"{KEY}_network").select("cnn3d").run()

    assert "kernels of 6x3x3 weights" in texts(app)
    assert "2 along the depth and 1 across" in texts(app)
    assert "The 6 maps of layer volume1_conv, 8 in a row." in alts(app)
    assert not app.exception


def test_a_layer_without_relu(open_app: OpenApp, remake: Remake):
    """Maps with both signs are drawn too."""
    save_network(remake(), "cnn", flat_network(relu=False))
    app = open_app(PAGE)

    at(app, step="2")

    assert "The 4 maps of layer stem_conv, 8 in a row." in alts(app)
    assert not app.exception


def test_the_kernel_moves_along_the_depth(open_app: OpenApp):
    """At each place it is said and shown which channels meet which slice."""
    app = open_app(PAGE)
    at(app, step="3")
    first = texts(app), alts(app)

    app.slider(key=f"{KEY}_place").set_value(2).run()
    second = texts(app), alts(app)

    assert app.slider(key=f"{KEY}_place").max == 3
    assert (
        "it meets Green, CLAHE, Gaussian blur, Greyscale. Of its 6 slices, 2 beyond"
        in first[0]
    )
    assert first[0].count("Not met at this place") == 2
    assert "What Sobel adds to the map." not in first[1]
    assert "Not met" not in second[0]
    assert "beyond the edge" not in second[0]
    assert "What Sobel adds to the map." in second[1]
    assert tables(app)[0]["Depth"].tolist() == ["6 to 3", "3 to 1"]
    assert tables(app)[0]["Step"].tolist() == ["2x1x1", "3x1x1"]
    assert not app.exception


def test_another_geometry_is_told_as_it_is(open_app: OpenApp, remake: Remake):
    """Nothing is taken for granted: 7x3x3 by 1, then 3x3x3 by 3."""
    save_network(remake(), "cnn3d", deep_network((7, 1), (3, 3)))
    app = open_app(PAGE)

    at(app, step="3")

    assert app.slider(key=f"{KEY}_place").max == 6
    assert "Of its 7 slices, 3 beyond the edge" in texts(app)
    assert tables(app)[0]["Depth"].tolist() == ["6 to 6", "6 to 2"]
    assert not app.exception


def test_a_kernel_that_stops_once(open_app: OpenApp, remake: Remake):
    """There is nowhere to move to, and the slider says so."""
    save_network(remake(), "cnn3d", deep_network((6, 6)))
    app = open_app(PAGE)

    at(app, step="3")

    assert app.slider(key=f"{KEY}_place").disabled
    assert not app.exception


def test_a_network_on_planes_without_depth(open_app: OpenApp, remake: Remake):
    """Where no kernel has depth there is nothing to move."""
    save_network(remake(), "cnn3d", network_without_depth())
    app = open_app(PAGE)

    at(app, step="3")

    assert "no kernel with depth" in app.info[0].value
    assert not app.exception


def test_gradcam_in_four_pictures(open_app: OpenApp):
    """All four are drawn from one answer; it is said why gradients are even."""
    app = open_app(PAGE)

    at(app, step="4")

    words, pictures = texts(app), alts(app)
    for title in ("1 Activations", "2 Gradients", "3 Weights", "4 Map"):
        assert f"**{title}**" in words
    assert "What it found: 3 maps, 4 in a row." in pictures
    assert "It is the same at every place" in words
    assert app.get("plotly_chart")[0].proto.alt.startswith("Weights of 3 maps for FAKE")
    assert pictures[-1].startswith("Grad-CAM of the 2D-CNN for FAKE")
    assert not app.exception


def test_gradients_that_differ_and_a_map_of_nothing(open_app: OpenApp, remake: Remake):
    """Where gradients differ nothing is said of evenness; an empty map is told."""
    save_network(remake(), "cnn", network_of_places())
    app = open_app(PAGE)

    at(app, step="4")

    assert "the same at every place" not in texts(app)
    assert "Nothing is left" in app.info[0].value
    assert not app.exception


def test_lime_and_its_line(open_app: OpenApp):
    """Pieces, changed pictures with their scores, the line and what it leaves out."""
    app = open_app(PAGE)

    at(app, step="5")

    words, pictures = texts(app), alts(app)
    assert "300 times" in words
    assert "explains 100% of how the scores differ" in words  # the network is a line
    assert "**Whole**  \nscore +1.2" in words
    assert sum("pieces left." in alt for alt in pictures) == 6
    assert any(alt.startswith("The weights of ") for alt in pictures)
    assert app.get("plotly_chart")[0].proto.alt.endswith("explains 100%.")
    assert not app.exception


def test_one_network_needs_no_choice(open_app: OpenApp, remake: Remake):
    """With the 2D-CNN alone nothing is asked, and the 3D kernel is missing."""
    remake("cnn3d", "cnn_multi", "ensemble")
    app = open_app(PAGE)

    at(app, step="2")
    asked = labels(app, "segmented_control")
    at(app, step="3")

    assert "Network" not in asked
    assert "no such network" in app.info[0].value
    assert not app.exception


def test_a_sample_is_chosen(open_app: OpenApp):
    """The sample of the address is on the page; another one goes into it."""
    app = open_app(PAGE)
    at(app, picture="sample:rocket_32.png")
    first = alts(app)[0]

    app.selectbox(key=f"{KEY}_sample").select("cat_32.png").run()

    assert first.startswith("Rocket, 32x32 at 32x32 pixels")
    assert alts(app)[0].startswith("Cat, 32x32 at")
    assert app.query_params["picture"] == "sample:cat_32.png"
    assert not app.exception


def test_a_test_picture_is_chosen(open_app: OpenApp):
    """A number of the test set, with its truth; beyond the last is the last."""
    app = open_app(PAGE)

    app.segmented_control(key=f"{KEY}_source").select("test").run()
    first = texts(app)
    app.number_input(key=f"{KEY}_test").set_value(31).run()
    second = texts(app), app.query_params["picture"]
    at(app, picture="test:999")

    assert "**Test picture 0 (cat)**" in first
    assert "The truth: FAKE." in first
    assert "The truth: REAL." in second[0]
    assert second[1] == "test:31"
    assert "**Test picture 59 (cat)**" in texts(app)
    assert not app.exception


def test_the_picture_open_in_analyze(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    """It is taken over; before there is any, the page says where to open one."""
    app = open_app(PAGE)
    at(app, picture="analyze")
    empty = app.info[0].value
    chosen = visit.Chosen(name="Mine", picture=Picture(pixels=noise(), format="PNG"))
    monkeypatch.setattr(visit, "current", lambda: chosen)

    app.run()

    assert "No picture is open in Analyze" in empty
    assert "**Mine**" in texts(app)
    assert len(FILTERS) * 2 + 1 == len(alts(app))
    assert not app.exception
