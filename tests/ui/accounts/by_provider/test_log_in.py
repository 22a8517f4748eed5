"""Log-in by a provider: what it has said becomes a session as passwords begin one."""

import os

import pytest

from cifake_core.accounts.access import who_has_key
from cifake_core.accounts.audit import Audit
from cifake_core.accounts.errors import ProviderRefusedError, UnknownCallerError
from cifake_core.accounts.keys import Keys
from cifake_core.accounts.logins import Logins
from cifake_core.accounts.oidc.settings import CLAIM_VARIABLE, SECRET_VARIABLE
from cifake_core.accounts.policies import Policies
from cifake_core.accounts.settings import SESSION_COOKIE as SESSION
from cifake_core.accounts.tables import SessionRow
from cifake_core.accounts.users import Users
from cifake_core.basics.places import DATABASE_FILE
from cifake_core.ui.accounts.door import secrets_of_login, tell_first
from tests.accounts.conftest import ADMIN, PASSWORD, ROOT, added
from tests.ui.accounts.by_provider.conftest import EVE, admitted, claims, enter, log_in
from tests.ui.accounts.conftest import BOB, browser_at, fault


def test_from_log_in_to_log_out(browser, store, address):
    """One session model: listed, in the audit, and useless to a thief after log-out."""
    assert browser.get("/history").headers["location"].startswith("/account/login")
    shown = browser.get("/account/login", params={"next": "/history"}).text
    assert "password" not in shown.replace("No password is kept here", "")
    assert 'href="/log-in"' in shown

    said = claims("sub-eve", **EVE, realm={"groups": ["desk", "choir"]})
    entered = log_in(browser, store, said, next="/history?tag=ä&part=cases")

    assert entered.headers["location"] == "/history?tag=%C3%A4&part=cases"
    assert browser.get("/history").text == "behind the gate at /history"
    cookies = entered.headers["set-cookie"]
    assert all(each in cookies for each in ("HttpOnly", "SameSite=lax", "Path=/"))
    assert "cifake_place" not in browser.cookies
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
    assert 'href="/auth/logout"' in told
    assert next(iter(Audit(store).lines(newest=1))).action == "logout"
    assert Audit(store).verify()[0] == 4


def test_forms_of_passwords_are_not_there(browser, store, capsys):
    """Neither drawn nor answered; the first start prints no link."""
    tell_first()
    assert capsys.readouterr().err == ""
    log_in(browser, store, claims("sub-it", **EVE, realm={"groups": "cn=it,ou=x"}))
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


def test_a_role_is_what_the_provider_says_now(store):
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
        admitted(store, claims("sub-eve", **EVE, **groups))
        assert Users(store).get("eve@example.org").role == role, groups
    changes = [each.result for each in Audit(store).lines() if "->" in each.result]
    assert changes[:2] == ["viewer -> administrator", "administrator -> analyst"]


def test_without_a_claim_roles_are_given_here(store, monkeypatch):
    """Somebody new begins as a viewer, and keeps what they are given."""
    monkeypatch.delenv(CLAIM_VARIABLE)
    admitted(store, claims("sub-eve", **EVE, roles=["administrator"]))
    assert Users(store).get("eve@example.org").role == "viewer"
    Users(store).set_role("eve@example.org", "analyst", by=ROOT)
    admitted(store, claims("sub-eve", **EVE, roles=["administrator"]))
    assert Users(store).get("eve@example.org").role == "analyst"


def test_an_e_mail_alone_takes_over_nothing(browser, store):
    """Neither unverified, nor one that another person of the provider has."""
    added(store, BOB, "analyst")
    for verified in (False, "false", None, 1, "yes"):
        said = claims("mallory", email=BOB, email_verified=verified, name="Bob")
        assert log_in(browser, store, said).status_code == 303
    bob = Users(store).get(BOB)
    assert (bob.role, bob.has_password) == ("analyst", True)
    (other,) = [each for each in Users(store).listing() if each.email != BOB]
    assert other.email.endswith("@login.example.org")
    assert f"<br>{other.email}<br>" in browser.get("/account").text

    admitted(store, claims("first", **EVE))
    told = "Another person of login.example.org has an account as eve@example.org"
    with pytest.raises(ProviderRefusedError, match=told):
        admitted(store, claims("second", **EVE))
    (line,) = Audit(store).lines(newest=1)
    assert (line.action, line.result, line.source) == ("login", "refused", "the page")
    changed = {"name": "Eve", "email": "new@example.org", "email_verified": "true"}
    admitted(store, claims("first", **changed))
    assert Users(store).get("new@example.org").name == "Eve"


def test_a_verified_e_mail_makes_a_local_account_theirs(browser, store):
    """With what was kept in it; whoever had made it has no way in any more."""
    added(store, BOB, "analyst")
    number = Users(store).get(BOB).number
    key = Keys(store).make(BOB, name="old", scopes=["look"], days=None, by=ROOT)
    token = Logins(store).log_in(BOB, PASSWORD, source="")

    admitted(store, claims("sub-bob", email=BOB.upper(), email_verified=True))

    user = Users(store).get(BOB)
    assert (user.number, user.has_password, user.role) == (number, False, "viewer")
    with pytest.raises(UnknownCallerError):
        who_has_key(store, key, source="")
    browser.cookies.set(SESSION, token)
    assert browser.get("/").status_code == 303
    assert "user.adopt" in [each.action for each in Audit(store).lines()]


def test_who_is_shut_out_stays_out(browser, store):
    """Also who was admitted before; as does anybody new where nobody new is let in."""
    groups = {"groups": "cn=it,ou=x"}
    admitted(store, claims("sub-it", email=ADMIN, email_verified=True, realm=groups))
    log_in(browser, store, claims("sub-eve", **EVE))
    token = admitted(store, claims("sub-eve", **EVE))
    Users(store).set_active("eve@example.org", is_active=False, by=ROOT)
    assert browser.get("/").status_code == 303
    late = enter(browser, token)
    assert "took too long" in fault(late, 403)
    with pytest.raises(ProviderRefusedError, match="not let in any more"):
        admitted(store, claims("sub-eve", **EVE))
    (line,) = Audit(store).lines(newest=1)
    assert (line.subject, line.result) == ("eve@example.org", "refused")
    Policies(store).set_registration("closed", by=ROOT)
    with pytest.raises(ProviderRefusedError, match="Nobody new is let in"):
        admitted(store, claims("sub-new"))
    assert admitted(store, claims("sub-it"))


def test_who_leaves_has_logged_in_just_now(browser, store):
    """In place of a password; the provider's account is not ours to delete."""
    log_in(browser, store, claims("sub-eve", **EVE))
    email = {"email": "eve@example.org"}
    with store.writing() as session:
        (row,) = session.query(SessionRow)
        created = row.created
        row.created = created.replace(year=created.year - 1)
    old = browser.send_form("/account/delete", "/account", **email)
    assert "You logged in a while ago" in fault(old)
    log_in(browser, store, claims("sub-eve", **EVE))
    assert len(Logins(store).listing("eve@example.org")) == 1  # the one of before ended
    wrong = browser.send_form("/account/delete", "/account", email=BOB)
    assert "To delete your account type its e-mail" in fault(wrong)

    left = browser.send_form("/account/delete", "/account", **email)

    assert left.headers["location"] == "/account/login?left=yes"
    assert Users(store).listing() == []


def test_no_secret_is_kept(browser, store, user_data):
    """Neither ours, nor tokens, nor the provider's name for somebody."""
    said = claims("sub-very-own", **EVE)
    log_in(browser, store, said)
    token = admitted(store, claims("sub-very-own", **EVE))

    kept = b"".join(each.read_bytes() for each in user_data.glob(f"{DATABASE_FILE}*"))
    lines = str([*Audit(store).lines()])
    cookie_secret = secrets_of_login()["auth"]["cookie_secret"]
    assert os.environ[SECRET_VARIABLE] not in cookie_secret
    secrets = (os.environ[SECRET_VARIABLE], cookie_secret, token)
    for secret in (*secrets, browser.cookies[SESSION], "sub-very-own"):
        assert secret.encode() not in kept
        assert secret not in lines
