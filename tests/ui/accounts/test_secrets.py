"""Secrets: no password, key, token or code of a link is anywhere but with its owner.

Real people log in, fail to, make links and keys, and use them on pages, by REST and on
the command line; then all that was written down, exported, logged or answered with an
error is searched.
"""

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import httpx
import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from cifake_core import cli
from cifake_core.accounts.settings import SESSION_COOKIE
from cifake_core.accounts.users import Users
from cifake_core.api.limits import Limits
from cifake_core.basics.database import Base, reading
from cifake_core.basics.places import DATABASE_FILE
from cifake_core.cases.casework import Cases
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.history import History
from cifake_core.cli.guard import KEY_VARIABLE
from cifake_core.ui.accounts.administration import PEOPLE
from cifake_core.workbench import Workbench
from cifake_core.workbench.history import HistoryBench
from tests.accounts.conftest import ADMIN, PASSWORD
from tests.api.conftest import running
from tests.findings import page_of
from tests.made_history import made_record, switched_on
from tests.ui.accounts.conftest import BOB, browser_at

WRONG = "umbrella trumpet velvet 93"
NEW = "copper window thistle 58"
#: Values of each of these would do for logging in, or for passing as somebody.
_SECRET = re.compile(r'class="secret">\s*(.*?)\s*</div>', re.DOTALL)


class Evidence:
    """What is searched for, and what was collected to be searched."""

    def __init__(self) -> None:
        self.secrets = {PASSWORD, WRONG, NEW}
        self.found: dict[str, bytes] = {}

    def put(self, where: str, data: bytes | str) -> None:
        """Collect something that is to have no secret in it."""
        data = data.encode() if isinstance(data, str) else data
        self.found[where] = self.found.get(where, b"") + data

    def refused(self, answer: httpx.Response) -> httpx.Response:
        """Collect an answer that must be an error, with its headers."""
        assert answer.is_error, answer.text
        told = f"{answer.headers}{answer.text}"
        self.put(f"{answer.request.method} {answer.request.url.path}", told)
        return answer

    def check(self) -> None:
        """Fail on the first secret that stands anywhere."""
        assert len(self.secrets) >= 10
        for where, data in self.found.items():
            for secret in self.secrets:
                assert secret.encode() not in data, f"{secret} in {where}"


@pytest.fixture
def evidence() -> Evidence:
    """Nothing yet."""
    return Evidence()


@pytest.fixture
def rest(people, user_data, tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of REST over the same accounts."""
    bench = Workbench(tmp_path, user_data=user_data)
    with running(lambda: (bench, ""), Limits(), people) as client:
        yield client


@pytest.fixture
def key(address, evidence: Evidence, people) -> str:
    """Key of Ann, who has done with forms all that makes a secret."""
    del people
    with browser_at(address) as ann, browser_at(address) as bob:
        evidence.refused(ann.log_in(ADMIN, WRONG))
        evidence.refused(ann.log_in(BOB, WRONG))
        ann.log_in()
        bob.log_in(BOB)
        for browser in (ann, bob):
            evidence.secrets |= {*browser.cookies.values()}
            assert browser.cookies[SESSION_COOKIE]
        told = {
            word: ann.send_form(f"{PEOPLE}/{word}", PEOPLE, **fields).text
            for word, fields in (
                ("invite", {"email": "eve@example.org", "role": "viewer"}),
                ("reset", {"email": BOB}),
                (
                    "key",
                    {
                        "email": ADMIN,
                        "name": "nightly",
                        "per_minute": "5",
                        **{f"may_{each}": "yes" for each in ("look", "history")},
                    },
                ),
            )
        }
        made = {word: _SECRET.search(text)[1] for word, text in told.items()}
        for word in ("invite", "reset"):
            evidence.secrets.add(made[word].partition("#")[2])
        evidence.secrets |= {made["key"], made["key"].split("_", 2)[2]}
        evidence.refused(ann.send_form(f"{PEOPLE}/revoke", PEOPLE, prefix="nothing"))
        evidence.refused(bob.send_form(f"{PEOPLE}/role", "/account", email=BOB))
        evidence.refused(
            bob.send_form(
                "/account/password", "/account", old=WRONG, password=NEW, again=NEW
            )
        )
        stale = {"form_token": "x", "password": PASSWORD, "email": ADMIN}
        evidence.refused(ann.post("/account/login", data=stale))
        evidence.refused(ann.get("/account/nothing"))
        for page in (PEOPLE, "/account"):  # each shown once is shown once
            evidence.put(page, ann.get(page).text)
    return made["key"]


def test_no_secret_is_anywhere(  # noqa: PLR0913, PLR0917 - fixtures
    evidence: Evidence, key, rest, people, user_data, tmp_path, capfd, monkeypatch
):
    """In the database, the logs, the exports or the errors."""
    use_by_rest(evidence, rest, key)
    use_on_command_line(evidence, key, monkeypatch, tmp_path)
    export_all(evidence, people, user_data, tmp_path)
    for file in user_data.rglob("*"):
        if file.is_file():
            evidence.put(f"file {file.name}", file.read_bytes())
    with reading(user_data) as session:
        for table in Base.metadata.sorted_tables:
            rows = [tuple(row) for row in session.execute(select(table))]
            evidence.put(f"table {table.name}", repr(rows))
    captured = capfd.readouterr()
    evidence.put("stdout", captured.out)
    evidence.put("stderr", captured.err)

    evidence.check()

    assert evidence.found["table accounts_sessions"] != b"[]"
    assert evidence.found["table accounts_keys"] != b"[]"
    assert b"ann@example.org" in evidence.found[f"file {DATABASE_FILE}"]
    assert "needs a key" in evidence.found["stderr"].decode()


def use_by_rest(evidence: Evidence, rest: httpx.Client, key: str) -> None:
    """Ask REST with the key, and in every way that it refuses."""
    headers = {"Authorization": f"Bearer {key}"}
    assert rest.get("/networks", headers=headers).status_code in (200, 503)
    assert rest.get("/history", headers=headers).is_success
    evidence.refused(rest.get("/history/99", headers=headers))  # gone
    evidence.refused(rest.get("/history?since=x", headers=headers))  # no day
    evidence.refused(rest.get("/jobs/1", headers=headers))  # not allowed
    for _ in range(6):
        last = rest.get("/networks", headers=headers)
    assert evidence.refused(last).status_code == 429
    wrong = {"Authorization": f"Bearer {key}x"}
    assert evidence.refused(rest.get("/networks", headers=wrong)).status_code == 401
    basic = {"Authorization": f"Basic {key}"}
    evidence.refused(rest.get("/networks", headers=basic))
    evidence.refused(rest.get("/nothing", headers=headers))


def use_on_command_line(
    evidence: Evidence, key: str, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """Run commands with the key, a wrong key and none; what they print is captured."""
    for value in (key, f"{key}x", ""):
        monkeypatch.setenv(KEY_VARIABLE, value)
        for words in (
            *(("accounts", "list"), ("accounts", "keys", "--json")),
            *(("audit", "show"), ("accounts", "sessions", ADMIN)),
        ):
            cli.main(words, folder)
    out = folder / "audit.jsonl"
    assert cli.main(["audit", "export", "--out", str(out)], folder) == 0
    evidence.put("audit export", out.read_bytes())
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{WRONG}\n{PASSWORD}\n"))
    assert cli.main(["accounts", "use", "--name", "Eve"], folder) == 2


def export_all(evidence: Evidence, people, user_data: Path, folder: Path) -> None:
    """Export a record in every form, a case with a report in it, and the report."""
    owner = Users(people).get(ADMIN).number
    switched_on(user_data)
    (record,) = History(user_data, owner).keep([replace(made_record(1), name="a.png")])
    cases = Cases(user_data, owner)
    case = cases.create("Harbour")
    cases.add(case.id, [record])
    bench = HistoryBench(user_data, folder, owner)
    for kind in ("csv", "jsonl"):
        evidence.put(kind, bench.export(HistoryFilter(), kind))
    rows = pq.read_table(io.BytesIO(bench.export(HistoryFilter(), "parquet")))
    assert rows.num_rows == 1
    evidence.put("parquet", repr(rows.to_pylist()) + repr(rows.schema.metadata))
    report = page_of().encode()
    evidence.put("report", report)
    with ZipFile(io.BytesIO(bench.export_case(case.id, {record: report}))) as archive:
        for name in archive.namelist():
            evidence.put(f"case {name}", archive.read(name))
    assert any(each.startswith("case reports/") for each in evidence.found)
