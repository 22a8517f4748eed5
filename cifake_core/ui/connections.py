"""How the server sends to browsers."""

import gc
import socket
from contextlib import suppress


def send_at_once() -> None:
    """Let nothing wait that is written to a connection (TCP_NODELAY).

    asyncio asks for this only where a socket names its protocol, and the one at which
    Streamlit listens does not. So the head of each file went out by itself, and the
    file waited until the browser had confirmed the head, which it puts off for 40 ms.

    Call it before the server answers: connections inherit it from where it listens.
    """
    for each in gc.get_objects():  # Streamlit keeps its socket to itself
        if issubclass(type(each), socket.socket):
            with suppress(OSError):  # closed, or no TCP
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
