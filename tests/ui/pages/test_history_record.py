"""History: one record, what is done to it, and how Analyze makes and knows it."""

import hashlib
import json
from pathlib import Path

import pytest
from PIL import ExifTags
from streamlit.testing.v1 import AppTest

from cifake_core.basics.places import database_exists
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.rows import record_json
from cifake_core.cases.settings import HistorySettings
from tests import made_data, made_gates
from tests.made_history import made_history, picture, switched_on
from tests.made_versions import ANN
from tests.provenance.reading import exif
from tests.ui.reading import ROOT, OpenApp, alts, at, opens, tables, texts

PAGE = "pages/history.py"
#: Where a picture was taken, as EXIF has it.
PLACE = {1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 21.0, 7.0)}
PICTURE = made_data.jpeg(made_data.picture())


@pytest.fixture
def app(user_data: Path) -> AppTest:
    """The page over 27 records, and three in the bin."""
    made_history(user_data)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    return app.switch_page(PAGE).run()


def judged(app: AppTest, picture: bytes = PICTURE) -> AppTest:
    """Analyze with a verdict on a picture that a person brought."""
    app.file_uploader[0].upload("cat.jpg", picture)
    return app.run()


def test_a_record_has_the_verdict_and_the_finding(app: AppTest, user_data: Path):
    """The analyst's stands beside the machine's; note and tags can be found again."""
    at(app, PAGE, record="30")
    assert app.header.values == [r"photo\_29.png"]
    assert "as the networks saw it" in alts(app)[0]
    assert "generators it never met" in texts(app)

    assert app.button(key="history_find").disabled
    app.segmented_control(key="history_opinion_30").set_value("CANT_SAY").run()
    app.button(key="history_find").click().run()
    assert "Received none" in app.error[0].value
    app.text_area(key="history_reason_30").input("Too small.")
    app.button(key="history_find").click().run()
    app.text_area(key="history_note_30").input("From the harbour")
    app.button(key="history_note").click().run()
    app.text_input(key="history_tag_30").input("Port")
    app.button(key="history_add_tag").click().run()

    record = switched_on(user_data).get(30)
    assert (record.decision, record.finding.opinion) == ("UNSURE", "CANT_SAY")
    assert (record.note, record.tags) == ("From the harbour", ("Port",))
    assert "can't say: Too small." in texts(app)
    app.button(key="history_untag_Port").click().run()
    assert switched_on(user_data).get(30).tags == ()
    assert not app.error
    assert not app.exception


def test_the_bin_is_undone_until_it_is_emptied(app: AppTest):
    """One click takes a record back; emptied, there is nothing left."""
    at(app, PAGE, record="30")
    app.button(key="history_bin").click().run()
    assert 30 not in opens(app)
    app.button(key="history_undo").click().run()
    assert app.header.values == [r"photo\_29.png"]

    at(app, PAGE, in_bin="yes")
    assert sorted(opens(app)) == [5, 10, 15]
    assert "Delete 3 records for good?" in texts(app)
    app.button(key="history_purge").click().run()

    assert len(opens(app)) == 27
    at(app, PAGE, record="5")
    assert "no record 5" in app.error[0].value
    assert not app.exception


def test_analyze_keeps_what_a_person_brings(open_app: OpenApp, user_data: Path):
    """Once, however often the page is drawn; the same picture is recognised."""
    history = switched_on(user_data)
    app = open_app()
    assert "The history is on" in texts(app)
    judged(app)
    app.run()
    assert history.counts(HistoryFilter()).total == 1
    assert "was judged on" not in texts(app)

    app.file_uploader[0].set_value(("again.jpg", PICTURE, "image/jpeg")).run()

    assert history.counts(HistoryFilter()).total == 1
    assert "The same picture was judged on" in texts(app)
    links = [each.proto.label for each in app.get("page_link")]
    assert "Open that record: cat.jpg" in links
    assert not app.exception


def test_a_record_has_what_the_file_said(open_app: OpenApp, user_data: Path):
    """As *Analyze* showed it, but for the place, of which no figure is kept."""
    history = switched_on(user_data)
    taken = exif({ExifTags.Base.Make: "Canon"}, location=PLACE)
    source = made_data.saved(made_data.picture(), "JPEG", exif=taken)
    app = open_app()

    app.file_uploader[0].set_value(("cat.jpg", source, "image/jpeg")).run()

    file = history.get(1).file
    assert file is not None
    assert (file.camera.maker, file.camera.has_location) == ("Canon", True)
    assert file.sha256 == hashlib.sha256(source).hexdigest()
    held = json.dumps(record_json(history.get(1)))
    assert '"maker": "Canon"' in held
    assert "48" not in json.dumps(file.to_json()["camera"])
    at(app, PAGE, record="1")
    assert "Canon" in texts(app)
    assert "never changes the verdict" in texts(app)
    assert not app.exception


def test_analyze_keeps_nothing_while_it_is_off(open_app: OpenApp, user_data: Path):
    """No database is made, and the page says that nothing is stored."""
    app = judged(open_app())

    assert "nothing is stored" in texts(app)
    assert not database_exists(user_data)


def test_analyze_knows_what_is_nearly_the_same(open_app: OpenApp, user_data: Path):
    """Saved anew it is another file and has other pixels, and is recognised."""
    switched_on(user_data)
    smooth = picture(3)
    app = judged(open_app(), made_data.png(smooth))

    app.file_uploader[0].set_value(
        ("saved.jpg", made_data.jpeg(smooth), "image/jpeg")
    ).run()

    assert "Nearly the same (" in texts(app)
    assert "The same picture was judged" not in texts(app)
    assert not app.exception


def test_a_record_opens_in_analyze_and_explain(open_app: OpenApp, user_data: Path):
    """As the 32x32 pixels that were kept; what is only looked at makes no record."""
    history = switched_on(user_data)
    app = judged(open_app())
    at(app, PAGE, record="1")

    (button,) = [each for each in app.button if each.label == "Open in Analyze"]
    button.click().run()

    assert app.header.values[0] == "cat.jpg"
    assert "As given: PNG, 32x32 pixels" in texts(app)
    assert history.counts(HistoryFilter()).total == 1
    at(app, "pages/explain.py", picture="record:1")
    assert app.subheader.values[0] == "cat.jpg"
    assert not app.warning
    assert not app.exception


def test_a_record_opens_as_the_file_that_was_kept(open_app: OpenApp, user_data: Path):
    """At its full size, if the files are kept."""
    switched_on(user_data).switch(HistorySettings(on=True, originals=True))
    app = judged(open_app(), made_data.jpeg(made_data.noise(height=60, width=90)))

    at(app, "pages/explain.py", picture="record:1")
    assert not app.warning
    at(app, PAGE, record="1")
    (button,) = [each for each in app.button if each.label == "Open in Analyze"]
    button.click().run()

    assert "As given: JPEG, 90x60 pixels" in texts(app)
    assert not app.exception


@pytest.mark.parametrize(
    "address", ["record:7", "record:", "record:x", "record:\u0661"]
)
def test_explain_says_that_a_record_is_gone(open_app: OpenApp, address: str):
    """One sentence, and ways to another picture."""
    app = at(open_app(), "pages/explain.py", picture=address)

    assert len(app.warning) == 1
    assert app.info
    assert not app.exception


def test_judged_again_by_the_same_it_is_the_same(open_app: OpenApp, user_data: Path):
    """And nothing is kept of it."""
    history = switched_on(user_data)
    app = at(judged(open_app()), PAGE, record="1")
    assert "the same today" not in texts(app)

    app.button(key="history_again_ask").click().run()

    assert "The verdict is the same today: No trace of the generators" in texts(app)
    assert "Networks and rules are those of then." in texts(app)
    assert set(tables(app)[0]["Probability of FAKE"]) == {"the same"}
    assert history.counts(HistoryFilter()).total == 1
    assert not app.exception


def test_judged_again_by_others_it_says_what_differs(
    made: Path, made_dataset: Path, user_data: Path, open_app: OpenApp
):
    """Which networks were replaced, and by how much each moved."""
    registry = made_gates.with_blind_version(made, made_dataset, user_data)
    switched_on(user_data)
    app = judged(open_app())
    registry.promote(2, why="tries", by=ANN)

    at(app, PAGE, record="1")
    app.button(key="history_again_ask").click().run()

    assert "The verdict is another today. Then: No trace" in texts(app)
    assert "Taught or replaced since then: 2D-CNN" in texts(app)
    rows = tables(app)[0].set_index("Network")
    assert rows.loc["2D-CNN", "Then"].startswith("REAL")
    assert rows.loc["2D-CNN", "Now"].startswith("FAKE")
    assert rows.loc["2D-CNN", "Probability of FAKE"].endswith(" points")
    assert rows.loc["3D-CNN", "Probability of FAKE"] == "the same"
    assert not app.exception
