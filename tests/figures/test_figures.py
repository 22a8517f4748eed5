"""Figures read back as data, pictures compared as arrays with known answers."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from cifake_core import figures
from cifake_core.basics.errors import InvalidImageError
from cifake_core.basics.estimates import Estimate
from cifake_core.basics.labels import OBJECT_CLASSES
from cifake_core.evaluation.metrics import evaluate_logits, evaluate_objects
from cifake_core.evaluation.records import ReliabilityBin
from cifake_core.explain.records import Explanation
from cifake_core.figures.heat_maps import capped
from cifake_core.objects.records import DetectedObject
from tests.policies import policy_record

NEUTRAL = (247, 247, 247)


def seeded_image():
    """Return a (32, 32, 3) picture of noise."""
    return np.random.RandomState(5).randint(0, 256, (32, 32, 3)).astype(np.uint8)


def seeded_report(*, seed=1, count=60):
    """Return the report of seeded scores."""
    labels = np.arange(count) % 2
    logits = np.random.RandomState(seed).normal(size=count) + 2 * labels - 1
    return evaluate_logits(labels, logits)


def explanation_of(heatmap, *, signed):
    """Return an explanation that holds `heatmap` and little else."""
    return Explanation(
        heatmap=np.asarray(heatmap, np.float32),
        label="FAKE",
        signed=signed,
        method="occlusion",
        network="cnn",
        model_sha256="0" * 64,
        seed=0,
        seconds=0.0,
        settings={},
    )


def dot(value, *, row=3, column=4):
    """Return a (32, 32) map that is 0 but for one pixel."""
    heatmap = np.zeros((32, 32), np.float32)
    heatmap[row, column] = value
    return heatmap


def lightness(colors):
    """Return CIE L of (H, W, 3) uint8 RGB."""
    return cv2.cvtColor(colors.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)[..., 0]


def history_columns():
    """Return three epochs of made-up learning."""
    return {
        "epoch": [1, 2, 3],
        "loss": [0.6, 0.4, 0.3],
        "accuracy": [0.7, 0.8, 0.9],
        "validation_loss": [0.7, 0.5, 0.4],
        "validation_accuracy": [0.6, 0.7, 0.8],
        "seconds": [9, 9, 9],
    }


def two_bins():
    """Return two bins of confidence."""
    half = Estimate(value=0.5, low=0.35, high=0.65)
    most = Estimate(value=0.99, low=0.985, high=0.995)
    return (
        ReliabilityBin(low=0.6, high=0.7, n=40, confidence=0.66, accuracy=half),
        ReliabilityBin(low=0.9, high=1.0, n=1960, confidence=0.97, accuracy=most),
    )


def risk():
    """Return the chart of a made-up policy."""
    card = policy_record(None, {})
    return figures.risk_figure(card.curve, card.of_set("official"))


def reliability():
    """Return the chart of `two_bins`."""
    return figures.reliability_figure(two_bins(), title="cnn", ece=0.0245)


def objects():
    """Return how two birds, three cats and a truck were named; a cat as a dog."""
    truth, seen = np.array([2, 2, 3, 3, 3, 9]), np.array([2, 2, 3, 3, 5, 9])
    return evaluate_objects(truth, seen)


def test_every_ruling_has_its_own_color():
    """REAL, FAKE and UNSURE are told apart."""
    colors = figures.LABEL_COLORS

    assert set(colors) == {"REAL", "FAKE", "UNSURE"}
    assert len(set(colors.values())) == 3


def test_roc_draws_each_curve_whole_and_enlarged():
    """Each report's own points are drawn in both panels, with one legend entry."""
    reports = {"cnn": seeded_report(seed=1), "cnn3d": seeded_report(seed=2)}

    figure = figures.roc_figure(reports)

    curves = [trace for trace in figure.data if trace.name != "chance"]
    assert len(curves) == 4
    for name, report in reports.items():
        own = [trace for trace in curves if trace.legendgroup == name]
        assert {trace.xaxis for trace in own} == {"x", "x2"}
        assert [trace.showlegend for trace in own].count(False) == 1
        for trace in own:
            np.testing.assert_array_equal(trace.x, report.roc_fpr)
            np.testing.assert_array_equal(trace.y, report.roc_tpr)


def test_roc_legend_carries_area_interval_and_n():
    """A legend entry names the network, its area, the interval and n."""
    report = seeded_report()
    area = report.roc_auc

    name = figures.roc_figure({"cnn (0a1b2c3d)": report}).data[0].name

    assert name == (
        f"cnn (0a1b2c3d): AUC {area.value:.4f} "
        f"(95% interval {area.low:.4f} to {area.high:.4f}, n = 60)"
    )


def test_roc_curves_differ_without_color():
    """Six curves have six dashes, and no two look alike in dash and colour."""
    reports = {f"network {number}": seeded_report() for number in range(12)}

    figure = figures.roc_figure(reports)

    lines = [trace.line for trace in figure.data if trace.xaxis == "x"][:12]
    assert len({line.dash for line in lines[:6]}) == 6
    assert len({(line.dash, line.color) for line in lines}) == 12
    assert not {line.color for line in lines} & {*figures.LABEL_COLORS.values()}


def test_roc_shows_chance_and_names_its_axes():
    """The diagonal runs from corner to corner, and the axes speak in words."""
    figure = figures.roc_figure({"cnn": seeded_report()})

    chance = next(trace for trace in figure.data if trace.name == "chance")
    assert (chance.x, chance.y, chance.xaxis) == ((0, 1), (0, 1), "x")
    for panel in ("", "2"):
        x_axis, y_axis = figure.layout[f"xaxis{panel}"], figure.layout[f"yaxis{panel}"]
        assert x_axis.title.text == "FAKE pictures wrongly called REAL"
        assert y_axis.title.text == "REAL pictures rightly called REAL"
    assert figure.layout.xaxis.range == (0, 1)
    assert figure.layout.xaxis2.range == (0, 0.2)
    assert figure.layout.yaxis2.range[0] == pytest.approx(0.8)


def test_history_draws_both_measures_of_both_parts():
    """Loss stands left, accuracy right, each for training and validation."""
    history = history_columns()

    figure = figures.history_figure(history)

    drawn = {(trace.xaxis, trace.name): list(trace.y) for trace in figure.data}
    assert drawn == {
        ("x", "training"): history["loss"],
        ("x", "validation"): history["validation_loss"],
        ("x2", "training"): history["accuracy"],
        ("x2", "validation"): history["validation_accuracy"],
    }
    assert all(list(trace.x) == [1, 2, 3] for trace in figure.data)
    assert sum(trace.showlegend is not False for trace in figure.data) == 2


def test_history_tells_its_curves_apart_without_color():
    """Training and validation differ in dash and in marker."""
    figure = figures.history_figure(history_columns())

    looks = {
        (trace.name, trace.line.dash, trace.marker.symbol) for trace in figure.data
    }
    assert looks == {
        ("training", "dash", "circle"),
        ("validation", "solid", "square"),
    }


def test_history_with_objects_has_a_panel_for_them():
    """How well objects are named, on validation, stands in a third panel."""
    history = history_columns() | {"object_accuracy": [0.5, 0.6, 0.7]}

    figure = figures.history_figure(history)

    (third,) = [trace for trace in figure.data if trace.xaxis == "x3"]
    assert (third.name, list(third.y)) == ("validation", [0.5, 0.6, 0.7])
    assert figure.layout.annotations[2].text == "Accuracy in naming the object"
    assert figure.layout.yaxis3.tickformat == ".0%"
    assert sum(trace.showlegend is not False for trace in figure.data) == 2


def test_reliability_shows_points_intervals_and_counts():
    """Points stand at confidence and share, with intervals; bars are the bins."""
    figure = reliability()

    diagonal, points, bars = figure.data
    assert (diagonal.x, diagonal.y) == ((0, 1), (0, 1))
    assert diagonal.name == "perfectly calibrated"
    assert (points.x, points.y) == ((0.66, 0.97), (0.5, 0.99))
    assert points.error_y.array == pytest.approx((0.15, 0.005))
    assert points.error_y.arrayminus == pytest.approx((0.15, 0.005))
    assert bars.x == pytest.approx((0.65, 0.95))
    assert bars.width == pytest.approx((0.09, 0.09))
    assert (bars.y, bars.text) == ((40, 1960), ("40", "1,960"))
    assert (points.xaxis, bars.xaxis) == (None, "x2")


def test_reliability_carries_error_and_n():
    """Below the title stand the calibration error and n; nothing is cut off."""
    layout = reliability().layout

    assert layout.title.text == "cnn"
    subtitle = layout.title.subtitle.text
    assert subtitle == "expected calibration error 0.025, n = 2,000"
    assert layout.yaxis.range[0] < 0.35
    assert layout.xaxis.range[0] <= 0.6
    assert layout.xaxis.range == layout.xaxis2.range


def test_object_squares_stand_where_the_words_say():
    """Rows are the truth, from the top; rightly named counts are bold."""
    figure = figures.object_confusion_figure(objects(), title="cnn")

    squares = figure.data[0]
    assert squares.x == squares.y == OBJECT_CLASSES
    cat, dog = OBJECT_CLASSES.index("cat"), OBJECT_CLASSES.index("dog")
    assert squares.text[cat][cat] == "<b>2</b>"
    assert squares.text[cat][dog] == "1"
    assert squares.text[dog][cat] == "0"
    assert squares.z[cat][dog] == pytest.approx(1 / 3)
    assert squares.z[dog][dog] == 0
    assert figure.layout.yaxis.autorange == "reversed"
    assert figure.layout.yaxis.title.text == "truth"
    assert figure.layout.xaxis.title.text == "seen as"


def test_object_confusion_carries_n_and_interval():
    """Below the title stand the overall accuracy, its interval and n."""
    title = figures.object_confusion_figure(objects(), title="cnn").layout.title

    accuracy = objects().accuracy
    assert title.text == "cnn"
    assert title.subtitle.text == (
        f"accuracy 83.3% (95% interval {accuracy.low:.1%} to {accuracy.high:.1%}), "
        "n = 6"
    )


def test_risk_shows_curve_and_verdicts():
    """The curve is drawn as given; the diamond has both intervals and n."""
    figure = risk()

    curve, given = figure.data
    assert (curve.x, curve.y) == ((0.5, 1.0), (1.0, 0.96))
    coverage = policy_record(None, {}).of_set("official").coverage
    assert given.x == (coverage.value,)
    assert given.error_x.array == pytest.approx([coverage.high - coverage.value])
    assert "n = 100" in given.name
    low, high = figure.layout.yaxis.range
    assert low < given.y[0] - given.error_y.arrayminus[0]
    assert high > 1


def test_incomplete_history_is_refused():
    """A history without one of its columns names what is needed."""
    history = {"epoch": [1], "loss": [0.5]}

    with pytest.raises(ValueError, match=r"validation_accuracy. Received epoch, loss"):
        figures.history_figure(history)


@pytest.mark.parametrize(
    "figure",
    [
        figures.roc_figure({"cnn": seeded_report()}),
        figures.history_figure(history_columns()),
        figures.object_confusion_figure(objects(), title="cnn"),
        reliability(),
        risk(),
    ],
    ids=["roc", "history", "objects", "reliability", "risk"],
)
def test_figures_leave_the_background_to_the_theme(figure):
    """No figure paints paper or plot, so light and dark pages both work."""
    layout = figure.layout

    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert layout.font.color is None


def test_unsigned_colors_are_viridis_and_grow_lighter():
    """The map runs from dark violet to yellow, never darker on the way."""
    heatmap = np.linspace(0, 1, 256, dtype=np.float32)[np.newaxis]

    colors = figures.colorize(heatmap, signed=False)

    assert colors.shape == (1, 256, 3)
    assert colors.dtype == np.uint8
    assert colors[0, 0] == pytest.approx((68, 1, 84), abs=2)
    assert colors[0, -1] == pytest.approx((253, 231, 37), abs=2)
    assert np.diff(lightness(colors)[0]).min() > -0.5


def test_signed_colors_run_from_purple_over_neutral_to_green():
    """Full evidence against, none and for have the stated colours."""
    heatmap = np.array([[-1, 0, 1]], np.float32)

    colors = figures.colorize(heatmap, signed=True)

    assert colors[0].tolist() == [[118, 42, 131], [*NEUTRAL], [27, 120, 55]]


def test_opposite_signs_are_opposite_hues_of_like_strength():
    """A map and its negative differ in hue, not much in lightness."""
    heatmap = np.linspace(0.1, 1, 10, dtype=np.float32)[np.newaxis]

    positive = figures.colorize(heatmap, signed=True)
    negative = figures.colorize(-heatmap, signed=True)

    assert (positive[..., 1] > positive[..., 0]).all()
    assert (negative[..., 1] < negative[..., 0]).all()
    assert np.abs(lightness(positive) - lightness(negative)).max() < 20
    assert all(after < before for before, after in pairwise(lightness(positive)[0]))


@pytest.mark.parametrize(
    ("heatmap", "signed", "message"),
    [
        (np.full((2, 2), -0.1), False, "values from 0 to 1"),
        (np.full((2, 2), 1.1), False, "values from 0 to 1"),
        (np.full((2, 2), -1.1), True, "values from -1 to 1"),
        (np.array([[0.0, np.nan]]), False, "with nan to nan"),
        (np.zeros((2, 2, 2)), True, r"Received shape \(2, 2, 2\)"),
    ],
)
def test_maps_out_of_range_are_refused(heatmap, signed, message):
    """A map that breaks the record's promise is not drawn as if it kept it."""
    with pytest.raises(ValueError, match=message):
        figures.colorize(heatmap.astype(np.float32), signed=signed)


def test_colorbar_shows_what_colorize_does():
    """The strip runs from the lowest colour to the highest."""
    signed, unsigned = (figures.colorbar(signed=signed) for signed in (True, False))

    ends = figures.colorize(np.array([[-1, 1]], np.float32), signed=True)[0]
    np.testing.assert_array_equal(signed[0, [0, -1]], ends)
    np.testing.assert_array_equal(signed[0, 127], NEUTRAL)
    assert signed.shape == unsigned.shape == (12, 255, 3)
    assert not np.array_equal(signed, unsigned)


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("opacity", [0.0, 0.5, 1.0])
def test_no_evidence_leaves_the_picture_alone(signed, opacity):
    """A map of zeros gives the enlarged picture byte for byte."""
    image = seeded_image()
    explanation = explanation_of(np.zeros((32, 32)), signed=signed)

    blended = figures.overlay(image, explanation, opacity=opacity, size=64)

    np.testing.assert_array_equal(blended, figures.enlarge(image, size=64))


@pytest.mark.parametrize("signed", [True, False])
def test_no_opacity_leaves_the_picture_alone(signed):
    """Opacity 0 hides any map."""
    image = seeded_image()
    heatmap = np.random.RandomState(2).uniform(size=(32, 32))

    blended = figures.overlay(
        image, explanation_of(heatmap, signed=signed), opacity=0.0, size=96
    )

    np.testing.assert_array_equal(blended, figures.enlarge(image, size=96))


@pytest.mark.parametrize("value", [1.0, -1.0, 0.5, -0.5])
def test_evidence_covers_by_its_strength(value):
    """One signed pixel is blended by opacity times strength, its block alone."""
    image = seeded_image()
    heatmap = dot(value)
    heatmap[30:] = 1  # else the one pixel would have the full colour
    explanation = explanation_of(heatmap, signed=True)
    color = figures.colorize(np.array([[value]], np.float32), signed=True)[0, 0]

    blended = figures.overlay(image, explanation, opacity=0.6, size=64)

    alpha = 0.6 * abs(value)
    block = np.rint((1 - alpha) * image[3, 4] + alpha * color)
    expected = figures.enlarge(image, size=64)
    expected[6:8, 8:10] = block
    np.testing.assert_allclose(blended[:60], expected[:60], atol=1)
    touched = np.any(blended != figures.enlarge(image, size=64), axis=2)
    assert not touched[:6].any()
    assert not touched[8:60].any()


def test_hottest_pixel_takes_the_opacity():
    """At its own size an unsigned map's 1 is covered by exactly the opacity."""
    image = np.full((32, 32, 3), 200, np.uint8)
    explanation = explanation_of(dot(1.0), signed=False)
    top = figures.colorize(np.ones((1, 1), np.float32), signed=False)[0, 0]

    blended = figures.overlay(image, explanation, opacity=0.25, size=32)

    np.testing.assert_array_equal(blended[3, 4], np.rint(0.75 * 200 + 0.25 * top))
    assert np.any(blended != 200, axis=2).sum() == 1


def test_unsigned_maps_are_smooth_and_signed_ones_sharp():
    """Between two pixels an unsigned map changes step by step, a signed one at once."""
    image = np.full((32, 32, 3), 128, np.uint8)
    step = np.zeros((32, 32))
    step[:, 16:] = 1

    smooth, sharp = (
        figures.overlay(image, explanation_of(step, signed=kind), opacity=1.0, size=256)
        for kind in (False, True)
    )

    assert len(np.unique(sharp[0], axis=0)) == 2
    assert len(np.unique(smooth[0], axis=0)) > 4


def test_full_maps_survive_enlarging():
    """Enlarging never rounds a map of almost 1 to more than 1."""
    image = seeded_image()
    heatmap = 1 - np.random.RandomState(4).uniform(size=(32, 32)) * 1e-7

    blended = figures.overlay(
        image, explanation_of(heatmap, signed=False), opacity=1.0, size=416
    )

    assert blended.shape == (416, 416, 3)
    assert len(np.unique(blended.reshape(-1, 3), axis=0)) == 1


def test_overlay_changes_neither_input():
    """Picture and map are as they were."""
    image, heatmap = seeded_image(), dot(1.0)
    explanation = explanation_of(heatmap.copy(), signed=True)

    figures.overlay(image, explanation, opacity=0.7, size=64)

    np.testing.assert_array_equal(image, seeded_image())
    np.testing.assert_array_equal(explanation.heatmap, heatmap)


def test_overlay_refuses_another_picture():
    """A map of another size than the picture is told so."""
    explanation = explanation_of(np.zeros((8, 8)), signed=False)

    with pytest.raises(ValueError, match=r"Received a map of shape \(8, 8\)"):
        figures.overlay(seeded_image(), explanation, opacity=0.5, size=64)


def test_overlay_refuses_grey_planes():
    """A picture without three channels is not explained in colour."""
    explanation = explanation_of(np.zeros((32, 32)), signed=False)

    with pytest.raises(InvalidImageError, match="Expected an RGB image"):
        figures.overlay(seeded_image()[..., 0], explanation, opacity=0.5, size=64)


@pytest.mark.parametrize("opacity", [-0.1, 1.5, np.nan])
def test_overlay_refuses_impossible_opacity(opacity):
    """An opacity outside 0 to 1 is told so."""
    explanation = explanation_of(np.zeros((32, 32)), signed=False)

    with pytest.raises(ValueError, match="Expected an opacity from 0 to 1"):
        figures.overlay(seeded_image(), explanation, opacity=opacity, size=64)


@pytest.mark.parametrize("image", [seeded_image(), seeded_image()[..., 1]])
def test_enlarged_pixels_are_blocks(image):
    """Every pixel of picture or plane becomes a block of its own value."""
    large = figures.enlarge(image, size=96)

    assert large.shape[:2] == (96, 96)
    for row in range(3):
        for column in range(3):
            np.testing.assert_array_equal(large[row::3, column::3], image)


@pytest.mark.parametrize(
    ("shape", "size"), [((32, 32, 3), 100), ((32, 32), 16), ((32, 16), 64)]
)
def test_uneven_enlargement_is_refused(shape, size):
    """Blocks of unequal size, shrinking and oblongs are told so."""
    image = np.zeros(shape, np.uint8)

    with pytest.raises(ValueError, match=f"a multiple of its side.*size {size}"):
        figures.enlarge(image, size=size)


@pytest.mark.parametrize("image", [seeded_image(), seeded_image()[..., 2]])
def test_png_gives_back_the_same_pixels(image):
    """What is encoded decodes to the same picture, channels in the same order."""
    data = figures.png_bytes(image)

    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if image.ndim == 3:
        decoded = cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB)
    assert data.startswith(b"\x89PNG")
    np.testing.assert_array_equal(decoded, image)


def test_a_few_strong_pixels_leave_the_others_their_colour():
    """Ten of 1,024 are cut to the next; around so few the rest is raised fivefold."""
    heatmap = np.zeros(1024, np.float32)
    heatmap[:10], heatmap[10:110], heatmap[110] = 1, 0.5, -0.25
    noise = dot(1.0) - np.float32(0.001)

    full = capped(heatmap.reshape(32, 32)).ravel()
    raised = capped(noise)

    assert (full[:110] == 1).all()
    assert full[110] == -0.5
    assert not full[111:].any()
    assert full.dtype == np.float32
    assert raised[3, 4] == 1
    assert raised[0, 0] == pytest.approx(-0.005)


def test_weak_evidence_is_raised_and_keeps_its_sign():
    """A quarter is drawn as a half, and the ends and zero stay."""
    heatmap = np.array([[0.25, -0.25, 0.0, 1.0, -1.0]], np.float32)

    strong = figures.emphasize(heatmap)

    np.testing.assert_array_equal(strong, [[0.5, -0.5, 0.0, 1.0, -1.0]])


@pytest.mark.parametrize(("top", "left", "size"), [(0, 0, 8), (5, 9, 12), (16, 16, 16)])
def test_a_frame_is_black_and_white_on_the_edge_of_its_square(top, left, size):
    """Both shades are on each side, and nothing within or outside it changes."""
    picture = np.full((256, 256, 3), 120, np.uint8)
    picture.flags.writeable = False

    framed = figures.framed(picture, top=top, left=left, size=size)

    changed = (framed != 120).all(axis=-1)
    rows, columns = np.nonzero(changed)
    assert (rows.min(), rows.max() + 1) == (8 * top, 8 * (top + size))
    assert (columns.min(), columns.max() + 1) == (8 * left, 8 * (left + size))
    inner = np.s_[
        8 * top + 4 : 8 * (top + size) - 4, 8 * left + 4 : 8 * (left + size) - 4
    ]
    assert not changed[inner].any()
    for side in (framed[8 * top, :, 0], framed[:, 8 * left, 0]):
        assert {0, 255} <= set(side.tolist())


@pytest.mark.parametrize(
    ("shape", "fitting"),
    [((40, 20), (40, 20)), ((64, 200), (32, 100)), ((900, 3), (100, 1))],
)
def test_a_picture_is_made_to_fit_in_proportion(shape, fitting):
    """A small one stays as it is; a thin one keeps a pixel."""
    image = np.full((*shape, 3), 33, np.uint8)

    assert figures.fit(image, side=100).shape[:2] == fitting


def test_boxes_are_drawn_in_proportion_and_leave_the_picture():
    """On a picture twice as large as it is shown, a box has half its size."""
    image = np.full((400, 800, 3), 128, np.uint8)
    found = DetectedObject(
        name="dog", score=0.9, top=100, left=200, height=200, width=400
    )

    drawn = figures.boxed(image, [found], side=400)

    assert drawn.shape == (200, 400, 3)
    assert (image == 128).all()
    assert drawn[50, 150].tolist() == drawn[149, 150].tolist() == [255, 255, 255]
    assert drawn[100, 100].tolist() == drawn[100, 299].tolist() == [255, 255, 255]
    assert drawn[100, 200].tolist() == drawn[20, 20].tolist() == [128, 128, 128]
    assert (figures.boxed(image, [], side=400) == 128).all()
