"""Cookies of accounts: the session's, and what a browser has before there is one."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from cifake_core.accounts.logins import LASTS
from cifake_core.accounts.settings import SESSION_COOKIE
from cifake_core.accounts.tokens import token_hash

if TYPE_CHECKING:  # its library is loaded where a provider is asked
    from cifake_core.accounts.oidc.provider import Begun

_FORM: Final = "cifake_form"
_BEGUN: Final = "cifake_begun"
#: What the provider's answer comes to, and how long it may take, in seconds.
_BEGUN_PATH: Final = "/account/oidc"
_BEGUN_LASTS: Final = 600


def put_session(response: Response, token: str, asked: HTTPConnection) -> None:
    """Give a browser its session: no script reads it, no other site's form sends it."""
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="lax",  # a link from a letter still opens a page
        secure=asked.url.scheme in ("https", "wss"),
    )


def drop_session(response: Response) -> None:
    """Take its session from a browser."""
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax")


def session_of(asked: HTTPConnection) -> str:
    """Token of the session that a browser says it has, "" for none."""
    return asked.cookies.get(SESSION_COOKIE, "")


def form_secret(asked: HTTPConnection) -> str:
    """What the token of a browser's forms is made of, "" if it has nothing yet."""
    return session_of(asked) or asked.cookies.get(_FORM, "")


def put_form_secret(response: Response, secret: str, asked: HTTPConnection) -> None:
    """Give a browser what the token of its forms is made of, until it is closed."""
    secure = asked.url.scheme == "https"
    response.set_cookie(_FORM, secret, httponly=True, samesite="strict", secure=secure)


def form_token(secret: str) -> str:
    """The token that each form of a browser sends; another site cannot know it."""
    return token_hash(f"form {secret}")


def put_begun(
    response: Response, begun: "Begun", place: str, asked: HTTPConnection
) -> None:
    """Give a browser what it must have when it comes back from the provider.

    Args:
        response: to the browser.
        begun: the log-in that it has begun.
        place: a path to go on to.
        asked: by the browser.
    """
    text = json.dumps({**asdict(begun), "place": place})
    response.set_cookie(
        _BEGUN,
        urlsafe_b64encode(text.encode()).decode(),
        max_age=_BEGUN_LASTS,
        path=_BEGUN_PATH,
        httponly=True,
        samesite="lax",  # the provider's page leads back here
        secure=asked.url.scheme == "https",
    )


def drop_begun(response: Response) -> None:
    """Take from a browser what it came back with, so that it is used once."""
    response.delete_cookie(_BEGUN, path=_BEGUN_PATH, httponly=True, samesite="lax")


def begun_of(asked: HTTPConnection) -> "tuple[Begun | None, str]":
    """The log-in that a browser has begun, None without one, and where to go on to."""
    from cifake_core.accounts.oidc.provider import Begun  # noqa: PLC0415 - at need

    try:
        held = json.loads(urlsafe_b64decode(asked.cookies.get(_BEGUN, "")))
        place = str(held.pop("place"))
        return Begun(**{name: str(value) for name, value in held.items()}), place
    except (ValueError, TypeError, KeyError, AttributeError):
        return None, "/"
