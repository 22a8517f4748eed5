"""Made records of the history."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from cifake_core.basics.arrays import Rgb
from cifake_core.basics.labels import Decision
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.history import History
from cifake_core.cases.recording import new_record
from cifake_core.cases.records import HistoryRecord, NewRecord
from cifake_core.cases.settings import HistorySettings
from cifake_core.provenance.records import FileFacts, Generated
from tests.findings import verdict_of
from tests.made_files import FILE

#: The moment of the first record; the others follow by the hour.
BEGUN = datetime(2026, 3, 1, 12, tzinfo=UTC)
GENERATED = (Generated(where="PNG text", quote="a \0 cat", tool=None),)
WEIGHTS = {"cnn": "c" * 64, "cnn3d": "d" * 64, "ensemble": "e" * 64}


def picture(seed: int) -> Rgb:
    """Picture of 32x32 pixels that looks like no other: smooth, with a little noise."""
    random = np.random.RandomState(seed)
    coarse = random.randint(40, 216, (4, 4, 3)).astype(float)
    fine = np.kron(coarse, np.ones((8, 8, 1))) + random.normal(0, 4, (32, 32, 3))
    return fine.clip(0, 255).astype(np.uint8)


def made_record(  # noqa: PLR0913 - what a record differs in, by keyword
    number: int = 0,
    *,
    name: str | None = None,
    decision: Decision = "FAKE",
    logits: dict[str, float] | None = None,
    image: Rgb | None = None,
    facts: FileFacts | None = None,
) -> NewRecord:
    """Record of a verdict, `number` hours after the first."""
    verdict = verdict_of(
        logits or {"cnn": -2.0, "ensemble": -1.0 if decision == "FAKE" else 1.0},
        decision=decision,
        reasons=("They agree.",),
        image=picture(number) if image is None else image,
    )
    made = new_record(
        verdict,
        name=f"photo_{number}.png" if name is None else name,
        file=f"file {number}".encode(),
        source="page",
        weights=WEIGHTS,
        policy_sha256="a" * 64,
        facts=facts,
    )
    return replace(made, moment=BEGUN + timedelta(hours=number))


def switched_on(user_data: Path) -> History:
    """History that keeps what it is given."""
    history = History(user_data)
    history.switch(HistorySettings(on=True))
    return history


def made_history(user_data: Path) -> History:
    """History of 30 records over two months, with tags and findings, some binned."""
    made = switched_on(user_data)
    made.keep([odd_record(number) for number in range(30)])
    made.annotations.tag([1, 2, 3, 4, 5], "Press")
    made.annotations.tag([4, 5, 6], "Zürich")
    made.annotations.find(2, "REAL", reason="The photographer's own file.")
    made.annotations.find(9, "CANT_SAY", reason="Too small.")
    made.annotations.note(7, "Seen in a newspaper, page 3")
    made.bin.put([5, 10, 15])
    return made


def odd_record(number: int) -> NewRecord:
    """The record of that number, from 0: decisions, labels, files and days differ."""
    decision = ("FAKE", "REAL", "UNSURE")[number % 3]
    logits = {"cnn": -1.0 if number % 2 else 2.0, "ensemble": -3.0}
    if number % 5 == 0:
        logits["cnn3d"] = 1.0
    facts = replace(FILE, generated=GENERATED) if number % 2 == 0 else None
    made = made_record(number, decision=decision, logits=logits, facts=facts)
    return replace(made, moment=BEGUN + timedelta(days=2 * number, hours=number % 7))


def numbers_of(history: History, wanted: HistoryFilter, *, limit: int = 7) -> list[int]:
    """Numbers of all that a filter lets through, page by page."""
    found, after = [], None
    while True:
        page = history.page(wanted, after=after, limit=limit)
        found += [each.id for each in page.records]
        after = page.following
        if after is None:
            return found
        assert len(page.records) == limit


def everything(history: History) -> list[HistoryRecord]:
    """Every record, in the bin and out of it, the newest first."""
    rows = [*history.pages(HistoryFilter()), *history.pages(HistoryFilter(in_bin=True))]
    return sorted((each for part in rows for each in part), key=lambda r: -r.id)
