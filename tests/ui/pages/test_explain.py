"""Explain: one picture, its maps and whether to trust them, as AppTest sees it."""

import re
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.basics.errors import DatasetError, ModelUnavailableError
from cifake_core.explain import EXPLAINERS
from cifake_core.pictures.filters import FILTER_TEXTS
from cifake_core.trust.measure import TrustWord
from cifake_core.ui.services import evidence, services
from cifake_core.ui.widgets import slow_work
from tests.ui import records
from tests.ui.reading import OpenApp, StandIn, alts, at, labels, tables, texts, unfold

PAGE = "pages/explain.py"


def test_without_a_picture_the_page_says_what_to_do(open_app: OpenApp):
    """Before there is a picture, the page offers samples and a way to Analyze."""
    app = open_app(PAGE)

    assert app.info[0].value.startswith("Choose a picture to explain")
    assert "Cat, 32x32" in labels(app, "button")
    assert app.number_input[0].label == "Number of a test picture"
    assert not app.warning
    assert not app.header
    assert not app.exception


def test_a_sample_is_explained_by_its_address(open_app: OpenApp, stand_in: StandIn):
    """The picture gets map, overlay, curves and a word, for the network's label."""
    app = at(open_app(), PAGE, picture="cat_32.png")

    shown = texts(app)
    assert stand_in.explained == [("cnn", "gradcam", "REAL")]
    assert "Grad-CAM of the 2D-CNN, evidence for REAL" in shown
    assert "not measured yet which method does best" in shown
    assert sum(word.capitalize() in shown for word in get_args(TrustWord)) == 1
    assert " of 10 random maps" in shown
    assert "Map: Grad-CAM of the 2D-CNN, evidence for REAL." in alts(app)[2]
    assert len(app.get("plotly_chart")) == 2
    assert "changed copies as well" in shown
    assert not app.warning
    assert not app.exception


def test_the_measured_winner_explains_unasked(open_app: OpenApp, stand_in: StandIn):
    """A network in the table of trust has its winner, with the figures; others not."""
    stand_in.table = records.trust_table("cnn3d", "hirescam")

    app = at(open_app(), PAGE, picture="cat_32.png", network="cnn3d")
    measured = texts(app)
    app.selectbox(key="explain_network").select("cnn").run()

    asked = [(network, method) for network, method, _ in stand_in.explained]
    assert asked == [("cnn3d", "hirescam"), ("cnn", "gradcam")]
    assert "HiResCAM: it did best for this network on 100 test pictures" in measured
    assert "+1.25 on average (+1.00 to +1.50)" in measured
    assert "not measured yet" in texts(app)
    assert not app.exception


def test_the_measured_methods_stand_in_a_table(open_app: OpenApp, stand_in: StandIn):
    """The best first, with both replacements, the spread, patches and forgetting."""
    stand_in.table = records.trust_table("cnn3d", "hirescam")

    app = at(open_app(), PAGE, picture="cat_32.png", network="cnn3d")
    best, other = tables(unfold(app, "explain_methods"))[0].to_dict("records")
    app.selectbox(key="explain_network").select("cnn").run()

    assert (best["Method"], other["Method"]) == ("HiResCAM", "Grad-CAM")
    assert best["Area against chance"] == "+1.25 (+1.00 to +1.50)"
    assert (best["With blurred picture"], best["With mean colour"]) == ("+1.25",) * 2
    assert best["Spread of chance"] == "0.00"
    assert (best["Evidence on the patch"], best["Maximum on the patch"]) == (
        "25%",
        "50%",
    )
    assert best["Left after forgetting"] == "+0.00"
    assert not tables(app)
    assert not app.exception


def test_the_picture_of_analyze_is_explained(open_app: OpenApp, stand_in: StandIn):
    """What is open in Analyze is explained where the address names nothing else."""
    app = open_app()
    app.file_uploader[0].upload("dog.png", records.png(records.picture())).run()

    app.switch_page(PAGE).run()

    assert app.subheader[0].value == "dog.png: REAL"
    assert stand_in.explained[-1] == ("cnn", "gradcam", "REAL")
    assert not app.info
    assert not app.exception


def test_a_test_picture_tells_its_truth(open_app: OpenApp):
    """A number in the address is that picture of the test set, with its truth."""
    app = at(
        open_app(), PAGE, picture="40", network="cnn3d", method="lime", label="FAKE"
    )

    shown = texts(app)
    assert "Test picture 40 (cat): REAL" in shown
    assert "the truth: REAL" in shown
    assert "LIME of the 3D-CNN, evidence for FAKE" in shown
    assert "not measured yet" not in shown
    assert not app.warning
    assert not app.exception


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [
        ("no_such.png", "Expected the number of a test picture"),
        ("60", "Expected the number of a test picture, 0 to 59"),
        ("9" * 5000, "Expected the number of a test picture"),
    ],
)
def test_a_bad_picture_is_told(open_app: OpenApp, picture: str, sentence: str):
    """An address that names no picture is a sentence, and others are offered."""
    app = at(open_app(), PAGE, picture=picture)

    assert sentence in app.warning[0].value
    assert app.info
    assert "Cat, 32x32" in labels(app, "button")
    assert not app.exception


def test_bad_parts_of_an_address_are_told(open_app: OpenApp, stand_in: StandIn):
    """A bad network, method, label or neighbour is told and then left out."""
    app = at(
        open_app(),
        PAGE,
        picture="cat_32.png",
        network="vgg",
        method="x",
        label="MAYBE",
        beside="y",
    )

    told = [warning.value for warning in app.warning]
    assert len(told) == 4
    assert "network='vgg'. Expected one of: cnn, cnn3d, ensemble;" in told[0]
    assert stand_in.explained == [("cnn", "gradcam", "REAL")]
    assert not app.exception


def test_without_the_data_set_a_test_picture_is_told(
    open_app: OpenApp, stand_in: StandIn
):
    """Without the pictures of CIFAKE the page says so and still offers samples."""
    stand_in.data = None

    app = at(open_app(), PAGE, picture="3")

    assert "Test picture 3 is one of the CIFAKE pictures" in app.warning[0].value
    assert "With the CIFAKE pictures on this machine" in texts(app)
    assert not app.number_input
    assert not app.exception


def test_an_unreadable_data_set_is_told(open_app: OpenApp, stand_in: StandIn):
    """A data set that cannot be read is a sentence."""
    stand_in.failures["test_split"] = DatasetError("The zip is cut off.")

    app = at(open_app(), PAGE, picture="3")

    assert app.warning[0].value == "The zip is cut off."
    assert app.info
    assert not app.exception


def test_another_picture_can_be_taken(open_app: OpenApp):
    """A sample and a number lead on, each by the address."""
    app = open_app(PAGE)

    app.button(key="explain_open_rocket_32.png").click().run()
    first = dict(app.query_params)
    app.number_input[0].set_value(5).run()

    assert first == {"picture": "rocket_32.png"}
    assert app.query_params == {"picture": "5"}
    assert app.subheader[0].value == "Test picture 5 (cat): REAL"
    assert not app.exception


def test_controls_write_the_address(open_app: OpenApp, stand_in: StandIn):
    """Network, method, label and neighbour go into the address, and are asked for."""
    app = at(open_app(), PAGE, picture="cat_32.png")

    app.selectbox(key="explain_network").select("cnn3d").run()
    app.selectbox(key="explain_method").select("lime").run()
    app.segmented_control(key="explain_label").select("FAKE").run()
    stand_in.explained.clear()
    app.selectbox(key="explain_beside").select("ensemble").run()

    asked = {"network": "cnn3d", "method": "lime", "label": "FAKE"}
    assert app.query_params == {
        "picture": "cat_32.png",
        "beside": "ensemble",
        **asked,
    }
    assert stand_in.explained == [
        ("cnn3d", "lime", "FAKE"),
        ("ensemble", "lime", "FAKE"),
    ]
    app.selectbox(key="explain_beside").select("").run()
    assert "beside" not in app.query_params
    assert len(app.get("plotly_chart")) == 2
    assert not app.exception


def test_two_methods_stand_beside_each_other(open_app: OpenApp, stand_in: StandIn):
    """Both maps are drawn and tested; each method has the controls it declares."""
    app = at(open_app(), PAGE, picture="cat_32.png", method="occlusion", beside="lime")

    app.slider(key="explain_occlusion_side").set_value(4).run()

    assert stand_in.settings["occlusion"] == {"side": 4}
    assert stand_in.settings["lime"] == {"num_samples": 1000}
    assert labels(app, "slider") == [
        "Occlusion: side of the patch in pixels",
        "LIME: changed pictures to score",
    ]
    assert len(app.get("plotly_chart")) == 3
    assert "Occlusion of the 2D-CNN, evidence for REAL" in texts(app)
    assert not app.exception


def test_a_method_is_not_set_beside_itself(open_app: OpenApp):
    """The method of the map is no choice for its neighbour."""
    app = at(open_app(), PAGE, picture="cat_32.png", method="lime", beside="lime")

    assert app.selectbox(key="explain_beside").value == ""
    assert len(app.get("plotly_chart")) == 2
    assert not app.exception


def test_curves_may_rest_on_the_mean_colour(open_app: OpenApp):
    """What stands where pixels are taken away can be chosen; both are told."""
    app = at(open_app(), PAGE, picture="cat_32.png")

    app.segmented_control(key="explain_replacement").select("mean_colour").run()

    chart = app.get("plotly_chart")[0]
    assert "with the mean colour behind" in chart.proto.alt
    assert "(blurred picture +" in texts(app)
    assert not app.exception


def test_methods_are_ranked_when_asked(open_app: OpenApp, stand_in: StandIn):
    """Every method is tried on the picture, for the chosen network and label."""
    app = at(open_app(), PAGE, picture="cat_32.png", network="cnn3d", label="FAKE")
    before = len(tables(app))
    stand_in.explained.clear()

    app.button(key="explain_rank").click().run()

    table = tables(app)[0]
    assert before == 0
    assert sorted(table["Method"]) == sorted(m.title for m in EXPLAINERS.values())
    assert {m for _, m, _ in stand_in.explained} == set(EXPLAINERS)
    assert set(table["In a word"]) <= set(get_args(TrustWord))
    assert table["Seconds"][0] == "0.10"
    stand_in.explained.clear()
    app.run()
    assert len(stand_in.explained) == 1
    assert len(tables(app)[0]) == len(EXPLAINERS)
    assert not app.exception


def test_a_stopped_ranking_keeps_its_rows(open_app: OpenApp):
    """What was found before the stop stays, and the rest waits to be asked for."""
    app = at(open_app(), PAGE, picture="cat_32.png")
    app.button(key="explain_rank").click().run()
    task, rows = app.session_state["explain_ranking"]
    del rows["lime"], rows["shap"]
    app.session_state["explain_ranking_stopped"] = task

    app.run()
    kept = len(tables(app)[0])
    told = texts(app)
    app.button(key="explain_ranking_go_on").click().run()

    assert kept == len(EXPLAINERS) - 2
    assert "Stopped: Trying every method" in told
    assert "Stopped" not in texts(app)
    assert len(tables(app)[0]) == len(EXPLAINERS)
    assert not app.exception


@pytest.mark.parametrize("part", ["map", "trust"])
def test_stopped_work_leaves_the_rest(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch, part: str
):
    """A map or a test that was stopped is not drawn; the rest of the page is."""
    run = slow_work.run

    def stopped(place, *arguments):
        return None if part in place else run(place, *arguments)

    monkeypatch.setattr(slow_work, "run", stopped)

    app = at(open_app(), PAGE, picture="cat_32.png")

    maps = [alt for alt in alts(app) if alt.startswith("Map:")]
    assert len(maps) == (part == "trust")
    assert len(app.get("plotly_chart")) == 1
    assert "Does the verdict hold?" in texts(app)
    assert not app.exception


def test_what_is_quick_does_not_wait_for_a_map(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    """Channels, changes and playground are there before a map is begun."""

    def explain(*_arguments, **_options):
        msg = "Not now."
        raise ModelUnavailableError(msg)

    monkeypatch.setattr(services, "explain", explain)

    app = at(open_app(), PAGE, picture="cat_32.png", method="lime")

    assert app.error[0].value == "Not now."
    assert "Which channel convinced the 3D-CNN?" in texts(app)
    assert "changed copies as well" in texts(app)
    assert app.toggle(key="explain_paste")
    assert len(app.get("plotly_chart")) == 1
    assert not app.exception


def test_channels_are_drawn_in_words_too(
    open_app: OpenApp, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
):
    """The chart of the channels says its figures; their sum is the difference."""
    given = []

    def channel_values(*arguments, **options):
        given.append(stand_in.channel_values(*arguments, **options))
        return given[-1]

    monkeypatch.setattr(evidence, "channel_values", channel_values)

    app = at(open_app(), PAGE, picture="cat_32.png")

    (values,) = given
    words = app.get("plotly_chart")[1].proto.alt
    assert words.startswith("What each channel adds to the score for REAL: ")
    told = re.findall(r"(?:: |, )([\w ]+) ([+−][\d.]+) \(left", words)  # noqa: RUF001 - a true minus
    assert [name for name, _ in told] == [t.title for t in FILTER_TEXTS.values()]
    figures = [float(figure.replace("−", "-")) for _, figure in told]  # noqa: RUF001
    np.testing.assert_allclose(figures, values.values, atol=0.005 + 1e-9)
    assert sum(figures) == pytest.approx(values.full - values.baseline, abs=6 * 0.005)
    assert "Which channel convinced the 3D-CNN?" in texts(app)
    assert not app.exception


def test_a_card_without_means_is_told(open_app: OpenApp, stand_in: StandIn):
    """Where the channels' means are missing, a sentence says how to get them."""
    stand_in.failures["channel_values"] = ModelUnavailableError("Evaluate it again.")

    app = at(open_app(), PAGE, picture="cat_32.png")

    assert app.info[0].value == "Evaluate it again."
    assert len(app.get("plotly_chart")) == 1
    assert "Does the verdict hold?" in texts(app)
    assert not app.exception


def test_without_a_network_on_planes_there_are_no_channels(
    open_app: OpenApp, stand_in: StandIn
):
    """A 2D network alone has nothing to say of channels."""
    stand_in.logits = {"cnn": 2.0}

    app = at(open_app(), PAGE, picture="cat_32.png")

    assert "Which channel" not in texts(app)
    assert not app.exception


def test_missing_networks_are_told(open_app: OpenApp, stand_in: StandIn):
    """Without networks the page says what to do."""
    stand_in.logits = {}

    app = open_app(PAGE)

    assert app.info[0].value.startswith("There are no trained networks yet")
    assert not app.exception


def test_damaged_weights_are_told(open_app: OpenApp, stand_in: StandIn):
    """If the picture cannot be judged the page says why."""
    stand_in.failures["judge"] = ModelUnavailableError("The weights are gone.")

    app = at(open_app(), PAGE, picture="cat_32.png")

    assert app.error[0].value == "The weights are gone."
    assert not app.header
    assert not app.exception


def test_an_empty_map_is_explained(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch):
    """A map without evidence is called that, and no better than chance."""
    empty = records.explanation("cnn", "gradcam", "REAL")
    empty = replace(empty, heatmap=np.zeros_like(empty.heatmap))
    monkeypatch.setattr(records, "explanation", lambda *_: empty)

    app = at(open_app(), PAGE, picture="cat_32.png")

    assert app.info[0].value == "Nothing in this picture speaks for REAL here."
    assert "No better than chance" in texts(app)
    assert not app.exception


def test_the_view_survives_other_pages(open_app: OpenApp):
    """The picture is as it was after a look at another page."""
    app = at(open_app(), PAGE, picture="rocket_32.png", method="lime")

    app.query_params = {}
    app.switch_page("pages/about.py").run()
    app.query_params = {}
    app.switch_page(PAGE).run()

    assert app.query_params == {"picture": "rocket_32.png", "method": "lime"}
    assert app.subheader[0].value == "Rocket, 32x32: REAL"
    assert not app.exception


def links(app: AppTest) -> list[str]:
    """Return where the links to other pages lead, but for those in the page's bar."""
    return [link.proto.query_string for link in app.get("page_link")]


def test_analyze_leads_to_the_explanation(open_app: OpenApp):
    """A sample is linked by its name, for anybody; an own picture is the open one."""
    app = open_app()
    app.file_uploader[0].upload("dog.png", records.png(records.picture())).run()
    own = links(app)

    app.segmented_control(key="analyze_source").select("Samples").run()
    app.button(key="analyze_sample_cat_32.png").click().run()

    assert own == ["picture=opened"]
    assert links(app) == ["picture=cat_32.png"]
    assert not app.exception


def test_the_gallery_leads_to_the_explanation(open_app: OpenApp):
    """A test picture that is open is linked by its number, with the network."""
    app = open_app()
    app.query_params = {"network": "cnn3d", "picture": "7"}

    app.switch_page("pages/test_set.py").run()

    assert links(app) == ["picture=7&network=cnn3d"]
    assert not app.exception


def test_a_papers_network_is_explained_too(
    open_app: OpenApp, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
):
    """A network of a paper is asked beside our own, if the address names it."""
    stand_in.logits = {"cnn": 2.0, "cnn3d": 3.0, "pavani": -1.0}
    monkeypatch.setattr(services, "networks", lambda: ("cnn", "cnn3d"))

    app = at(open_app(), PAGE, picture="cat_32.png", network="pavani")

    assert stand_in.explained == [("pavani", "gradcam", "FAKE")]
    assert "2D-CNN REAL" in texts(app)
    assert not app.exception
