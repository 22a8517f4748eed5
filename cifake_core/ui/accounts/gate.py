"""Gate before the pages: who is not known gets no further than the log-in.

It stands before all that Streamlit serves, uploads and pictures of pages included, so
that an address that somebody has kept or guessed shows nothing.
"""

from typing import Final
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from cifake_core.accounts.access import who_has_session
from cifake_core.accounts.errors import UnknownCallerError
from cifake_core.accounts.store import Store
from cifake_core.basics.errors import DatabaseUnavailableError
from cifake_core.ui.accounts.by_provider import BACK, CALLBACK, LOG_IN_PAGE
from cifake_core.ui.accounts.cookies import is_on_the_way, session_of
from cifake_core.ui.accounts.forms import LOGIN

#: What is open: REST asks for a key itself, accounts for what they need, Streamlit's
#: scripts are anybody's, and what watches the server learns that it runs.
_OPEN: Final = ("/api/v1/", "/account/", "/static/", "/_stcore/health")
#: What is open, too, where a provider says who somebody is: Streamlit's login, and the
#: one page that has it, with what each page is drawn through.
_OPEN_BY_PROVIDER: Final = (
    *(LOG_IN_PAGE, CALLBACK, "/auth/"),
    *("/_stcore/stream", "/_stcore/host-config"),
)
_UNKNOWN, _DOWN = 401, 503


class Gate:
    """Application that answers who has a session.

    Args:
        app: answers them.
        store: has the sessions.
        has_provider: whether a provider says who somebody is.
    """

    def __init__(
        self, app: ASGIApp, store: Store, *, has_provider: bool = False
    ) -> None:
        self._app = app
        self._store = store
        self._open = (*_OPEN, *_OPEN_BY_PROVIDER) if has_provider else _OPEN
        self._has_provider = has_provider

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it unread."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        status = 200
        # not `asked.url`, in which a header that anybody writes has its part
        if not scope["path"].startswith(self._open):
            status = await to_thread.run_sync(self._status, asked)
        if status == 200:  # it may pass
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()  # the wish to connect
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._refusal(asked, status)(scope, receive, send)

    def _status(self, asked: HTTPConnection) -> int:
        """200 for who is known, else the status of the refusal."""
        source = asked.client.host if asked.client else ""
        try:
            who_has_session(self._store, session_of(asked), source=source)
        except UnknownCallerError:
            return _UNKNOWN
        except DatabaseUnavailableError:
            return _DOWN
        return 200

    def _refusal(
        self, asked: HTTPConnection, status: int
    ) -> PlainTextResponse | RedirectResponse:
        """Answer to who is not known: to a person the log-in."""
        if status == _DOWN:
            return PlainTextResponse("The database cannot be used now.", status)
        if "text/html" not in asked.headers.get("accept", ""):
            return PlainTextResponse("Log in first.", status)
        headers, path = {"Cache-Control": "no-store"}, asked.scope["path"]
        if self._has_provider and path == "/" and is_on_the_way(asked):
            # Streamlit leads there whoever comes back from the provider
            return RedirectResponse(f"{LOG_IN_PAGE}?{BACK}=yes", 303, headers)
        query = asked.scope["query_string"].decode("latin-1")
        place = quote(path + (f"?{query}" if query else ""), safe="")
        return RedirectResponse(f"{LOGIN}?next={place}", 303, headers)
