"""Sessions of the user's database: one that reads, one that writes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from cifake_core.basics.database.engines import (
    PATIENCE,
    for_writing,
    open_engine,
    place_of,
    told,
    wait_at_most,
)
from cifake_core.basics.database.schema import bring_up
from cifake_core.basics.errors import DatabaseUnavailableError
from cifake_core.basics.places import (
    DATABASE_FILE,
    database_url,
)
from cifake_core.basics.places import (
    database_exists as exists,
)

__all__ = ["exists", "forget_deleted", "reading", "writing"]

#: Databases that are open; a server has one.
_MAX_OPEN: Final = 4


class _Open(NamedTuple):
    """Engines of one database that is of our schema."""

    reads: Engine
    writes: Engine


_open: dict[tuple[str, int], _Open] = {}
_opening: Final = threading.Lock()


@contextmanager
def reading(user_data: Path) -> Iterator[Session]:
    """Session that sees the database as it is now; it must exist.

    Raises:
        DatabaseUnavailableError: If it is damaged, of a newer program or out of reach.
    """
    with _sentences(user_data), Session(_engines(user_data).reads) as session:
        yield session


@contextmanager
def writing(user_data: Path) -> Iterator[Session]:
    """Session of one transaction, which no other writes beside; made at need.

    What is raised inside undoes all of it.

    Raises:
        DatabaseUnavailableError: If it is damaged, of a newer program, out of reach,
            cannot be written or stays locked by another process.
    """
    with _sentences(user_data):
        user_data.mkdir(parents=True, exist_ok=True)
        with Session(_engines(user_data).writes) as session, session.begin():
            yield session


def forget_deleted(user_data: Path) -> None:
    """Let nothing that was deleted stay in the file that SQLite writes to first.

    In the database's own file it is overwritten at once. Where somebody is still
    reading it stays until another call, or until all is closed.

    Raises:
        DatabaseUnavailableError: As for `reading`.
    """
    with _sentences(user_data):
        engine = _engines(user_data).reads
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                wait_at_most(connection, 1)
                cursor = connection.connection.cursor()  # outside of a transaction
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                cursor.close()
                wait_at_most(connection, PATIENCE)


@contextmanager
def _sentences(user_data: Path) -> Iterator[None]:
    """Context in which what a database raises is a sentence."""
    try:
        yield
    except (DBAPIError, PoolTimeoutError) as error:
        url = place_of(user_data)
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        remedy = (
            "Wait until no other process writes there, or put back a copy of the file."
            if url.get_backend_name() == "sqlite"
            else "Check that the server runs and lets this user in and write."
        )
        msg = f"The {told(url)} cannot be used: {reason.rstrip('.')}. {remedy}"
        raise DatabaseUnavailableError(msg) from error


def _engines(user_data: Path) -> _Open:
    """Engines of the user's database, kept as long as the file is the same one."""
    named = database_url()
    path = user_data / DATABASE_FILE
    with _opening:
        found = _open.pop(_key(named, path), None) or _opened(place_of(user_data))
        _open[_key(named, path)] = found  # the last used stands last
        while len(_open) > _MAX_OPEN:
            _close(_open.pop(next(iter(_open))).reads)
        return found


def _close(engine: Engine) -> None:
    """Close an engine: at once what is free, what a thread uses when it gives it back.

    SQLAlchemy leaves the latter to the garbage collector.
    """

    def close(connection: DBAPIConnection | None, _: ConnectionPoolEntry) -> None:
        if connection is not None:  # it is None if the server had closed it
            connection.close()

    event.listen(engine.pool, "checkin", close)
    engine.dispose()


def _key(named: str, path: Path) -> tuple[str, int]:
    """What tells a database from another: its URL, or its file and inode."""
    if named:
        return named, 0
    try:
        return str(path), path.stat().st_ino
    except FileNotFoundError:
        return str(path), 0


def _opened(url: URL) -> _Open:
    """Engines of a database, which is made or migrated at need."""
    engine = open_engine(url)
    try:
        bring_up(engine)
    except BaseException:
        engine.dispose()
        raise
    return _Open(engine, for_writing(engine))
