"""Export of the history: exactly what is filtered, in three formats."""

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cifake_core.basics.errors import SettingError, UnknownNameError
from cifake_core.cases.export import export
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.history import History
from tests.made_history import made_record, switched_on
from tests.made_scopes import made_scope
from tests.stated import lacking

ALL = HistoryFilter()
NASTY = '=HYPERLINK("http://x"),\n"@'


@pytest.fixture
def history(user_data) -> History:
    """History of 503 records: more than are read at once."""
    made = switched_on(user_data)
    names = {1: NASTY, 2: "+1", 3: "ä,ö.png"}
    made.keep(
        [
            made_record(
                number,
                name=names.get(number),
                decision="REAL" if number % 2 else "FAKE",
                logits={"cnn": 1.0} if number % 3 else {"cnn": -1.0, "ensemble": 2.0},
            )
            for number in range(503)
        ]
    )
    made.annotations.tag([2, 3], "=tag")
    made.annotations.note(2, "-1+cmd|' /C calc'!A0")
    made.annotations.find(3, "REAL", reason="@reason")
    return made


def rows_of(path, kind: str) -> list[dict[str, object]]:
    """What a file holds, row by row."""
    if kind == "csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    if kind == "jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return pq.read_table(path).to_pylist()


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_exactly_what_is_filtered_is_written(history, tmp_path, kind):
    """In every format, newest first, with the count."""
    wanted = HistoryFilter(decision="REAL", network="ensemble")
    path = tmp_path / f"history.{kind}"

    done = export(history, wanted, path, kind=kind)

    rows = rows_of(path, kind)
    numbers = [n for n in range(503, 0, -1) if (n - 1) % 2 and (n - 1) % 3 == 0]
    assert [int(row["id"]) for row in rows] == numbers
    assert done.count == len(numbers) == history.counts(wanted).total
    assert not done.capped
    assert done.sentence == f"{len(numbers)} records, all that match."
    assert {row["verdict"] for row in rows} == {"REAL"}


def test_a_cap_is_said(history, tmp_path):
    """And met only if more match."""
    path = tmp_path / "history.jsonl"

    capped = export(history, ALL, path, kind="jsonl", most=502)
    assert len(rows_of(path, "jsonl")) == capped.count == 502
    assert "newest 502 records; more match" in capped.sentence

    whole = export(history, ALL, path, kind="jsonl", most=503)
    assert len(rows_of(path, "jsonl")) == whole.count == 503
    assert not whole.capped
    page = export(history, ALL, path, kind="jsonl", most=500)  # as many as are read
    assert (page.count, page.capped) == (500, True)


def test_no_cell_is_a_formula(history, tmp_path):
    """Whatever a file, a tag, a note or a reason is called; and nothing is lost."""
    path = tmp_path / "history.csv"

    export(history, ALL, path, kind="csv")

    rows = {int(row["id"]): row for row in rows_of(path, "csv")}
    cells = [cell for row in rows.values() for cell in row.values()]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells)
    assert rows[2]["path"] == "'" + NASTY
    assert rows[2]["note"] == "'-1+cmd|' /C calc'!A0"
    assert rows[3]["tags"] == "'=tag"
    assert rows[3]["finding_reason"] == "'@reason"
    assert rows[4]["path"] == "ä,ö.png"
    assert (rows[1]["label_ensemble"], rows[2]["label_ensemble"]) == ("REAL", "")


def test_parquet_has_types(history, tmp_path):
    """Numbers are numbers, moments are moments, what is not there is null."""
    path = tmp_path / "history.parquet"

    export(history, ALL, path, kind="parquet")

    table = pq.read_table(path)
    assert table.schema.field("p_fake_cnn").type == pa.float64()
    assert table.schema.field("time").type == pa.timestamp("us", tz="UTC")
    last = table.to_pylist()[-2]
    assert last["path"] == NASTY
    assert last["label_ensemble"] is None
    assert last["time"] == history.get(2).moment


def test_no_answer_stands_without_its_scope(history, tmp_path):
    """Nor a probability, in a file of text."""
    scope = made_scope("gan_resize", "flow")
    known = {name: each.known for name, each in history.get(1).predictions.items()}
    for kind in ("csv", "jsonl"):
        path = tmp_path / f"history.{kind}"
        export(history, HistoryFilter(name="photo_6.png"), path, kind=kind)
        text = path.read_text("utf-8").replace("\\u00a0", " ")
        assert not lacking(text, scope, known)


def test_an_export_that_cannot_be_leaves_the_file_as_it_was(history, tmp_path):
    """A format or a cap that is none."""
    path = tmp_path / "history.csv"
    path.write_text("before")

    with pytest.raises(UnknownNameError, match="csv, jsonl, parquet"):
        export(history, ALL, path, kind="xlsx")
    with pytest.raises(SettingError, match="one record or more"):
        export(history, ALL, path, kind="csv", most=0)

    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_an_empty_table(user_data, tmp_path):
    """With its header, and without making a database."""
    for kind in ("csv", "jsonl", "parquet"):
        path = tmp_path / f"history.{kind}"
        assert export(History(user_data), ALL, path, kind=kind).count == 0
        assert rows_of(path, kind) == []
    assert list(user_data.iterdir()) == []
