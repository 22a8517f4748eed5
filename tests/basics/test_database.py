"""The user's database: read, and written by one at a time, on every kind."""

import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select

from cifake_core.basics import database as product
from cifake_core.basics.database import reading, writing
from cifake_core.basics.errors import DatabaseUnavailableError
from cifake_core.basics.places import CHECKOUT, DATABASE_FILE, DATABASE_URL_VARIABLE
from cifake_core.versions.tables import FolderRow, VersionRow
from tests.made_database import forget, put_folder, roots


def test_what_is_written_is_read(database, user_data):
    """On every kind of database; the first writer makes it, with all its tables."""
    put_folder(user_data, "Ä\N{PILE OF POO}")

    assert roots(user_data) == ["Ä\N{PILE OF POO}"]
    assert (user_data / DATABASE_FILE).exists() == (database == "sqlite")


@pytest.mark.usefixtures("database")
def test_reading_makes_the_tables_too(user_data):
    """A server that is named is there before anything was kept."""
    assert roots(user_data) == []


@pytest.mark.usefixtures("database")
def test_what_fails_is_undone(user_data):
    """All of a transaction, or nothing."""
    put_folder(user_data, "kept")

    def fail() -> None:
        with writing(user_data) as session:
            session.execute(insert(FolderRow).values(root="lost", last_number=1))
            raise LookupError

    with pytest.raises(LookupError):
        fail()

    assert roots(user_data) == ["kept"]


@pytest.mark.usefixtures("database")
def test_writers_take_turns(user_data):
    """Who adds one to what was read loses nothing that another adds meanwhile."""
    put_folder(user_data, "counted")

    def count() -> None:
        for _ in range(10):
            with writing(user_data) as session:
                row = session.get_one(FolderRow, "counted")
                row.last_number += 1

    threads = [threading.Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with reading(user_data) as session:
        assert session.get_one(FolderRow, "counted").last_number == 31


@pytest.mark.usefixtures("database")
def test_a_reader_sees_one_moment(user_data):
    """What is committed while it reads is not there for it; nobody waits."""
    put_folder(user_data, "before")
    with reading(user_data) as session:
        before = sorted(session.scalars(select(FolderRow.root)))
        put_folder(user_data, "meanwhile")
        after = sorted(session.scalars(select(FolderRow.root)))

    assert before == after == ["before"]
    assert roots(user_data) == ["before", "meanwhile"]


@pytest.mark.usefixtures("database")
@pytest.mark.usefixtures("database")
def test_what_is_used_while_others_are_opened_is_closed_later(
    user_data, tmp_path, monkeypatch
):
    """The databases that are open are few, and who uses one may go on."""
    put_folder(user_data, "kept")

    with reading(user_data) as session:
        connection = session.connection().connection.dbapi_connection
        errors = session.get_bind().dialect.loaded_dbapi.Error
        with monkeypatch.context() as files:
            files.delenv(DATABASE_URL_VARIABLE, raising=False)
            for number in range(5):
                folder = tmp_path / str(number)
                folder.mkdir()
                put_folder(folder, "other")
        assert list(session.scalars(select(FolderRow.root))) == ["kept"]

    with pytest.raises(errors):
        connection.cursor().execute("SELECT 1")


def test_moments_are_kept_to_the_microsecond(user_data):
    """In UTC, wherever they were taken."""
    east = datetime(2026, 7, 1, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=5)))
    put_folder(user_data, "")
    row = dict.fromkeys(("network", "model_sha256", "who", "why"), "")
    row |= {name: {} for name in ("recipe", "datasets", "metrics")}
    row |= {"root": "", "number": 2, "state": "candidate"}
    with writing(user_data) as session:
        session.add(VersionRow(**row, created=east, changed=east))

    with reading(user_data) as session:
        assert session.scalars(select(VersionRow.created)).one() == east


@pytest.mark.usefixtures("database")
def test_text_is_told_apart_letter_by_letter(user_data):
    """Servers have tables that do not."""
    for root in ("a", "A", "ä"):
        put_folder(user_data, root)

    assert set(roots(user_data)) == {"a", "A", "ä"}


def test_a_damaged_file_is_told(user_data):
    """A file that is none, and one that was cut."""
    (user_data / DATABASE_FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(DatabaseUnavailableError, match="put back a copy of the file"):
        roots(user_data)

    (user_data / DATABASE_FILE).unlink()
    put_folder(user_data, "x" * 700)
    forget()
    whole = (user_data / DATABASE_FILE).read_bytes()
    (user_data / DATABASE_FILE).write_bytes(whole[:4096] + b"\x77" * 8192)
    with pytest.raises(DatabaseUnavailableError, match="cannot be used"):
        roots(user_data)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("no url", r"Expected a URL of PostgreSQL, MySQL or MariaDB.*no URL"),
        ("oracle://ann@host/db", r"Expected a URL.*'oracle'"),
        ("postgresql://ann:secret@127.0.0.1:1/db", r"ann:\*\*\*@.*the server runs"),
        ("mysql://ann:secret@127.0.0.1:1/db", r"ann:\*\*\*@.*the server runs"),
    ],
)
def test_a_server_that_is_not_there_is_told(user_data, monkeypatch, url, sentence):
    """In one sentence, without its password."""
    monkeypatch.setenv(DATABASE_URL_VARIABLE, url)

    with pytest.raises(DatabaseUnavailableError, match=sentence) as told:
        roots(user_data)

    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_driver_that_is_not_installed_is_told(user_data, monkeypatch):
    """With the command that installs it."""
    monkeypatch.setitem(sys.modules, "pymysql", None)
    monkeypatch.setenv(DATABASE_URL_VARIABLE, "mysql://ann@127.0.0.1:1/db")

    with pytest.raises(DatabaseUnavailableError, match=r"requirements-servers\.txt"):
        roots(user_data)


@pytest.mark.usefixtures("database")
def test_to_look_is_cheap(user_data):
    """A session and a query cost little more than the query."""
    put_folder(user_data, "kept")
    roots(user_data)

    started = time.process_time()
    for _ in range(100):
        roots(user_data)

    assert time.process_time() - started < 0.5
    assert product.exists(user_data)


def test_nothing_kept_needs_no_sqlalchemy(user_data):
    """It takes a third of a second to import."""
    code = (
        "import sys; from pathlib import Path;"
        "from cifake_core.versions.registry import VersionRegistry;"
        "assert VersionRegistry(*map(Path, sys.argv[1:])).in_use().number == 1;"
        "assert 'sqlalchemy' not in sys.modules"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, user_data, CHECKOUT / "models"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
