"""REST alone: a server of its own, on the loopback unless told otherwise."""

import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from cifake_core.accounts.store import Store
from cifake_core.api.application import create_api
from cifake_core.api.limits import Limits
from cifake_core.api.mount import PREFIX
from cifake_core.api.state import OpenBench
from cifake_core.basics.errors import CifakeError
from cifake_core.jobs.queue.supervisor import supervised
from cifake_core.jobs.retention.regular import retained

#: Beside the pages, which answer at 8501.
PORT: Final = 8502
LOOPBACK: Final = "127.0.0.1"
#: For those who are still there when it is stopped.
_SECONDS_TO_END: Final = 5


def serve(  # noqa: PLR0913 - what it is given, and where it listens
    open_bench: OpenBench,
    limits: Limits,
    accounts: Store | None,
    *,
    host: str,
    port: int,
    tell: Callable[[str], None],
) -> None:
    """Answer until stopped.

    Args:
        open_bench: gives the workbench over the version in use.
        limits: of requests and clients.
        accounts: whose keys may ask; None lets everybody.
        host: the address of this machine to listen at.
        port: to listen at; 0 for a free one.
        tell: told where it listens, once it does.

    Raises:
        OSError: If it cannot listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening:
        tell(_where(listening))
        config = uvicorn.Config(
            create_alone(open_bench, limits, accounts),
            log_level="warning",
            timeout_graceful_shutdown=_SECONDS_TO_END,
        )
        uvicorn.Server(config).run(sockets=[listening])


def create_alone(
    open_bench: OpenBench, limits: Limits, accounts: Store | None = None
) -> Starlette:
    """Return the application at the same addresses as beside the pages."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        jobs = supervised(lambda: _places(open_bench))
        with retained(lambda: _places(open_bench)[0]), jobs:
            threading.Thread(target=_warm_up, args=(open_bench,), daemon=True).start()
            yield

    routes = [Mount(PREFIX, app=create_api(open_bench, limits, accounts))]
    return Starlette(routes=routes, lifespan=lifespan)


def _places(open_bench: OpenBench) -> tuple[Path, Path]:
    """The folders of user data and of shipped networks, for the worker of jobs."""
    bench, _ = open_bench()
    return bench.user_data, bench.versions.shipped


def _warm_up(open_bench: OpenBench) -> None:
    """Load the networks, so that the first picture does not wait for them."""
    with suppress(CifakeError):  # told to who asks for a verdict
        open_bench()[0].warm_up()


def _where(listening: socket.socket) -> str:
    """Sentence on where REST is, and for whom."""
    host, port, *_ = listening.getsockname()
    whom = (
        "for this machine only"
        if ip_address(host).is_loopback
        else "for every machine that can reach this one"
    )
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}{PREFIX}"
    return f"Listening at {address}, {whom}; {address}/docs says what it answers."
