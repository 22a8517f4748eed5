"""Engines: how SQLite, PostgreSQL and MySQL or MariaDB are opened, to behave alike.

A transaction that writes excludes every other one that writes from its beginning, and
one that reads sees the database as it was when it began.
"""

import json
import sqlite3
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from cifake_core.basics.errors import DatabaseUnavailableError
from cifake_core.basics.places import DATABASE_FILE, DATABASE_URL_VARIABLE, database_url

#: Name of the table in which a server's database says its schema; it has one row.
VERSION_TABLE: Final = "cifake_schema"
#: Execution option of a transaction that writes.
WRITES: Final = "writes"
#: Seconds to wait for another process that is writing, or for a server to answer.
PATIENCE: Final = 30

_DRIVERS: Final[Mapping[str, str]] = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
_ARGUMENTS: Final[Mapping[str, Mapping[str, object]]] = {
    "postgresql": {
        "connect_timeout": PATIENCE,
        "options": f"-c lock_timeout={PATIENCE * 1000}",
    },
    "mysql": {
        "connect_timeout": PATIENCE,
        "charset": "utf8mb4",
        "init_command": f"SET innodb_lock_wait_timeout = {PATIENCE}",
    },
}


def place_of(user_data: Path) -> URL:
    """URL of the user's database: the server that is named, or the file.

    Raises:
        DatabaseUnavailableError: If what is named is no URL of a known kind.
    """
    named = database_url()
    if not named:
        return URL.create("sqlite", database=str(user_data / DATABASE_FILE))
    try:
        url = make_url(named)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() not in _DRIVERS:
        kind = "no URL" if url is None else f"one of {url.get_backend_name()!r}"
        msg = (
            f"Expected a URL of PostgreSQL, MySQL or MariaDB in {DATABASE_URL_VARIABLE}"
            f", such as postgresql://user:password@host/database. Received {kind}."
        )
        raise DatabaseUnavailableError(msg)
    return url.set(drivername=_DRIVERS[url.get_backend_name()])


def told(url: URL) -> str:
    """Words for a database, without its password: "database /home/ann/cifake.db"."""
    if url.get_backend_name() == "sqlite":
        return f"database {url.database}"
    return f"database {url.render_as_string(hide_password=True)}"


def open_engine(url: URL) -> Engine:
    """Engine of a database, which is not asked anything yet.

    Raises:
        DatabaseUnavailableError: If the driver of the server is not installed.
    """
    writer = partial(json.dumps, allow_nan=False)
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url, connect_args={"timeout": PATIENCE}, json_serializer=writer
        )
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine
    kind = "postgresql" if url.get_backend_name() == "postgresql" else "mysql"
    try:
        engine = create_engine(
            url,
            connect_args=dict(_ARGUMENTS[kind]),
            isolation_level="REPEATABLE READ",
            pool_pre_ping=True,  # a server may have been restarted
            json_serializer=writer,
        )
    except ModuleNotFoundError as error:
        msg = (
            f"The {told(url)} needs the driver {error.name}, which is not installed. "
            "Install it with `pip install -r requirements-servers.txt`."
        )
        raise DatabaseUnavailableError(msg) from error
    event.listen(engine, "begin", _take_turn)
    return engine


def for_writing(engine: Engine) -> Engine:
    """The same engine for transactions that write."""
    options: dict[str, Any] = {WRITES: True}
    if engine.dialect.name != "sqlite":
        # what the one before has committed while this one waited for its turn is seen
        options["isolation_level"] = "READ COMMITTED"
    return engine.execution_options(**options)


def wait_at_most(connection: Connection, seconds: int) -> None:
    """Let a connection of SQLite, outside of a transaction, wait so long for others."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {seconds * 1000}")
    cursor.close()


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    """Let SQLite keep references, let readers go on, and let nothing deleted stay."""
    connection.isolation_level = None  # `_begin` says how a transaction begins
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA secure_delete = ON")  # pictures are a person's


def _begin(connection: Connection) -> None:
    """Begin a transaction of SQLite."""
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _take_turn(connection: Connection) -> None:
    """Wait until no other transaction of a server's writes: its one row is locked."""
    if connection.get_execution_options().get(WRITES, False):
        turn = f"SELECT version_num FROM {VERSION_TABLE} FOR UPDATE"  # noqa: S608 - ours
        connection.exec_driver_sql(turn).all()
