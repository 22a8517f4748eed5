"""Log-in by a provider of OpenID Connect, on routes of our own.

Streamlit's `st.login` is a command of a page, of which none is there before the log-in.
Its cookie is the answer itself, signed, good for 30 days, and in no list: a stolen one
would outlive the log-out. Here the answer becomes a session as a password does.
"""

from collections.abc import Mapping
from functools import partial
from hmac import compare_digest
from typing import Any, Final

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cifake_core.accounts.errors import ProviderRefusedError
from cifake_core.accounts.logins import Logins
from cifake_core.accounts.oidc.provider import CALLBACK, Provider
from cifake_core.accounts.oidc.subjects import Subjects
from cifake_core.ui.accounts.cookies import (
    begun_of,
    drop_begun,
    put_begun,
    put_session,
)
from cifake_core.ui.accounts.forms import (
    LOGIN,
    Asking,
    FormPage,
    answer,
    lead,
    own_path,
)
from cifake_core.ui.accounts.means import Means

_BEGIN: Final = "/account/oidc"
#: Threads that wait for the provider: a slow one must not hold up what else is asked.
_AT_ONCE: Final = 8


def routes(means: Means, provider: Provider) -> list[Route]:
    """Routes by which a browser goes to the provider and comes back."""
    few = CapacityLimiter(_AT_ONCE)

    async def begin(request: Request) -> Response:
        act = partial(_begin, provider)
        fields = {"next": request.query_params.get("next", "")}
        return await to_thread.run_sync(
            answer, PAGE, act, means, request, fields, limiter=few
        )

    async def finish(request: Request) -> Response:
        act, fields = partial(_finish, provider), dict(request.query_params)
        response = await to_thread.run_sync(
            answer, PAGE, act, means, request, fields, limiter=few
        )
        drop_begun(response)  # it is good for one answer, whichever
        return response

    return [
        Route(_BEGIN, begin, methods=["GET"]),
        Route(CALLBACK, finish, methods=["GET"]),
    ]


def _values(asking: Asking) -> Mapping[str, Any]:
    """What the log-in is drawn with."""
    has_left = bool(asking.request.query_params.get("left"))
    provider = asking.means.provider
    return {
        "title": "Log in",
        "next": own_path(asking.field("next")),
        "has_left": has_left,
        "leave": provider.leave() if provider and has_left else "",
    }


def _begin(provider: Provider, asking: Asking) -> Response:
    """Send a browser to the provider, with what it must come back with."""
    url, begun = provider.begin()
    response = lead(url)
    put_begun(response, begun, own_path(asking.field("next")), asking.request)
    return response


def _finish(provider: Provider, asking: Asking) -> Response:
    """Begin a session for whom the provider names; one of before ends."""
    if asking.field("error"):  # some leave out the state then; nothing is done by it
        msg = f"{provider.settings.host} has not let you in. Log in again."
        raise ProviderRefusedError(msg)
    begun, place = begun_of(asking.request)
    state = asking.field("state")
    if begun is None or not compare_digest(state.encode(), begun.state.encode()):
        msg = (
            "This log-in was not begun in this browser, or too long ago, or was used. "
            "Log in again."
        )
        raise ProviderRefusedError(msg)
    claims = provider.finish(asking.field("code"), begun)
    subjects = Subjects(asking.store, provider.settings)
    token = subjects.log_in(claims, source=asking.source)
    if asking.who is not None:
        Logins(asking.store).log_out(asking.token, by=asking.who)
    response = lead(own_path(place))
    put_session(response, token, asking.request)
    return response


#: The log-in without passwords.
PAGE: Final = FormPage(
    path=LOGIN,
    template="account_login_provider.html.jinja",
    values=_values,
    acts={},
    is_open=True,
)
