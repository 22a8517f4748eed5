"""Schema: made and migrated where a database is opened, by one process at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, inspect

from cifake_core.basics.database.engines import (
    PATIENCE,
    VERSION_TABLE,
    for_writing,
    told,
    wait_at_most,
)
from cifake_core.basics.errors import DatabaseUnavailableError
from cifake_core.basics.files import write_whole
from cifake_core.basics.places import DATABASE_URL_VARIABLE, USER_DATA_VARIABLE

#: Number of the schema: that of the last script under `migrations/versions`.
SCHEMA: Final = 8
#: The schema before there were migrations, which SQLite's `user_version` alone tells.
_FIRST: Final = 1

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
#: Seconds to wait while another process migrates; many rows take long.
_PATIENCE: Final = 600
#: Name of a server's lock, and its number.
_LOCK: Final = "cifake-schema"
_LOCK_NUMBER: Final = 20_261_127


def bring_up(engine: Engine) -> None:
    """Make the tables of a new database, or migrate those of an older one.

    Of several processes one does it, the others wait. Before a file is migrated, it is
    copied to a file beside it, which says its schema.

    Raises:
        DatabaseUnavailableError: If the database is of a newer program, or not ours.
        OSError: If the copy cannot be written.
    """
    with engine.connect() as connection:
        found = _found(connection)
    if found < SCHEMA:
        with _alone(engine) as connection:
            found = _found(connection)  # again: another process may have done it
            if found < SCHEMA:
                _migrate(connection, found)
                found = SCHEMA
    if found > SCHEMA:
        msg = (
            f"The {told(engine.url)} is of schema {found}, this program knows schemas "
            f"up to {SCHEMA}. Update the program, or name another place in "
            f"{USER_DATA_VARIABLE} or {DATABASE_URL_VARIABLE}."
        )
        raise DatabaseUnavailableError(msg)


def copy_of(path: Path, schema: int) -> Path:
    """Place of the copy that was made of a file when it was of that schema."""
    return path.with_name(f"{path.name}.schema-{schema}")


def _found(connection: Connection) -> int:
    """Number of a database's schema, 0 if it is new."""
    if connection.dialect.name == "sqlite":
        held: Any = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        return int(held)
    if not inspect(connection).has_table(VERSION_TABLE):
        return 0
    query = f"SELECT version_num FROM {VERSION_TABLE}"  # noqa: S608 - our own name
    number = connection.exec_driver_sql(query).scalar_one_or_none()
    return int(number or 0)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Transaction in which no other process migrates.

    SQLite's and PostgreSQL's undo all of a migration that fails. In MySQL and MariaDB
    each step stays, so that scripts make what is not there yet, and can go on.
    """
    if engine.dialect.name == "sqlite":
        with for_writing(engine).connect() as connection:
            wait_at_most(connection, _PATIENCE)
            try:
                with connection.begin():
                    yield connection
            finally:
                wait_at_most(connection, PATIENCE)
        return
    options = {"isolation_level": "READ COMMITTED"}
    with engine.execution_options(**options).begin() as connection:
        if engine.dialect.name == "postgresql":
            patience = f"SET LOCAL lock_timeout = '{_PATIENCE}s'"
            connection.exec_driver_sql(patience)
            lock = f"SELECT pg_advisory_xact_lock({_LOCK_NUMBER})"
            connection.exec_driver_sql(lock)
            yield connection
            return
        lock = f"SELECT GET_LOCK('{_LOCK}', {_PATIENCE})"
        if connection.exec_driver_sql(lock).scalar_one() != 1:
            msg = (
                f"Another process has been migrating the {told(engine.url)} for "
                f"{_PATIENCE} s. Wait until it is done."
            )
            raise DatabaseUnavailableError(msg)
        try:
            yield connection
        finally:
            connection.exec_driver_sql(f"SELECT RELEASE_LOCK('{_LOCK}')").all()


def _migrate(connection: Connection, found: int) -> None:
    """Bring a database from the schema `found` to ours."""
    # only where there is something to migrate: half as slow to import as SQLAlchemy
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    is_file = connection.dialect.name == "sqlite"
    if is_file and found:
        _copy(Path(connection.engine.url.database or ""), found)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    if is_file and found == _FIRST:
        command.stamp(config, f"{_FIRST:04}")
    command.upgrade(config, "head")
    if is_file:
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")


def _copy(path: Path, found: int) -> None:
    """Copy a file of SQLite as it was committed last, by SQLite's own backup."""
    with (
        write_whole(copy_of(path, found)) as scratch,
        closing(sqlite3.connect(path)) as source,
        closing(sqlite3.connect(scratch)) as target,
    ):
        source.backup(target)
