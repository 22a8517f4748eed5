"""Cases, on every kind of database, and the zip that a case becomes."""

import csv
import hashlib
import json
import re
from dataclasses import replace
from html import unescape
from zipfile import ZipFile

import pytest

from cifake_core.basics.errors import HistoryError
from cifake_core.cases.case_file import export_case
from cifake_core.cases.casework import Cases
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.history import History
from tests.made_history import made_record, switched_on
from tests.made_scopes import made_scope
from tests.stated import lacking


@pytest.fixture
def history(database, user_data) -> History:
    """History of six records, on each kind of database."""
    assert database
    made = switched_on(user_data)
    made.keep([made_record(number) for number in range(6)])
    return made


@pytest.fixture
def cases(user_data) -> Cases:
    """Cases in the same database."""
    return Cases(user_data)


def test_a_case_holds_records(history, cases):
    """They are found by it, counted by it, and stay where they are without it."""
    made = cases.create("  Press  ", description="What the agency sent.")
    other = cases.create("Other")
    assert (made.name, made.is_open, made.num_records) == ("Press", True, 0)

    cases.add(made.id, [1, 2, 3])
    cases.add(made.id, [3, 4])
    cases.add(other.id, [4])
    cases.remove(made.id, [1])
    history.bin.put([2])

    assert cases.get(made.id).num_records == 2
    assert history.get(4).cases == ("Other", "Press")
    wanted = HistoryFilter(case="Press")
    assert [each.id for each in history.page(wanted).records] == [4, 3]
    assert history.counts(HistoryFilter()).cases == {"Press": 2, "Other": 1}
    assert history.counts(wanted).cases == {"Press": 2, "Other": 1}
    assert [each.name for each in cases.listing()] == ["Press", "Other"]

    cases.delete(made.id)

    assert [each.name for each in cases.listing()] == ["Other"]
    assert history.get(3).cases == ()
    assert history.page(wanted).records == ()
    assert history.counts(HistoryFilter()).total == 5


def test_a_tag_in_a_case_is_counted_and_found(history, cases):
    """Two sets at once."""
    case = cases.create("Press")
    cases.add(case.id, [1, 2, 3])
    history.annotations.tag([2, 3, 4], "doubtful")

    wanted = HistoryFilter(case="Press", tag="doubtful")

    assert [each.id for each in history.page(wanted).records] == [3, 2]
    counts = history.counts(HistoryFilter(case="Press"))
    assert (counts.total, counts.tags) == (3, {"doubtful": 2})
    assert history.counts(wanted).total == 2


def test_texts_of_a_case_can_be_changed(cases, history):
    """Each alone; a new name is found at once."""
    case = cases.create("Press", description="old")
    cases.add(case.id, [1])

    changed = cases.change(case.id, name="Agency", notes="Called them.")

    assert (changed.name, changed.description, changed.notes) == (
        "Agency",
        "old",
        "Called them.",
    )
    assert changed.changed > case.changed
    assert history.get(1).cases == ("Agency",)


def test_a_case_has_tags_of_its_own(cases, history):
    """Sorted, each once, apart from those of its records; None leaves them."""
    case = cases.create("Press")
    cases.add(case.id, [1])
    history.annotations.tag([1], "doubtful")
    assert case.tags == ()

    changed = cases.change(case.id, tags=["press ", "2026", "press"])

    assert changed.tags == ("2026", "press")
    assert cases.change(case.id, notes="Called.").tags == ("2026", "press")
    assert [each.tags for each in cases.listing()] == [("2026", "press")]
    assert history.get(1).tags == ("doubtful",)
    with pytest.raises(HistoryError, match="name for the tag"):
        cases.change(case.id, tags=["a", " "])
    assert cases.change(case.id, tags=[]).tags == ()


def test_a_closed_case_is_read_alone(cases, history):
    """Until it is opened again; its records can still be found."""
    case = cases.create("Press")
    cases.add(case.id, [1])
    assert not cases.close(case.id).is_open

    for call in (
        lambda: cases.add(case.id, [2]),
        lambda: cases.remove(case.id, [1]),
        lambda: cases.change(case.id, notes="x"),
        lambda: cases.change(case.id, tags=["x"]),
    ):
        with pytest.raises(HistoryError, match=r"'Press' is closed\. Open it again"):
            call()

    assert history.page(HistoryFilter(case="Press")).records[0].id == 1
    assert cases.reopen(case.id).is_open
    assert cases.add(case.id, [2]).num_records == 2


def test_what_no_case_can_be_is_told(cases, history):
    """In one sentence each, and nothing changes."""
    case = cases.create("Press")
    other = cases.create("Other")
    assert history.get(1).cases == ()
    for call, sentence in (
        (lambda: cases.create("Press"), "a case 'Press' already"),
        (lambda: cases.change(other.id, name="Press"), "a case 'Press' already"),
        (lambda: cases.create(" "), "a name for the case"),
        (lambda: cases.create("x" * 201), "at most 200 letters"),
        (lambda: cases.change(case.id, notes="x" * 8001), "at most 8,000 letters"),
        (lambda: cases.add(case.id, [99]), "no record 99"),
        (lambda: cases.get(99), "no case 99"),
        (lambda: cases.delete(99), "no case 99"),
        (lambda: cases.close(99), "no case 99"),
    ):
        with pytest.raises(HistoryError, match=sentence):
            call()

    assert {each.name for each in cases.listing()} == {"Press", "Other"}


def test_without_a_database_there_is_no_case(user_data):
    """And none is made by looking."""
    assert Cases(user_data).listing() == ()
    with pytest.raises(HistoryError, match="no case 1"):
        Cases(user_data).get(1)
    assert list(user_data.iterdir()) == []


def test_a_case_becomes_a_zip_that_opens_offline(user_data, tmp_path):
    """A page, a table, pictures, reports and the hash of every file."""
    history, cases = switched_on(user_data), Cases(user_data)
    history.switch(replace(history.settings(), originals=True))
    kept = [made_record(n, name=f"=<b>{n}</b>/../x.png") for n in range(3)]
    history.keep(kept)
    case = cases.create("<script>Press", description="a & b")
    cases.add(case.id, [1, 3])
    history.annotations.find(3, "CANT_SAY", reason="Too <small>.")
    path = tmp_path / "case.zip"

    count = export_case(history, cases, case.id, path, reports={3: b"<p>report</p>"})

    assert count == 2
    with ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = files.pop("manifest.sha256").decode()
    assert manifest == "".join(
        f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)
    )
    assert set(files) == {
        *("index.html", "table.csv", "records.jsonl", "reports/3.html"),
        *(
            f"{folder}/{n}"
            for folder, n in (("pictures", "1.png"), ("pictures", "3.png"))
        ),
        *("originals/1.bin", "originals/3.bin"),
    }
    assert files["pictures/1.png"] == kept[0].png
    assert files["originals/3.bin"] == b"file 2"
    check_page(files)
    rows = list(csv.DictReader(files["table.csv"].decode().splitlines()))
    assert [row["id"] for row in rows] == ["3", "1"]
    assert rows[0]["path"] == "'=<b>2</b>/../x.png"
    lines = files["records.jsonl"].decode().splitlines()
    assert [json.loads(line)["path"] for line in lines] == [
        "=<b>2</b>/../x.png",
        "=<b>0</b>/../x.png",
    ]


def check_page(files: dict[str, bytes]) -> None:
    """Check that a page loads nothing from outside and leads to what is there."""
    page = files["index.html"].decode()
    assert "<script" not in page
    assert "&lt;script&gt;Press" in page
    assert "a &amp; b" in page
    assert "http:" not in page.lower()
    assert "https:" not in page.lower()
    links = set(re.findall(r'(?:href|src)="([^"]*)"', page))
    assert links <= {*files, "manifest.sha256"}
    assert {"reports/3.html", "pictures/1.png", "pictures/3.png"} <= links
    text = unescape(re.sub(r"<[^>]*>", " ", page))
    assert not lacking(text, made_scope("gan_resize", "flow"), {})
    assert "Can't say" in text
    assert "Too <small>." in text
