"""Explain: one picture, its maps and whether to trust them, as AppTest sees it."""

import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.explain import EXPLAINERS
from cifake_core.figures.computing import COMPUTATIONS
from cifake_core.networks import store
from cifake_core.pictures.filters import FILTER_TEXTS
from cifake_core.trust import table as trust_table
from cifake_core.trust.measure import TrustWord
from cifake_core.ui.services import samples
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import slow_work
from cifake_core.workbench import Workbench
from tests import made_data, made_records
from tests.models import Remake
from tests.ui.reading import OpenApp, alts, at, labels, tables, texts, unfold

PAGE = "pages/explain.py"
#: What the networks call the sample of a cat, which is redder than green.
CAT = "FAKE"


def maps(app: AppTest) -> list[str]:
    """Return the titles of the maps on the page."""
    titles = [element.value for element in app.subheader]
    return [title for title in titles if ", evidence for " in title]


def write_trust(models: Path) -> None:
    """Write a table of the 3D-CNN alone, for which HiResCAM did best."""
    hashes = {"cnn3d": store.revision("cnn3d", models)}
    trust_table.write(made_records.trust_table(hashes, best="hirescam"), models)


def test_without_a_picture_the_page_says_what_to_do(open_app: OpenApp):
    """Before there is a picture, the page offers samples and a way to Analyze."""
    app = open_app(PAGE)

    assert app.info[0].value.startswith("Choose a picture to explain")
    assert "Cat, 32x32" in labels(app, "button")
    assert app.number_input[0].label == "Number of a picture"
    assert not app.warning
    assert not app.header
    assert not app.exception


def test_a_sample_is_explained_by_its_address(open_app: OpenApp):
    """The picture gets map, overlay, curves and a word, for the network's label."""
    app = at(open_app(), PAGE, picture="cat_32.png")

    shown = texts(app)
    assert maps(app) == [f"Grad-CAM of the 2D-CNN, evidence for {CAT}"]
    assert "not measured yet which method does best" in shown
    assert sum(word.capitalize() in shown for word in get_args(TrustWord)) == 1
    assert " of 10 random maps" in shown
    assert f"Map: Grad-CAM of the 2D-CNN, evidence for {CAT}." in alts(app)[2]
    assert len(app.get("plotly_chart")) == 2
    assert "changed copies as well" in shown
    assert not app.warning
    assert not app.exception


def test_the_measured_winner_explains_unasked(open_app: OpenApp, remake: Remake):
    """A network in the table of trust has its winner, with the figures; others not."""
    write_trust(remake())

    app = at(open_app(), PAGE, picture="cat_32.png", network="cnn3d")
    measured = texts(app)
    app.selectbox(key="explain_network").select("cnn").run()

    assert "HiResCAM of the 3D-CNN" in measured
    assert "Grad-CAM of the 2D-CNN" in texts(app)
    assert "HiResCAM: it did best for this network on 100 test pictures" in measured
    assert "+1.25 on average (+1.00 to +1.50)" in measured
    assert "not measured yet" in texts(app)
    assert not app.exception


def test_the_measured_methods_stand_in_a_table(open_app: OpenApp, remake: Remake):
    """The best first, with both replacements, the spread, patches and forgetting."""
    write_trust(remake())

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


def test_the_picture_of_analyze_is_explained(open_app: OpenApp):
    """What is open in Analyze is explained where the address names nothing else."""
    app = open_app()
    app.file_uploader[0].upload("dog.png", made_data.jpeg(made_data.picture())).run()

    app.switch_page(PAGE).run()

    assert app.subheader[0].value == "dog.png"
    assert maps(app) == ["Grad-CAM of the 2D-CNN, evidence for REAL"]
    assert not app.info
    assert not app.exception


def test_a_test_picture_tells_its_truth(open_app: OpenApp):
    """A number in the address is that picture of the test set, with its truth."""
    app = at(
        open_app(), PAGE, picture="40", network="cnn3d", method="lime", label="FAKE"
    )

    shown = texts(app)
    assert "Test picture 40 (cat)" in shown
    assert "**No trace of the generators it knows.**" in shown
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


def test_bad_parts_of_an_address_are_told(open_app: OpenApp):
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
    assert (
        "network='vgg'. Expected one of: cnn, cnn3d, cnn\\_multi, ensemble;" in told[0]
    )
    assert maps(app) == [f"Grad-CAM of the 2D-CNN, evidence for {CAT}"]
    assert not app.exception


def test_a_section_is_opened_alone(open_app: OpenApp):
    """The address names it, the picture stays, and nothing else is computed."""
    app = at(open_app(), PAGE, picture="cat_32.png", section="channels")
    alone = [each.value for each in app.header], maps(app), app.subheader[0].value
    told = texts(app)
    app.segmented_control(key="explain_section").select("maps").run()
    two = [each.value for each in app.header], app.query_params["section"]
    app.segmented_control(key="explain_section").select("").run()

    assert alone == (["Which channel convinced the 3D-CNN?"], [], "Cat, 32x32")
    assert "changed copies as well" not in told
    assert two == (["The maps"], "maps")
    assert "section" not in app.query_params
    assert len(app.header) == 5
    assert "changed copies as well" in texts(app)
    assert not app.exception


def test_each_figure_says_how_it_is_computed(open_app: OpenApp):
    """Map, curves, channels and changes have formula and source beside them."""
    app = at(open_app(), PAGE, picture="cat_32.png", method="gradcam")

    shown = texts(app)
    for name in ("gradcam", "trust_figure", "channels_figure", "stability"):
        assert COMPUTATIONS[name].words in shown
        assert f"Source: {COMPUTATIONS[name].source}." in shown
    latex = [each.value for each in app.latex]
    assert len(latex) == 4
    assert f"$$\n{COMPUTATIONS['gradcam'].formula}\n$$" in latex
    assert not app.exception


@pytest.mark.usefixtures("absent_dataset")
def test_without_the_data_set_a_test_picture_is_told(open_app: OpenApp):
    """Without the pictures of CIFAKE the page says so and still offers samples."""
    app = at(open_app(), PAGE, picture="3")

    assert "Test picture 3 is one of the CIFAKE pictures" in app.warning[0].value
    assert "With the CIFAKE pictures on this machine" in texts(app)
    assert not app.number_input
    assert not app.exception


def test_another_picture_can_be_taken(open_app: OpenApp):
    """A sample and a number lead on, each by the address."""
    app = open_app(PAGE)

    app.button(key="explain_open_rocket_32.png").click().run()
    first = dict(app.query_params)
    app.number_input[0].set_value(5).run()

    assert first == {"picture": "rocket_32.png"}
    assert app.query_params == {"picture": "5"}
    assert app.subheader[0].value == "Test picture 5 (cat)"
    assert not app.exception


def test_controls_write_the_address(open_app: OpenApp):
    """Network, method, label and neighbour go into the address, and are asked for."""
    app = at(open_app(), PAGE, picture="cat_32.png")

    app.selectbox(key="explain_network").select("cnn3d").run()
    app.selectbox(key="explain_method").select("lime").run()
    app.segmented_control(key="explain_label").select("REAL").run()
    app.selectbox(key="explain_beside").select("ensemble").run()

    asked = {"network": "cnn3d", "method": "lime", "label": "REAL"}
    assert app.query_params == {
        "picture": "cat_32.png",
        "beside": "ensemble",
        **asked,
    }
    assert maps(app) == [
        "LIME of the 3D-CNN, evidence for REAL",
        "LIME of the Ensemble, evidence for REAL",
    ]
    app.selectbox(key="explain_beside").select("").run()
    assert "beside" not in app.query_params
    assert len(app.get("plotly_chart")) == 2
    assert not app.exception


def test_two_methods_stand_beside_each_other(open_app: OpenApp):
    """Both maps are drawn and tested; each method has the controls it declares."""
    app = at(open_app(), PAGE, picture="cat_32.png", method="occlusion", beside="lime")

    app.slider(key="explain_occlusion_side").set_value(4).run()

    assert app.slider(key="explain_occlusion_side").value == 4
    assert app.slider(key="explain_lime_num_samples").value == 1000
    assert labels(app, "slider") == [
        "Occlusion: side of the patch in pixels",
        "LIME: changed pictures to score",
    ]
    assert len(app.get("plotly_chart")) == 3
    assert f"Occlusion of the 2D-CNN, evidence for {CAT}" in texts(app)
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


def test_methods_are_ranked_when_asked(open_app: OpenApp):
    """Every method is tried on the picture, for the chosen network and label."""
    app = at(open_app(), PAGE, picture="cat_32.png", network="cnn3d", label="FAKE")
    before = len(tables(app))

    app.button(key="explain_rank").click().run()

    table = tables(app)[0]
    assert before == 0
    assert sorted(table["Method"]) == sorted(m.title for m in EXPLAINERS.values())
    assert set(table["In a word"]) <= set(get_args(TrustWord))
    assert all(float(seconds) >= 0 for seconds in table["Seconds"])
    app.run()
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

    def stopped(place, *arguments, **room):
        return None if part in place else run(place, *arguments, **room)

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
    """Channels, changes and playground are there when a map cannot be made."""

    def fail(*_arguments: object, **_options: object) -> None:
        msg = "Not now."
        raise ModelUnavailableError(msg)

    monkeypatch.setattr(Workbench, "explain", fail)

    app = at(open_app(), PAGE, picture="cat_32.png", method="lime")

    assert app.error[0].value == "Not now."
    assert "Which channel convinced the 3D-CNN?" in texts(app)
    assert "changed copies as well" in texts(app)
    assert app.toggle(key="explain_paste")
    assert len(app.get("plotly_chart")) == 1
    assert not app.exception


def test_channels_are_drawn_in_words_too(open_app: OpenApp):
    """The chart of the channels says its figures; their sum is the difference."""
    app = at(open_app(), PAGE, picture="cat_32.png")

    picture = bench().prepare(samples.picture("cat_32.png").pixels)
    values = bench().channel_values(picture, network="cnn3d", label=CAT)
    words = app.get("plotly_chart")[1].proto.alt
    assert words.startswith(f"What each channel adds to the score for {CAT}: ")
    told = re.findall(r"(?:: |, )([\w ]+) ([+−][\d.]+) \(left", words)  # noqa: RUF001 - a true minus
    assert [name for name, _ in told] == [t.title for t in FILTER_TEXTS.values()]
    figures = [float(figure.replace("−", "-")) for _, figure in told]  # noqa: RUF001
    np.testing.assert_allclose(figures, values.values, atol=0.005 + 1e-9)
    assert sum(figures) == pytest.approx(values.full - values.baseline, abs=6 * 0.005)
    assert "Which channel convinced the 3D-CNN?" in texts(app)
    assert not app.exception


def test_a_card_without_means_is_told(open_app: OpenApp, remake: Remake):
    """Where the channels' means are missing, a sentence says how to get them."""
    folder = remake() / "cnn3d"
    store.write_card(folder, replace(store.load_card(folder), plane_means=None))

    app = at(open_app(), PAGE, picture="cat_32.png")

    assert "evaluate cnn3d --save" in app.info[0].value
    assert len(app.get("plotly_chart")) == 1
    assert "Does the verdict hold?" in texts(app)
    assert not app.exception


def test_without_a_network_on_planes_there_are_no_channels(
    open_app: OpenApp, remake: Remake
):
    """A 2D network alone has nothing to say of channels."""
    remake("cnn3d", "cnn_multi", "ensemble")

    app = at(open_app(), PAGE, picture="cat_32.png")

    assert "Which channel" not in texts(app)
    assert not app.exception


def test_an_empty_map_is_explained(open_app: OpenApp):
    """A map without evidence is called that, and no better than chance."""
    app = open_app()
    blue = made_data.png(made_data.even(0, 0, 255))
    app.file_uploader[0].upload("blue.png", blue).run()

    at(app, PAGE, picture="opened", label="FAKE")

    assert app.info[0].value == "Nothing in this picture speaks for FAKE here."
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
    assert app.subheader[0].value == "Rocket, 32x32"
    assert not app.exception


def links(app: AppTest) -> list[str]:
    """Return where the links to other pages lead, but for those in the page's bar."""
    return [link.proto.query_string for link in app.get("page_link")]


def test_analyze_leads_to_the_explanation(open_app: OpenApp):
    """A sample is linked by its name, for anybody; an own picture is the open one."""
    app = open_app()
    app.file_uploader[0].upload("dog.png", made_data.jpeg(made_data.picture())).run()
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


@pytest.mark.usefixtures("with_paper")
def test_a_papers_network_is_explained_too(open_app: OpenApp):
    """A network of a paper is asked beside our own, if the address names it."""
    app = at(open_app(), PAGE, picture="cat_32.png", network="pavani")

    assert maps(app) == ["Grad-CAM of the Pavani CNN2D, evidence for FAKE"]
    assert f"2D-CNN {CAT}" in texts(app)
    assert not app.exception
