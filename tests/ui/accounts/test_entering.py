"""Entering: log-in, registration and links, with input of every kind."""

import time

import pytest

from cifake_core.accounts.audit import Audit
from cifake_core.accounts.links import Links
from cifake_core.accounts.policies import Policies
from cifake_core.accounts.settings import SESSION_COOKIE as SESSION
from cifake_core.accounts.users import Users
from cifake_core.basics.places import DATABASE_FILE
from cifake_core.ui.accounts.door import tell_first
from tests.accounts.conftest import ADMIN, PASSWORD, ROOT
from tests.ui.accounts.conftest import BOB, browser_at, fault

NEW = "copper window thistle 5"


def test_the_first_start_makes_the_administrator(browser, store, capsys):
    """By the link that it prints, once; later starts print none."""
    assert "has printed a link" in browser.get("/account/login").text
    tell_first()
    told = capsys.readouterr().err
    code = told.rpartition("#")[2].strip()
    assert "/account/link#" in told

    asked = browser.send_form("/account/link", code=f" {code} ")
    assert "Begin as the administrator" in asked.text
    begun = browser.send_form(
        "/account/link/use",
        "/account/link",
        code=code,
        name="Ann",
        email=ADMIN,
        password=PASSWORD,
        again=PASSWORD,
    )

    assert begun.headers["location"] == "/"
    assert browser.get("/").is_success
    assert Users(store).get(ADMIN).role == "administrator"
    again = browser.send_form("/account/link", code=code)
    assert "was used, or is too old" in fault(again)
    tell_first()
    assert "administrator" not in capsys.readouterr().err


def test_a_link_can_be_used_after_a_mistake(browser, people):
    """Passwords that differ or are weak are told, and the form is there again."""
    code = Links(people).invite("eve@example.org", "analyst", by=ROOT)
    use = {"code": code, "name": "Eve"}
    for password, again, told in (
        (NEW, NEW + "x", "The two passwords differ"),
        ("short", "short", "of 10 to 200 letters"),
        ("password123", "password123", "too easily guessed"),
    ):
        refused = browser.send_form(
            "/account/link/use", "/account/link", password=password, again=again, **use
        )
        assert told in fault(refused)
        assert "eve@example.org" in refused.text
        assert 'value="Eve"' in refused.text

    done = browser.send_form(
        "/account/link/use", "/account/link", password=NEW, again=NEW, **use
    )

    assert done.status_code == 303
    assert Users(people).get("eve@example.org").role == "analyst"


def test_a_reset_link_gives_another_password(browser, people):
    """And ends the sessions that there were."""
    browser.log_in(BOB)
    before = browser.cookies[SESSION]
    code = Links(people).reset(BOB, by=ROOT)

    browser.send_form(
        "/account/link/use", "/account/link", code=code, password=NEW, again=NEW
    )

    assert browser.get("/").is_success
    assert browser.cookies[SESSION] != before
    assert "do not belong together" in fault(browser.log_in(BOB), 401)
    assert browser.log_in(BOB, NEW).status_code == 303


def test_registration_is_as_the_administrator_sets_it(browser, people):
    """By invitation unless it is set; open to anybody as a viewer; or closed."""
    form = {"name": "Eve", "password": NEW, "again": NEW}
    invited = Links(people).invite("mia@example.org", "analyst", by=ROOT)
    for policy in ("invitation", "closed"):
        Policies(people).set_registration(policy, by=ROOT)
        assert "Register</button>" not in browser.get("/account/register").text
        refused = browser.send_form(
            "/account/register", "/account/login", email="eve@example.org", **form
        )
        assert "Nobody can register here without a link" in fault(refused)
    assert "too old" in fault(browser.send_form("/account/link", code=invited))

    Policies(people).set_registration("open", by=ROOT)
    taken = browser.send_form("/account/register", email=BOB, **form)
    done = browser.send_form("/account/register", email="eve@example.org", **form)

    assert "a user bob@example.org already" in fault(taken)
    assert done.status_code == 303
    assert browser.get("/").is_success
    assert Users(people).get("eve@example.org").role == "viewer"


def test_a_thousand_wrong_log_ins_slow_nobody_else(people, address):
    """Not who comes from elsewhere, nor who is known behind the same address."""
    with browser_at(address) as known, browser_at(address, "127.0.0.7") as elsewhere:
        known.log_in()
        with browser_at(address) as bad:
            shown = bad.get("/account/login").text
            token = shown.partition('name="form_token" value="')[2][:64]
            statuses = [
                bad.post(
                    "/account/login",
                    data={
                        "form_token": token,
                        "email": f"{number % 9}@example.org",
                        "password": NEW,
                    },
                ).status_code
                for number in range(1000)
            ]
            assert int(bad.log_in("x@example.org").headers["retry-after"]) >= 1
        begin = time.perf_counter()

        assert elsewhere.log_in(BOB).status_code == 303
        assert known.log_in().status_code == 303

    assert set(statuses) == {401, 429}
    assert statuses.count(401) <= 60
    assert time.perf_counter() - begin < 10
    assert people


@pytest.mark.usefixtures("people")
def test_without_a_mail_server_it_is_said_whom_to_ask(browser):
    """Neither a form nor a letter for who has forgotten a password."""
    assert "Ask an administrator for a link" in browser.get("/account/login").text
    assert "<form" not in browser.get("/account/forgotten").text
    refused = browser.send_form("/account/forgotten", "/account/login", email=BOB)
    assert "No letters are sent here" in fault(refused)


@pytest.mark.usefixtures("people")
def test_who_fails_is_answered_alike(browser, address):
    """A name that nobody has, in the same words; a script in it is only text."""
    with browser_at(address, "127.0.0.9") as other:
        known = browser.log_in(ADMIN, NEW)
        unknown = other.log_in("<script>alert(1)</script>", NEW)

    assert fault(known, 401) == fault(unknown, 401)
    assert "<script>alert" not in unknown.text
    assert SESSION not in browser.cookies


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "place",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "", "x"],
)
def test_nobody_is_led_to_another_server(browser, place):
    """After a log-in, wherever the link said."""
    assert browser.log_in(next=place).headers["location"] == "/"


@pytest.mark.usefixtures("people")
def test_a_form_of_another_site_does_nothing(browser):
    """Without the token of this browser's own forms, or with another's."""
    browser.log_in()
    for token in (
        {},
        {"form_token": ""},
        {"form_token": "0" * 64},
        {"form_token": "é"},
    ):
        refused = browser.post("/account/logout-everywhere", data=token)
        assert "Send it again" in fault(refused, 403)
    assert browser.get("/").is_success


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({}, b"x" * 30_000, 413),
        ({"Content-Type": "multipart/form-data"}, b"x", 400),
        ({"Content-Type": "text/plain"}, b"\xff\x00", 403),
        ({}, b"a=%ff&b=\xff&" * 9, 403),
        ({}, b"&".join(b"a=1" for _ in range(2000)), 400),
    ],
)
def test_a_broken_form_is_refused(address, headers, content, status):
    """Whatever is sent, nothing breaks."""
    form = {"Content-Type": "application/x-www-form-urlencoded"} | headers
    with browser_at(address) as browser:
        answer = browser.post("/account/login", content=content, headers=form)
    assert answer.status_code == status


def test_no_secret_is_kept_or_told(browser, people, user_data):
    """Neither password nor token is in the database, the audit or a page."""
    code = Links(people).invite("eve@example.org", "viewer", by=ROOT)
    browser.log_in()
    wrong = browser.log_in(ADMIN, "hunter2 hunter2").text
    told = "".join(browser.get(path).text for path in ("/account", "/account/login"))
    token = browser.cookies[SESSION]

    kept = b"".join(each.read_bytes() for each in user_data.glob(f"{DATABASE_FILE}*"))
    lines = str([*Audit(people).lines()])
    for secret in (PASSWORD, token, code, "hunter2 hunter2"):
        assert secret.encode() not in kept
        assert secret not in lines + told + wrong
    assert ADMIN.encode() in kept
