"""Provider of log-ins for tests: a real one on the loopback, in its own process."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx

from cifake_core.accounts.oidc.settings import (
    CLIENT_VARIABLE,
    DISCOVERY_VARIABLE,
    SECRET_VARIABLE,
    WELL_KNOWN,
)
from cifake_core.accounts.settings import ADDRESS_VARIABLE, VARIABLE
from cifake_core.ui.accounts.by_provider import CALLBACK

#: Seconds for it to start.
_PATIENCE = 60


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Provider that runs at `address`."""

    address: str

    def put(self, subject: str, **claims: object) -> str:
        """Subject of somebody who has these claims from now on."""
        place = f"{self.address}/users/{quote(subject, safe='')}"
        assert httpx.put(place, json=claims).status_code == 204
        return subject

    def register(self, address: str) -> dict[str, str]:
        """Variables of a server at an address, which the provider knows from now on."""
        wanted = {"redirect_uris": [address + CALLBACK]}
        made = httpx.post(f"{self.address}/oauth2/clients", json=wanted).json()
        return {
            VARIABLE: "oidc",
            ADDRESS_VARIABLE: address,
            DISCOVERY_VARIABLE: self.address + WELL_KNOWN,
            CLIENT_VARIABLE: made["client_id"],
            SECRET_VARIABLE: made["client_secret"],
        }

    def let_in(self, place: str, subject: str) -> str:
        """Where a browser is sent that was sent to `place`, once somebody says yes."""
        answer = httpx.post(place, data={"sub": subject})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]


@contextmanager
def provider(
    folder: Path, *options: str, port: int | None = None
) -> Iterator[Provider]:
    """Provider that runs in the context.

    Args:
        folder: for its log.
        options: of its command.
        port: to answer at, by default a free one.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", f"--port={port}", *options]
    with (folder / "provider.txt").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ)
    made = Provider(address=f"http://127.0.0.1:{port}")
    try:
        _wait(made, process, folder / "provider.txt")
        yield made
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _wait(made: Provider, process: subprocess.Popen, log: Path) -> None:
    """Wait until it answers."""
    end = time.monotonic() + _PATIENCE
    while True:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()
        try:
            httpx.get(made.address + WELL_KNOWN).raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return


def free_port() -> int:
    """Port of the loopback that nobody listens to."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])
