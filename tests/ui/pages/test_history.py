"""History: the switch, the listing and its filters, and the export, by AppTest."""

import csv
import io
import json
from datetime import date
from hashlib import sha256
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy import delete
from streamlit.testing.v1 import AppTest

from cifake_core.basics.database import writing
from cifake_core.basics.places import (
    DATABASE_URL_VARIABLE,
    database_exists,
    models_folder,
)
from cifake_core.cases.casework import Cases
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.history import History
from cifake_core.cases.tables import PictureRow
from cifake_core.jobs.retention.settings import Retention, read_retention
from cifake_core.ui.browse.history_address import from_query
from cifake_core.workbench import history as bench_of_history
from cifake_core.workbench.history import HistoryBench
from tests.made_history import made_history, made_record, numbers_of, switched_on
from tests.ui.reading import ROOT, alts, at, labels, opens, row_tables, texts

PAGE = "pages/history.py"
#: SHA-256 of the file of the record `photo_3.png`.
FILE_3 = sha256(b"file 3").hexdigest()


def open_page() -> AppTest:
    """The page, beside the networks that come with the product."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    return app.switch_page(PAGE).run()


@pytest.fixture
def app(user_data: Path) -> AppTest:
    """The page over 27 records, two of them in a case, and three in the bin."""
    made_history(user_data)
    cases = Cases(user_data)
    cases.add(cases.create("The harbour").id, [1, 2])
    return open_page()


def test_it_is_off_until_it_is_switched_on(user_data: Path):
    """It says what it would keep, where and for how long; looking makes no database."""
    app = open_page()
    assert "The history is off" in app.info[0].value
    assert user_data.name in texts(app)
    assert not database_exists(user_data)

    app.selectbox(key="history_days").set_value(30)
    app.button(key="history_on").click().run()
    assert "not the file itself" in texts(app)

    assert (
        HistoryBench(user_data, models_folder()).settings().on,
        app.info.values,
    ) == (True, [])
    assert HistoryBench(user_data, models_folder()).settings().days == 30
    assert "kept for 30 days" in app.expander[0].label
    assert "no records yet" in texts(app)
    assert not app.exception


def test_switched_off_it_keeps_what_is_there(app: AppTest, user_data: Path):
    """And says so."""
    app.button(key="history_off").click().run()

    assert not HistoryBench(user_data, models_folder()).settings().on
    assert "What was kept before stays" in app.info[0].value
    assert len(opens(app)) == 27
    assert not app.exception


def test_the_password_of_a_server_is_not_shown(user_data: Path, monkeypatch):
    """Its name is."""
    url = "postgresql://ann:secret@db.example/cases"
    monkeypatch.setenv(DATABASE_URL_VARIABLE, url)

    place = HistoryBench(user_data, models_folder()).place()

    assert "db.example" in place
    assert "secret" not in place


def test_records_have_their_scope(app: AppTest):
    """The newest stands first; below them all stands what the verdicts know."""
    newest, *_ = alts(app)
    assert newest.startswith("photo_29.png. UNSURE. Judged on 2026-04-28")
    assert len(opens(app)) == 27
    shown = texts(app)
    assert "generators it never met" in shown
    assert not row_tables(app)

    app.session_state["history_as_table"] = True
    app.run()

    (table,) = row_tables(app)
    assert table["File"].iloc[0] == "photo_29.png"
    assert not app.exception


def test_the_counts_are_the_filters(app: AppTest):
    """Each choice says how many it leaves, goes into the address, and leaves them."""
    box = app.selectbox(key="history_decision")
    assert box.options == [
        "any",
        "FAKE, like known fakes (9)",
        "No trace of known generators (9)",
        "UNSURE (9)",
    ]

    box.set_value("FAKE").run()

    assert app.query_params["decision"] == "FAKE"
    assert len(opens(app)) == 9
    assert "2D-CNN: REAL" in " ".join(app.selectbox(key="history_answer").options)
    app.button(key="history_clear").click().run()
    assert len(opens(app)) == 27


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ({"label": "REAL", "network": "cnn"}, {"label": "REAL", "network": "cnn"}),
        ({"finding": "CANT_SAY"}, {"finding": "CANT_SAY"}),
        ({"finding": "none", "tag": "Zürich"}, {"finding": "none", "tag": "Zürich"}),
        ({"text": "newspaper"}, {"text": "newspaper"}),
        ({"case": "The harbour"}, {"case": "The harbour"}),
        ({"name": "photo_3.png"}, {"name": "photo_3.png"}),
        ({"hash": FILE_3[:8].upper()}, {"hash": FILE_3[:8]}),
        ({"since": "2026-03-05"}, {"since": date(2026, 3, 5)}),
        ({"in_bin": "yes"}, {"in_bin": True}),
    ],
)
def test_the_address_filters(app: AppTest, user_data, address, wanted):
    """The page shows what the store finds, which is something but not all."""
    at(app, PAGE, **address)

    expected = numbers_of(switched_on(user_data), HistoryFilter(**wanted))
    assert opens(app) == expected
    assert 0 < len(expected) < 27
    assert not app.warning
    assert not app.exception


def test_a_month_is_all_its_days(app: AppTest):
    """Its filter still offers the others."""
    at(app, PAGE, since="2026-04-01", until="2026-04-30")

    assert "Judged on 2026-04-28" in alts(app)[0]
    assert "Judged on 2026-04-0" in alts(app)[-1]
    options = app.selectbox(key="history_month").options
    assert [each[:7] for each in options] == ["any", "2026-04", "2026-03"]


def test_days_out_of_order_are_told(app: AppTest):
    """The first holds, and the page is there."""
    at(app, PAGE, since="2026-04-01", until="2026-03-01")

    assert "Expected 2026-04-01 or later" in app.warning[0].value
    assert 0 < len(opens(app)) < 27
    assert not app.exception


def test_what_has_no_counts_is_asked_for(app: AppTest):
    """Days, a name and a hash go into the address, and say that they hold."""
    app.date_input(key="history_since").set_value(date(2026, 4, 1)).run()
    app.text_input(key="history_name").input(" photo_29.png ").run()

    assert app.query_params["since"] == "2026-04-01"
    assert app.query_params["name"] == "photo_29.png"
    assert opens(app) == [30]
    app.text_input(key="history_hash").input("nothing").run()
    assert "6 digits or more" in app.warning[0].value
    app.button(key="history_clear").click().run()
    assert len(opens(app)) == 27
    assert app.date_input(key="history_since").value is None
    assert not app.exception


def test_older_records_follow_page_by_page(user_data: Path):
    """None twice and none lost; one click leads back."""
    history = switched_on(user_data)
    history.keep([made_record(number) for number in range(70)])
    app = open_page()
    first = opens(app)

    app.button(key="history_more").click().run()

    assert first + opens(app) == list(range(70, 0, -1))
    assert "More, older ones" not in labels(app, "button")
    app.button(key="history_newest").click().run()
    assert opens(app) == first


def test_nothing_found_says_what_to_do(app: AppTest):
    """And the filters stay."""
    at(app, PAGE, text="nowhere")

    assert "Clear a filter" in app.info[0].value
    assert app.text_input(key="history_text").value == "nowhere"
    assert not app.exception


def test_bad_values_are_told_each(app: AppTest):
    """One sentence each, and the rest of the address holds."""
    at(app, PAGE, since="2026-13-01", after="x_1", record="0", decision="FAKE")

    assert len(app.warning) == 3
    assert len(opens(app)) == 9
    for text in ("9999-12-01", "\u0662026-01-01", "0000-01-01", "20260101", ""):
        assert from_query({"since": text})[1]
    for text in ("abc", "g" * 64, "a" * 65):
        assert from_query({"hash": text})[1]
    for text in ("2026-03-01T12:00:00_1_", "_", "2026-03-01_0"):
        assert from_query({"after": text})[1]


def test_a_view_is_filtered_by_what_leaves_records_out():
    """The bin is no filter, but another place."""
    views = [from_query(each)[0] for each in ({}, {"in_bin": "yes"}, {"tag": "x"})]

    assert [view.is_filtered for view in views] == [False, False, True]


def test_the_export_is_what_is_filtered(app: AppTest, user_data: Path, monkeypatch):
    """In three kinds of files, with the count; the cap is said."""
    at(app, PAGE, decision="FAKE")
    assert "All 9 records that match." in texts(app)
    bench, wanted = (
        HistoryBench(user_data, models_folder()),
        HistoryFilter(decision="FAKE"),
    )

    lines = bench.export(wanted, "jsonl").decode().splitlines()
    rows = list(csv.DictReader(io.StringIO(bench.export(wanted, "csv").decode())))
    table = pq.read_table(io.BytesIO(bench.export(wanted, "parquet")))

    assert [json.loads(line)["id"] for line in lines] == opens(app)
    assert [int(row["id"]) for row in rows] == opens(app)
    assert table["id"].to_pylist() == opens(app)
    monkeypatch.setattr(bench_of_history, "MOST_EXPORTED", 4)
    assert len(bench.export(wanted, "jsonl").splitlines()) == 4


def test_the_days_of_the_rest_are_chosen_here(app: AppTest, user_data: Path):
    """Those of pictures, the bin and jobs; nothing changes until it is clicked."""
    assert app.button(key="history_keep_so").disabled
    app.selectbox(key="history_keep_pictures").set_value(30)
    app.selectbox(key="history_keep_bin").set_value(7).run()
    assert read_retention(user_data) == Retention()

    app.button(key="history_keep_so").click().run()

    assert read_retention(user_data) == Retention(pictures=30, bin=7)
    assert app.button(key="history_keep_so").disabled
    assert not app.exception


def test_a_record_without_its_picture_is_shown(app: AppTest, user_data: Path):
    """The verdict stays when the picture went."""
    number = numbers_of(History(user_data), HistoryFilter())[0]
    with writing(user_data) as session:
        session.execute(delete(PictureRow).where(PictureRow.record_id == number))

    app.run()
    assert len(opens(app)) == 27
    assert not app.exception
    app.query_params["record"] = str(number)
    app.run()

    assert "FAKE" in texts(app) or "REAL" in texts(app) or "UNSURE" in texts(app)
    assert not app.exception
