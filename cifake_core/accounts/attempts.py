"""Attempts to log in: counted in the database, so that guessing takes ever longer.

They are counted for a name from one address, which keeps others from shutting the
owner out; for the address; and, from many more on, for the name from anywhere. A name
that nobody has is counted as well, and so tells nothing. Each counts before its
password is looked at, or many at once would all come through.
"""

import hashlib
import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cifake_core.accounts.errors import TooEarlyError
from cifake_core.accounts.tables import AttemptRow

#: Failures that cost nothing yet, by what they are counted for.
FREE: Final[Mapping[str, int]] = {"pair": 3, "address": 50, "name": 100}
#: After the next failure one second, then twice as long each time, at most this.
_LONGEST: Final = timedelta(minutes=15)
_DOUBLINGS: Final = 10
#: After a letter, and twice as long after each further one.
_LETTER: Final = timedelta(minutes=10)
#: After so long without another failure they are forgotten.
FORGET: Final = timedelta(days=1)


def forget(session: Session, *, now: datetime) -> None:
    """Forget attempts after which there was no other for long enough."""
    session.execute(delete(AttemptRow).where(AttemptRow.last < now - FORGET))


def charge(
    session: Session,
    email: str,
    source: str,
    *,
    is_known_here: bool = False,
    now: datetime,
) -> None:
    """Count an attempt as failed, unless it comes too early.

    Who is known at an address does not wait for what others have failed at there, such
    as those of the same school, or elsewhere.

    Args:
        session: of the transaction, which another attempt waits for.
        email: as it is kept.
        source: the address it comes from.
        is_known_here: somebody of that name has logged in from that address.
        now: when it comes.

    Raises:
        TooEarlyError: If those before it failed; nothing is counted then.
    """
    forget(session, now=now)
    subjects = _subjects(email, source)
    rows = {kind: session.get(AttemptRow, key) for kind, key in subjects.items()}
    asked = ("pair",) if is_known_here else rows.keys()
    wait = max(
        (row.not_before - now for kind in asked if (row := rows[kind])), default=None
    )
    if wait is not None and wait > timedelta():
        seconds = max(1, math.ceil(wait.total_seconds()))
        msg = f"Too many attempts to log in have failed. Try again in {seconds} s."
        raise TooEarlyError(msg, seconds=seconds)
    for kind, row in rows.items():
        if row is None:
            row = AttemptRow(subject=subjects[kind], num=0)  # noqa: PLW2901
            session.add(row)
        row.num += 1
        row.last = now
        row.not_before = now + _delay(row.num - FREE[kind])


def refund(session: Session, email: str, source: str, *, now: datetime) -> None:
    """Take back the attempt that succeeded; failures for that name are forgotten."""
    for kind, key in _subjects(email, source).items():
        row = session.get(AttemptRow, key)
        if row and kind == "address":  # somebody else's failures stay
            row.num -= 1
            row.not_before = now + _delay(row.num - FREE[kind])
        elif row:
            session.delete(row)


def charge_letter(session: Session, email: str, *, now: datetime) -> None:
    """Count a letter that somebody asks for, unless it comes too early.

    A name that nobody has is counted as well.

    Args:
        session: of the transaction.
        email: as it is kept.
        now: when it is asked for.

    Raises:
        TooEarlyError: If one was sent shortly before; nothing is counted then.
    """
    forget(session, now=now)
    row = session.get(AttemptRow, _digest("letter", email))
    if row is None:
        row = AttemptRow(subject=_digest("letter", email), num=0, not_before=now)
        session.add(row)
    if row.not_before > now:
        seconds = math.ceil((row.not_before - now).total_seconds())
        msg = f"A letter is on its way. Ask for another one in {seconds} s."
        raise TooEarlyError(msg, seconds=seconds)
    row.last, row.not_before = now, now + _LETTER * 2 ** min(row.num, _DOUBLINGS)
    row.num += 1


def refund_letter(session: Session, email: str) -> None:
    """Take back the count of letters, as one could not be sent."""
    subject = _digest("letter", email)
    session.execute(delete(AttemptRow).where(AttemptRow.subject == subject))


def _delay(excess: int) -> timedelta:
    """How long to wait after so many failures more than are free."""
    if excess <= 0:
        return timedelta()
    return min(timedelta(seconds=2 ** min(excess - 1, _DOUBLINGS)), _LONGEST)


def _subjects(email: str, source: str) -> dict[str, str]:
    """What is counted for, as SHA-256: a name may be a password in the wrong field."""
    texts = {"pair": f"{email}\n{source}", "address": source, "name": email}
    return {kind: _digest(kind, text) for kind, text in texts.items()}


def _digest(kind: str, text: str) -> str:
    """SHA-256 of what is counted for."""
    return hashlib.sha256(f"{kind}\n{text}".encode()).hexdigest()
