"""Sinks: the same rows as CSV, JSON Lines and Parquet."""

import csv
import json

import pytest
from pyarrow import parquet

from cifake_core.basics.errors import JobError
from cifake_core.basics.text import without_formula
from cifake_core.jobs.sinks.files import SINKS, check_sink
from cifake_core.verdicts.scope import scope_to_json
from tests.made_scopes import made_scope

SCOPE = made_scope("gan_resize", "flow")
JUDGED = {
    "path": "=HYPERLINK(1).jpg",
    "network": "cnn",
    "label": "REAL",
    "verdict": "REAL",
    "p_fake": 0.25,
    "p_real": 0.75,
    "reasons": ["One.", "Two."],
    "milliseconds": 1.25,
    "knows": ["Stable Diffusion 1.4"],
    **scope_to_json(SCOPE),
}
BAD = {"path": "bad.jpg", "error": "-1 is no picture."}
ROWS = [JUDGED, BAD]


def write(path):
    """Write the rows to a file; return it."""
    SINKS[path.suffix](lambda: iter(ROWS), path, scope=SCOPE)
    return path


def test_json_lines_are_the_rows(tmp_path):
    """Each as `predict --json` prints it."""
    lines = write(tmp_path / "a.jsonl").read_text("utf-8").splitlines()

    assert list(map(json.loads, lines)) == ROWS


def test_parquet_has_the_keys_as_columns(tmp_path):
    """Only those that there are; what a row lacks is null; the scope stands twice."""
    table = parquet.read_table(write(tmp_path / "a.parquet"))

    found = [
        {key: each for key, each in row.items() if each is not None}
        for row in table.to_pylist()
    ]
    assert found == ROWS
    assert "object_class" not in table.column_names
    assert table.schema.metadata[b"scope"].decode() == " ".join(SCOPE.sentences)


def test_csv_says_what_it_knows_and_computes_nothing(tmp_path):
    """No cell is a formula, and beside each answer stands what it knows."""
    with write(tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        judged, bad = csv.DictReader(file)

    assert judged["path"] == "'=HYPERLINK(1).jpg"
    assert bad["error"] == "'-1 is no picture."
    assert judged["reasons"] == "One. Two."
    assert judged["network_knows"] == "knows only Stable Diffusion 1.4"
    assert judged["headline"] == "No trace of the generators it knows"
    assert judged["scope"] == " ".join(SCOPE.sentences)
    assert bad["verdict"] == ""


@pytest.mark.parametrize(
    "cell", ["=1", "+1", "-1", "@a", "\ta", "\ra", "\nb", "\uff1da"]
)
def test_no_cell_begins_as_a_formula(cell):
    """Whatever a spreadsheet computes is text after an apostrophe."""
    assert without_formula(cell) == f"'{cell}"
    assert without_formula(f"a{cell}") == f"a{cell}"


def test_another_ending_is_refused(tmp_path):
    """The sentence names those that there are."""
    with pytest.raises(JobError, match=r"ends in \.txt. Expected .*\.csv, \.jsonl"):
        check_sink(tmp_path / "a.txt")
