"""Password forgotten: the form, its answer, and letters of administrators."""

import re
import statistics
import time
from collections.abc import Iterator

import pytest

from cifake_core.accounts.audit import Audit
from cifake_core.accounts.letters.settings import SENDER_VARIABLE, SMTP_VARIABLE
from cifake_core.accounts.settings import ADDRESS_VARIABLE
from cifake_core.accounts.users import Users
from tests.accounts.conftest import ADMIN
from tests.mail import Box, mail_server
from tests.ui.accounts.conftest import BOB, fault

FORGOTTEN = "/account/forgotten"
NEW = "copper window thistle 5"


@pytest.fixture
def box(monkeypatch) -> Iterator[Box]:
    """A mail server that the door uses."""
    with mail_server() as box:
        monkeypatch.setenv(SMTP_VARIABLE, f"smtp://127.0.0.1:{box.port}")
        monkeypatch.setenv(SENDER_VARIABLE, "cifake@example.org")
        monkeypatch.setenv(ADDRESS_VARIABLE, "https://cifake.example.org")
        yield box


@pytest.fixture
def store(box, store):
    """Accounts of a door that sends letters."""
    del box
    return store


def links(box: Box, num: int) -> list[str]:
    """Codes of the links in so many letters, once they came."""
    end = time.monotonic() + 60
    while len(box.letters) < num:
        assert time.monotonic() < end, "no letter came"
        time.sleep(0.05)
    found = [re.search(r"/account/link#(\S+)", e.get_content()) for e in box.letters]
    return [each[1] for each in found]


def test_a_link_comes_by_letter(browser, people, box):
    """It leads to another password; the address in it is not the browser's word."""
    assert FORGOTTEN in browser.get("/account/login").text
    browser.headers["Host"] = "evil.example"
    asked = browser.send_form(FORGOTTEN, email=" Bob@Example.org ")
    del browser.headers["Host"]
    assert "is on its way" in asked.text
    assert "Send me a link" not in asked.text

    (code,) = links(box, 1)

    letter = box.letters[0].get_content()
    assert f"https://cifake.example.org/account/link#{code}" in letter
    assert "evil.example" not in letter
    browser.send_form(
        "/account/link/use", "/account/link", code=code, password=NEW, again=NEW
    )
    assert browser.get("/").is_success
    assert Users(people).get(BOB)


def test_nobody_learns_who_has_an_account(browser, people, box):
    """The same answer in the same time, however slow the mail server is."""
    box.seconds = 2
    browser.get(FORGOTTEN)
    seconds: dict[str, list[float]] = {ADMIN: [], "nobody@example.org": []}
    texts = set()
    for _ in range(15):
        for email, taken in seconds.items():
            begun = time.perf_counter()
            asked = browser.send_form(FORGOTTEN, email=email)
            taken.append(time.perf_counter() - begun)
            texts.add((asked.status_code, asked.text))

    assert len(texts) == 1
    known, unknown = (statistics.median(each) for each in seconds.values())
    assert max(known, unknown) < 1
    assert len(links(box, 1)) == 1
    assert Users(people).get(ADMIN)


@pytest.mark.usefixtures("people")
def test_what_is_no_address_is_told(browser, box):
    """Nothing is sent."""
    for bad in (
        "",
        "bob",
        "a@b\r\nBcc: all@example.org",
        "@",
        "x" * 300 + "@example.org",
    ):
        assert "Expected an e-mail" in fault(browser.send_form(FORGOTTEN, email=bad))
    assert box.letters == []


@pytest.mark.usefixtures("made")
def test_an_administrators_links_are_mailed(browser, people, box):
    """Invitations and resets; they are shown as well, should no letter come."""
    browser.log_in()
    page = "/account/administration"
    new = "eve@example.org"

    invited = browser.send_form(f"{page}/invite", page, email=new, role="analyst")
    reset = browser.send_form(f"{page}/reset", page, email=BOB)

    for answer, code, email in zip(
        (invited, reset), links(box, 2), (new, BOB), strict=True
    ):
        assert f"on its way to {email}" in answer.text
        assert f"https://cifake.example.org/account/link#{code}" in answer.text
    assert [each["To"] for each in box.letters] == [new, BOB]
    end = time.monotonic() + 60
    while [e.action for e in Audit(people).lines()].count("letter.reset") < 1:
        assert time.monotonic() < end
        time.sleep(0.05)
