"""Guard of REST: who asks by which key, and what each route needs, in one table.

Where there are no accounts, whoever reaches the server may ask.
"""

from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Annotated, Any, Final, TypeAlias

from anyio import to_thread
from fastapi import Depends, HTTPException, Request, Response
from fastapi.routing import APIRoute

from cifake_core.accounts.access import expect, who_has_key
from cifake_core.accounts.errors import (
    NotAllowedError,
    TooEarlyError,
    UnknownCallerError,
)
from cifake_core.accounts.records import ANYBODY, Who
from cifake_core.accounts.roles import Right
from cifake_core.accounts.store import Store
from cifake_core.api.state import state_of

#: Where a request says who asks.
_WHO: Final = "cifake.who"
_UNKNOWN, _FORBIDDEN, _TOO_MANY_REQUESTS = 401, 403, 429
#: What each route needs; None for one that anybody may ask. A route without a line
#: stops the server when it starts, so that none is left open by mistake.
NEEDS: Final[Mapping[str, Right | None]] = {
    "/health": None,  # for what watches the server; it tells no more than that it runs
    "/networks": "look",
    "/judge": "judge",
    "/explain": "judge",
    "/jobs": "jobs",
    "/jobs/{job}": "jobs",
    "/jobs/{job}/results": "jobs",
    "/history": "history",
    "/history/{record}": "history",
    "/history/{record}/restore": "history",
}

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class GuardedRoute(APIRoute):
    """Route that lets in who may, before anything that is sent to it is read."""

    def get_route_handler(self) -> Handler:
        """The handler, as FastAPI asks for it."""
        handle = super().get_route_handler()
        right = NEEDS[self.path]

        async def handle_guarded(request: Request) -> Response:
            accounts = state_of(request).accounts
            if accounts is not None and right is not None:
                asked = partial(_let_in, accounts, request, right)
                request.scope[_WHO] = await to_thread.run_sync(asked)
            return await handle(request)

        return handle_guarded


def who_of(request: Request) -> Who:
    """Whose key asks, and what it may; anybody where there are no accounts."""
    who: Who = request.scope.get(_WHO, ANYBODY)
    return who


def user_of(request: Request) -> int | None:
    """Number of the user whose key asks; None where there are no accounts."""
    return who_of(request).user


#: Who asks, as a handler takes them.
Caller: TypeAlias = Annotated[Who, Depends(who_of)]
#: The number of the user who asks, as a handler takes it.
User: TypeAlias = Annotated[int | None, Depends(user_of)]


def _let_in(accounts: Store, request: Request, right: Right) -> Who:
    """Let a request pass whose key may; who asks.

    Raises:
        HTTPException: 401, 403 or 429 with the header that goes with it.
    """
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    source = request.client.host if request.client else ""
    try:
        who = who_has_key(
            accounts, key.strip() if scheme.lower() == "bearer" else "", source=source
        )
        what = f"{request.method} {request.scope['path']}"
        expect(accounts, who, right, what=what)
    except UnknownCallerError as error:
        headers = {"WWW-Authenticate": "Bearer"}
        raise HTTPException(_UNKNOWN, str(error), headers=headers) from error
    except NotAllowedError as error:
        raise HTTPException(_FORBIDDEN, str(error)) from error
    except TooEarlyError as error:
        headers = {"Retry-After": str(error.seconds)}
        raise HTTPException(_TOO_MANY_REQUESTS, str(error), headers=headers) from error
    return who
