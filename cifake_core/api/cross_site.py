"""Guard against other sites: no page of theirs changes anything through a browser.

A browser sends a form to any address, also to one that only this machine can reach,
and with the rights that it has there. It says where the page is from; other programs
say nothing, and come through.

Source: Fetch Metadata Request Headers (W3C), and RFC 6454 on the header Origin.
"""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from cifake_core.api.problems import problem_response

_FORBIDDEN: Final = 403
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
#: What a browser says of a request by a page of this server, or by a person.
_OWN: Final = frozenset({"same-origin", "none"})


class CrossSiteGuard:
    """Application that refuses what pages of other sites ask it to do.

    Args:
        app: answers the others.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a refused one is not read."""
        if (
            scope["type"] == "http"
            and scope["method"] not in _READING
            and not _is_own(Headers(scope=scope))
        ):
            refusal = problem_response(
                _FORBIDDEN,
                "A page of another site may not ask for this. Ask from a program, or "
                "from a page of this server.",
            )
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_own(headers: Headers) -> bool:
    """Whether a request comes from no page, or from one of this server."""
    site = headers.get("sec-fetch-site")
    if site is not None:  # no script can write it; what is only "same-site" may be
        return site in _OWN  # another port, where somebody else answers
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
