"""Dockerfile and compose.yaml: every path is there, and every command does its work."""

import json
import re
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from sqlalchemy import make_url

from cifake_core.accounts.settings import VARIABLE, accounts_are_on
from cifake_core.basics.database.engines import place_of
from cifake_core.basics.places import (
    CHECKOUT,
    DATABASE_URL_VARIABLE,
    USER_DATA_VARIABLE,
)


def steps() -> list[tuple[str, str]]:
    """Instructions of the Dockerfile with what they are given, in order."""
    text = (CHECKOUT / "Dockerfile").read_text("utf-8")
    lines = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    parts = (line.split(maxsplit=1) for line in lines.splitlines() if line.strip())
    return [(word, given.strip()) for word, given in parts]


def given_to(word: str) -> list[str]:
    """What each instruction of a kind is given."""
    return [given for each, given in steps() if each == word]


def compose() -> dict:
    """What compose.yaml says."""
    return yaml.safe_load((CHECKOUT / "compose.yaml").read_text("utf-8"))


def test_every_path_is_there_and_sent_to_the_builder():
    """What is copied is in the checkout, and .dockerignore lets it through."""
    ignored = (CHECKOUT / ".dockerignore").read_text("utf-8").split()
    copied = [each for line in given_to("COPY") for each in line.split()[:-1]]

    assert {"app.py", "cifake_core", "models", "pages", ".streamlit"} <= {*copied}
    for path in copied:
        assert (CHECKOUT / path).exists(), path
        assert f"!{path}" in ignored, path
    assert {each[1:] for each in ignored if each.startswith("!")} == {*copied}


def test_what_is_installed_is_what_the_app_needs():
    """The files of requirements that are copied before, the server's driver too."""
    (installs,) = [each for each in given_to("RUN") if "pip install" in each]
    files = re.findall(r"--requirement (\S+)", installs)

    assert files == ["requirements.txt", "requirements-servers.txt"]
    assert "psycopg" in (CHECKOUT / files[1]).read_text("utf-8")
    for package in ("libgl1", "libglib2.0-0"):  # as the page says where they lack
        assert any(package in each for each in given_to("RUN"))


def test_it_runs_without_rights_and_keeps_its_data():
    """A user of its own, who owns the volume."""
    words = [word for word, _ in steps()]
    environment = dict(each.split("=", 1) for each in given_to("ENV"))

    assert given_to("USER") == ["cifake"]
    assert words.index("USER") < words.index("CMD")
    assert [environment[USER_DATA_VARIABLE]] == given_to("VOLUME")
    assert any("chown cifake /data" in each for each in given_to("RUN"))


def test_the_team_has_accounts_and_a_database(monkeypatch, tmp_path):
    """On this machine alone, and not without a password."""
    services, volumes = compose()["services"], compose()["volumes"]
    app, database = services["app"], services["database"]

    assert accounts_are_on(app["environment"])
    assert app["environment"].keys() == {VARIABLE, DATABASE_URL_VARIABLE}
    url = re.sub(r"\$\{\w+:\?[^}]+\}", "pw", app["environment"][DATABASE_URL_VARIABLE])
    monkeypatch.setenv(DATABASE_URL_VARIABLE, url)
    assert place_of(tmp_path).drivername == "postgresql+psycopg"
    assert make_url(url).host in services
    assert make_url(url).username == database["environment"]["POSTGRES_USER"]
    assert make_url(url).database == database["environment"]["POSTGRES_DB"]
    assert all(port.startswith("127.0.0.1:") for port in app["ports"])
    assert app["ports"][0].split(":")[2] in given_to("EXPOSE")
    named = [each.split(":")[0] for s in services.values() for each in s["volumes"]]
    assert sorted(named) == sorted(volumes)
    assert app["volumes"][0].split(":")[1] in given_to("VOLUME")
    assert "POSTGRES_PASSWORD:?" in database["environment"]["POSTGRES_PASSWORD"]


@pytest.mark.slow
def test_the_command_starts_and_the_health_check_finds_it(tmp_path: Path):
    """Both as they stand there, but for the port and the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    (line,) = given_to("CMD")
    command = [
        sys.executable if each == "python" else each for each in json.loads(line)
    ]
    command = ["127.0.0.1" if each == "0.0.0.0" else each for each in command]  # noqa: S104
    command = [port if each == "8501" else each for each in command]
    check = json.loads(given_to("HEALTHCHECK")[0].partition(" CMD ")[2])
    assert shlex.join(check).startswith("python -c ")
    code = check[2].replace("8501", port)

    with (tmp_path / "log.txt").open("wb") as log:
        app = subprocess.Popen(command, cwd=CHECKOUT, stdout=log, stderr=log)
    try:
        end = time.monotonic() + 120
        while app.poll() is None and time.monotonic() < end:
            done = subprocess.run(
                [sys.executable, "-c", code], capture_output=True, check=False
            )
            if done.returncode == 0:
                return
            time.sleep(0.5)
        pytest.fail((tmp_path / "log.txt").read_text("utf-8"))
    finally:
        app.terminate()
        app.wait(60)
