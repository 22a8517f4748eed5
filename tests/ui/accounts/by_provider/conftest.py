"""A door where a provider says who somebody is, and what it has said."""

import itertools
import json
import os
import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from cifake_core.accounts.oidc.settings import (
    CLAIM_VARIABLE,
    CLIENT_VARIABLE,
    DISCOVERY_VARIABLE,
    ROLES_VARIABLE,
    SECRET_VARIABLE,
    WELL_KNOWN,
    read_oidc,
)
from cifake_core.accounts.oidc.subjects import Subjects
from cifake_core.accounts.settings import ADDRESS_VARIABLE, VARIABLE
from cifake_core.accounts.store import Store
from cifake_core.ui.accounts.cookies import form_secret, form_token
from tests.ui.accounts.conftest import Browser, address_of, served

#: What the provider says of Eve, whom it knows well.
EVE = {"name": "Eve", "email": "eve@example.org", "email_verified": True}
PROVIDER = "https://login.example.org"
_NUMBERS = itertools.count()


@pytest.fixture
def store(user_data, monkeypatch) -> Store:
    """Accounts without anybody; the provider says roles, too."""
    named = {"desk": "analyst", "cn=it,ou=x": "administrator"}
    for name, value in {
        VARIABLE: "oidc",
        ADDRESS_VARIABLE: "https://cifake.example.org",
        DISCOVERY_VARIABLE: PROVIDER + WELL_KNOWN,
        CLIENT_VARIABLE: "cifake",
        SECRET_VARIABLE: "the secret of this server",
        CLAIM_VARIABLE: "realm.groups",
        ROLES_VARIABLE: json.dumps(named),
    }.items():
        monkeypatch.setenv(name, value)
    return Store(user_data)


@pytest.fixture
def address(store) -> Iterator[str]:
    """Address of a server that has one page behind the gate."""
    del store  # on before the server starts
    with socket.create_server(("127.0.0.1", 0)) as listening, served(listening):
        yield address_of(listening)


def claims(subject: str, **more: object) -> dict[str, object]:
    """What the provider says now of somebody; no answer is like another."""
    return {
        "iss": PROVIDER,
        "sub": subject,
        "iat": int(time.time()),
        "nonce": str(next(_NUMBERS)),
        **more,
    }


def admitted(store: Store, said: dict[str, object]) -> str:
    """Token of whom Streamlit's page has admitted by what the provider said."""
    return Subjects(store, read_oidc(os.environ)).admit(said, source="the page")


def log_in(
    browser: Browser, store: Store, said: dict[str, object], **query: str
) -> httpx.Response:
    """What the door answers to whom the page has admitted."""
    browser.get("/account/login", params=query)
    return enter(browser, admitted(store, said))


def enter(browser: Browser, token: str) -> httpx.Response:
    """What the door answers to the form of Streamlit's page."""
    data = {"token": token, "form_token": form_token(form_secret(browser.cookies))}
    return browser.post("/account/oidc", data=data)
