"""Databases for tests: SQLite, and PostgreSQL and MariaDB, each started for them.

A server keeps its files in a temporary folder, listens on the loopback alone, and is
stopped when the tests are done. Each test gets a database of its own.
"""

import contextlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from cifake_core.basics.places import DATABASE_URL_VARIABLE

#: Kinds of database that the product knows.
KINDS = ("sqlite", "postgresql", "mariadb")
#: Seconds for a server to start, and to stop.
_PATIENCE = 60
_NOBODY = 65534


@dataclass(frozen=True, kw_only=True)
class Server:
    """Server that runs: `url` is that of a database that is always there."""

    kind: str
    url: str

    @contextlib.contextmanager
    def database(self, name: str) -> Iterator[str]:
        """New database of that name; its URL. It is dropped afterwards."""
        admin = create_engine(self.url, isolation_level="AUTOCOMMIT")
        force = " WITH (FORCE)" if self.kind == "postgresql" else ""
        try:
            with admin.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
                yield self.url.rpartition("/")[0] + f"/{name}"
                connection.execute(text(f"DROP DATABASE {name}{force}"))
        finally:
            admin.dispose()


@pytest.fixture(scope="session")
def servers() -> Iterator[Callable[[str], Server]]:
    """The server of a kind, which is started when the first test asks for it."""
    with contextlib.ExitStack() as stack:
        running: dict[str, Server] = {}

        def server(kind: str) -> Server:
            if kind not in running:
                running[kind] = stack.enter_context(started(kind))
            return running[kind]

        yield server


@pytest.fixture(params=KINDS)
def database(request, servers, monkeypatch) -> Iterator[str]:
    """Kind of the user's database, which is empty: the test runs on each kind."""
    if request.param == "sqlite":
        yield request.param
        return
    name = f"cifake_{next(_NUMBERS)}"
    with servers(request.param).database(name) as url:
        monkeypatch.setenv(DATABASE_URL_VARIABLE, url)
        yield request.param
        monkeypatch.delenv(DATABASE_URL_VARIABLE)


_NUMBERS = itertools.count()


@contextlib.contextmanager
def started(kind: str) -> Iterator[Server]:
    """Server of that kind, which runs in the context."""
    missing = _missing(kind)
    if missing:
        reason = f"needs {missing}; .ci/preflight databases installs it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix=f"cifake-{kind}-"))
    folder.chmod(0o700)
    if os.geteuid() == 0:  # neither server likes to run as root
        os.chown(folder, _NOBODY, _NOBODY)
    try:
        with _postgresql(folder) if kind == "postgresql" else _mariadb(folder) as url:
            yield Server(kind=kind, url=url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _missing(kind: str) -> str:
    """The program that a server of that kind needs and that is not there, or ""."""
    if kind == "postgresql":
        return "" if _postgresql_programs() else "PostgreSQL's initdb"
    return "" if _mariadb_program("mariadbd") else "mariadbd"


def _postgresql_programs() -> Path | None:
    """Folder of PostgreSQL's programs, of the newest version; Debian hides them."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    named = shutil.which("initdb")
    newest = max(found, key=lambda each: float(each.parts[-3]), default=None)
    chosen = Path(named).resolve() if named else newest
    return chosen and chosen.parent


def _mariadb_program(name: str) -> str | None:
    """Path of one of MariaDB's programs."""
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")


@contextlib.contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    """PostgreSQL in an empty folder; its URL."""
    programs, port = _postgresql_programs(), _free_port()
    data = folder / "data"
    _run([programs / "initdb", "-D", data, "-U", "cifake", "-A", "trust", "-N"], folder)
    command = [programs / "postgres", "-D", data, "-p", str(port), "-k", folder]
    settings = ("listen_addresses=127.0.0.1", "max_connections=50")
    command += [word for each in settings for word in ("-c", each)]
    with _running(command, folder):
        url = f"postgresql+psycopg://cifake@127.0.0.1:{port}/postgres"
        _wait(url)
        yield url


@contextlib.contextmanager
def _mariadb(folder: Path) -> Iterator[str]:
    """MariaDB in an empty folder; its URL."""
    data, port = folder / "data", _free_port()
    common = ["--no-defaults", f"--datadir={data}"]
    _run(
        [
            *(_mariadb_program("mariadb-install-db"), *common, "--skip-name-resolve"),
            *("--skip-test-db", "--auth-root-authentication-method=normal"),
        ],
        folder,
    )
    command = [
        *(_mariadb_program("mariadbd"), *common, f"--port={port}"),
        *("--bind-address=127.0.0.1", f"--socket={folder / 'socket'}"),
        f"--pid-file={folder / 'pid'}",
    ]
    with _running(command, folder):
        url = f"mariadb+pymysql://root@127.0.0.1:{port}/mysql"
        _wait(url)
        yield url


def _user() -> dict[str, object]:
    """Arguments of a process that is not to run as root."""
    if os.geteuid() != 0:
        return {}
    return {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}


def _run(command: list[object], folder: Path) -> None:
    """Run a program to its end; what it says is told if it fails."""
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, **_user()
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextlib.contextmanager
def _running(command: list[object], folder: Path) -> Iterator[None]:
    """Server that is told to stop afterwards, and that goes with the tests."""
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, **_user()
        )
    try:
        yield
    finally:
        process.send_signal(
            signal.SIGINT if "postgres" in str(command[0]) else signal.SIGTERM
        )
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str) -> None:
    """Wait until a server answers."""
    engine = create_engine(url)
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            with engine.connect():
                break
        except OperationalError:
            assert time.monotonic() < end, f"{url} does not answer"
            time.sleep(0.1)
    engine.dispose()


def _free_port() -> int:
    """Port of the loopback that nobody listens to."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])
