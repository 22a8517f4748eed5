"""Filters of the history on every kind of database: pages and counts agree."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from cifake_core.basics.database import reading
from cifake_core.basics.errors import SettingError, UnknownNameError
from cifake_core.cases import selection, tables
from cifake_core.cases.filters import HistoryFilter, words_of
from cifake_core.cases.history import History
from cifake_core.cases.records import Counts, Cursor, HistoryRecord, read_cursor
from tests.made_history import (
    everything,
    made_history,
    made_record,
    numbers_of,
)

ALL = HistoryFilter()


@pytest.fixture
def history(database, user_data) -> History:
    """History of 30 records, on each kind of database."""
    assert database in ("sqlite", "postgresql", "mariadb")
    return made_history(user_data)


FILTERS = {
    "all": ALL,
    "decision": HistoryFilter(decision="REAL"),
    "network": HistoryFilter(network="cnn3d"),
    "label": HistoryFilter(label="REAL"),
    "network and label": HistoryFilter(network="cnn", label="REAL"),
    "nobody said so": HistoryFilter(network="ensemble", label="REAL"),
    "until the last day of all": HistoryFilter(until=date.max),
    "dates": HistoryFilter(since=date(2026, 3, 7), until=date(2026, 4, 2)),
    "a day": HistoryFilter(since=date(2026, 3, 7), until=date(2026, 3, 7)),
    "tag": HistoryFilter(tag="Press"),
    "tag and decision": HistoryFilter(tag="Press", decision="FAKE"),
    "no such tag": HistoryFilter(tag="press"),
    "finding": HistoryFilter(finding="REAL"),
    "no finding": HistoryFilter(finding="none", decision="REAL"),
    "name": HistoryFilter(name="photo_3.png"),
    "hash": HistoryFilter(hash=made_record(4).pixels_sha256),
    "beginning of a hash": HistoryFilter(hash=made_record(4).bytes_sha256[:9]),
    "word of a note": HistoryFilter(text="NEWSPAPER pag"),
    "word of a tag": HistoryFilter(text="zÜr"),
    "word of every name": HistoryFilter(text="photo"),
    "words and more": HistoryFilter(text="photo png", decision="FAKE", tag="Press"),
    "no such word": HistoryFilter(text="photo nobody"),
    "bin": HistoryFilter(in_bin=True),
    "bin and decision": HistoryFilter(in_bin=True, decision="FAKE"),
}


def lets_through(wanted: HistoryFilter, record: HistoryRecord) -> bool:
    """The filter once more, in plain words, for one record."""
    labels = [
        (each.network, each.label)
        for each in record.predictions.values()
        if wanted.network in (None, each.network) and wanted.label in (None, each.label)
    ]
    day = record.moment.date()
    finding = record.finding.opinion if record.finding else "none"
    words = words_of(record.name, record.note, *record.tags)
    hashes = (record.bytes_sha256, record.pixels_sha256)
    return (
        wanted.in_bin == (record.binned is not None)
        and wanted.decision in (None, record.decision)
        and bool(labels)
        and wanted.finding in (None, finding)
        and (wanted.since is None or day >= wanted.since)
        and (wanted.until is None or day <= wanted.until)
        and (wanted.tag is None or wanted.tag in record.tags)
        and (wanted.case is None or wanted.case in record.cases)
        and wanted.name in (None, record.name)
        and any(each.startswith(wanted.hash or "") for each in hashes)
        and all(any(w.startswith(each) for w in words) for each in wanted.words)
    )


def test_filters_give_pages_and_counts(history, monkeypatch):
    """Exactly those, the newest first; each count is what choosing it comes to."""
    rows = everything(history)
    for few in (selection.FEW, 3):  # many by then: the other way to look
        monkeypatch.setattr(selection, "FEW", few)
        for name, wanted in FILTERS.items():
            chosen = [each for each in rows if lets_through(wanted, each)]
            assert numbers_of(history, wanted) == [each.id for each in chosen], name
            if few > 3:
                assert_counts(history.counts(wanted), wanted, rows)


def assert_counts(counts: Counts, wanted: HistoryFilter, rows) -> None:
    """Check every count against the records one by one."""

    def number(**changes: object) -> int:
        changed = replace(wanted, **changes)
        return sum(lets_through(changed, each) for each in rows)

    assert not counts.capped
    assert counts.total == number()
    for decision in ("REAL", "FAKE", "UNSURE"):
        assert counts.decisions.get(decision, 0) == number(decision=decision)
    for network in ("cnn", "cnn3d", "ensemble"):
        for label in ("REAL", "FAKE"):
            found = counts.labels.get(network, {}).get(label, 0)
            assert found == number(network=network, label=label)
    for finding in ("REAL", "FAKE", "CANT_SAY", "none"):
        assert counts.findings.get(finding, 0) == number(finding=finding)
    for tag in ("Press", "Zürich"):
        assert counts.tags.get(tag, 0) == number(tag=tag)
    months = Counter(
        each.moment.strftime("%Y-%m") for each in rows if lets_through(wanted, each)
    )
    assert counts.months == months


def test_what_very_many_match_is_counted_among_the_newest(history, monkeypatch):
    """And it is said so."""
    monkeypatch.setattr(selection, "FEW", 4)
    monkeypatch.setattr("cifake_core.cases.counting.FEW", 4)

    counts = history.counts(HistoryFilter(text="photo"))

    assert counts.capped
    assert counts.total == 4


def test_a_page_stays_where_it_was_while_others_add(history):
    """The next page goes on after the last record, whatever came meanwhile."""
    first = history.page(ALL, limit=5)
    history.keep([replace(made_record(50), moment=datetime(2027, 1, 1, tzinfo=UTC))])

    second = history.page(ALL, after=first.following, limit=5)

    assert second.records[0].id == first.records[-1].id - 1


def test_counts_are_those_of_the_members(history, user_data):
    """Whatever was done, the numbers that are kept are what counting comes to."""
    history.annotations.find(3, "FAKE", reason="x")
    history.bin.put([1, 2, 3])
    history.bin.restore([2])
    history.bin.purge()
    m, c = tables.MemberRow, tables.CountRow

    with reading(user_data) as session:
        members = session.execute(
            select(m.set_id, m.kind_id, func.count()).group_by(m.set_id, m.kind_id)
        )
        kept = session.execute(
            select(c.set_id, c.kind_id, func.sum(c.n) / 2).group_by(c.set_id, c.kind_id)
        )
        assert sorted(map(tuple, members)) == sorted(
            (one, two, int(n)) for one, two, n in kept
        )
        assert session.scalars(select(c.n).where(c.n <= 0)).all() == []


def test_filters_that_cannot_be_are_told():
    """Before the database is asked."""
    for values, kind, sentence in (
        ({"decision": "MAYBE"}, UnknownNameError, "no decision called 'MAYBE'"),
        ({"label": "real"}, UnknownNameError, "no label called 'real'"),
        ({"finding": "so"}, UnknownNameError, "no finding called 'so'"),
        ({"hash": "xyz"}, SettingError, "6 to 64 digits"),
        ({"hash": "abc%"}, SettingError, "6 to 64 digits"),
        ({"text": "a " * 201}, SettingError, "at most 400 letters"),
        ({"since": date(2026, 2, 1), "until": date(2026, 1, 1)}, SettingError, "order"),
    ):
        with pytest.raises(kind, match=sentence):
            HistoryFilter(**values)


def test_a_place_is_read_as_it_was_written():
    """And nothing else is one."""
    place = Cursor(moment=datetime(2026, 3, 1, 12, 30, 1, 5, UTC), id=12)

    assert read_cursor(str(place)) == place
    for text in (
        "",
        "_",
        "12",
        "2026-03-01_0",
        "2026-03-01_\u0661",
        "x_1",
        f"{place}_1",
    ):
        with pytest.raises(SettingError, match="as a listing names it"):
            read_cursor(text)


def test_words_are_the_same_however_they_are_written():
    """Capital letters, ligatures and marks make no difference."""
    assert words_of("\uff26\uff35LLW_Straße, IMG-0042.JPG") == (
        "0042",
        "fullw",
        "img",
        "jpg",
        "strasse",
    )
    assert words_of("", " ._-") == ()
    assert words_of("x" * 50) == ("x" * 40,)
