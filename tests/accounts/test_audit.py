"""Audit: whatever is changed, removed or inserted is found, on every database."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from cifake_core.accounts.audit import Audit, _digest, note
from cifake_core.accounts.errors import AccountError
from cifake_core.accounts.tables import AuditEndRow, AuditRow
from tests.accounts.conftest import ROOT, added


def written(store, clock, num: int = 6) -> Audit:
    """Audit of so many lines, an hour apart."""
    for number in range(num):
        with store.writing() as session:
            note(
                session,
                now=clock(),
                who=ROOT,
                action="test",
                subject=f"Z\u00fcrich {number}",
            )
        clock.go(hours=1)
    return Audit(store)


@pytest.mark.usefixtures("database")
def test_the_chain_holds(store, clock):
    """As long as nobody touches it; an audit without lines holds, too."""
    assert Audit(store).verify() == (0, "")

    audit = written(store, clock)

    num, digest = audit.verify()
    lines = [*audit.lines()]
    assert (num, digest) == (6, lines[-1].digest)
    assert [each.number for each in lines] == [1, 2, 3, 4, 5, 6]
    assert [each.number for each in audit.lines(newest=2)] == [6, 5]
    assert audit.verify(lines[2].digest) == (6, digest)
    with pytest.raises(AccountError, match="written anew"):
        audit.verify("0" * 64)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("who", "mallory"),
        ("subject", "else"),
        ("result", "refused"),
        ("source", "elsewhere"),
        ("action", "login"),
        ("previous", "0" * 64),
        ("digest", "0" * 64),
        ("moment", None),
    ],
)
def test_a_changed_line_is_found(store, clock, column, value):
    """In whatever column."""
    audit = written(store, clock)
    with store.writing() as session:
        new = clock() if column == "moment" else value
        session.execute(
            update(AuditRow).where(AuditRow.number == 3).values({column: new})
        )

    with pytest.raises(AccountError, match=r"line [34]"):
        audit.verify()


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("number", [1, 3, 6])
def test_a_removed_line_is_found(store, clock, number):
    """The first, one between, and the last."""
    audit = written(store, clock)
    with store.writing() as session:
        session.execute(delete(AuditRow).where(AuditRow.number == number))

    with pytest.raises(AccountError, match="does not hold"):
        audit.verify()


def test_an_inserted_line_is_found(store, clock):
    """At the end, and between with those after it counted on."""
    audit = written(store, clock)
    with store.writing() as session:
        last = session.get(AuditRow, 6)
        session.add(_copy(last, number=7, previous=last.digest))
    with pytest.raises(AccountError, match="added after it"):
        audit.verify()

    with store.writing() as session:
        session.execute(delete(AuditRow).where(AuditRow.number == 7))
        for row in [*session.scalars(select(AuditRow).where(AuditRow.number > 3))][
            ::-1
        ]:
            row.number += 1
            session.flush()
        third = session.get(AuditRow, 3)
        session.add(_copy(third, number=4, previous=third.digest))
    with pytest.raises(AccountError, match="line 5"):
        audit.verify()


def test_an_audit_written_anew_is_found_by_a_digest_kept_elsewhere(store, clock):
    """By it alone: without a secret nothing else can tell."""
    audit = written(store, clock)
    _, known = audit.verify()
    with store.writing() as session:
        before = ""
        for row in session.scalars(select(AuditRow).order_by(AuditRow.number)):
            row.who, row.previous = "mallory", before
            before = row.digest = _digest(row)
        session.get(AuditEndRow, 1).digest = before

    audit.verify()
    with pytest.raises(AccountError, match="written anew"):
        audit.verify(known)


@pytest.mark.usefixtures("database")
def test_odd_letters_are_kept_or_marked(store, clock):
    """A line says what was asked, and looks like no two lines."""
    odd = "a\x00b\nc\x1b[2J\udc80 Z\u00fcrich \U0001f980 "
    with store.writing() as session:
        note(session, now=clock(), who=ROOT, action="test", subject=odd * 99)

    (line,) = Audit(store).lines()

    assert Audit(store).verify()[0] == 1
    assert line.subject[:24] == "a?b?c?[2J? Z\u00fcrich \U0001f980 a?b?"
    assert len(line.subject) == 500


@pytest.mark.usefixtures("database")
def test_what_is_forgotten_is_told(store, clock):
    """The chain holds from there on; a line less and it does not."""
    audit = written(store, clock)
    until = clock() - timedelta(hours=3)

    assert audit.forget(until, by=ROOT) == 3
    assert audit.forget(until, by=ROOT) == 0
    assert [each.number for each in audit.lines()] == [4, 5, 6, 7]
    assert audit.verify()[0] == 4
    with store.writing() as session:
        session.execute(delete(AuditRow).where(AuditRow.number == 4))

    with pytest.raises(AccountError, match="does not hold"):
        audit.verify()


@pytest.mark.usefixtures("database")
def test_lines_written_at_once_follow_each_other(store):
    """None lost, none twice."""
    threads = [
        threading.Thread(
            target=added, args=(store, f"{number}@example.org"), daemon=True
        )
        for number in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Audit(store).verify()[0] == 12


def _copy(row: AuditRow, *, number: int, previous: str) -> AuditRow:
    """A forged line, right in itself."""
    names = ("moment", "who", "source", "action", "subject", "result")
    forged = AuditRow(
        **{name: getattr(row, name) for name in names},
        number=number,
        previous=previous,
        digest="",
    )
    forged.digest = _digest(forged)
    return forged
