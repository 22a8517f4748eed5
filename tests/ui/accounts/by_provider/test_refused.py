"""Answers of a provider that are refused, and one that is down or slow."""

import base64
import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from cifake_core.accounts.oidc.settings import (
    CLIENT_VARIABLE,
    DISCOVERY_VARIABLE,
    ROLES_VARIABLE,
    SECRET_VARIABLE,
    WELL_KNOWN,
)
from cifake_core.accounts.settings import ADDRESS_VARIABLE, VARIABLE
from cifake_core.accounts.settings import SESSION_COOKIE as SESSION
from cifake_core.accounts.users import Users
from cifake_core.basics.errors import SettingError
from cifake_core.basics.places import CHECKOUT, USER_DATA_VARIABLE
from cifake_core.ui.accounts.door import routes_and_gate
from tests.providers import free_port, provider
from tests.ui.accounts.by_provider.conftest import EVE, begin, changed, log_in
from tests.ui.accounts.conftest import (
    Browser,
    address_of,
    browser_at,
    fault,
    served,
)


def test_answers_that_nobody_asked_for_are_refused(browser, known, store, address):
    """Another state, another browser's, one that was used, none at all."""
    known.put("sub-eve", **EVE)
    came = known.let_in(begin(browser), "sub-eve")
    with browser_at(address) as other:
        assert "not begun in this browser" in fault(other.get(came), 403)
        begin(other)
        assert "not begun in this browser" in fault(other.get(came), 403)
        other.cookies.set("cifake_begun", "!", path="/account/oidc")
        assert "not begun in this browser" in fault(other.get(came), 403)
    for wrong in ({"state": "x"}, {"state": "é"}):
        again = known.let_in(begin(browser), "sub-eve")
        assert "not begun" in fault(browser.get(changed(again, **wrong)), 403)
        assert "not begun" in fault(browser.get(again), 403)  # it was good for one
    assert "not begun" in fault(browser.get("/account/oidc/callback"), 403)
    place = begin(browser)
    denied = httpx.post(place, data={"action": "deny"})
    state = parse_qs(urlsplit(place).query)["state"][0]
    assert denied.headers["location"].startswith(address)
    refused = browser.get(
        "/account/oidc/callback",
        params={"state": state, "error": "access_denied", "error_description": "<b>"},
    )
    assert "has not let you in" in fault(refused, 403)
    assert "<b>" not in refused.text
    junk = known.let_in(begin(browser), "sub-eve")
    told = fault(browser.get(changed(junk, code="junk")), 403)
    assert "cannot be trusted (invalid_grant)" in told
    used = known.let_in(begin(browser), "sub-eve")
    assert browser.get(used).status_code == 303
    assert "not begun" in fault(browser.get(used), 403)
    assert [each.email for each in Users(store).listing()] == ["eve@example.org"]


def test_a_token_of_another_log_in_is_refused(browser, known, store):
    """Its nonce is not that of this browser's."""
    known.put("sub-eve", **EVE)
    place = begin(browser)
    sent = {name: value for name, (value,) in parse_qs(urlsplit(place).query).items()}
    held = json.loads(base64.urlsafe_b64decode(browser.cookies["cifake_begun"] + "=="))
    proof = hashlib.sha256(held["code_verifier"].encode()).digest()
    assert sent["code_challenge_method"] == "S256"
    assert sent["code_challenge"] == base64.urlsafe_b64encode(proof).decode().rstrip(
        "="
    )
    assert sent["nonce"] == held["nonce"]
    assert held["code_verifier"] not in place

    came = known.let_in(changed(place, nonce="of another"), "sub-eve")

    assert "cannot be trusted (invalid_claim)" in fault(browser.get(came), 403)
    assert SESSION not in browser.cookies
    assert Users(store).listing() == []


@pytest.mark.usefixtures("store")
def test_a_token_that_has_expired_is_refused(listening, tmp_path, monkeypatch):
    """Whoever it was made for."""
    address = address_of(listening)
    with provider(tmp_path, "--token-max-age=-600") as late:
        for name, value in late.register(address).items():
            monkeypatch.setenv(name, value)
        with served(listening), browser_at(address) as browser:
            told = fault(log_in(browser, late, "sub-eve"), 403)
            assert "cannot be trusted (expired_token)" in told
            assert SESSION not in browser.cookies


def test_a_provider_that_is_down_is_told(listening, store, tmp_path, monkeypatch):
    """Whenever; once it is up again, with another key, all is well."""
    port = free_port()
    for name, value in {
        VARIABLE: "oidc",
        ADDRESS_VARIABLE: address_of(listening),
        DISCOVERY_VARIABLE: f"http://127.0.0.1:{port}{WELL_KNOWN}",
        CLIENT_VARIABLE: "a team's",
        SECRET_VARIABLE: "of the team",
    }.items():
        monkeypatch.setenv(name, value)
    with served(listening), browser_at(address_of(listening)) as browser:
        told = fault(browser.get("/account/oidc"), 503)
        assert told == (
            "127.0.0.1, where one logs in, does not answer now. Try again in a minute; "
            "if it stays so, tell an administrator."
        )
        assert "You are logged out" in browser.get("/account/login?left=yes").text
        with provider(tmp_path, port=port) as first:
            assert log_in(browser, first, "sub-eve").status_code == 303
            came = first.let_in(begin(browser), "sub-eve")
        assert "does not answer now" in fault(browser.get(came), 503)
        with provider(tmp_path, port=port) as second:
            assert log_in(browser, second, "sub-eve").status_code == 303
    (user,) = Users(store).listing()
    assert user.email.endswith("@127.0.0.1")  # nobody vouched for another


def test_a_slow_provider_holds_up_nobody_else(listening, store, monkeypatch):
    """However many wait for it."""
    with socket.create_server(("127.0.0.1", 0), backlog=60) as silent:
        for name, value in {
            VARIABLE: "oidc",
            ADDRESS_VARIABLE: address_of(listening),
            DISCOVERY_VARIABLE: address_of(silent) + WELL_KNOWN,
            CLIENT_VARIABLE: "a team's",
        }.items():
            monkeypatch.setenv(name, value)
        with served(listening), browser_at(address_of(listening)) as browser:
            waiting = [
                threading.Thread(target=_give_up, args=(b,)) for b in [browser] * 30
            ]
            for each in waiting:
                each.start()
            begun = time.perf_counter()

            for _ in range(10):
                assert browser.get("/account/login").is_success

            assert time.perf_counter() - begun < 5
            for each in waiting:
                each.join()
            silent.close()  # who still waits for it is refused
    assert Users(store).listing() == []


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"issuer": "https://login.evil.example"}, "another_issuer"),
        ({"id_token_signing_alg_values_supported": ["none"]}, "no_usable_signature"),
        ({}, "RuntimeError"),
        ([], "TypeError"),
    ],
)
@pytest.mark.usefixtures("store")
def test_a_description_that_is_none_is_refused(listening, monkeypatch, told, reason):
    """Of another provider, without signatures, or without an address."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        there = address_of(held)
        if isinstance(told, dict):
            told = {"issuer": there} | told

        def answer() -> None:
            """Describe the provider, once."""
            asked, _ = held.accept()
            with asked:
                asked.recv(10_000)
                text = json.dumps(told)
                head = f"HTTP/1.0 200 OK\r\nContent-Length: {len(text)}\r\n\r\n"
                asked.sendall((head + text).encode())

        threading.Thread(target=answer, daemon=True).start()
        monkeypatch.setenv(VARIABLE, "oidc")
        monkeypatch.setenv(ADDRESS_VARIABLE, address_of(listening))
        monkeypatch.setenv(DISCOVERY_VARIABLE, there + WELL_KNOWN)
        monkeypatch.setenv(CLIENT_VARIABLE, "a team's")
        with served(listening), browser_at(address_of(listening)) as browser:
            refused = fault(browser.get("/account/oidc"), 403)
    assert f"cannot be trusted ({reason})" in refused


def _give_up(browser: Browser) -> None:
    """Begin a log-in, and wait for it no longer than a second."""
    with pytest.raises(httpx.TimeoutException):
        browser.get("/account/oidc", timeout=1)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        (CLIENT_VARIABLE, "", f"set {CLIENT_VARIABLE}"),
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
@pytest.mark.usefixtures("user_data")
def test_a_wrong_setting_starts_no_server(monkeypatch, name, value, told):
    """It is said which one, and how it is to be."""
    for each, right in {
        VARIABLE: "oidc",
        ADDRESS_VARIABLE: "https://cifake.example.org",
        DISCOVERY_VARIABLE: f"https://login.example.org{WELL_KNOWN}",
        CLIENT_VARIABLE: "cifake",
        name: value,
    }.items():
        monkeypatch.setenv(each, right)

    with pytest.raises(SettingError, match=told):
        routes_and_gate()


def test_local_accounts_load_nothing_of_it(user_data):
    """Its library is loaded where a provider is asked."""
    code = (
        "import sys; from cifake_core.ui.accounts.door import routes_and_gate;"
        "routes_and_gate(); print([each for each in sys.modules if 'authlib' in each])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        env=os.environ | {USER_DATA_VARIABLE: str(user_data), VARIABLE: "local"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "[]"
