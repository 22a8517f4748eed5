"""The door of the pages as tests ask it: a real server on a real socket."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
import streamlit as st
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

from cifake_core.accounts.logins import Logins
from cifake_core.accounts.settings import SESSION_COOKIE as SESSION
from cifake_core.accounts.settings import VARIABLE
from cifake_core.accounts.store import Store
from cifake_core.ui.accounts.door import routes_and_gate
from cifake_core.ui.server.headers import Headers
from tests.accounts.conftest import ADMIN, PASSWORD, added

BOB = "bob@example.org"
_TOKEN = re.compile('name="form_token" value="([0-9a-f]{64})"')


class Browser(httpx.Client):
    """Browser without scripts: it keeps cookies, and sends forms with their token."""

    def send_form(self, path: str, page: str | None = None, **fields) -> httpx.Response:
        """What a form answers that was opened on a page."""
        shown = self.get(page or path, follow_redirects=True)
        token = _TOKEN.search(shown.text)
        files = fields.pop("files", None)
        data = {"form_token": token[1] if token else ""} | fields
        return self.post(path, data=data, files=files)

    def log_in(self, email: str = ADMIN, password: str = PASSWORD, **more: str):
        """What the log-in answers."""
        return self.send_form("/account/login", email=email, password=password, **more)


@pytest.fixture
def store(user_data, monkeypatch) -> Store:
    """Accounts that are on, without anybody."""
    monkeypatch.setenv(VARIABLE, "local")
    return Store(user_data)


@pytest.fixture
def people(store) -> Store:
    """Accounts with Ann, an administrator, and Bob, a viewer."""
    added(store, ADMIN, "administrator")
    added(store, BOB)
    return store


@pytest.fixture
def address(store) -> Iterator[str]:
    """Address of a server that has one page behind the gate."""
    del store  # on before the server starts
    with socket.create_server(("127.0.0.1", 0)) as listening, served(listening):
        yield address_of(listening)


def address_of(listening: socket.socket) -> str:
    """Address of a server that listens there."""
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def served(listening: socket.socket) -> Iterator[None]:
    """Context in which the door, as the environment sets it, is served there."""
    routes, gate = routes_and_gate()
    shown = [Route("/{rest:path}", _page)]
    app = Starlette(routes=[*routes, *shown], middleware=[Middleware(Headers), *gate])
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(60)


@pytest.fixture
def browser(address) -> Iterator[Browser]:
    """Somebody's browser."""
    with browser_at(address) as browser:
        yield browser


def browser_at(address: str, sender: str = "127.0.0.1") -> Browser:
    """A browser that visits from the address `sender`."""
    transport = httpx.HTTPTransport(local_address=sender)
    headers = {"Accept": "text/html"}
    return Browser(base_url=address, headers=headers, transport=transport, timeout=120)


def fault(response: httpx.Response, status: int = 400) -> str:
    """The sentence of a page that refuses."""
    assert response.status_code == status, response.text
    found = re.search('<p class="fault" role="alert">(.*)</p>', response.text)
    assert found, response.text
    return found[1].replace("&#39;", "'")


def _page(request: Request) -> PlainTextResponse:
    """What is behind the gate."""
    return PlainTextResponse(f"behind the gate at {request.url.path}")


@pytest.fixture
def log_in(store, monkeypatch) -> Callable[[str], None]:
    """A function that gives all pages under test the session of somebody."""

    def log_in(email: str) -> None:
        token = Logins(store).log_in(email, PASSWORD, source="")
        monkeypatch.setattr(type(st.context), "cookies", {SESSION: token})

    return log_in


@pytest.fixture
def as_served(monkeypatch) -> None:
    """Let pages under test run by `app.py` alone, as the server's lifespan does."""
    made = PagesManager.__init__

    def init(self, *args, **kwargs) -> None:
        made(self, *args, **kwargs)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", init)
