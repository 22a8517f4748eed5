"""REST where there are accounts: every route against every role and kind of key."""

import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute

from cifake_core.accounts.audit import Audit
from cifake_core.accounts.keys import Keys
from cifake_core.accounts.roles import RIGHTS_OF, ROLES
from cifake_core.accounts.store import Store
from cifake_core.accounts.users import Users
from cifake_core.api import explaining, facts, history, jobs, judging
from cifake_core.api.guard import NEEDS
from cifake_core.api.limits import Limits
from cifake_core.api.state import OpenBench
from cifake_core.basics.places import DATABASE_FILE
from cifake_core.cases.history import History
from cifake_core.jobs.queue.queue import JobQueue
from cifake_core.workbench import Workbench
from tests.accounts.conftest import ROOT, added
from tests.api.conftest import CAT, problem, running
from tests.made_history import made_record, switched_on

#: Every route of the server, as its routers have them: a new one is asked as well.
ROUTES = sorted(
    (method, route.path)
    for part in (judging, explaining, facts, history, jobs)
    for route in part.router.routes
    if isinstance(route, APIRoute)
    for method in route.methods
)


@pytest.fixture
def accounts(user_data) -> Store:
    """Accounts with a user of each role, called by it."""
    store = Store(user_data)
    for role in ROLES:
        added(store, f"{role}@example.org", role)
    return store


@pytest.fixture
def open_bench(user_data, tmp_path: Path) -> OpenBench:
    """What opens a workbench without networks: who may ask is known before."""
    bench = Workbench(tmp_path, user_data=user_data)
    return lambda: (bench, "")


@pytest.fixture
def guarded(open_bench: OpenBench, accounts: Store) -> Iterator[httpx.Client]:
    """A client of a server that asks for keys."""
    with running(open_bench, Limits(), accounts) as client:
        yield client


def key_of(accounts: Store, role: str, *scopes: str, **more: int) -> dict[str, str]:
    """Headers with a new key of the user of that role."""
    key = Keys(accounts).make(
        f"{role}@example.org", name="test", scopes=scopes, days=None, by=ROOT, **more
    )
    return {"Authorization": f"Bearer {key}"}


def ask(client: httpx.Client, method: str, path: str, headers) -> httpx.Response:
    """What a route answers; where it wants a form, that comes after who asks."""
    address = path.replace("{record}", "1").replace("{job}", "0" * 32)
    return client.request(method, address, headers=headers)


def test_every_route_against_every_role(guarded, accounts):
    """Who may comes through; who may not gets 403, and who has no key 401."""
    keys = {role: key_of(accounts, role, *RIGHTS_OF[role]) for role in ROLES}
    others = key_of(accounts, "administrator", "administer")

    for method, path in ROUTES:
        right = NEEDS[path]
        for role, headers in keys.items():
            answer = ask(guarded, method, path, headers)
            if right is None or right in RIGHTS_OF[role]:
                assert answer.status_code not in (401, 403, 429, 500), answer.text
            else:
                assert f"right to {right!r}" in problem(answer, 403)
        nobody = ask(guarded, method, path, {})
        if right is None:
            assert nobody.is_success
            continue
        assert "needs a key" in problem(nobody, 401)
        assert nobody.headers["www-authenticate"] == "Bearer"
        problem(ask(guarded, method, path, others), 403)


def test_every_route_has_its_need():
    """And no line is left of one that is gone."""
    assert {path for _, path in ROUTES} == set(NEEDS)


def test_a_key_that_is_none_is_refused(guarded, accounts):
    """Whatever stands in the header; a browser's session is no key."""
    good = key_of(accounts, "viewer", "look")["Authorization"]
    for header in (
        *("", "Bearer", "Bearer x", f"Basic {good}", good + "x"),
        *("Bearer cifake_%00_x", "Bearer " + "x" * 5000),
    ):
        refused = guarded.get("/networks", headers={"Authorization": header})
        assert "needs a key" in problem(refused, 401)
    assert guarded.get("/networks", headers={"Authorization": good}).is_success


def test_what_changes_counts_at_once(guarded, accounts):
    """A revoked key, another role, a user who is shut out."""
    headers = key_of(accounts, "analyst", "look", "history")
    assert guarded.get("/history", headers=headers).is_success

    Users(accounts).set_role("analyst@example.org", "viewer", by=ROOT)
    problem(guarded.get("/history", headers=headers), 403)
    assert guarded.get("/networks", headers=headers).is_success
    prefix = headers["Authorization"].split("_")[1]
    Keys(accounts).revoke(prefix, by=ROOT)
    problem(guarded.get("/networks", headers=headers), 401)

    (line,) = [each for each in Audit(accounts).lines() if each.action == "refused"]
    assert (line.who, line.source) == ("analyst@example.org", "127.0.0.1")
    assert (line.subject, line.result) == ("GET /api/v1/history", "history")


def test_a_key_has_its_own_limit(guarded, accounts):
    """Told with the seconds to wait; another key goes on."""
    headers = key_of(accounts, "viewer", "look", per_minute=2)

    answers = [guarded.get("/networks", headers=headers) for _ in range(5)]

    refused = [each for each in answers if not each.is_success]
    assert 1 <= len(refused) <= 3  # a new minute may have begun
    assert "2 times a minute" in problem(refused[0], 429)
    assert 1 <= int(refused[0].headers["retry-after"]) <= 60
    other = key_of(accounts, "viewer", "look")
    assert guarded.get("/networks", headers=other).is_success


def test_an_upload_without_a_key_is_not_read(guarded):
    """It is refused by its header, before a byte of it is looked at."""
    broken = {"Content-Type": "multipart/form-data; boundary=x"}

    refused = guarded.post("/judge", content=b"no form", headers=broken)

    problem(refused, 401)


def test_a_damaged_database_lets_nobody_in(guarded, accounts, user_data):
    """It is told, and nothing is answered meanwhile."""
    headers = key_of(accounts, "viewer", "look")
    for file in user_data.glob(f"{DATABASE_FILE}*"):
        file.write_bytes(b"no database" * 1000)

    problem(guarded.get("/networks", headers=headers), 503)


def test_the_description_tells_of_keys_where_there_are_some(guarded, open_bench):
    """And of none where there are none."""
    with_keys = guarded.get("/openapi.json").json()
    with running(open_bench, Limits()) as client:
        without = client.get("/openapi.json").json()
        assert ask(client, "GET", "/history", {}).is_success

    scheme = with_keys["components"]["securitySchemes"]["HTTPBearer"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert "401" in with_keys["paths"]["/judge"]["post"]["responses"]
    assert "securitySchemes" not in without["components"]
    assert "401" not in without["paths"]["/judge"]["post"]["responses"]


def test_no_secret_is_kept_or_told(guarded, accounts, user_data):
    """Neither key nor password is in the database, or in what a refusal says."""
    headers = key_of(accounts, "viewer", "look")
    key = headers["Authorization"].split()[1]
    told = guarded.get("/history", headers=headers).text

    secret = key.split("_", 2)[2].encode()
    kept = b"".join(each.read_bytes() for each in user_data.glob(f"{DATABASE_FILE}*"))
    assert b"viewer@example.org" in kept
    assert secret not in kept
    assert b"lantern orbit gravel" not in kept
    assert secret.decode() not in told
    assert secret.decode() not in str([*Audit(accounts).lines()])
    assert secret.decode() not in str(Keys(accounts).listing())


def test_no_number_leads_to_what_is_anothers(guarded, accounts, user_data):
    """Neither a record nor a job, by whatever route; a list has one's own alone."""
    numbers = {each.role: each.number for each in Users(accounts).listing()}
    switched_on(user_data)
    (record,) = History(user_data, numbers["administrator"]).keep([made_record(1)])
    mine = History(user_data, numbers["analyst"]).keep([made_record(1)])[0]
    queue = JobQueue(user_data, numbers["administrator"])
    job = queue.add_files([("a.png", io.BytesIO(CAT.read_bytes()))]).id
    headers = key_of(accounts, "analyst", "history", "jobs")

    for method, path in ROUTES:
        if "{" in path:
            address = path.replace("{record}", str(record)).replace("{job}", job)
            answer = guarded.request(method, address, headers=headers)
            assert "There is no" in problem(answer, 404), path
    for query in ("", "?name=photo_1.png", "?text=photo", "?decision=FAKE"):
        listed = guarded.get(f"/history{query}", headers=headers).json()
        assert [each["id"] for each in listed["records"]] == [mine]
        assert listed["total"] == 1
    assert queue.get(job).state == "queued"
    assert guarded.get(f"/history/{mine}", headers=headers).is_success
