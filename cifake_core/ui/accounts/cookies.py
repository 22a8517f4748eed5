"""Cookies of accounts: the session's, and what a browser has before there is one."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote

from starlette.requests import HTTPConnection
from starlette.responses import Response

from cifake_core.accounts.logins import LASTS
from cifake_core.accounts.settings import SESSION_COOKIE
from cifake_core.accounts.tokens import token_hash

_FORM: Final = "cifake_form"
_PLACE: Final = "cifake_place"
#: How long a log-in at the provider may take, in seconds.
_PLACE_LASTS: Final = 600


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


def form_secret(cookies: Mapping[str, str]) -> str:
    """What the token of a browser's forms is made of, "" if it has nothing yet."""
    return cookies.get(SESSION_COOKIE) or cookies.get(_FORM, "")


def put_form_secret(response: Response, secret: str, asked: HTTPConnection) -> None:
    """Give a browser what the token of its forms is made of, until it is closed."""
    secure = asked.url.scheme == "https"
    response.set_cookie(_FORM, secret, httponly=True, samesite="strict", secure=secure)


def form_token(secret: str) -> str:
    """The token that each form of a browser sends; another site cannot know it."""
    return token_hash(f"form {secret}")


def put_place(response: Response, place: str, asked: HTTPConnection) -> None:
    """Let a browser keep a path to go on to, while it is at the provider."""
    response.set_cookie(
        _PLACE,
        quote(place, safe="/"),
        max_age=_PLACE_LASTS,
        httponly=True,
        samesite="lax",  # the provider's page leads back here
        secure=asked.url.scheme == "https",
    )


def drop_place(response: Response) -> None:
    """Take from a browser where it wanted to go: it is there."""
    response.delete_cookie(_PLACE, httponly=True, samesite="lax")


def is_on_the_way(asked: HTTPConnection) -> bool:
    """Whether a browser may come back from the provider."""
    return _PLACE in asked.cookies


def place_of(asked: HTTPConnection) -> str:
    """The path that a browser wanted to go on to; "" if it keeps none."""
    return unquote(asked.cookies.get(_PLACE, ""))
