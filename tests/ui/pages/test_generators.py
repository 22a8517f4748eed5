"""Generators: the gallery, what is found, the study, spectra, and opened pictures."""

import numpy as np
import pytest

from cifake_core.generators.catalogue import GENERATORS
from cifake_core.ui.services.bench import bench
from tests.models import Remake
from tests.ui.reading import (
    OpenApp,
    alts,
    at,
    charts,
    labels,
    opens,
    sources,
    tables,
    texts,
    unfold,
)

PAGE = "pages/generators.py"
FLOW = GENERATORS["flow"].title


def test_the_gallery_shows_all_generators(open_app: OpenApp):
    """Each has its place, its card and a few pictures; of passed ones none is drawn."""
    app = open_app(PAGE)

    said = texts(app)
    assert all(each.title in said for each in GENERATORS.values())
    assert "Stable Diffusion 1.4" in said
    assert "5 parameters" in said
    assert "**flow**, from noise" in said
    assert f"{FLOW} (flow, from noise)" in charts(app)[0]
    assert "a few steps of diffusion (diffusion, from photographs)" in charts(app)[0]
    assert len(opens(app)) == 5 * 4
    assert "airplane" in said
    assert not app.exception


def test_one_generator_alone(open_app: OpenApp):
    """All its pictures, and the way back; the address holds it."""
    app = open_app(PAGE)

    app.button(key="generators_all_flow").click().run()

    assert dict(app.query_params) == {"generator": "flow"}
    assert opens(app) == [0, 1, 2, 3]
    app.button[-1].click().run()
    assert len(opens(app)) == 20
    assert not app.exception


def test_passed_photographs_are_drawn_when_asked_for(open_app: OpenApp):
    """The photograph stands beside what came out of the generator."""
    app = at(open_app(), PAGE, generator="kl_autoencoder")

    assert len(opens(app)) == 24
    assert "On the left the photograph" in texts(app)
    first = sources(app)[:2]
    assert first[0] != first[1]
    assert not app.exception


def test_passed_photographs_need_photographs(open_app: OpenApp, absent_dataset):
    """Without the data set there is the offer to get it."""
    del absent_dataset
    app = at(open_app(), PAGE, generator="kl_autoencoder")

    assert "Download the data set" in labels(app, "button")
    assert not opens(app)
    assert not app.exception


@pytest.mark.parametrize("picture", ["flow:1", "kl_autoencoder:0"])
def test_a_picture_opens_with_verdicts_maps_and_neighbours(open_app: OpenApp, picture):
    """Large, with what each network says, and the training pictures it resembles."""
    app = at(open_app(), PAGE, picture=picture)

    name, number = picture.split(":")
    assert f"{GENERATORS[name].title}" in app.subheader[0].value
    assert "the truth: FAKE" in app.subheader[0].value
    maps = [each for each in alts(app) if each.startswith("Grad-CAM of the")]
    assert len(maps) == len(bench().names())
    assert any("photograph that was passed" in each for each in alts(app)) == (
        name == "kl_autoencoder"
    )
    assert f"Picture {int(number) + 1} of" in texts(app)
    unfold(app, "generators_neighbours")
    assert "The nearest REAL ones" in texts(app)
    assert not app.exception


def test_the_neighbours_of_a_picture(open_app: OpenApp):
    """The arrows go on, Esc goes back to the gallery."""
    app = at(open_app(), PAGE, picture="flow:0", generator="flow")

    app.button(key="generators_Right").click().run()
    assert app.query_params["picture"] == "flow:1"
    app.button(key="generators_close").click().run()

    assert "picture" not in app.query_params
    assert opens(app) == [0, 1, 2, 3]
    assert not app.exception


def test_a_picture_leads_to_explain(open_app: OpenApp):
    """The same address names it there; a number too high is told."""
    app = at(open_app(), "pages/explain.py", picture="flow:1")

    assert f"{FLOW}, picture 1" in texts(app)
    assert "the truth: FAKE" in texts(app)
    assert not app.exception
    at(app, picture="flow:9")
    assert "picture='flow\\:9'. Expected a number up to 3" in app.warning[0].value
    assert not app.exception


def test_what_is_found(open_app: OpenApp):
    """Of the flow's pictures all, of the others none; learnt is told in words."""
    app = at(open_app(), PAGE, part="found")

    table, *_ = tables(app)
    rows = dict(zip(table["Generator"], table["2D-CNN"], strict=True))
    assert rows[FLOW].startswith("100.0")
    assert rows[FLOW].endswith("never met")
    assert rows["VQ-GAN"].startswith("0.0")
    assert rows["Stable Diffusion 1.4"].endswith("learnt")
    assert f"{FLOW} 1.000" in charts(app)[0]
    at(app, part="found", measure="roc_auc")
    assert "Area under the ROC curve of each generator" in charts(app)[0]
    assert not app.exception


def test_without_scores_on_generators(open_app: OpenApp, remake: Remake):
    """The sentence says how to make them; the other networks are shown."""
    remake("cnn3d/generators.npz")
    app = at(open_app(), PAGE, part="found")

    assert "evaluate cnn3d --generators --save" in app.info[0].value
    assert "2D-CNN" in tables(app)[0].columns
    assert "3D-CNN" not in tables(app)[0].columns
    assert not app.exception


def test_the_study(open_app: OpenApp):
    """The matrix says what was learnt; a cell shows its generator's pictures."""
    app = at(open_app(), PAGE, part="study", measure="roc_auc")

    assert (
        f"without flow: GAN that resizes and convolves 0.95 (learnt), {FLOW} "
        in (charts(app)[0])
    )
    assert "0.95 where the generator was learnt, 0.55 where it was never" in texts(app)
    assert not opens(app)
    at(app, part="study", left_out="flow", generator="flow", measure="recall")
    assert "A generator that it never met: of 10 pictures it finds 10.0" in (texts(app))
    assert f"{FLOW} 0.10 (never met)" in charts(app)[0]
    assert opens(app) == [0, 1, 2, 3]
    assert not app.exception


def test_without_a_study(open_app: OpenApp, remake: Remake):
    """The sentence says how to make it; the other parts can be chosen."""
    remake("generators/study.json")
    app = at(open_app(), PAGE, part="study")

    assert "generators study" in app.info[0].value
    assert app.get("segmented_control")
    assert not app.exception


def test_what_is_different(open_app: OpenApp):
    """A spectrum is set against that of photographs, and all are in a table."""
    app = at(open_app(), PAGE, part="difference", generator="flow")

    assert f"{FLOW} differs most from photographs at" in texts(app)
    (table,) = tables(app)
    assert len(table) == len(GENERATORS) + 1
    rows = dict(zip(table["Generator"], table["there, decibels"], strict=True))
    assert rows["Stable Diffusion 1.4"].startswith("+1.0")  # 21 dB against 20
    assert not app.exception


def test_without_galleries(open_app: OpenApp, remake: Remake):
    """What is missing is told; the rest of the page is there."""
    remake("generators/flow/gallery.npz")
    app = open_app(PAGE)

    assert "generators gallery flow" in app.info[0].value
    assert len(opens(app)) == 16
    assert not app.exception


@pytest.mark.parametrize(
    "query", [{"generator": "x"}, {"picture": "flow:x"}, {"measure": "f1"}]
)
def test_a_bad_address_is_told(open_app: OpenApp, query):
    """One sentence for the bad value; the page is there."""
    app = at(open_app(), PAGE, **query)

    assert "Expected" in app.warning[0].value
    assert np.array(charts(app)).size == 1
    assert not app.exception
