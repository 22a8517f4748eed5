"""Log-in by a provider: a real one, real sockets, one session model."""

import logging
import os
from urllib.parse import parse_qs, urlsplit

import pytest

from cifake_core.accounts.access import who_has_key
from cifake_core.accounts.audit import Audit
from cifake_core.accounts.errors import UnknownCallerError
from cifake_core.accounts.keys import Keys
from cifake_core.accounts.logins import Logins
from cifake_core.accounts.oidc.settings import (
    SECRET_VARIABLE,
)
from cifake_core.accounts.policies import Policies
from cifake_core.accounts.settings import SESSION_COOKIE as SESSION
from cifake_core.accounts.tables import SessionRow
from cifake_core.accounts.users import Users
from cifake_core.basics.places import DATABASE_FILE
from cifake_core.ui.accounts.door import tell_first
from tests.accounts.conftest import ADMIN, PASSWORD, ROOT, added
from tests.ui.accounts.by_provider.conftest import EVE, begin, changed, log_in
from tests.ui.accounts.conftest import (
    BOB,
    address_of,
    browser_at,
    fault,
    served,
)


def test_from_log_in_to_log_out(browser, known, store, address):
    """One session model: listed, in the audit, and useless to a thief after log-out."""
    known.put("sub-eve", **EVE, realm={"groups": ["desk", "choir"]})
    assert browser.get("/history").headers["location"].startswith("/account/login")
    shown = browser.get("/account/login", params={"next": "/history"}).text
    assert "password" not in shown.replace("No password is kept here", "")
    assert 'href="/account/oidc?next=/history"' in shown

    entered = log_in(browser, known, "sub-eve", next="/history")

    assert entered.headers["location"] == "/history"
    assert browser.get("/history").text == "behind the gate at /history"
    cookie = entered.headers["set-cookie"]
    assert all(each in cookie for each in ("HttpOnly", "SameSite=lax", "Path=/"))
    user = Users(store).get("eve@example.org")
    assert (user.name, user.role, user.has_password) == ("Eve", "analyst", False)
    (session,) = Logins(store).listing(user.email, token=browser.cookies[SESSION])
    assert session.is_this
    assert (session.expires - session.created).total_seconds() == 12 * 3600
    lines = [(each.action, each.subject) for each in Audit(store).lines()]
    assert lines == [
        ("user.register", user.email),
        ("user.role", user.email),
        ("login", user.email),
    ]
    with browser_at(address) as thief:
        thief.cookies.set(SESSION, browser.cookies[SESSION])
        assert thief.get("/").is_success
        left = browser.send_form("/account/logout", "/account")
        assert thief.get("/").status_code == 303
    told = browser.get(left.headers["location"]).text
    assert "You are logged out here" in told
    there = f"{known.address}/oauth2/end_session?client_id="
    assert there in told
    assert next(iter(Audit(store).lines(newest=1))).action == "logout"
    assert Audit(store).verify()[0] == 4


def test_forms_of_passwords_are_not_there(browser, known, store, capsys):
    """Neither drawn nor answered; the first start prints no link."""
    tell_first()
    assert capsys.readouterr().err == ""
    known.put("sub-it", **EVE, realm={"groups": "cn=it,ou=x"})
    log_in(browser, known, "sub-it")
    page = "/account/administration"
    for path in ("register", "link", "link/use", "forgotten"):
        assert browser.get(f"/account/{path}").status_code == 404
    for path in ("/account/password", f"{page}/reset", f"{page}/invite"):
        assert browser.send_form(path, "/account").status_code == 405
    assert browser.send_form("/account/login", "/account").status_code == 405
    shown = browser.get(page).text
    assert "says the role, too" in shown
    assert "another password" not in shown + browser.get("/account").text
    assert Users(store).get("eve@example.org").role == "administrator"


def test_a_role_is_what_the_provider_says_now(browser, known, store):
    """At each log-in; an unknown value, another kind of one, and none are a viewer."""
    for groups, role in (
        ({"realm": {"groups": ["cn=it,ou=x", "desk"]}}, "administrator"),
        ({"realm": {"groups": "desk"}}, "analyst"),
        ({"realm.groups": ["cn=it,ou=x"]}, "administrator"),
        ({"realm": {"groups": ["administrator"]}}, "viewer"),
        ({"realm": {"groups": [7, {"desk": 1}, None]}}, "viewer"),
        ({"realm": {"groups": "desk"}}, "analyst"),
        ({"realm": "desk"}, "viewer"),
        ({"realm": {"groups": "desk"}}, "analyst"),
        ({}, "viewer"),
    ):
        known.put("sub-eve", **EVE, **groups)
        log_in(browser, known, "sub-eve")
        assert Users(store).get("eve@example.org").role == role, groups
    changes = [each.result for each in Audit(store).lines() if "->" in each.result]
    assert changes[:2] == ["viewer -> administrator", "administrator -> analyst"]


def test_without_a_claim_roles_are_given_here(known, listening, store, monkeypatch):
    """Somebody new begins as a viewer, and keeps what they are given."""
    for name, value in known.register(address_of(listening)).items():
        monkeypatch.setenv(name, value)
    known.put("sub-eve", **EVE, roles=["administrator"])
    with served(listening), browser_at(address_of(listening)) as browser:
        log_in(browser, known, "sub-eve")
        assert Users(store).get("eve@example.org").role == "viewer"
        Users(store).set_role("eve@example.org", "analyst", by=ROOT)
        log_in(browser, known, "sub-eve")
    assert Users(store).get("eve@example.org").role == "analyst"


def test_an_e_mail_alone_takes_over_nothing(browser, known, store):
    """Neither unverified, nor one that another person of the provider has."""
    added(store, BOB, "analyst")
    for verified in (False, "false", None, 1, "yes"):
        known.put("mallory", email=BOB, email_verified=verified, name="Bob")
        assert log_in(browser, known, "mallory").status_code == 303
    bob = Users(store).get(BOB)
    assert (bob.role, bob.has_password) == ("analyst", True)
    (other,) = [each for each in Users(store).listing() if each.email != BOB]
    assert other.email.endswith("@127.0.0.1")
    assert f"<br>{other.email}<br>" in browser.get("/account").text

    known.put("first", **EVE)
    log_in(browser, known, "first")
    known.put("second", **EVE)
    browser.cookies.delete(SESSION)
    told = fault(log_in(browser, known, "second"), 403)
    assert "Another person of 127.0.0.1 has an account as eve@example.org" in told
    assert SESSION not in browser.cookies
    (line,) = Audit(store).lines(newest=1)
    assert (line.action, line.result) == ("login", "refused")
    known.put("first", name="Eve", email="new@example.org", email_verified="true")
    log_in(browser, known, "first")
    assert Users(store).get("new@example.org").name == "Eve"


def test_a_verified_e_mail_makes_a_local_account_theirs(browser, known, store):
    """With what was kept in it; whoever had made it has no way in any more."""
    added(store, BOB, "analyst")
    number = Users(store).get(BOB).number
    key = Keys(store).make(BOB, name="old", scopes=["look"], days=None, by=ROOT)
    token = Logins(store).log_in(BOB, PASSWORD, source="")
    known.put("sub-bob", email=BOB.upper(), email_verified=True)

    log_in(browser, known, "sub-bob")

    user = Users(store).get(BOB)
    assert (user.number, user.has_password, user.role) == (number, False, "viewer")
    with pytest.raises(UnknownCallerError):
        who_has_key(store, key, source="")
    browser.cookies.set(SESSION, token)
    assert browser.get("/").status_code == 303
    assert "user.adopt" in [each.action for each in Audit(store).lines()]


def test_who_is_shut_out_stays_out(browser, known, store):
    """As does anybody new where nobody new is let in."""
    known.put(
        "sub-it", email=ADMIN, email_verified=True, realm={"groups": "cn=it,ou=x"}
    )
    log_in(browser, known, "sub-it")
    known.put("sub-eve", **EVE)
    with browser_at(str(browser.base_url)) as eve:
        log_in(eve, known, "sub-eve")
        Users(store).set_active("eve@example.org", is_active=False, by=ROOT)
        assert eve.get("/").status_code == 303
        assert "not let in any more" in fault(log_in(eve, known, "sub-eve"), 403)
        (line,) = Audit(store).lines(newest=1)
        assert (line.subject, line.result) == ("eve@example.org", "refused")
        Policies(store).set_registration("closed", by=ROOT)
        assert "Nobody new is let in" in fault(log_in(eve, known, "sub-new"), 403)
    assert log_in(browser, known, "sub-it").status_code == 303


def test_who_leaves_has_logged_in_just_now(browser, known, store):
    """In place of a password; the provider's account is not ours to delete."""
    known.put("sub-eve", **EVE)
    log_in(browser, known, "sub-eve")
    email = {"email": "eve@example.org"}
    with store.writing() as session:
        (row,) = session.query(SessionRow)
        created = row.created
        row.created = created.replace(year=created.year - 1)
    old = browser.send_form("/account/delete", "/account", **email)
    assert "You logged in a while ago" in fault(old)
    log_in(browser, known, "sub-eve")
    wrong = browser.send_form("/account/delete", "/account", email=BOB)
    assert "To delete your account type its e-mail" in fault(wrong)

    left = browser.send_form("/account/delete", "/account", **email)

    assert left.headers["location"] == "/account/login?left=yes"
    assert Users(store).listing() == []


def test_no_secret_is_kept_or_told(browser, known, store, user_data, caplog):
    """Neither ours, nor the provider's codes, nor its name for somebody."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.WARNING, "httpx")  # the test's own browser
    known.put("sub-very-own", **EVE)
    came = known.let_in(begin(browser), "sub-very-own")
    browser.get(came)
    code = parse_qs(urlsplit(came).query)["code"][0]
    wrong = known.let_in(begin(browser), "sub-very-own")
    browser.get(changed(wrong, code="of-nobody"))
    told = "".join(browser.get(each).text for each in ("/account", "/account/login"))

    kept = b"".join(each.read_bytes() for each in user_data.glob(f"{DATABASE_FILE}*"))
    lines = str([*Audit(store).lines()])
    assert "invalid_grant" in caplog.text
    secrets = (os.environ[SECRET_VARIABLE], code, "of-nobody", browser.cookies[SESSION])
    for secret in (*secrets, "sub-very-own"):
        assert secret.encode() not in kept
        assert secret not in lines + told + caplog.text
