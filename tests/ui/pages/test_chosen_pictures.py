"""A data set of one's own on the pages that show test pictures, by one selector."""

import shutil
from pathlib import Path

import pytest

from cifake_core.data.datasets import library
from cifake_core.data.datasets.records import DataSetPictures
from cifake_core.networks import store
from tests.cards import network_card
from tests.made_datasets import add_set
from tests.models import Remake
from tests.ui.reading import (
    OpenApp,
    alts,
    at,
    charts,
    labels,
    opens,
    row_tables,
    tables,
    texts,
)

TEST_SET, COMPARE = "pages/test_set.py", "pages/compare.py"
ROBUSTNESS, EXPLAIN = "pages/robustness.py", "pages/explain.py"


@pytest.fixture
def source(user_data: Path, tmp_path: Path) -> Path:
    """The folder of the data set "mine", of two generators, that was added."""
    add_set(user_data, tmp_path / "pictures")
    return tmp_path / "pictures"


@pytest.fixture
def mine(source: Path, user_data: Path) -> DataSetPictures:
    """Its pictures that are not sealed."""
    del source  # it is there
    parts = ("training", "validation")
    return library.load("mine", root=user_data / "datasets", parts=parts)


def test_the_test_set_page_shows_it(open_app: OpenApp, mine: DataSetPictures):
    """Figures, charts, generators and gallery are of the set's open parts."""
    app = open_app(TEST_SET)

    app.selectbox(key="test_set_pictures").select("mine").run()

    n = len(mine.labels)
    shown = texts(app)
    assert app.query_params["pictures"] == "mine"
    assert f"{n:,} pictures; below each figure its 95 % interval" in shown
    assert "its training and validation parts, as no network" in shown
    assert "Its test part is sealed" in shown
    assert len(charts(app)) == 4
    (generators,) = row_tables(app)
    assert sorted(generators["Generator"]) == ["flow", "gan"]
    counts = dict(zip(generators["Generator"], generators["Fakes"], strict=True))
    assert int(counts["gan"]) == (mine.generators == "gan").sum()
    assert "Found at 2%" in generators
    assert "What these pictures show is not known" in shown
    assert "A REAL picture that was called REAL." in alts(app)
    assert "Copies" not in labels(app, "selectbox")
    assert "Verdict" not in labels(app, "selectbox")
    assert not app.warning
    assert not app.error
    assert not app.exception


def test_a_generators_fakes_are_filtered(open_app: OpenApp, mine: DataSetPictures):
    """By a list, and by the row of the table, in the address."""
    app = at(open_app(), TEST_SET, pictures="mine", generator="gan")

    found = int((mine.generators == "gan").sum())
    assert app.selectbox(key="test_set_generator").value == "gan"
    assert "A FAKE picture by gan that was called FAKE." in alts(app)
    assert len(opens(app)) == min(found, 24)
    assert all(mine.generators[number] == "gan" for number in opens(app))
    assert f"{found} pictures" in [each.value for each in app.metric]
    app.selectbox(key="test_set_pictures").select("official").run()
    assert dict(app.query_params) == {"network": "cnn"}
    assert not app.exception


def test_verdicts_are_found_on_request(open_app: OpenApp, mine: DataSetPictures):
    """Then they have coverage and accuracy, and can be filtered by."""
    app = at(open_app(), TEST_SET, pictures="mine")
    n = len(mine.labels)
    assert f"The {n} pictures of mine have no verdicts yet" in texts(app)

    app.button(key="test_set_judge_button").click().run()

    assert f"Of {n} pictures " in texts(app)
    (rows,) = [each for each in tables(app) if "UNSURE" in each]
    assert rows["Pictures"].tolist() == ["Photographs", "Fakes by flow", "Fakes by gan"]
    assert sum(map(int, rows["Number"])) == n
    app.selectbox(key="test_set_verdict").select("UNSURE").run()
    unsure = sum(map(int, rows["UNSURE"]))
    assert f"{unsure} pictures" in [each.value for each in app.metric]
    assert not app.exception


def test_without_a_card_there_are_no_verdicts(
    open_app: OpenApp, mine: DataSetPictures, remake: Remake
):
    """The sentence says how to make it."""
    del mine
    remake("policy.json")

    app = at(open_app(), TEST_SET, pictures="mine")

    assert "There is no card on verdicts" in app.info[0].value
    assert not app.exception


def test_known_object_classes_have_their_table(
    open_app: OpenApp, user_data: Path, tmp_path: Path
):
    """A CSV file may tell them."""
    add_set(user_data, tmp_path / "pictures", kinds=True)

    app = at(open_app(), TEST_SET, pictures="mine", generator="gan")

    assert sorted(row_tables(app)[1]["Object"]) == ["cat", "dog"]
    assert any("FAKE cat by gan" in alt for alt in alts(app))
    assert not app.exception


def test_what_a_network_was_taught_does_not_count(
    open_app: OpenApp, remake: Remake, mine: DataSetPictures
):
    """Neither for itself nor for the others, which are compared with it."""
    models = remake()
    sets = {"mine": {"digest": mine.digest, "generators": ["gan"]}}
    sha256 = store.revision("cnn_multi", models)
    card = network_card("cnn_multi", sha256, config={"datasets": sets})
    store.write_card(models / "cnn_multi", card)

    app = at(open_app(), TEST_SET, pictures="mine")

    n = int((mine.parts == "validation").sum())
    assert f"{n} pictures; below each figure" in texts(app)
    assert "its validation part alone, as a network in use was taught" in texts(app)
    taught = int((mine.parts == "training").argmax())
    at(app, pictures="mine", picture=str(taught))
    assert "A network in use was taught this very picture." in texts(app)
    assert not app.exception


def test_a_picture_opens_and_goes_on(open_app: OpenApp, mine: DataSetPictures):
    """Large, with maps; from there to Analyze, which knows its truth."""
    fake = int((mine.labels == 0).argmax())

    app = at(open_app(), TEST_SET, pictures="mine", picture=str(fake))

    maker = mine.generators[fake]
    assert f"Picture by {maker}; the truth: FAKE" in texts(app)
    assert len([alt for alt in alts(app) if alt.startswith("Grad-CAM of the")]) == 4
    label = "More on this picture in Analyze"
    next(button for button in app.button if button.label == label).click().run()
    assert app.header[0].value == f"Picture {fake} of mine"
    assert "From your data set mine" in texts(app)
    chosen = app.session_state["analyze_pictures"][0]
    assert chosen.address == f"set:mine:{mine.hashes[fake][:16]}"
    assert not app.exception


def test_two_networks_are_compared_on_it(open_app: OpenApp, mine: DataSetPictures):
    """On the same pictures, with McNemar's test."""
    app = open_app(COMPARE)

    app.selectbox(key="compare_pictures").select("mine").run()

    assert f"on the same {len(mine.labels)} pictures" in texts(app)
    assert "McNemar's test" in texts(app)
    assert "What these pictures show is not known" in texts(app)
    assert "Generator" in labels(app, "selectbox")
    assert not app.error
    assert not app.exception


def test_corruptions_are_computed_on_demand(open_app: OpenApp, mine: DataSetPictures):
    """Charts of each kind, the table, and what flips."""
    app = open_app(ROBUSTNESS)

    app.selectbox(key="robustness_pictures").select("mine").run()

    assert len(charts(app)) == 4
    assert f"2D-CNN (n = {len(mine.labels)})" in charts(app)[0]
    assert "Ensemble" in charts(app)[0]
    assert f"on the same {len(mine.labels)} pictures" in texts(app)
    assert not app.error
    assert not app.exception


def test_explain_takes_one_by_its_address(open_app: OpenApp, mine: DataSetPictures):
    """By its file's hash; the selector stands on its set."""
    address = f"set:mine:{mine.hashes[3][:16]}"

    app = at(open_app(), EXPLAIN, picture=address)

    assert app.subheader[0].value == "Picture 3 of mine"
    assert "the truth: REAL" in texts(app)
    assert app.selectbox(key="explain_pictures").value == "mine"
    app.number_input(key="explain_number").set_value(5).run()
    assert app.query_params["picture"] == f"set:mine:{mine.hashes[5][:16]}"
    app.selectbox(key="explain_pictures").select("official").run()
    assert app.query_params["pictures"] == "official"
    app.number_input(key="explain_number").set_value(7).run()
    assert app.query_params["picture"] == "7"
    assert not app.warning
    assert not app.exception


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("set:mine:ffffffffffffffff", "has no picture 'ffffffffffffffff'"),
        ("set:absent:ff", "There is no data set called 'absent'"),
    ],
)
def test_explain_says_what_is_not_there(
    open_app: OpenApp, source: Path, address: str, sentence: str
):
    """And offers others."""
    del source

    app = at(open_app(), EXPLAIN, picture=address)

    assert sentence in app.warning[0].value
    assert app.selectbox(key="explain_pictures")
    assert not app.exception


@pytest.mark.parametrize("page", [TEST_SET, COMPARE, ROBUSTNESS])
def test_a_set_that_was_removed_is_told(
    open_app: OpenApp, source: Path, user_data: Path, page: str
):
    """The rest of the page is on CIFAKE."""
    del source
    library.remove("mine", user_data / "datasets")

    app = at(open_app(), page, pictures="mine")

    assert "pictures='mine'. Expected one of: official" in app.warning[0].value
    assert charts(app)
    assert not app.exception


@pytest.mark.parametrize("page", [TEST_SET, COMPARE, ROBUSTNESS])
def test_files_that_changed_are_told(open_app: OpenApp, source: Path, page: str):
    """By their names; other pictures can be chosen."""
    shutil.rmtree(source / "gan")

    app = at(open_app(), page, pictures="mine")

    assert "It was there when the data set was added" in app.error[0].value
    assert "On which pictures?" in labels(app, "selectbox")
    assert not charts(app)
    assert not app.exception


def test_it_needs_no_cifake(
    open_app: OpenApp, mine: DataSetPictures, absent_dataset: Path
):
    """Its pictures are its own."""
    del mine, absent_dataset

    app = at(open_app(), TEST_SET, pictures="mine")

    assert opens(app)
    assert not app.info or "not on this machine" not in app.info[0].value
    assert not app.exception


@pytest.mark.parametrize("page", ["test_set", "compare", "robustness"])
def test_slow_work_can_be_stopped(open_app: OpenApp, mine: DataSetPictures, page: str):
    """Then there is a way on, and a way to other pictures."""
    app = open_app()
    app.session_state[f"{page}_cnn_scores_stopped"] = ("mine", "cnn")

    at(app, f"pages/{page}.py", pictures="mine", network="cnn")

    assert "Stopped: The 2D-CNN looks at the pictures of mine" in texts(app)
    assert not charts(app)
    assert "On which pictures?" in labels(app, "selectbox")
    app.button(key=f"{page}_cnn_scores_go_on").click().run()
    assert charts(app)
    assert len(mine.labels) > 0
    assert not app.exception
