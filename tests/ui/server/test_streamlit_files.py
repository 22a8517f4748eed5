"""What is written to a connection is sent at once, Streamlit's files by themselves."""

import asyncio
import socket
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir

from cifake_core.ui.server import streamlit_files

ROOT = Path(get_static_dir())
SCRIPT = next((ROOT / "static" / "js").glob("index.*.js"))
ADDRESS = f"/static/js/{SCRIPT.name}"


async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand for what Streamlit answers."""
    await PlainTextResponse("Streamlit's")(scope, receive, send)


def answer(path: str, method: str = "GET") -> Response:
    """Return what is answered to a request."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    app = streamlit_files.StreamlitFiles(streamlit, pages=["test_set"])
    scope = {"type": "http", "method": method, "path": path, "headers": []}
    asyncio.run(app(scope, receive, send))
    head, *parts = sent
    found = Response(b"".join(part["body"] for part in parts), head["status"])
    found.raw_headers = head["headers"]
    return found


def test_streamlits_files_come_as_they_are():
    """With their kind, and to be kept: another version has other names."""
    found = answer(ADDRESS)

    assert found.status_code == 200
    assert found.body == SCRIPT.read_bytes()
    assert found.headers["content-type"].startswith("text/javascript")
    assert "immutable" in found.headers["cache-control"]


def test_a_page_is_told_where_its_server_is():
    """Before Streamlit's program runs; the rest is its index, asked for every time."""
    found = answer("/test_set")

    text = bytes(found.body).decode("utf-8")
    before, _, after = text.partition("<script>\n      window.__streamlit = ")
    assert "</title>" in before
    assert "static/js/index." in after
    index = (ROOT / "index.html").read_text("utf-8")
    assert before.rstrip() + after.partition("</script>")[2] == index
    assert found.headers["content-type"].startswith("text/html")
    assert found.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/", "GET"),
        ("/none", "GET"),
        ("/test_set/_stcore/health", "GET"),
        ("/test_set", "HEAD"),
        ("/index.html", "GET"),
        ("/static/js/none.js", "GET"),
        (f"/static/media/../js/{SCRIPT.name}", "GET"),
        (ADDRESS, "HEAD"),
        (ADDRESS, "POST"),
    ],
)
def test_all_else_is_left_to_streamlit(path: str, method: str):
    """Pages, what changes under the same name, and what is not there."""
    assert answer(path, method).body == b"Streamlit's"


def test_connections_do_not_wait_for_more_to_send():
    """Also where the socket that listens does not name its protocol."""
    closed = socket.socket()
    closed.close()
    with socket.socket() as listening:
        listening.bind(("localhost", 0))
        listening.listen()

        streamlit_files.send_at_once()

        with (
            socket.create_connection(listening.getsockname()),
            listening.accept()[0] as accepted,
        ):
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
