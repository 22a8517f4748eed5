"""The gate: who is not known sees nothing; a stolen cookie ends with the log-out."""

import threading
from contextlib import ExitStack

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from cifake_core.accounts.settings import SESSION_COOKIE as SESSION
from cifake_core.accounts.users import Users
from cifake_core.basics.places import DATABASE_FILE
from cifake_core.ui.server.headers import SECURITY
from tests.accounts.conftest import ADMIN, PASSWORD, ROOT, added
from tests.ui.accounts.conftest import BOB, Browser, browser_at

NEW = "copper window thistle 5"


@pytest.mark.usefixtures("people")
def test_nobody_sees_what_is_behind_the_gate(browser, address):
    """A person is led to the log-in, then to where they wanted; a program gets 401."""
    led = browser.get("/history?tag=a%20b")
    assert led.status_code == 303
    assert led.headers["location"] == "/account/login?next=%2Fhistory%3Ftag%3Da%2520b"
    for path in ("/", "/media/x.png", "/_stcore/upload_file/a/b", "/about", "//x"):
        refused = browser.get(path, headers={"Accept": "*/*"})
        assert refused.status_code == 401
        assert "behind" not in refused.text
    for host in ("x/static/", "x/account/?", "x/_stcore/health#", "x/api/v1/"):
        assert browser.get("/about", headers={"Host": host}).status_code in {303, 400}
    with pytest.raises(InvalidStatus) as refusal:
        connect(f"{address.replace('http', 'ws')}/_stcore/stream")
    assert refusal.value.response.status_code == 403
    for path in ("/_stcore/health", "/static/js/x.js", "/api/v1/health"):
        assert "behind" in browser.get(path).text  # it is for others to guard

    entered = browser.log_in(next="/history?tag=a b")

    assert entered.status_code == 303
    assert entered.headers["location"] == "/history?tag=a%20b"
    assert browser.get("/history").text == "behind the gate at /history"


@pytest.mark.usefixtures("people")
def test_a_stolen_cookie_is_useless_after_log_out(browser, address):
    """Of one session by log-out, of all by log-out everywhere or another password."""
    for leave in (
        lambda: browser.send_form("/account/logout", "/account"),
        lambda: browser.send_form("/account/logout-everywhere", "/account"),
        lambda: browser.send_form(
            "/account/password",
            "/account",
            old=PASSWORD,
            password=NEW,
            again=NEW,
        ),
    ):
        browser.log_in()
        with browser_at(address) as thief:
            thief.cookies.set(SESSION, browser.cookies[SESSION])
            assert thief.get("/").is_success

            left = leave()

            assert left.headers["location"] == "/account/login"
            assert SESSION not in browser.cookies
            assert thief.get("/").status_code == 303
            assert thief.get("/account").status_code == 303


def test_the_cookie_is_read_by_no_script(browser, people, address):
    """HttpOnly and SameSite; Secure where a proxy says that it speaks TLS."""
    entered = browser.log_in()

    cookie = entered.headers["set-cookie"]
    assert all(each in cookie for each in ("HttpOnly", "SameSite=lax", "Path=/"))
    assert "Secure" not in cookie
    with browser_at(address) as other:
        other.headers["X-Forwarded-Proto"] = "https"
        assert "Secure" in other.get("/account/login").headers["set-cookie"]
    assert Users(people).get(ADMIN)


@pytest.mark.usefixtures("people")
def test_a_browser_is_told_what_it_may_load(browser):
    """Own pages load nothing of others and are framed by nobody."""
    shown = browser.get("/account/login").headers

    assert "default-src 'none'" in shown["content-security-policy"]
    assert "frame-ancestors 'none'" in shown["content-security-policy"]
    assert shown["x-content-type-options"] == "nosniff"
    assert shown["cache-control"] == "no-store"
    browser.log_in()
    for path in ("/", "/media/x.png", "/_stcore/health"):
        behind = browser.get(path).headers
        for name, value in SECURITY.items():
            assert behind[name] == value
    for path in ("style.css", "link.js", "icon.png"):
        assert browser.get(f"/account/{path}").is_success
    assert browser.get("/account/nothing").status_code == 404


def test_who_is_shut_out_is_out_with_the_next_request(browser, people):
    """Without a log-out."""
    browser.log_in(BOB)
    assert browser.get("/").is_success

    Users(people).set_active(BOB, is_active=False, by=ROOT)

    assert browser.get("/").status_code == 303
    assert Users(people).get(ADMIN).is_active


def test_a_database_that_is_gone_lets_nobody_in(browser, people, user_data):
    """It is told, and nothing is answered meanwhile."""
    browser.log_in()
    for file in user_data.glob(f"{DATABASE_FILE}*"):
        file.write_bytes(b"no database" * 1000)

    assert browser.get("/").status_code == 503
    assert browser.get("/account").status_code == 503
    assert people


def test_fifty_sessions_of_five_users_never_mix(people, address):
    """Each sees its own account, asked many times at once."""
    emails = [ADMIN, BOB, *(added(people, f"u{n}@example.org") for n in range(3))]
    with ExitStack() as stack:
        visits = (browser_at(address, f"127.0.0.{2 + n}") for n in range(50))
        browsers = [stack.enter_context(each) for each in visits]
        _never_mix(browsers, emails)


def _never_mix(browsers: list[Browser], emails: list[str]) -> None:
    """Each of the browsers logs in as the next user, and sees that one alone."""
    for number, each in enumerate(browsers):
        assert each.log_in(emails[number % 5]).status_code == 303
    wrong: list[str] = []

    def look(number: int) -> None:
        for _ in range(4):
            text = browsers[number].get("/account").text
            own = emails[number % 5]
            seen = [email for email in emails if f"<br>{email}<br>" in text]
            if seen != [own] or text.count("<td>\nthis one") != 1:
                wrong.append(f"{own} saw {seen}")

    threads = [threading.Thread(target=look, args=(n,)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    tokens = {each.cookies[SESSION] for each in browsers}
    assert len(tokens) == 50
