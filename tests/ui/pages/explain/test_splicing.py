"""The playground: a piece of one picture in another, as AppTest sees it."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.networks import NETWORKS, OWN
from tests import made_data
from tests.ui.reading import OpenApp, alts, labels, texts

PAGE = "pages/explain.py"
KEY = "explain_paste"


def opened(open_app: OpenApp, *files: str) -> AppTest:
    """Open the playground, with these pictures open in Analyze."""
    app = open_app()
    if files:
        data = [(f, made_data.png(made_data.picture(seed=n)), "image/png") for n, f in
                enumerate(files)]  # fmt: skip
        app.file_uploader[0].set_value(data).run()
    app.query_params = {"picture": "cat_32.png"}
    app.switch_page(PAGE).run()
    return app.toggle(key=KEY).set_value(True).run()


def pasted_maps(app: AppTest) -> list[str]:
    """Return what the maps on which the patch is framed are of."""
    framed = [alt for alt in alts(app) if "the patch is framed" in alt]
    return [alt.partition(";")[0] for alt in framed]


def shares(app: AppTest) -> list[int]:
    """Return how much of each map's evidence lies inside the square, in percent."""
    words = re.findall(r"(\d+)% of the evidence lies inside", texts(app))
    return [int(each) for each in words]


def test_it_waits_to_be_opened(open_app: OpenApp):
    """Nothing is pasted and judged before a visitor asks for it."""
    app = open_app()
    app.query_params = {"picture": "cat_32.png"}

    app.switch_page(PAGE).run()

    assert not app.toggle(key=KEY).value
    assert "Pasted together" not in texts(app)
    assert len(pasted_maps(app)) == 0
    assert not app.exception


def test_two_test_pictures_are_pasted(open_app: OpenApp):
    """A REAL and a FAKE picture of one kind, framed, with verdicts and all maps."""
    app = opened(open_app)

    shown = texts(app)
    assert "**FAKE cat, test picture " in shown
    assert "**REAL cat, test picture " in shown
    assert shown.count("**No trace of known generators**") == 2
    assert pasted_maps(app) == [
        f"Grad-CAM of the {title} for FAKE"
        for title in (NETWORKS[name].title for name in OWN)
    ]
    framed = [alt for alt in alts(app) if "dashed square" in alt]
    assert len(framed) == 3
    assert "12x12 pixels from row 10, column 10 is pasted" in framed[2]
    assert len(shares(app)) == 4
    assert (
        min(shares(app)) > 90
    )  # the networks go by colour, which the piece differs in
    assert shown.count("which is 14% of the area; the map's maximum lies inside") == 4
    assert not app.error
    assert not app.exception


def test_size_and_place_follow_the_controls(open_app: OpenApp):
    """The piece moves, stays within the picture, and is scored where it is."""
    app = opened(open_app)

    app.slider(key=f"{KEY}_left").set_value(24).run()
    moved = "".join(alts(app))
    app.segmented_control(key=f"{KEY}_size").select(16).run()
    app.segmented_control(key=f"{KEY}_edge").select("feathered").run()

    assert "12x12 pixels from row 10, column 20" in moved
    last = next(alt for alt in alts(app) if "is pasted" in alt)
    assert "16x16 pixels from row 10, column 16" in last
    assert "which is 25% of the area" in texts(app)
    assert not app.exception


def test_the_other_way_round_and_another_pair(open_app: OpenApp):
    """REAL goes into FAKE, evidence is for REAL, and a number draws other pictures."""
    app = opened(open_app)
    before = texts(app)

    app.segmented_control(key=f"{KEY}_pasted").select("REAL").run()
    app.number_input(key=f"{KEY}_pair").set_value(3).run()
    app.segmented_control(key=f"{KEY}_method").select("hirescam").run()

    assert pasted_maps(app)[-1] == "HiResCAM of the Ensemble for REAL"
    names = [line for line in texts(app).split("\n") if "test picture" in line]
    assert len(names) == 2
    assert names[0].startswith("**REAL cat")
    assert names[1].startswith("**FAKE cat")
    assert not set(names) & set(before.split("\n"))
    assert not app.exception


@pytest.mark.usefixtures("absent_dataset")
def test_pictures_of_the_session_can_be_pasted(open_app: OpenApp):
    """Without the data set, two pictures open in Analyze do."""
    app = opened(open_app, "dog.png", "ship.png")
    app.segmented_control(key=f"{KEY}_label").select("REAL").run()

    assert "**dog.png**" in texts(app)
    assert "**ship.png**" in texts(app)
    assert "Pair" not in labels(app, "number_input")
    assert "Two pictures from" not in labels(app, "segmented_control")
    assert pasted_maps(app)[-1] == "Grad-CAM of the Ensemble for REAL"
    assert not app.exception


def test_both_sources_are_offered(open_app: OpenApp):
    """With the data set and two pictures open, a visitor chooses between them."""
    app = opened(open_app, "dog.png", "ship.png")
    of_test_set = texts(app)

    app.segmented_control(key=f"{KEY}_source").select("Pictures of this session").run()

    assert "test picture" in of_test_set
    assert "**dog.png**" not in of_test_set
    assert "**dog.png**" in texts(app)
    assert not app.exception


@pytest.mark.usefixtures("absent_dataset")
def test_without_two_pictures_it_says_what_to_do(open_app: OpenApp):
    """Neither the data set nor two pictures: the page says how to get them."""
    app = opened(open_app)

    assert app.info[-1].value.startswith("This needs the CIFAKE pictures")
    assert "Pasted together" not in texts(app)
    assert not app.exception
