"""History writes that are killed: is every record whole, and none of them lost.

A process keeps, tags, bins and purges records for ever and is killed at a random
moment, N times over; the database is checked after each. `test_kills` does a few of
them on each kind of database, and 100 by

    CIFAKE_KILLS=100 pytest tests/cases/test_kills.py
"""

import contextlib
import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import func, select, text

from cifake_core.basics.database import reading
from cifake_core.basics.places import DATABASE_URL_VARIABLE
from cifake_core.cases import tables
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.history import History
from tests.made_history import made_record, switched_on

#: Seconds in which many transactions are done.
_SECONDS = 1.0
#: Records that are kept at once, so whole or not at all.
BATCH = 3
#: Starts processes that have imported all already, and opened no database.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.made_history"])


def write_for_ever(user_data: Path, url: str, told: Connection) -> None:
    """Keep records; each time, tell it when it is done."""
    os.environ[DATABASE_URL_VARIABLE] = url
    history = switched_on(user_data)
    run, number = time.time_ns(), 0
    while True:
        records = [
            made_record(number + each, name=f"{run}_{number}_{each}.png")
            for each in range(BATCH)
        ]
        numbers = history.keep(records)
        told.send(numbers)
        history.annotations.tag(numbers, f"tag {number % 4}")
        history.annotations.find(numbers[0], "FAKE", reason="because")
        history.bin.put(numbers[1:2])
        if number % 5 == 0:
            history.bin.purge()
        number += 1


def kill_once(user_data: Path, draw: np.random.RandomState) -> dict[int, int]:
    """Start a process that writes, and kill it.

    Args:
        user_data: of the history.
        draw: draws the moment.

    Returns:
        The place among its three of each record that it said was kept.
    """
    ours, theirs = _PROCESSES.Pipe(duplex=False)
    url = os.environ.get(DATABASE_URL_VARIABLE, "")
    writer = _PROCESSES.Process(target=write_for_ever, args=(user_data, url, theirs))
    writer.start()
    theirs.close()
    # only then it is in the midst of writing, however slow the machine is
    found = {number: place for place, number in enumerate(ours.recv())}
    time.sleep(draw.uniform(0, _SECONDS))
    writer.kill()
    writer.join()
    assert writer.exitcode == -signal.SIGKILL
    with contextlib.suppress(EOFError), ours:
        while True:
            found |= {number: place for place, number in enumerate(ours.recv())}
    return found


def check(user_data: Path, told: Mapping[int, int]) -> int:
    """Check that the database is whole, and no record lost; how many there are.

    Args:
        user_data: of the history.
        told: every record that was ever said to be kept, with its place.
    """
    m, c, r = tables.MemberRow, tables.CountRow, tables.RecordRow
    with reading(user_data) as session:
        if session.connection().dialect.name == "sqlite":
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        names = {row.id: row.name for row in session.execute(select(r.id, r.name))}
        there = set(names)
        binned = set(session.scalars(select(r.id).where(r.binned_at.is_not(None))))
        # purged are only the second of each three, which were put into the bin
        lost = {each for each, place in told.items() if place != 1} - there
        assert not lost, f"lost {sorted(lost)}"
        places = Counter(each.rpartition("_")[::2] for each in names.values())
        assert set(places.values()) <= {1}, "there twice"
        threes = {three for three, _ in places}
        assert {(three, f"{place}.png") for three in threes for place in (0, 2)} <= set(
            places
        ), "half of what came together"
        for row in (tables.PictureRow, tables.WordRow, m):
            column = row.record_id
            assert set(session.scalars(select(column))) == there, row.__tablename__
        grouped = select(m.set_id, m.kind_id, func.count()).group_by(
            m.set_id, m.kind_id
        )
        summed = select(c.set_id, c.kind_id, func.sum(c.n) / 2).group_by(
            c.set_id, c.kind_id
        )
        assert _sorted(session.execute(grouped)) == _sorted(session.execute(summed))
    history = History(user_data)
    assert history.counts(HistoryFilter()).total == len(there) - len(binned)
    assert history.counts(HistoryFilter(in_bin=True)).total == len(binned)
    return len(there)


def _sorted(rows: Any) -> list[tuple[int, ...]]:
    """Rows of numbers in order."""
    return sorted(tuple(map(int, row)) for row in rows)
