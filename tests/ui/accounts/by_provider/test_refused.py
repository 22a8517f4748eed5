"""Answers of a provider that are used twice or late, and settings that are wrong."""

import pytest

from cifake_core.accounts.errors import StaleAnswerError
from cifake_core.accounts.oidc.settings import (
    CLIENT_VARIABLE,
    DISCOVERY_VARIABLE,
    ROLES_VARIABLE,
    SECRET_VARIABLE,
    WELL_KNOWN,
)
from cifake_core.accounts.settings import ADDRESS_VARIABLE
from cifake_core.accounts.settings import SESSION_COOKIE as SESSION
from cifake_core.accounts.users import Users
from cifake_core.basics.errors import SettingError
from cifake_core.ui.accounts.door import routes_and_gate, secrets_of_login
from tests.ui.accounts.by_provider.conftest import EVE, admitted, claims, enter, log_in
from tests.ui.accounts.conftest import browser_at, fault


def test_a_copy_of_an_answer_opens_nothing(store):
    """Used once, it is used; and none is good for long, nor without its time."""
    said = claims("sub-eve", **EVE)
    assert admitted(store, said)
    issued = said["iat"]
    for wrong in (
        said,
        said | {"name": "Mallory", "realm": {"groups": "cn=it,ou=x"}},
        claims("sub-eve") | {"iat": issued - 601},
        claims("sub-eve") | {"iat": issued + 120},
        claims("sub-eve") | {"iat": str(issued)},
        {"is_logged_in": False},
        {},
    ):
        with pytest.raises(StaleAnswerError, match="Log in again"):
            admitted(store, wrong)
    assert [each.email for each in Users(store).listing()] == ["eve@example.org"]
    assert admitted(store, claims("sub-eve") | {"iat": issued - 590})


def test_a_token_of_the_page_begins_one_session(browser, store, address):
    """From a form of this browser; another one's is refused, and it is good once."""
    browser.get("/account/login")
    token = admitted(store, claims("sub-eve", **EVE))
    with browser_at(address) as other:
        alone = other.post("/account/oidc", data={"token": token, "form_token": "x"})
        assert "This form was open for too long" in fault(alone, 403)
    for wrong in ("", "junk", "é" * 100):
        sent = enter(browser, wrong)
        assert "took too long, or was used" in fault(sent, 403)
    assert SESSION not in browser.cookies

    sent = enter(browser, token)
    assert (sent.status_code, sent.headers["location"]) == (303, "/")

    again = enter(browser, token)
    assert "was used" in fault(again, 403)


def test_a_place_elsewhere_is_not_gone_to(browser, store):
    """Whatever a link to the log-in says."""
    for place in ("https://evil.example/", "//evil.example", "/\\evil.example", "x"):
        sent = log_in(browser, store, claims("sub-eve", **EVE), next=place)
        assert sent.headers["location"] == "/"
    browser.cookies.set("cifake_place", "//evil.example")
    sent = enter(browser, admitted(store, claims("sub-eve", **EVE)))
    assert sent.headers["location"] == "/"


def test_the_gate_opens_the_way_to_the_provider_alone(browser):
    """Streamlit's login and its page; not pages, uploads, nor pictures of pages."""
    for path in ("/log-in", "/auth/login", "/auth/logout", "/oauth2callback"):
        assert browser.get(path).text == f"behind the gate at {path}"
    for path in ("/_stcore/upload_file/x", "/media/x", "/component/x", "/history"):
        assert browser.get(path).status_code == 303
        assert browser.get(path, headers={"Accept": "*/*"}).status_code == 401
    assert browser.get("/").headers["location"] == "/account/login?next=%2F"
    browser.get("/account/login")
    assert browser.get("/").headers["location"] == "/log-in?back=yes"
    assert browser.get("/history").headers["location"].startswith("/account/login")


@pytest.mark.usefixtures("store")
def test_streamlit_is_told_which_provider():
    """By what `st.login` reads."""
    auth = secrets_of_login()["auth"]
    assert auth["redirect_uri"] == "https://cifake.example.org/oauth2callback"
    assert auth["server_metadata_url"] == f"https://login.example.org{WELL_KNOWN}"
    assert (auth["client_id"], len(auth["cookie_secret"])) == ("cifake", 64)
    assert auth == secrets_of_login()["auth"]  # as on another server of the team


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        (CLIENT_VARIABLE, "", f"set {CLIENT_VARIABLE}"),
        (SECRET_VARIABLE, "", f"set {SECRET_VARIABLE}"),
        (ADDRESS_VARIABLE, "", f"set {ADDRESS_VARIABLE}"),
        (ADDRESS_VARIABLE, "cifake.example.org", "is the address by which browsers"),
        (ADDRESS_VARIABLE, "https://a@b.example", "is the address by which browsers"),
        (ADDRESS_VARIABLE, "https://b.example/x", "is the address by which browsers"),
        (DISCOVERY_VARIABLE, "", "the provider's description"),
        (DISCOVERY_VARIABLE, f"http://x.example{WELL_KNOWN}", "only on this machine"),
        (DISCOVERY_VARIABLE, "https://x.example/", "the provider's description"),
        (ROLES_VARIABLE, "desk=analyst", "is JSON with a role"),
        (ROLES_VARIABLE, '["desk"]', "is JSON with a role"),
        (ROLES_VARIABLE, '{"desk": "boss"}', "is JSON with a role"),
        (f"{SECRET_VARIABLE}_FILE", "no/such/file", "a readable file"),
    ],
)
@pytest.mark.usefixtures("store")
def test_a_wrong_setting_starts_no_server(monkeypatch, name, value, told):
    """It is said which one, and how it is to be."""
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingError, match=told):
        routes_and_gate()
