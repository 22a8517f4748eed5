"""How it works: five steps on one picture, and the address that opens each."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.basics.arrays import Floats, Rgb
from cifake_core.basics.errors import DatasetError, ModelUnavailableError
from cifake_core.basics.labels import Label
from cifake_core.explain.methods import cam
from cifake_core.explain.methods.cam import CamSteps
from cifake_core.explain.methods.lime import LineFit
from cifake_core.networks.inspection.convolution import Convolution, FeatureMaps, places
from cifake_core.pictures.filters import FILTERS
from cifake_core.pictures.records import Picture
from cifake_core.ui.services import services, visit
from tests.fakes import noise, random_probe
from tests.ui.reading import OpenApp, StandIn, alts, at, labels, tables, texts

PAGE = "pages/how_it_works.py"
KEY = "how_it_works"


def numbers(*shape: int) -> Floats:
    """Return random numbers of both signs."""
    return np.random.RandomState(4).normal(size=shape).astype(np.float32)


def flat_maps() -> FeatureMaps:
    """Return what a 3x3 layer of four kernels makes of a picture."""
    convolution = Convolution(
        layer="stem_conv",
        kernel=numbers(3, 3, 3, 4),
        bias=np.zeros(4, np.float32),
        strides=(1, 1),
        padded=True,
    )
    filtered = numbers(32, 32, 4)
    return FeatureMaps(
        convolution=convolution,
        given=numbers(32, 32, 3),
        filtered=filtered,
        passed=np.maximum(filtered, 0),
    )


def deep_maps(depth: int = 6, stride: int = 2, given: int = 6) -> FeatureMaps:
    """Return what a layer of four kernels with depth makes of a picture."""
    convolution = Convolution(
        layer="volume1_conv",
        kernel=numbers(depth, 3, 3, 1, 4),
        bias=np.zeros(4, np.float32),
        strides=(stride, 1, 1),
        padded=True,
    )
    filtered = numbers(places(convolution, given), 32, 32, 4)
    return FeatureMaps(
        convolution=convolution,
        given=numbers(given, 32, 32, 1),
        filtered=filtered,
        passed=np.maximum(filtered, 0),
    )


class Inside:
    """What the networks' insides answer; a test changes it."""

    def __init__(self) -> None:
        self.maps = {"cnn": (flat_maps(), flat_maps()), "cnn3d": (deep_maps(),)}
        self.probe = random_probe("rgb", 3)
        self.failure: Exception | None = None

    def feature_maps(self, image: Rgb, *, network: str) -> tuple[FeatureMaps, ...]:
        """Return made-up maps."""
        assert image.shape == (32, 32, 3)
        if self.failure is not None:
            raise self.failure
        return self.maps[network]

    def cam_steps(self, image: Rgb, *, network: str, label: Label) -> CamSteps:
        """Return the steps of a network worked by hand."""
        del network
        return cam.cam_steps(self.probe, image, label=label)

    def fit_line(
        self, image: Rgb, *, network: str, label: Label, num_samples: int
    ) -> LineFit:
        """Return a line through made-up scores."""
        del image, network, label
        random = np.random.RandomState(1)
        kept = random.randint(0, 2, (num_samples, 4))
        kept[0] = 1
        return LineFit(
            pieces=np.arange(32 * 32).reshape(32, 32) // 256,
            kept=kept,
            scores=kept.sum(axis=1).astype(np.float32),
            nearness=kept.mean(axis=1).astype(np.float32),
            weights=np.array([2, -1, 0.5, 0], np.float32),
            intercept=0.1,
            r_squared=0.834,
        )


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> Inside:
    """Return the insides that the page will ask for."""
    inside = Inside()
    for name in ("feature_maps", "cam_steps", "fit_line"):
        monkeypatch.setattr(services, name, getattr(inside, name))
    return inside


def headers(app: AppTest) -> list[str]:
    """Return the headers of the page."""
    return [str(element.value) for element in app.header]


def test_the_filters_are_first(open_app: OpenApp, inside: Inside):
    """Six planes as networks see them, six as they are set, clearly told apart."""
    del inside
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
    open_app: OpenApp, inside: Inside, monkeypatch: pytest.MonkeyPatch
):
    """What is set reaches the demonstration, and one button takes it back."""
    del inside
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


def test_the_steps_go_on_and_back(open_app: OpenApp, inside: Inside):
    """Buttons, which the arrow keys press, and the row of steps lead through."""
    del inside
    app = open_app(PAGE)
    keys = {b.key: b.proto.shortcut for b in app.button}

    app.button(key=f"{KEY}_on").click().run()
    second = headers(app), app.query_params["step"]
    app.segmented_control(key=f"{KEY}_step").select(4).run()
    last = headers(app), app.button(key=f"{KEY}_on").disabled
    app.button(key=f"{KEY}_back").click().run()

    assert (keys[f"{KEY}_back"], keys[f"{KEY}_on"]) == ("left", "right")
    assert second[0] == ["First layers"]
    assert last == (["LIME"], True)
    assert headers(app) == ["Grad-CAM"]
    assert not app.exception


@pytest.mark.parametrize("step", ["0", "-1", "x", "²"])
def test_a_step_that_is_not_there(open_app: OpenApp, inside: Inside, step):
    """An address of no step opens the first."""
    del inside
    app = open_app(PAGE)

    at(app, step=step)

    assert headers(app) == ["Filters"]
    assert app.button(key=f"{KEY}_back").disabled
    assert not app.exception


def test_the_first_layers(open_app: OpenApp, inside: Inside):
    """Kernels, both layers' maps, and what the layers themselves say of their size."""
    del inside
    app = open_app(PAGE)

    at(app, step="2")

    words = texts(app)
    assert "has 4 kernels of 3x3 weights" in words
    assert "red, green, blue" in words
    assert "The weights of kernels 1 to 4, a row each." in alts(app)
    assert alts(app).count("The 4 maps of layer stem_conv, 8 in a row.") == 2
    assert "moves by 1." in words
    assert not app.exception


def test_the_layers_of_a_network_with_depth(open_app: OpenApp, inside: Inside):
    """Maps at each depth count; kernels have as many slices as floors."""
    del inside
    app = open_app(PAGE)
    at(app, step="2")

    app.segmented_control(key=f"{KEY}_network").select("cnn3d").run()

    assert "kernels of 6x3x3 weights" in texts(app)
    assert "2 along the depth and 1 across" in texts(app)
    assert "The 12 maps of layer volume1_conv, 8 in a row." in alts(app)
    assert not app.exception


def test_a_layer_without_relu(open_app: OpenApp, inside: Inside):
    """Maps with both signs are drawn too."""
    maps = flat_maps()
    raw = FeatureMaps(
        convolution=maps.convolution,
        given=maps.given,
        filtered=maps.filtered,
        passed=maps.filtered,
    )
    inside.maps["cnn"] = (raw,)
    app = open_app(PAGE)

    at(app, step="2")

    assert "The 4 maps of layer stem_conv, 8 in a row." in alts(app)
    assert not app.exception


def test_the_kernel_moves_along_the_depth(open_app: OpenApp, inside: Inside):
    """At each place it is said and shown which channels meet which slice."""
    del inside
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
    assert tables(app)[0]["Depth"].tolist() == ["6 to 3"]
    assert tables(app)[0]["Step"].tolist() == ["2x1x1"]
    assert not app.exception


def test_another_geometry_is_told_as_it_is(open_app: OpenApp, inside: Inside):
    """Nothing is taken for granted: 7x3x3 by 1, then 3x3x3 by 3."""
    first = deep_maps(depth=7, stride=1)
    inside.maps["cnn3d"] = (first, deep_maps(depth=3, stride=3))
    app = open_app(PAGE)

    at(app, step="3")

    assert app.slider(key=f"{KEY}_place").max == 6
    assert "Of its 7 slices, 3 beyond the edge" in texts(app)
    assert tables(app)[0]["Depth"].tolist() == ["6 to 6", "6 to 2"]
    assert not app.exception


def test_a_kernel_that_stops_once(open_app: OpenApp, inside: Inside):
    """There is nowhere to move to, and the slider says so."""
    inside.maps["cnn3d"] = (deep_maps(stride=6),)
    app = open_app(PAGE)

    at(app, step="3")

    assert app.slider(key=f"{KEY}_place").disabled
    assert not app.exception


def test_a_network_on_planes_without_depth(open_app: OpenApp, inside: Inside):
    """Where no kernel has depth there is nothing to move."""
    inside.maps["cnn3d"] = (flat_maps(),)
    app = open_app(PAGE)

    at(app, step="3")

    assert "no kernel with depth" in app.info[0].value
    assert not app.exception


def test_gradcam_in_four_pictures(open_app: OpenApp, inside: Inside, stand_in: StandIn):
    """All four are drawn from one answer; it is said why gradients are even."""
    del inside
    app = open_app(PAGE)

    at(app, step="4")

    words, pictures = texts(app), alts(app)
    for title in ("1 Activations", "2 Gradients", "3 Weights", "4 Map"):
        assert f"**{title}**" in words
    assert "What it found: 2 maps, 4 in a row." in pictures
    assert "It is the same at every place" in words
    assert app.get("plotly_chart")[0].proto.alt.startswith("Weights of 2 maps for FAKE")
    assert pictures[-1].startswith("Grad-CAM of the 2D-CNN for FAKE")
    assert stand_in.explained == []
    assert not app.exception


def test_gradients_that_differ_and_a_map_of_nothing(
    open_app: OpenApp, inside: Inside, monkeypatch: pytest.MonkeyPatch
):
    """Where gradients differ nothing is said of evenness; an empty map is told."""
    del inside

    def steps(image: Rgb, *, network: str, label: Label) -> CamSteps:
        del image, network
        return CamSteps(
            layer="last",
            label=label,
            activations=np.abs(numbers(8, 8, 2)),
            gradients=-np.abs(numbers(8, 8, 2)),
            weights=np.array([-1, -2], np.float32),
            evidence=-np.ones((8, 8), np.float32),
            heatmap=np.zeros((32, 32), np.float32),
        )

    monkeypatch.setattr(services, "cam_steps", steps)
    app = open_app(PAGE)

    at(app, step="4")

    assert "the same at every place" not in texts(app)
    assert "Nothing is left" in app.info[0].value
    assert not app.exception


def test_lime_and_its_line(open_app: OpenApp, inside: Inside):
    """Pieces, changed pictures with their scores, the line and what it leaves out."""
    del inside
    app = open_app(PAGE)

    at(app, step="5")

    words, pictures = texts(app), alts(app)
    assert "cut into 4 pieces" in words
    assert "300 times" in words
    assert "explains 83% of how the scores differ" in words
    assert "**Whole**  \nscore +4.0" in words
    assert sum("pieces left." in alt for alt in pictures) == 6
    assert "The weights of 4 pieces for FAKE, by the 2D-CNN, -1.00 to 2.00." in pictures
    assert app.get("plotly_chart")[0].proto.alt.endswith("explains 83%.")
    assert not app.exception


@pytest.mark.parametrize("step", ["2", "3", "4", "5"])
def test_without_networks(open_app: OpenApp, inside: Inside, stand_in: StandIn, step):
    """The filters need no network; each other step says that there is none."""
    del inside
    stand_in.logits = {}
    app = open_app(PAGE)

    at(app, step=step)

    assert "no such network" in app.info[0].value
    assert len(alts(app)) == 1
    assert not app.exception


def test_one_network_needs_no_choice(
    open_app: OpenApp, inside: Inside, stand_in: StandIn
):
    """With the 2D-CNN alone nothing is asked, and the 3D kernel is missing."""
    del inside
    stand_in.logits = {"cnn": 1.0}
    app = open_app(PAGE)

    at(app, step="2")
    asked = labels(app, "segmented_control")
    at(app, step="3")

    assert "Network" not in asked
    assert "no such network" in app.info[0].value
    assert not app.exception


def test_damaged_weights_are_told(open_app: OpenApp, inside: Inside):
    """The core's own sentence stands where the layers would be."""
    inside.failure = ModelUnavailableError("The weights are missing.")
    app = open_app(PAGE)

    at(app, step="2")

    assert app.error[0].value == "The weights are missing."
    assert not app.exception


def test_a_sample_is_chosen(open_app: OpenApp, inside: Inside):
    """The sample of the address is on the page; another one goes into it."""
    del inside
    app = open_app(PAGE)
    at(app, picture="sample:rocket_32.png")
    first = alts(app)[0]

    app.selectbox(key=f"{KEY}_sample").select("cat_32.png").run()

    assert first.startswith("Rocket, 32x32 at 32x32 pixels")
    assert alts(app)[0].startswith("Cat, 32x32 at")
    assert app.query_params["picture"] == "sample:cat_32.png"
    assert not app.exception


def test_a_test_picture_is_chosen(open_app: OpenApp, inside: Inside):
    """A number of the test set, with its truth; beyond the last is the last."""
    del inside
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


def test_without_the_data_set(open_app: OpenApp, inside: Inside, stand_in: StandIn):
    """Test pictures are offered for download; samples go on."""
    del inside
    stand_in.data = None
    app = open_app(PAGE)

    at(app, picture="test")
    missing = app.info[0].value
    at(app, picture="nonsense:1")

    assert "not on this machine" in missing
    assert headers(app) == ["Filters"]
    assert not app.exception


def test_a_damaged_data_set_is_told(
    open_app: OpenApp, inside: Inside, stand_in: StandIn
):
    """The core's own sentence, and no lesson without a picture."""
    del inside
    stand_in.failures["test_split"] = DatasetError("The zip is corrupted.")
    app = open_app(PAGE)

    at(app, picture="test:1")

    assert app.error[0].value == "The zip is corrupted."
    assert headers(app) == []
    assert not app.exception


def test_the_picture_open_in_analyze(
    open_app: OpenApp, inside: Inside, monkeypatch: pytest.MonkeyPatch
):
    """It is taken over; before there is any, the page says where to open one."""
    del inside
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
