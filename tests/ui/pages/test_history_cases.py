"""History: cases, what is put into them and taken out, and their zip."""

from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.cases.casework import Cases
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.settings import HistorySettings
from cifake_core.ui.services.bench import bench
from cifake_core.workbench.case_reports import case_reports
from tests import made_data
from tests.made_history import made_history, made_record, numbers_of, switched_on
from tests.ui.reading import ROOT, OpenApp, at, opens, row_tables, texts

PAGE = "pages/history.py"


@pytest.fixture
def app(user_data: Path) -> AppTest:
    """The page over 27 records, and three in the bin."""
    made_history(user_data)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    return app.switch_page(PAGE).run()


@pytest.fixture
def cases(app: AppTest, user_data: Path) -> Cases:
    """The cases: an open one of three records, one of which is in the bin."""
    del app  # the records are there
    cases = Cases(user_data)
    case = cases.create("The harbour", description="From a *reader*")
    cases.add(case.id, [1, 2, 5])
    return cases


@pytest.fixture
def number(cases: Cases) -> int:
    """Number of that case."""
    return cases.listing()[0].id


def test_a_case_is_begun(app: AppTest, user_data: Path):
    """It opens, empty, and says how records come into it; no name is given twice."""
    at(app, PAGE, part="cases")
    assert "There is no case yet" in texts(app)

    for _ in range(2):
        app.text_input(key="history_new_name").input("The harbour")
        app.text_area(key="history_new_description").input("From a *reader*")
        (begin,) = [each for each in app.button if each.label == "Begin the case"]
        begin.click().run()
        if "opened_case" in app.query_params:
            assert app.header.values == ["The harbour"]
            assert r"From a \*reader\*" in texts(app)
            assert "No record is in this case yet" in texts(app)
            app.button(key="history_close_case").click().run()

    assert "There is a case 'The harbour' already" in app.error[0].value
    assert len(Cases(user_data).listing()) == 1
    assert row_tables(app)[0]["Case"].tolist() == ["The harbour"]
    assert not app.exception


def test_the_list_has_open_cases_first(app: AppTest, cases: Cases):
    """With their state, records and description."""
    cases.close(cases.create("Done").id)

    at(app, PAGE, part="cases")

    (table,) = row_tables(app)
    assert table["Case"].tolist() == ["The harbour", "Done"]
    assert table["State"].tolist() == ["open", "closed"]
    assert table["Records"].tolist() == ["2", "0"]
    app.segmented_control(key="history_part").set_value("records").run()
    assert len(opens(app)) == 27
    assert not app.exception


def test_a_case_shows_its_records(app: AppTest, number: int):
    """With scope and tags; one opens, and the way back leads to the case."""
    at(app, PAGE, part="cases", opened_case=str(number))
    assert opens(app) == [2, 1]
    assert "generators it never met" in texts(app)
    assert "Tags of its records: Press (2)" in texts(app)

    at(app, PAGE, part="cases", opened_case=str(number), record="2")
    assert app.header.values == [r"photo\_1.png"]
    app.button(key="history_close").click().run()

    assert app.header.values == ["The harbour"]
    assert not app.exception


def test_its_texts_are_changed_until_it_is_closed(app, cases: Cases, number: int):
    """Closed, it is read alone; open again, it is not."""
    at(app, PAGE, part="cases", opened_case=str(number))

    app.text_input(key=f"history_name_{number}").input("The port")
    app.button(key="history_texts").click().run()
    app.text_area(key=f"history_notes_{number}").input("Ask Ann.")
    app.button(key="history_notes").click().run()
    app.multiselect(key=f"history_tags_{number}").set_value(["Rotterdam"]).run()
    app.button(key="history_close_it").click().run()

    case = cases.get(number)
    assert (case.name, case.notes, case.is_open) == ("The port", "Ask Ann.", False)
    assert case.tags == ("Rotterdam",)
    assert "Tags: Rotterdam" in texts(app)
    assert not app.multiselect
    assert app.header.values == ["The port"]
    assert app.text_area(key=f"history_notes_{number}").disabled
    assert app.button(key="history_notes").disabled
    app.button(key="history_reopen").click().run()
    assert cases.get(number).is_open
    assert not app.exception


def test_a_record_is_put_in_and_taken_out(app: AppTest, cases: Cases, number: int):
    """By its own page; a closed case is left as it is."""
    at(app, PAGE, record="7")
    app.selectbox(key="history_case_7").set_value(number)
    app.button(key="history_join").click().run()
    assert cases.get(number).num_records == 3

    app.button(key=f"history_leave_{number}").click().run()
    assert cases.get(number).num_records == 2

    app.selectbox(key="history_case_7").set_value(0).run()
    app.button(key="history_join").click().run()
    assert "Expected a name for the case" in app.error[0].value
    app.text_input(key="history_case_7_new").input("Another")
    app.button(key="history_join").click().run()
    other, _ = cases.listing()
    assert (other.name, other.num_records) == ("Another", 1)

    cases.close(other.id)
    app.run()
    assert app.button(key=f"history_leave_{other.id}").disabled
    app.button(key=f"history_to_case_{other.id}").click().run()
    assert app.header.values == ["Another"]
    assert not app.exception


def test_all_that_match_are_put_in_tagged_and_binned(
    app: AppTest, cases: Cases, number: int, user_data: Path
):
    """Never those that do not match; from the bin they are taken back."""
    history = switched_on(user_data)
    wanted = HistoryFilter(decision="FAKE")
    matching = numbers_of(history, wanted)
    at(app, PAGE, decision="FAKE")

    app.button(key="history_join_all").click().run()
    assert "Put into the case: 9 records." in app.success[0].value
    app.text_input(key="history_tag_of_all").input("Wire")
    app.button(key="history_tag_all").click().run()
    assert "Tagged: 9 records." in app.success[0].value

    assert numbers_of(history, HistoryFilter(tag="Wire")) == matching
    inside = set(numbers_of(history, HistoryFilter(case="The harbour")))
    assert inside == {1, 2, *matching}
    assert cases.get(number).num_records == len(inside)
    app.button(key="history_bin_all").click().run()
    assert "9 records lie in the bin." in texts(app)
    assert numbers_of(history, wanted) == []
    app.button(key="history_undo").click().run()
    assert numbers_of(history, wanted) == matching
    assert not app.exception


def test_all_of_the_bin_are_taken_out(app: AppTest, user_data: Path):
    """By one click."""
    at(app, PAGE, in_bin="yes")

    app.button(key="history_restore_all").click().run()

    assert len(numbers_of(switched_on(user_data), HistoryFilter())) == 30
    assert len(opens(app)) == 30


def test_a_case_is_deleted_and_its_records_stay(app: AppTest, cases, number: int):
    """After a question; who opens it then is told."""
    at(app, PAGE, part="cases", opened_case=str(number))
    assert "Its records stay in the history" in texts(app)

    app.button(key="history_delete_case").click().run()

    assert cases.listing() == ()
    assert "There is no case yet" in texts(app)
    at(app, PAGE, part="cases", opened_case=str(number))
    assert f"no case {number}" in app.error[0].value
    app.button(key="history_close_case").click().run()
    app.segmented_control(key="history_part").set_value("records").run()
    assert len(opens(app)) == 27


def test_a_case_becomes_a_zip(open_app: OpenApp, user_data: Path):
    """With a report on each picture, which has its scope; or without, at once."""
    switched_on(user_data)
    app = open_app()
    app.file_uploader[0].upload("cat.jpg", made_data.jpeg(made_data.picture())).run()
    case = Cases(user_data).create("The *harbour*")
    Cases(user_data).add(case.id, [1])
    Cases(user_data).change(case.id, tags=["<b>port"])
    at(app, PAGE, part="cases", opened_case=str(case.id))

    app.button(key="history_zip_make").click().run(timeout=120)

    _, file, _ = app.session_state["history_zip"]
    with ZipFile(BytesIO(file)) as archive:
        assert "reports/1.html" in archive.namelist()
        report = archive.read("reports/1.html").decode()
        page = archive.read("index.html").decode()
    assert "cat.jpg" in report
    assert "generators it knows" in report
    assert 'href="reports/1.html"' in page
    assert "Tags: &lt;b&gt;port" in page
    assert [each.proto.label[:16] for each in app.get("download_button")] == [
        "Download the zip"
    ]
    app.checkbox(key="history_zip_reports").set_value(False).run()
    assert not app.get("download_button")
    app.button(key="history_zip_make").click().run()
    with ZipFile(BytesIO(app.session_state["history_zip"][1])) as archive:
        assert "reports/1.html" not in archive.namelist()
        assert "table.csv" in archive.namelist()
    assert not app.exception


def test_a_file_that_is_damaged_has_no_report(open_app: OpenApp, user_data: Path):
    """The others have; how far it is goes up to the end."""
    history = switched_on(user_data)
    history.switch(HistorySettings(on=True, originals=True))
    history.keep([made_record(0)])  # its file is no picture
    history.switch(HistorySettings(on=True))
    history.keep([made_record(1)])
    open_app()
    told: list[float] = []

    found = case_reports(
        bench(),
        [history.get(number) for number in (1, 2)],
        made=date(2026, 11, 27),
        progress=told.append,
    )

    assert set(found) == {2}
    assert told == sorted(told)
    assert told[0] == 0
    assert 0.5 < told[-1] <= 1
