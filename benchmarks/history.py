"""History of a million records beside one of ten thousand: pages, filters, counts.

Run from the checkout; it takes some minutes and some GB in a temporary folder:

    python -m benchmarks.history [FOLDER]

Both are filled by statements of SQLite, over the same year; the million is
kept in FOLDER, if that is named, for the next time. Each question is asked of both in
turns. Prints one Markdown table: medians in milliseconds, and their ratio.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from sqlalchemy import text

from cifake_core.basics.database import reading, writing
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.history import History
from cifake_core.cases.kinds import Kind, Kinds
from cifake_core.cases.settings import HistorySettings
from cifake_core.cases.tables import RecordRow
from tests.made_history import made_record

#: Records of the two histories.
FEW: Final = 10_000
MANY: Final = 1_000_000
#: How often each question is asked of each.
_TURNS: Final = 15
#: Kinds are drawn so often, and then by their share.
_SLOTS: Final = 1000
_BEGUN: Final = datetime(2026, 1, 1, tzinfo=UTC)
_YEAR: Final = 365 * 24 * 3600
_TAG: Final = "doubtful"

QUESTIONS: Final = {
    "all": HistoryFilter(),
    "decision": HistoryFilter(decision="UNSURE"),
    "network and label": HistoryFilter(network="cnn_multi", label="FAKE"),
    "dates": HistoryFilter(since=date(2026, 3, 1), until=date(2026, 4, 30)),
    "tag and decision": HistoryFilter(tag=_TAG, decision="REAL"),
    "finding": HistoryFilter(finding="CANT_SAY"),
    "name": HistoryFilter(name="photo_77.png"),
    "word of few": HistoryFilter(text="photo 777"),
    "word of all, decision": HistoryFilter(text="photo", decision="FAKE"),
}


def fill(user_data: Path, count: int) -> None:
    """Fill an empty history with so many records, evenly over a year."""
    history = History(user_data)
    history.switch(HistorySettings(on=True))
    history.keep([replace(made_record(0), moment=_BEGUN)])  # all that the rest has too
    history.annotations.tag([1], _TAG)
    draw = np.random.RandomState(0)
    with writing(user_data) as session:
        kinds = Kinds(session)
        slots = [kinds.number(_drawn(draw)) for _ in range(_SLOTS)]
        connection = session.connection()
        connection.exec_driver_sql("CREATE TEMP TABLE slots (slot PRIMARY KEY, kind)")
        connection.exec_driver_sql(
            "INSERT INTO slots VALUES (?, ?)", list(enumerate(slots))
        )
        for statement in _FILLING:
            values = {"count": count, "begun": _BEGUN.timestamp(), "year": _YEAR}
            session.execute(text(statement), values | {"slots": _SLOTS, "tag": _TAG})
            print(".", end="", file=sys.stderr, flush=True)


def _drawn(draw: np.random.RandomState) -> Kind:
    """Kind of a record: rarely one with a finding."""
    labels = tuple(
        (name, ("FAKE", "REAL")[draw.randint(2)])
        for name in ("cnn", "cnn3d", "cnn_multi", "ensemble")
    )
    decision = ("FAKE", "REAL", "UNSURE")[draw.choice(3, p=[0.5, 0.4, 0.1])]
    finding = ("", "FAKE", "CANT_SAY")[draw.choice(3, p=[0.99, 0.007, 0.003])]
    return Kind(decision, labels, finding)


#: Every record is the first one, but for these columns; one of ten has a tag.
_OWN: Final = {
    "id": "i",
    "kind_id": "kind",
    "moment": (
        "strftime('%Y-%m-%d %H:%M:%f000', :begun + :year * i / :count, 'unixepoch')"
    ),
    "name": "'photo_' || i || '.png'",
    "bytes_sha256": "lower(hex(randomblob(32)))",
    "pixels_sha256": "lower(hex(randomblob(32)))",
    **{f"band{number}": "random() & 65535" for number in range(4)},
}
_COLUMNS: Final = RecordRow.__table__.columns.keys()
_FILLING: Final = (
    f"""WITH RECURSIVE n (i) AS
        (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
    INSERT INTO history_records ({", ".join(_COLUMNS)})
    SELECT {", ".join(_OWN.get(column, column) for column in _COLUMNS)}
    FROM n JOIN slots ON slot = i * 7919 % :slots
    JOIN history_records ON id = 1""",  # noqa: S608 - nobody else's words
    """INSERT INTO history_pictures SELECT records.id, png, original
    FROM history_records AS records JOIN history_pictures ON record_id = 1
    WHERE records.id > 1""",
    """INSERT INTO history_words SELECT word, id FROM history_records JOIN
    (SELECT 'photo' AS word UNION ALL SELECT 'png') WHERE id > 1""",
    """INSERT OR IGNORE INTO history_words SELECT CAST(id AS TEXT), id
    FROM history_records WHERE id > 1""",
    """INSERT INTO history_members SELECT sets.id, kind_id, moment, records.id
    FROM history_records AS records JOIN history_sets AS sets ON what = 'all'
    WHERE records.id > 1""",
    """INSERT INTO history_members SELECT sets.id, kind_id, moment, records.id
    FROM history_records AS records JOIN history_sets AS sets
    ON what = 'tag' AND sets.name = :tag
    WHERE records.id > 1 AND records.id % 10 = 0""",
    "DELETE FROM history_counts",
    """INSERT INTO history_counts SELECT set_id, kind_id, 'M' || substr(moment, 1, 7),
    count(*) FROM history_members GROUP BY 1, 2, 3""",
    """INSERT INTO history_counts SELECT set_id, kind_id, 'D' || substr(moment, 1, 10),
    count(*) FROM history_members GROUP BY 1, 2, 3""",
)


def questions() -> Iterator[tuple[str, Callable[[History], object]]]:
    """What is asked of a history, by name."""
    for name, wanted in QUESTIONS.items():
        yield f"page: {name}", lambda history, w=wanted: history.page(w)
        yield f"counts: {name}", lambda history, w=wanted: history.counts(w)
    wanted = QUESTIONS["decision"]
    yield "a page in the middle", lambda history: _middle(history, wanted)
    yield "the same picture", lambda history: history.same("ab" * 32)
    yield "nearly the same", lambda history: history.similar("0123456789abcdef")


def _middle(history: History, wanted: HistoryFilter) -> object:
    """Page of the records before the middle of the year."""
    from cifake_core.cases.records import Cursor

    at = Cursor(moment=_BEGUN + timedelta(seconds=_YEAR / 2), id=0)
    return history.page(wanted, after=at)


def seconds(ask: Callable[[History], object], history: History) -> float:
    """Time of a question."""
    started = time.perf_counter()
    ask(history)
    return time.perf_counter() - started


def measure(few: History, many: History) -> None:
    """Ask both in turns, and print the table."""
    print(f"| question | {FEW:,} records, ms | {MANY:,} records, ms | ratio |")
    print("| --- | --- | --- | --- |")
    for name, ask in questions():
        times: dict[History, list[float]] = {few: [], many: []}
        for _ in range(_TURNS + 1):
            for history, own in times.items():
                own.append(seconds(ask, history))
        # the first of each opens files and compiles statements
        one, other = (statistics.median(own[1:]) for own in times.values())
        cells = (name, f"{one * 1000:.1f}", f"{other * 1000:.1f}", f"{other / one:.2f}")
        print(f"| {' | '.join(cells)} |", flush=True)


def filled(user_data: Path, count: int) -> History:
    """History of so many records in a folder, which is filled unless it is."""
    user_data.mkdir(parents=True, exist_ok=True)
    history = History(user_data)
    if history.counts(HistoryFilter()).total != count:
        fill(user_data, count)
    with reading(user_data) as session:
        size = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
    print(f"{count:,} records, {size * 4096 / 2**20:,.0f} MiB", file=sys.stderr)
    return history


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        named = Path(*sys.argv[1:2] or [scratch])
        measure(filled(named / "few", FEW), filled(named / "many", MANY))
