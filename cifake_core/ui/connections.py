"""How the server sends to browsers."""

import gc
import socket
from contextlib import suppress
from mimetypes import guess_type
from pathlib import Path

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.file_util import get_static_dir

#: Their names change with what is in them, so a browser need not ask again.
_KEPT = {"Cache-Control": "public, immutable, max-age=31536000"}


class StreamlitFiles:
    """Send the files of Streamlit's program, of which a first visit asks for a hundred.

    Streamlit hands each file from thread to thread several times, and every time it
    waits while a page is drawn. Reading it where it is asked for takes a third.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        root = Path(get_static_dir())
        paths = (root / "static").rglob("*.*")
        self._files = {f"/{path.relative_to(root).as_posix()}": path for path in paths}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for a file, and leave everything else to Streamlit."""
        asked = scope["type"] == "http" and scope["method"] == "GET"
        path = self._files.get(scope["path"]) if asked else None
        if path is None:
            await self._app(scope, receive, send)
            return
        kind, _ = guess_type(path.name)
        response = Response(path.read_bytes(), media_type=kind, headers=_KEPT)
        await response(scope, receive, send)


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
