"""Scope in every file that is handed out: tables and the report."""

import ast
import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pytest

from cifake_core.basics.places import CHECKOUT
from cifake_core.evaluation.game import Round, game_csv
from cifake_core.evaluation.selection import selection_csv
from cifake_core.jobs.sinks.files import write_csv
from cifake_core.papers import leaderboard
from cifake_core.reports.findings import Findings
from cifake_core.ui.pages.datasets.card import left_out_csv
from cifake_core.ui.widgets.texts import verdicts_csv
from tests.findings import FULL, KNOWN, page_of, verdict_of
from tests.made_scopes import made_scope
from tests.models import validation_scores
from tests.reports.test_page import words_of
from tests.stated import lacking

SCORES: Final = validation_scores("cnn", "c0ffee")
KNOWS: Final = "knows only Stable Diffusion 1.4"


def written_by_a_job() -> str:
    """The table of a job on one picture."""
    verdict = verdict_of({"cnn": 3.0}, decision="REAL")
    row = {"path": "a.png", **verdict.to_json("cnn")}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        write_csv(lambda: [row], path, scope=verdict.scope)
        return path.read_text("utf-8")


#: What writes a table, by its name: a call, with an answer REAL if it has answers.
TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "verdicts_csv": lambda: verdicts_csv(
        [("a.png", verdict_of({"cnn": 3.0}, decision="REAL"))]
    ),
    "selection_csv": lambda: selection_csv(
        SCORES, np.arange(3), threshold=0.5, knows=KNOWS
    ),
    "write_csv": written_by_a_job,
    "left_out_csv": lambda: left_out_csv([{"File": "a.png", "Why": "no picture"}]),
    "to_csv": lambda: leaderboard.to_csv({}),
    "game_csv": lambda: game_csv(
        [Round(game=1, number=1, guesses=(0.8,))], {"cnn": SCORES}, knows={"cnn": KNOWS}
    ),
}


def test_every_table_is_walked():
    """A new function that writes a table has its row here."""
    functions = {
        node.name
        for path in (CHECKOUT / "cifake_core").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.endswith("_csv")
    }

    assert functions == set(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_no_table_has_a_probability_alone(name):
    """Beside each column with a probability of REAL one says what its network knows."""
    text = TABLES[name]()
    rows = list(csv.DictReader(io.StringIO(text)))

    assert rows
    for row in rows:
        columns = [column for column in row if column.endswith("p_real")]
        if not columns:
            assert "REAL" not in row.values()
            continue
        assert KNOWS in [row[column] for column in row if column.endswith("knows")]
        if "verdict" in row:
            assert row["scope"] == " ".join(made_scope("gan_resize", "flow").sentences)
            assert row["headline"] == "No trace of the generators it knows"


@pytest.mark.parametrize("decision", ["REAL", "FAKE", "UNSURE"])
def test_the_report_has_the_scope(decision):
    """A page that is sent on says what its verdict rests on."""
    logits = {"cnn": 3.0, "cnn3d": 2.0, "ensemble": 4.0}
    verdict = verdict_of(logits, decision=decision)
    findings = Findings(verdict=verdict, stability=FULL.stability)

    words = words_of(page_of(findings))

    assert lacking(words, verdict.scope, KNOWN) == []


def test_a_report_without_scope_is_found():
    """Take the sentences away, and the walk says what is lacking."""
    verdict = verdict_of({"cnn": 3.0}, decision="REAL")
    words = words_of(page_of(Findings(verdict=verdict)))
    for sentence in verdict.scope.sentences:
        words = words.replace(" ".join(sentence.split()), "")

    assert len(lacking(words, verdict.scope, KNOWN)) == 2
