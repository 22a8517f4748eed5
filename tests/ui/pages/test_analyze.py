"""Analyze: from a picture to two verdicts and why, as AppTest sees the page."""

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cifake_core.basics.errors import DatasetError
from cifake_core.basics.labels import OBJECT_CLASSES
from cifake_core.basics.places import ASSETS
from cifake_core.data import cifake, download
from cifake_core.explain import EXPLAINERS
from cifake_core.networks import NETWORKS, OWN, store
from cifake_core.pictures.reading import read_picture
from cifake_core.workbench.examples import EXAMPLES
from tests import made_data
from tests.models import Remake
from tests.ui.reading import OpenApp, alts, labels, texts

PAGE = "pages/analyze.py"
#: The title of the sample on which the page opens.
FIRST = next(
    entry["title"]
    for entry in json.loads((ASSETS / "samples.json").read_text("utf-8"))
    if entry["file"] == EXAMPLES[0]
)
SMALL = made_data.jpeg(made_data.picture("REAL"))
LARGE = made_data.png(made_data.noise(height=60, width=90))
#: Greener than red, but not than grey: the 2D-CNN says REAL, the 3D-CNN FAKE.
SPLIT = made_data.png(made_data.even(100, 108, 250))


def upload(app: AppTest, **files: bytes) -> AppTest:
    """Upload files, by name without their ending."""
    for name, data in files.items():
        app.file_uploader[0].upload(f"{name}.png", data)
    return app.run()


def buttons(app: AppTest) -> list[str]:
    """Return the keys of all buttons."""
    return [str(button.key) for button in app.button]


def choose_source(app: AppTest, source: str) -> AppTest:
    """Choose where pictures come from."""
    return app.segmented_control(key="analyze_source").select(source).run()


def test_page_opens_on_a_finished_result(open_app: OpenApp):
    """A sample is judged and explained, five more and ways to bring one stand below."""
    app = open_app()

    shown = texts(app)
    assert app.header[0].value == FIRST
    assert "For learning, teaching and research." in shown
    assert re.search(r"\*\*Grad-CAM\*\*, .*, evidence for", shown)
    assert sum(" channel. " in alt for alt in alts(app)) == 6
    assert sum(key.startswith("analyze_example_") for key in buttons(app)) == 5
    assert "nothing is sent" in shown
    assert app.file_uploader
    assert not app.exception


def test_opening_asks_no_network(open_app: OpenApp, remake: Remake):
    """What is stored is there although no weights can be read."""
    remake(damaged=tuple(f"{name}/model.keras" for name in ("cnn", "cnn3d")))

    app = open_app()

    assert app.header[0].value == FIRST
    assert re.search(r"\*\*Grad-CAM\*\*, .*, evidence for", texts(app))
    assert not app.error
    assert not app.exception


def test_opening_is_computed_where_nothing_is_stored(open_app: OpenApp, remake: Remake):
    """Without the stored answers the networks are asked for the same page."""
    remake("examples.npz")

    app = open_app()

    assert app.header[0].value == FIRST
    assert re.search(r"\*\*Grad-CAM\*\*, .*, evidence for", texts(app))
    assert not app.error
    assert not app.exception


@pytest.mark.parametrize("file", EXAMPLES[1:])
def test_another_sample_is_opened_by_a_click(open_app: OpenApp, file: str):
    """It changes places with the one that was open."""
    app = open_app()
    app.button(key=f"analyze_example_{file}").click().run()

    chosen = app.session_state["analyze_pictures"][0]
    assert chosen.address == file
    assert app.header[0].value == chosen.name
    offered = {key for key in buttons(app) if key.startswith("analyze_example_")}
    expected = {f"analyze_example_{each}" for each in EXAMPLES if each != file}
    assert offered == expected
    assert not app.exception


def test_bad_file_is_refused_in_a_sentence(open_app: OpenApp):
    """A file that is no picture is refused by name; the page asks on."""
    app = upload(open_app(), notes=b"This is not a picture at all.")

    assert app.error[0].value.startswith("notes.png: The file is not a picture")
    assert app.header[0].value == FIRST
    assert not app.exception


def test_good_picture_after_a_bad_one(open_app: OpenApp):
    """After a refusal, a good picture gets its verdict and the refusal goes."""
    app = upload(open_app(), notes=b"This is not a picture at all.")

    app.file_uploader[0].set_value(("cat.png", SMALL, "image/png")).run()

    assert app.header[0].value == "cat.png"
    assert not app.error
    assert not app.exception


def test_bad_file_after_a_good_one(open_app: OpenApp):
    """A bad file does not take away the picture that is open."""
    app = upload(open_app(), cat=SMALL)
    choose_source(app, "Paste")

    app.chat_input[0].upload("notes.png", b"no").run()

    assert "notes.png" in app.error[0].value
    assert app.header[0].value == "cat.png"
    assert not app.info
    assert not app.exception


def test_bad_file_among_good_ones(open_app: OpenApp):
    """One bad file among several does not stop the others."""
    app = upload(open_app(), one=SMALL, notes=b"no", two=LARGE)

    assert "notes.png" in app.error[0].value
    assert labels(app, "button")[:2] == ["one.png", "two.png"]
    assert not app.exception


def test_picture_of_32_by_32(open_app: OpenApp, made: Path):
    """A picture of 32x32 pixels gets a decision and a card for each network."""
    app = upload(open_app(), cat=SMALL)

    shown = texts(app)
    assert "## :blue[No trace of the generators it knows]" in shown
    assert ":gray-badge[:material/check: The networks agree]" in shown
    for name in OWN:
        assert f"**{NETWORKS[name].title}**" in shown
    assert store.revision("cnn3d", made)[:8] in shown
    assert [bar.value for bar in app.progress] == [10, 5, 10, 6]
    assert "UNSURE" not in shown
    assert not app.exception


def test_object_is_named_beside_the_verdict(open_app: OpenApp):
    """The ensemble's word on the object stands by the verdict, each on its card."""
    app = upload(open_app(), cat=SMALL)

    shown = texts(app)
    assert shown.count("Looks like: perhaps a cat, 45\N{NO-BREAK SPACE}%") == 5
    [help_] = [each.help for each in app.markdown if each.value.startswith("**Looks")]
    assert "know ten kinds of object" in help_
    assert not app.exception


def test_page_shows_what_the_networks_see(open_app: OpenApp):
    """The picture stands there as given, at 32x32, and as six channels."""
    app = upload(open_app(), cat=LARGE)

    shown = alts(app)
    assert "The picture as given: cat.png." in shown
    assert any("32x32 pixels, enlarged in blocks" in alt for alt in shown)
    assert sum(" channel. " in alt for alt in shown) == 6
    assert "As given: PNG, 90x60 pixels" in texts(app)
    assert "Shrunk from 60x60" in texts(app)
    assert all(shown)


def test_picture_is_named_by_its_hash(open_app: OpenApp):
    """Below the 32x32 pixels stands how their SHA-256 begins: row by row, RGB."""
    expected = hashlib.sha256(read_picture(SMALL).pixels.tobytes()).hexdigest()

    app = upload(open_app(), cat=SMALL)

    assert f"32x32 pixels (SHA-256 `{expected[:16]}`)" in texts(app)
    assert not app.exception


def test_larger_picture_is_unsure(open_app: OpenApp):
    """A picture that was not made at 32x32 gets no decision, and hears why."""
    app = upload(open_app(), holiday=LARGE)

    assert ":gray[UNSURE: " in texts(app)
    assert "was not made at 32x32 pixels" in texts(app)
    assert "The answer follows the way of bringing it to 32x32" in texts(app)
    assert "Most likely" not in texts(app)
    assert "Of such verdicts" not in texts(app)
    assert not app.exception


def test_verdict_comes_with_its_reasons_and_record(open_app: OpenApp):
    """A teacher's words, why, and how often such verdicts are right."""
    app = upload(open_app(), cat=SMALL)

    shown = texts(app)
    assert "## :blue[No trace of the generators it knows]" in shown
    assert "It knows only Stable Diffusion 1.4." in shown
    assert "Of 100 fakes by two generators it never met, it finds 12" in shown
    assert "together they are 93\N{NO-BREAK SPACE}% sure of their label. Nor" in shown
    assert "Of such verdicts on CIFAKE's 100 test pictures 99.0" in shown
    assert not app.exception


def test_verdict_without_a_record(open_app: OpenApp, remake: Remake):
    """Without a card the verdict is UNSURE, and nothing is claimed of its record."""
    remake("policy.json")

    app = upload(open_app(), cat=SMALL)

    assert "There are no thresholds for abstaining" in texts(app)
    assert "Of such verdicts" not in texts(app)
    assert not app.exception


def test_strip_says_whether_the_verdict_holds(open_app: OpenApp):
    """Each small change stands there."""
    app = upload(open_app(), cat=SMALL)

    shown, words = alts(app), texts(app)
    assert sum(": still " in alt or ": now " in alt for alt in shown) == 20
    assert "of 20** changed copies as well" in words
    assert not app.exception


def test_disagreement_is_unsure(open_app: OpenApp):
    """Where the networks disagree the page says so, and rules neither way."""
    app = upload(open_app(), cat=SPLIT)

    assert ":material/close: Of 3 networks 1 FAKE and 2 REAL]" in texts(app)
    assert ":gray[UNSURE: " in texts(app)
    assert "The networks agree" not in texts(app)
    assert not app.exception


def test_certainty_is_never_claimed(open_app: OpenApp):
    """However large the logit, no card says 100 %."""
    app = upload(open_app(), green=made_data.png(made_data.even(0, 255, 0)))

    assert texts(app).count("**> 99.9\N{NO-BREAK SPACE}%** probability") == 4
    assert "100.0" not in texts(app)
    assert not app.exception


def test_several_pictures_stand_in_a_strip(open_app: OpenApp):
    """Several pictures get a strip with every label; a click opens another."""
    app = upload(open_app(), one=SMALL, two=LARGE)

    app.button(key="analyze_open_1").click().run()

    assert app.header[0].value == "two.png"
    agreed = "2D-CNN: REAL, 3D-CNN: REAL, Multi-generator CNN: REAL"
    assert f"one.png. No trace of known generators. {agreed}." in alts(app)
    assert f"two.png. UNSURE. {agreed}." in alts(app)
    icons = [app.button(key=f"analyze_open_{i}").icon for i in (0, 1)]
    assert icons == ["", ":material/visibility:"]
    assert "The picture as given: one.png." not in alts(app)
    assert not app.exception


def test_one_picture_has_no_strip(open_app: OpenApp):
    """A single picture needs nothing to choose from."""
    app = upload(open_app(), one=SMALL)

    assert app.header[0].value == "one.png"
    assert not [key for key in buttons(app) if key.startswith("analyze_open_")]
    assert not app.exception


def test_names_are_shown_as_they_are(open_app: OpenApp):
    """Signs of Markdown in a file's name are not taken for Markdown."""
    app = upload(open_app(), **{"_x_ $y$ *z*": SMALL})

    assert app.header[0].value == r"\_x\_ \$y\$ \*z\*.png"
    assert not app.exception


def test_tall_picture_stays_small(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch):
    """A very tall picture is drawn no taller than the others, and sent small."""
    shown, draw = {}, st.image

    def image(pixels, *, alt, **settings):
        shown[alt] = (getattr(pixels, "shape", None), settings["width"])
        return draw(pixels, alt=alt, **settings)

    monkeypatch.setattr(st, "image", image)

    app = upload(
        open_app(), tower=made_data.png(made_data.noise(height=1600, width=160))
    )

    assert shown["The picture as given: tower.png."] == ((448, 45, 3), 22)
    assert not app.exception


def test_gradcam_is_shown_unasked(open_app: OpenApp):
    """The first map is Grad-CAM of the first network, for the label it gave."""
    app = upload(open_app(), cat=SMALL)

    assert "**Grad-CAM**, 2D-CNN, evidence for REAL" in texts(app)
    assert "Download Grad-CAM as PNG" in labels(app, "download_button")
    assert "LIME" not in texts(app)
    assert not app.exception


def test_chosen_network_and_label_are_explained(open_app: OpenApp):
    """What is explained is what the visitor chose."""
    app = upload(open_app(), cat=SMALL)

    app.segmented_control(key="analyze_network").select("cnn3d")
    app.segmented_control(key="analyze_label").select("FAKE").run()

    assert "**Grad-CAM**, 3D-CNN, evidence for FAKE" in texts(app)
    assert "evidence for REAL" not in texts(app)
    assert not app.exception


def test_lime_waits_to_be_asked(open_app: OpenApp):
    """LIME is computed when it is chosen, and then can be downloaded."""
    app = upload(open_app(), cat=SMALL)

    app.pills(key="analyze_methods").set_value(["lime"]).run()

    assert "**LIME**, 2D-CNN, evidence for REAL" in texts(app)
    assert "Download LIME as PNG" in labels(app, "download_button")
    assert "Download Grad-CAM as PNG" not in labels(app, "download_button")
    assert not app.exception


def test_every_method_may_be_chosen(open_app: OpenApp):
    """All maps of the table can be drawn at once, in its order, with their words."""
    app = upload(open_app(), cat=SMALL)

    app.pills(key="analyze_methods").set_value(list(EXPLAINERS)[::-1]).run()

    drawn = [m.value for m in app.markdown if ", evidence for REAL" in m.value]
    assert [words.split("**")[1] for words in drawn] == [
        method.title for method in EXPLAINERS.values()
    ]
    for method in EXPLAINERS.values():
        assert method.shows in app.pills(key="analyze_methods").help
        assert f"Download {method.title} as PNG" in labels(app, "download_button")
    assert not app.exception


def test_no_map_asks_for_one(open_app: OpenApp):
    """With no map chosen the page says how to get one."""
    app = upload(open_app(), cat=SMALL)

    app.pills(key="analyze_methods").set_value([]).run()

    assert "Choose a map below" in texts(app)
    assert not any("laid over the picture" in alt for alt in alts(app))
    assert not app.exception


def test_empty_map_is_explained(open_app: OpenApp):
    """A map without any evidence is called that, not left to be guessed."""
    app = upload(open_app(), blue=made_data.png(made_data.even(0, 0, 255)))

    app.segmented_control(key="analyze_label").select("FAKE").run()

    assert app.info[0].value == "Nothing in this picture speaks for FAKE here."
    assert not app.error
    assert not app.exception


def test_channels_show_what_they_added(open_app: OpenApp):
    """Under the channels stand the 3D-CNN's plane maps, once switched on."""
    app = upload(open_app(), cat=SMALL)
    before = sum("gradient x input" in alt for alt in alts(app))

    app.toggle(key="analyze_planes").set_value(True).run()

    assert before == 0
    assert sum("by gradient x input of the 3D-CNN" in alt for alt in alts(app)) == 6
    assert not app.exception


def test_values_survive_other_pages(open_app: OpenApp):
    """Picture, controls and source are as they were after a look at other pages."""
    app = upload(open_app(), cat=SMALL)
    choose_source(app, "Samples")
    app.segmented_control(key="analyze_network").select("ensemble")
    app.segmented_control(key="analyze_label").select("FAKE")
    app.slider(key="analyze_opacity").set_value(0.25)
    app.pills(key="analyze_methods").select("lime").run()

    app.switch_page("pages/about.py").run()
    away = texts(app)
    app.switch_page(PAGE).run()

    assert "cat.png" not in away
    assert "cat.png" in [header.value for header in app.header]
    assert app.segmented_control(key="analyze_source").value == "Samples"
    assert app.segmented_control(key="analyze_network").value == "ensemble"
    assert app.segmented_control(key="analyze_label").value == "FAKE"
    assert app.slider(key="analyze_opacity").value == 0.25
    assert app.pills(key="analyze_methods").value == ["gradcam", "lime"]
    assert not app.exception


def test_sample_is_analysed(open_app: OpenApp):
    """A click on a sample that comes with the app analyses it."""
    app = choose_source(open_app(), "Samples")

    app.button(key="analyze_sample_cat_32.png").click().run()

    assert app.header[0].value == "Cat, 32x32"
    assert "The truth" not in texts(app)
    assert not app.exception


def test_photograph_is_analysed(open_app: OpenApp):
    """A photograph from the camera is analysed."""
    app = choose_source(open_app(), "Camera")

    app.camera_input[0].upload("photo.jpg", LARGE).run()

    assert app.header[0].value == "Camera"
    assert ":gray[UNSURE: " in texts(app)
    assert not app.error
    assert not app.exception


def test_pasted_picture_is_analysed(open_app: OpenApp):
    """A picture from the clipboard is analysed."""
    app = choose_source(open_app(), "Paste")

    app.chat_input[0].upload("image.png", SMALL).run()

    assert app.header[0].value == "image.png"
    assert not app.warning
    assert not app.exception


def test_pasted_text_is_answered(open_app: OpenApp):
    """Text in the place of a picture is answered, and analysed it is not."""
    app = choose_source(open_app(), "Paste")

    app.chat_input[0].set_value("a cat").run()

    assert app.warning[0].value.startswith("That was text.")
    assert app.header[0].value == FIRST
    assert not app.exception


def test_truth_of_a_test_picture(open_app: OpenApp, made_dataset: Path):
    """A picture drawn from the test set tells its truth, and is that picture."""
    app = choose_source(open_app(), "Test set")

    draw = next(each for each in app.button if each.label.startswith("Draw a test"))
    draw.click().run()

    chosen = app.session_state["analyze_pictures"][0]
    number = int(chosen.address)
    split = cifake.load(made_dataset, "test")
    kind = OBJECT_CLASSES[split.object_classes[number]]
    truth = "REAL" if split.labels[number] else "FAKE"
    assert app.header[0].value == f"Test picture {number} ({kind})"
    assert f"The truth: {truth}." in texts(app)
    assert np.array_equal(chosen.picture.pixels, split.images[number])
    assert not app.error
    assert not app.exception


@pytest.mark.usefixtures("absent_dataset")
def test_absent_data_set_is_offered(
    open_app: OpenApp, made_dataset: Path, monkeypatch: pytest.MonkeyPatch
):
    """Without the data set the page offers it, and goes on once it is there."""

    def arrive() -> None:
        monkeypatch.setenv("CIFAKE_DATA", str(made_dataset))

    monkeypatch.setattr(download, "download", arrive)  # Kaggle is out of reach here
    app = choose_source(open_app(), "Test set")
    offered = labels(app, "button")

    app.button(key="analyze_download").click().run()

    assert "Download the data set" in offered
    assert "Download the data set" not in labels(app, "button")
    assert "Draw a test picture at random" in labels(app, "button")
    assert "not on this machine" not in texts(app)
    assert not app.exception


@pytest.mark.usefixtures("absent_dataset")
def test_failed_download_is_told(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch):
    """A download that fails is a sentence, and can be tried again."""

    def fail(**_options: object) -> None:
        msg = "There is no network."
        raise DatasetError(msg)

    monkeypatch.setattr(download, "download", fail)
    app = choose_source(open_app(), "Test set")

    app.button(key="analyze_download").click().run()

    assert app.error[0].value == "There is no network."
    assert "Download the data set" in labels(app, "button")
    assert not app.exception


def test_no_other_network_is_offered_before_there_is_one(open_app: OpenApp):
    """Without weights of a paper's network nothing asks for any."""
    app = upload(open_app(), cat=SMALL)

    assert not app.multiselect
    assert not app.exception


def test_a_papers_network_can_be_added(open_app: OpenApp, with_paper: Path):
    """Its card stands beside ours, its maps can be asked for; the decision is ours."""
    del with_paper
    app = upload(open_app(), cat=SMALL)
    alone = texts(app)

    app.multiselect(key="analyze_beside").select("pavani").run()
    app.segmented_control(key="analyze_network").select("pavani").run()

    shown = texts(app)
    assert "**Pavani CNN2D**" in shown
    assert "**Pavani CNN2D**" not in alone
    assert "Of 4 networks 1 FAKE and 3 REAL" in "".join(
        str(m.value) for m in app.markdown
    )
    assert "## :blue[No trace of the generators it knows]" in shown
    assert "**Grad-CAM**, Pavani CNN2D, evidence for FAKE" in shown
    assert not app.exception


def test_an_added_network_can_be_taken_away(open_app: OpenApp, with_paper: Path):
    """Maps are then those of a network that is still there."""
    del with_paper
    app = upload(open_app(), cat=SMALL)
    app.multiselect(key="analyze_beside").select("pavani").run()
    app.segmented_control(key="analyze_network").select("pavani").run()

    app.multiselect(key="analyze_beside").unselect("pavani").run()

    assert "**Pavani CNN2D**" not in texts(app)
    assert "**Grad-CAM**, 2D-CNN, evidence for REAL" in texts(app)
    assert not app.exception
