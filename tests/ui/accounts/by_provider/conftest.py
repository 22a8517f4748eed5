"""A provider that tests ask, and a door that it knows."""

import json
import socket
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest

from cifake_core.accounts.oidc.settings import (
    CLAIM_VARIABLE,
    ROLES_VARIABLE,
)
from cifake_core.accounts.store import Store
from tests.providers import Provider, provider
from tests.ui.accounts.conftest import (
    Browser,
    address_of,
    served,
)

#: What the provider says of Eve, whom it knows well.
EVE = {"name": "Eve", "email": "eve@example.org", "email_verified": True}


@pytest.fixture(scope="module")
def known(tmp_path_factory) -> Iterator[Provider]:
    """A provider that knows its clients, and wants a nonce."""
    folder = tmp_path_factory.mktemp("provider")
    options = ("--require-registration=true", "--require-nonce=true")
    with provider(folder, *options) as made:
        yield made


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """Where the door is to be."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.fixture
def store(user_data) -> Store:
    """Accounts without anybody."""
    return Store(user_data)


@pytest.fixture
def address(known, listening, store, monkeypatch) -> Iterator[str]:
    """Address of a door that the provider knows; it says roles, too."""
    del store
    for name, value in known.register(address_of(listening)).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(CLAIM_VARIABLE, "realm.groups")
    named = {"desk": "analyst", "cn=it,ou=x": "administrator"}
    monkeypatch.setenv(ROLES_VARIABLE, json.dumps(named))
    with served(listening):
        yield address_of(listening)


def begin(browser: Browser, **query: str) -> str:
    """Where a browser is sent to log in."""
    led = browser.get("/account/oidc", params=query)
    assert led.status_code == 303, led.text
    return led.headers["location"]


def log_in(browser: Browser, known: Provider, subject: str, **query: str):
    """What the door answers to who comes back from the provider."""
    return browser.get(known.let_in(begin(browser, **query), subject))


def changed(place: str, **query: str) -> str:
    """An address with another value in its query."""
    parts = urlsplit(place)
    fields = {name: value for name, (value,) in parse_qs(parts.query).items()}
    return urlunsplit(parts._replace(query=urlencode(fields | query)))
