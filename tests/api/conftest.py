"""REST as tests ask it: real servers on real sockets, over the shipped networks."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest
import uvicorn

from cifake_core.accounts.store import Store
from cifake_core.api.limits import Limits
from cifake_core.api.mount import PREFIX
from cifake_core.api.server import create_alone
from cifake_core.api.state import OpenBench
from cifake_core.basics.places import ASSETS, CHECKOUT
from cifake_core.workbench.in_use import workbench_in_use

#: Runs a server within these limits; gives a client of it.
Serve = Callable[[Limits], AbstractContextManager[httpx.Client]]
SAMPLES = ASSETS / "samples"
CAT = SAMPLES / "cat_32.png"
#: Seconds that a busy machine may need.
PATIENCE = 120


@contextmanager
def running(
    open_bench: OpenBench, limits: Limits, accounts: Store | None = None
) -> Iterator[httpx.Client]:
    """Run a server over a workbench; give a client of it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        config = uvicorn.Config(
            create_alone(open_bench, limits, accounts), log_level="warning"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive()
                time.sleep(0.01)
            with client_of(f"http://127.0.0.1:{port}{PREFIX}") as client:
                yield client
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


def client_of(address: str, *, sender: str = "127.0.0.1") -> httpx.Client:
    """A client of the server at `address`, that calls from the address `sender`."""
    transport = httpx.HTTPTransport(local_address=sender)
    return httpx.Client(base_url=address, transport=transport, timeout=PATIENCE)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory) -> OpenBench:
    """What opens the workbench over the shipped networks; they are loaded once."""
    user_data = tmp_path_factory.mktemp("rest")
    bench, _ = workbench_in_use(CHECKOUT / "models", user_data)
    bench.warm_up()
    return lambda: (bench, "")


@pytest.fixture(scope="session")
def serve(shipped) -> Serve:
    """A function that runs a server over the shipped networks."""
    return partial(running, shipped)


@pytest.fixture(scope="session")
def client(serve: Serve) -> Iterator[httpx.Client]:
    """A client of a server with the limits that it has by default."""
    with serve(Limits()) as client:
        yield client


def upload(*pictures: Path | bytes) -> list[tuple[str, tuple[str, bytes]]]:
    """Pictures as httpx takes them; those that are bytes are called by their number."""
    return [
        ("files", (each.name, each.read_bytes()))
        if isinstance(each, Path)
        else ("files", (f"{number}.bin", each))
        for number, each in enumerate(pictures)
    ]


def problem(response: httpx.Response, status: int) -> str:
    """The sentence of a refusal with this status, in the form of RFC 9457."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert told.keys() == {"type", "title", "status", "detail"}
    assert told["status"] == status
    sentence: str = told["detail"]
    assert sentence.endswith(".")
    return sentence
