"""What the app does about Streamlit's server: for the version it was measured with."""

import asyncio
import gc
import socket
import sys
import threading
from collections.abc import Iterator
from importlib.metadata import version

import pytest
from uvicorn import Config

from cifake_core.ui import server
from cifake_core.ui.server import warm_start


@pytest.fixture
def _no_objects_are_frozen() -> Iterator[None]:
    """Leave the garbage collector as it was."""
    yield
    gc.unfreeze()


def test_streamlit_is_the_one_that_was_measured():
    """Another one may need none of it, or more."""
    assert version("streamlit") == server.MEASURED_WITH, (
        "Measure first and warm visits (python -m benchmarks.browser.feel) with "
        "and without each step of cifake_core/ui/server, drop what saves no fifth "
        "any more, and then name this Streamlit in MEASURED_WITH."
    )


@pytest.mark.usefixtures("_no_objects_are_frozen")
def test_networks_are_loaded_behind_the_page():
    """In a thread that keeps no server alive; what then stays is not searched again."""
    loaded: list[threading.Thread] = []

    thread = warm_start.begin(
        lambda: loaded.append(threading.current_thread()), seconds=0
    )
    thread.join(30)

    assert thread.daemon
    assert loaded == [thread]
    assert gc.get_freeze_count() > 0


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop is not made for Windows")
def test_connections_do_not_wait_for_more_to_send():
    """Also at a socket that does not name its protocol, as Streamlit's."""
    options: list[int] = []

    class Connection(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            accepted = transport.get_extra_info("socket")
            options.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    async def serve(listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        async with await loop.create_server(Connection, sock=listening):
            reader, writer = await asyncio.open_connection(*listening.getsockname())
            await reader.read()  # until it was closed
            writer.close()

    with socket.socket() as listening:
        listening.bind(("localhost", 0))
        with asyncio.Runner(loop_factory=Config("app:app").get_loop_factory()) as run:
            run.run(serve(listening))

    assert all(options)
    assert options
