"""Migrations of the user's database, on every kind: made, taken over, refused."""

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, LargeBinary, insert, select, text

from cifake_core.accounts import tables as _accounts
from cifake_core.basics.database import SCHEMA, Base, reading, writing
from cifake_core.basics.database.engines import VERSION_TABLE, open_engine, place_of
from cifake_core.basics.database.schema import _MIGRATIONS, copy_of
from cifake_core.basics.database.sessions import _opening
from cifake_core.basics.errors import DatabaseUnavailableError
from cifake_core.basics.places import CHECKOUT, DATABASE_FILE
from cifake_core.cases import tables as _cases
from cifake_core.jobs.queue import tables as _jobs
from cifake_core.versions.tables import FolderRow, VersionRow
from tests.made_database import forget, put_folder, roots

#: The tables as they were made before there were migrations.
_SCHEMA_1 = """
CREATE TABLE model_folders (
    root VARCHAR(700) NOT NULL, last_number INTEGER NOT NULL, PRIMARY KEY (root)
);
CREATE TABLE versions (
    root VARCHAR(700) NOT NULL, number INTEGER NOT NULL, network VARCHAR(64) NOT NULL,
    parent INTEGER, model_sha256 VARCHAR(64) NOT NULL, recipe JSON NOT NULL,
    datasets JSON NOT NULL, metrics JSON NOT NULL, gate JSON,
    state VARCHAR(64) NOT NULL, created DATETIME NOT NULL, changed DATETIME NOT NULL,
    who VARCHAR(64) NOT NULL, why VARCHAR(4000) NOT NULL,
    in_use INTEGER GENERATED ALWAYS AS (CASE WHEN state = 'in use' THEN 1 END) STORED,
    PRIMARY KEY (root, number), UNIQUE (root, in_use),
    FOREIGN KEY(root) REFERENCES model_folders (root)
);
INSERT INTO model_folders VALUES ('', 7);
INSERT INTO versions (root, number, network, model_sha256, recipe, datasets, metrics,
    state, created, changed, who, why) VALUES ('', 7, 'cnn', 'abc', '{"epochs": 3}',
    '{}', '{}', 'in use', '2026-01-02 03:04:05.678900', '2026-01-02 03:04:05.678900',
    'ann', 'because');
PRAGMA user_version = 1;
"""

#: A record as schema 4 has it, a statement for each of its rows.
_RECORD_OF_SCHEMA_4 = """
INSERT INTO history_kinds (id, decision, labels, finding, in_bin)
    VALUES (3, 'FAKE', '', '', false);
INSERT INTO history_systems (id, digest, program, policy_sha256, weights, known, scope)
    VALUES (1, 'd', 'p', '', '{}', '{}', '[]');
INSERT INTO history_records (id, kind_id, system_id, moment, source, name, bytes_sha256,
    pixels_sha256, band0, band1, band2, band3, reasons, predictions, note,
    finding_reason) VALUES (1, 3, 1, '2026-01-02 03:04:05.000000', 'page', 'a.png', 'b',
    'c', 0, 0, 0, 0, '[]', '[]', '', '');
INSERT INTO history_sets (id, what, name) VALUES (1, 'all', '');
INSERT INTO history_members (set_id, kind_id, moment, record_id)
    VALUES (1, 3, '2026-01-02 03:04:05.000000', 1)
"""


def put_schema_1(user_data) -> None:
    """A database of a program before there were migrations, with a version in use."""
    file = sqlite3.connect(user_data / DATABASE_FILE)
    file.executescript("PRAGMA journal_mode = WAL;" + _SCHEMA_1)
    file.close()


@pytest.mark.usefixtures("database")
def test_the_tables_are_those_that_are_declared(user_data):
    """The scripts and the classes agree, on every kind of database."""
    declared = (_cases.RecordRow, _jobs.JobRow, _accounts.UserRow)
    assert {each.metadata for each in declared} == {Base.metadata}
    with reading(user_data) as session:
        context = MigrationContext.configure(
            session.connection(),
            opts={"version_table": VERSION_TABLE, "compare_type": _differs},
        )

        found = compare_metadata(context, Base.metadata)

    assert [
        each for each in found if each[0] not in ("add_index", "remove_index")
    ] == []


def _differs(context, _inspected, _declared, _was, now):
    """MariaDB keeps JSON as text, and calls a long BLOB by another name."""
    if context.dialect.name == "mariadb" and isinstance(now, JSON | LargeBinary):
        return False
    return None


def test_the_number_of_the_schema_is_that_of_the_last_script():
    """A constant, so that Alembic need not be imported to look."""
    script = ScriptDirectory(str(_MIGRATIONS))

    assert script.get_current_head() == f"{SCHEMA:04}"
    assert [each.revision for each in script.walk_revisions()] == [
        f"{number:04}" for number in range(SCHEMA, 0, -1)
    ]


def test_a_file_from_before_migrations_is_taken_over(user_data):
    """Without loss, after it was copied; the copy is as it was."""
    put_schema_1(user_data)

    with writing(user_data) as session:
        session.execute(insert(FolderRow).values(root="new", last_number=1))
        (version,) = session.scalars(select(VersionRow))
        found = (version.number, version.recipe, version.created, version.in_use)

    assert found == (
        7,
        {"epochs": 3},
        datetime(2026, 1, 2, 3, 4, 5, 678900, tzinfo=UTC),
        1,
    )
    assert roots(user_data) == ["", "new"]
    copy = sqlite3.connect(copy_of(user_data / DATABASE_FILE, 1))
    assert copy.execute("PRAGMA user_version").fetchone() == (1,)
    assert copy.execute("SELECT root FROM model_folders").fetchall() == [("",)]
    copy.close()


@pytest.mark.parametrize("schema", range(1, SCHEMA))
def test_every_schema_is_migrated_to_ours(database, user_data, schema):
    """Nothing is lost, whatever number the database had."""
    engine = open_engine(place_of(user_data))
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    # Alembic serves one thread at a time, and a server's of another test may go on
    with _opening, engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, f"{schema:04}")
        connection.execute(insert(FolderRow).values(root="old", last_number=1))
        if database == "sqlite":
            connection.execute(text(f"PRAGMA user_version = {schema}"))
    engine.dispose()

    put_folder(user_data, "new")

    assert roots(user_data) == ["new", "old"]
    with reading(user_data) as session:
        version = text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608 - ours
        assert session.execute(version).scalar_one() == f"{SCHEMA:04}"


def test_records_stay_when_their_kinds_get_an_owner(database, user_data):
    """With all that names them; kinds that differ in their owner alone are two."""
    engine = open_engine(place_of(user_data))
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with _opening, engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        for line in _RECORD_OF_SCHEMA_4.split(";"):
            connection.exec_driver_sql(line)
        if database == "sqlite":
            connection.execute(text("PRAGMA user_version = 4"))
    engine.dispose()

    with writing(user_data) as session:
        (kind,) = session.scalars(select(_cases.KindRow))
        (record,) = session.scalars(select(_cases.RecordRow))
        assert (kind.id, kind.decision, kind.owner) == (3, "FAKE", 0)
        assert (record.kind_id, record.name) == (3, "a.png")
        values = {"decision": "FAKE", "labels": "", "finding": "", "in_bin": False}
        session.execute(insert(_cases.KindRow).values(**values, owner=7))


def test_a_migration_that_was_killed_on_a_server_goes_on(database, user_data):
    """Where steps stay that were done, the others are done next time."""
    put_folder(user_data, "kept")
    with writing(user_data) as session:
        for table in ("history_words", "history_counts"):
            session.execute(text(f"DROP TABLE {table}"))
        older = f"UPDATE {VERSION_TABLE} SET version_num = '0001'"  # noqa: S608
        session.execute(text(older))
        if database == "sqlite":
            session.execute(text("PRAGMA user_version = 1"))
    forget()

    assert roots(user_data) == ["kept"]
    with reading(user_data) as session:
        assert session.scalars(select(_cases.WordRow)).all() == []


def test_a_migration_that_fails_leaves_the_file_as_it_was(user_data, monkeypatch):
    """It is tried again when the program is opened next."""
    put_schema_1(user_data)
    monkeypatch.setattr("alembic.command.upgrade", _fail)

    with pytest.raises(RuntimeError, match="power cut"):
        roots(user_data)

    file = sqlite3.connect(user_data / DATABASE_FILE)
    assert file.execute("PRAGMA user_version").fetchone() == (1,)
    names = {name for (name,) in file.execute("SELECT name FROM sqlite_master")}
    file.close()
    assert VERSION_TABLE not in names
    monkeypatch.undo()
    assert roots(user_data) == [""]


def _fail(*_arguments: object) -> None:
    msg = "power cut"
    raise RuntimeError(msg)


def test_a_newer_schema_is_refused(database, user_data):
    """It is neither read nor written."""
    put_folder(user_data, "kept")
    with writing(user_data) as session:
        if database == "sqlite":
            session.execute(text("PRAGMA user_version = 99"))
        else:
            newer = f"UPDATE {VERSION_TABLE} SET version_num = '0099'"  # noqa: S608
            session.execute(text(newer))
    forget()

    for call in (roots, lambda place: put_folder(place, "lost")):
        with pytest.raises(DatabaseUnavailableError, match=r"schema 99.*Update the"):
            call(user_data)


@pytest.mark.usefixtures("database")
def test_processes_at_once_make_one_schema(user_data):
    """Several open a database that is not there; each then writes to it."""
    code = (
        "import sys; from pathlib import Path;"
        "from tests.made_database import put_folder;"
        "put_folder(Path(sys.argv[1]), sys.argv[2])"
    )

    told = at_once(code, user_data)

    assert told == [""] * 3
    assert roots(user_data) == ["0", "1", "2"]


def test_processes_at_once_migrate_once(user_data):
    """The file is copied before, and nothing is lost."""
    put_schema_1(user_data)
    code = (
        "import sys; from pathlib import Path;"
        "from tests.made_database import put_folder;"
        "put_folder(Path(sys.argv[1]), sys.argv[2])"
    )

    told = at_once(code, user_data)

    assert told == [""] * 3
    assert roots(user_data) == ["", "0", "1", "2"]
    copy = sqlite3.connect(copy_of(user_data / DATABASE_FILE, 1))
    assert copy.execute("PRAGMA user_version").fetchone() == (1,)
    copy.close()


def at_once(code: str, user_data) -> list[str]:
    """What three processes at once say of what goes wrong in them."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, user_data, str(number)],
            cwd=CHECKOUT,
            env=os.environ,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    return [process.communicate()[1] for process in processes]
