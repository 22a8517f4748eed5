"""History by REST: as the page has it, and nobody else's page changes it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from cifake_core.api.limits import Limits
from cifake_core.api.records import HistoryList, HistoryRow
from cifake_core.basics.places import CHECKOUT, DATABASE_FILE, database_exists
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.history import History
from cifake_core.cases.settings import HistorySettings, write_settings
from cifake_core.workbench import Workbench
from tests import made_data
from tests.api.conftest import CAT, problem, running, upload
from tests.browser.running import browse, lacking
from tests.made_history import made_history, made_record, numbers_of, switched_on

pytestmark = pytest.mark.slow

#: Of a request that a page of another site, of another port, or of a file makes.
OTHERS = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:1"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "null"},
)


@pytest.fixture
def open_bench(shipped, user_data: Path):
    """What opens a workbench over a history of one's own, with the loaded networks."""
    pool = shipped()[0].pool
    bench = Workbench(CHECKOUT / "models", user_data=user_data, networks=pool)
    return lambda: (bench, "")


@pytest.fixture
def history(user_data: Path) -> History:
    """The history: 30 records, three of them in the bin."""
    return made_history(user_data)


@pytest.fixture
def asked(open_bench, history: History) -> Iterator[httpx.Client]:
    """A client of a server over that history."""
    del history  # it is there
    with running(open_bench, Limits()) as client:
        yield client


def numbers(response: httpx.Response) -> list[int]:
    """Numbers of the records of a list."""
    return [each["id"] for each in response.json()["records"]]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"decision": "REAL"},
        {"network": "cnn", "label": "REAL"},
        {"tag": "Z\u00fcrich", "in_bin": "true"},
        {"finding": "CANT_SAY"},
        {"text": "newspaper"},
        {"name": "photo_3.png"},
    ],
)
def test_the_list_is_that_of_the_page(asked, history, query):
    """The newest first, with the number of all."""
    wanted = HistoryFilter(**(query | ({"in_bin": True} if "in_bin" in query else {})))

    answer = asked.get("/history", params=query)

    assert numbers(answer) == numbers_of(history, wanted) != []
    assert answer.json()["total"] == len(numbers(answer))
    assert answer.json()["on"]
    assert "following" not in answer.json()


def test_days_and_hashes_are_filters_too(asked, history):
    """Both days are among those that match; a hash by its beginning."""
    record = history.get(3)
    day = f"{record.moment:%Y-%m-%d}"

    found = asked.get("/history", params={"since": day, "until": day})
    hashed = asked.get("/history", params={"hash": record.bytes_sha256[:12]})
    last = asked.get("/history", params={"until": "9999-12-31"})

    assert numbers(found) == numbers(hashed) == [3]
    assert last.json()["total"] == 27


def test_pages_follow_each_other(asked, history):
    """None twice and none lost."""
    seen, query = [], {"limit": 5}
    while True:
        answer = asked.get("/history", params=query)
        seen += numbers(answer)
        if "following" not in answer.json():
            break
        query["after"] = answer.json()["following"]

    assert seen == numbers_of(history, HistoryFilter())


@pytest.mark.parametrize(
    "query",
    [
        {"decision": "MAYBE"},
        {"finding": "x"},
        {"since": "2026-13-01"},
        {"since": "2026-04-01", "until": "2026-03-01"},
        {"hash": "abc"},
        {"after": "yesterday"},
        {"limit": "0"},
        {"limit": "501"},
        {"text": "x" * 401},
        {"colour": "red"},
    ],
)
def test_a_bad_filter_is_refused(asked, query):
    """In a sentence; nothing is silently left out."""
    problem(asked.get("/history", params=query), 422)


def test_a_record_has_its_verdict_scope_and_finding(asked):
    """The analyst's stands beside the machine's; all is as it is described."""
    record = asked.get("/history/9").json()
    HistoryRow.model_validate(record)
    HistoryList.model_validate(asked.get("/history?limit=9").json())

    assert (record["verdict"], record["finding"]) == ("UNSURE", "CANT_SAY")
    assert record["finding_reason"] == "Too small."
    assert all(each["knows"] for each in record["predictions"])
    assert len(record["scope"]) == 2
    assert "generators it never met" in " ".join(record["scope"])


def test_a_record_goes_to_the_bin_and_comes_back(asked, history):
    """Nothing of it is lost on the way; done twice it is the same."""
    before = asked.get("/history/2").json()

    binned = asked.delete("/history/2")
    again = asked.delete("/history/2")

    assert binned.status_code == again.status_code == 200
    assert binned.json()["binned"] is not None
    assert 2 not in numbers(asked.get("/history"))
    assert 2 in numbers(asked.get("/history", params={"in_bin": True}))
    assert asked.post("/history/2/restore").json() == before
    assert history.get(2).binned is None


@pytest.mark.parametrize("number", ["31", "2147483647"])
def test_what_is_gone_is_not_found(asked, number):
    """For whatever is asked of it."""
    address = f"/history/{number}"

    for answer in (
        asked.get(address),
        asked.delete(address),
        asked.post(f"{address}/restore"),
    ):
        assert f"no record {number}" in problem(answer, 404)


@pytest.mark.parametrize("number", ["0", "-1", "x", "2147483648"])
def test_what_is_no_number_is_refused(asked, number):
    """No such record can be."""
    problem(asked.get(f"/history/{number}"), 422)


@pytest.mark.parametrize("headers", OTHERS, ids=str)
def test_other_sites_change_nothing(asked, history, headers):
    """Through a visitor's browser; what they only read they are not shown by it."""
    refusals = [
        asked.delete("/history/1", headers=headers),
        asked.post("/history/5/restore", headers=headers),
        asked.post("/judge", files=upload(CAT), headers=headers),
    ]

    for refusal in refusals:
        assert "another site" in problem(refusal, 403)
    assert history.get(1).binned is None
    assert history.get(5).binned is not None
    read = asked.get("/history", headers=headers)
    assert read.status_code == 200
    assert not [each for each in read.headers if each.startswith("access-control")]


@pytest.mark.parametrize("site", ["same-origin", "none", None])
def test_own_pages_and_programs_come_through(asked, site):
    """By what their browser says, or by the address they are from."""
    own = f"http://{asked.base_url.host}:{asked.base_url.port}"
    headers = {"Origin": own} | ({"Sec-Fetch-Site": site} if site else {})

    assert asked.delete("/history/1", headers=headers).status_code == 200


@pytest.mark.browser
@pytest.mark.skipif(lacking() is not None, reason=str(lacking()))
def test_a_browser_on_another_site_changes_nothing(asked, history):
    """A form of a page elsewhere, sent as a browser sends it, does not restore."""
    address = f"{asked.base_url}history/5/restore"
    with browse() as browser:
        page = browser.new_page()
        form = f"<form method='post' action='{address}'><button>Go</button></form>"
        page.route(
            "http://elsewhere.example/",
            lambda route: route.fulfill(body=form, content_type="text/html"),
        )
        page.goto("http://elsewhere.example/")
        with page.expect_navigation(url=address) as sent:
            page.get_by_role("button", name="Go").click()
        status = sent.value.status

    assert status == 403
    assert history.get(5).binned is not None


def test_a_history_that_is_off_is_empty(open_bench, user_data):
    """It says that it is off; to ask makes no database."""
    with running(open_bench, Limits()) as client:
        answer = client.get("/history")
        missing = client.get("/history/1")

    assert answer.json() == {
        "on": False,
        "total": 0,
        "at_least": False,
        "records": [],
    }
    problem(missing, 404)
    assert not database_exists(user_data)


def test_a_damaged_database_is_told(asked, user_data):
    """As on the page, and the server goes on."""
    for file in user_data.glob(f"{DATABASE_FILE}*"):
        file.write_bytes(b"no database" * 1000)

    problem(asked.get("/history"), 503)
    assert asked.get("/networks").status_code in (200, 503)


def test_what_is_too_old_goes_at_the_start(open_bench, user_data):
    """Nobody needs to ask for it."""
    history = switched_on(user_data)
    history.keep([made_record(0)])
    old = datetime.now(UTC) - made_record(0).moment
    history.switch(HistorySettings(on=True, days=max(1, old // timedelta(days=1))))
    assert history.counts(HistoryFilter()).total == 1

    with running(open_bench, Limits()) as client:
        end = time.monotonic() + 60
        while client.get("/history").json()["total"] and time.monotonic() < end:
            time.sleep(0.05)

    assert history.counts(HistoryFilter()).total == 0


def test_what_is_judged_is_kept_while_the_history_is_on(open_bench, user_data: Path):
    """Once, as from a program, with what the file says; and nothing once it is off."""
    switched_on(user_data)
    with running(open_bench, Limits()) as client:
        for _ in range(2):
            assert client.post("/judge", files=upload(CAT)).status_code == 200
        (row,) = client.get("/history").json()["records"]
        assert (row["path"], row["source"]) == (CAT.name, "rest")
        assert row["file"]["saved"]

        write_settings(HistorySettings(on=False), user_data)
        other = made_data.png(made_data.noise())
        assert client.post("/judge", files=upload(other)).status_code == 200
        assert len(client.get("/history").json()["records"]) == 1
