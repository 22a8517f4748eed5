"""How the server sends to browsers."""

import gc
import socket
from collections.abc import Iterable
from contextlib import suppress
from mimetypes import guess_type
from pathlib import Path

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.file_util import get_static_dir

#: Their names change with what is in them, so a browser need not ask again.
_KEPT = {"Cache-Control": "public, immutable, max-age=31536000"}

#: Tells Streamlit's program, opened by the address of a page, that its server is where
#: the page is. It would look below the page first, and wait before it looks here.
_HERE = """<script>
      window.__streamlit = { BACKEND_BASE_URL: new URL(".", location).href };
    </script>"""


class StreamlitFiles:
    """Send Streamlit's program, whose hundred files a first visit asks for.

    Streamlit hands each file from thread to thread several times, and every time it
    waits while a page is drawn. Reading it where it is asked for takes a third.
    """

    def __init__(self, app: ASGIApp, pages: Iterable[str]) -> None:
        self._app = app
        root = Path(get_static_dir())
        paths = (root / "static").rglob("*.*")
        self._files = {f"/{path.relative_to(root).as_posix()}": path for path in paths}
        self._pages = {f"/{page}" for page in pages}
        index = (root / "index.html").read_text("utf-8")
        self._index = index.replace("</title>", f"</title>\n    {_HERE}", 1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for a file or a page, and leave everything else to Streamlit."""
        asked = scope["type"] == "http" and scope["method"] == "GET"
        answer = self._answer(scope["path"]) if asked else self._app
        await answer(scope, receive, send)

    def _answer(self, path: str) -> ASGIApp:
        """ASGI application that answers for a path."""
        if path in self._pages:
            return HTMLResponse(self._index, headers={"Cache-Control": "no-cache"})
        if file := self._files.get(path):
            kind, _ = guess_type(file.name)
            return Response(file.read_bytes(), media_type=kind, headers=_KEPT)
        return self._app


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
