"""Forms of accounts: read within bounds, from our pages alone, told in sentences."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from hmac import compare_digest
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from cifake_core.accounts.access import expect, who_has_session
from cifake_core.accounts.errors import (
    NotAllowedError,
    StaleAnswerError,
    TooEarlyError,
    UnknownCallerError,
)
from cifake_core.accounts.records import Who
from cifake_core.accounts.roles import Right
from cifake_core.accounts.store import Store
from cifake_core.basics.errors import CifakeError, DatabaseUnavailableError
from cifake_core.ui import frontend
from cifake_core.ui.accounts.cookies import (
    form_secret,
    form_token,
    put_form_secret,
    session_of,
)
from cifake_core.ui.accounts.means import Means
from cifake_core.ui.accounts.sent import read_form

LOGIN: Final = "/account/login"

_BAD, _UNKNOWN, _FORBIDDEN, _EARLY, _DOWN = 400, 401, 403, 429, 503
_STALE: Final = "This form was open for too long, or in another window. Send it again."
#: Headers of our own pages: nothing of others is loaded, and none may frame them.
HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """Somebody before a form: `who` is None until they have logged in.

    `fields` is what they sent, `picture` the bytes of a file among it.
    """

    means: Means
    request: Request
    who: Who | None
    fields: Mapping[str, str]
    picture: bytes = b""

    @property
    def store(self) -> Store:
        """Where the accounts are."""
        return self.means.store

    @property
    def known(self) -> Who:
        """Who it is.

        Raises:
            UnknownCallerError: If that is not known.
        """
        if self.who is None:
            msg = "Log in first."
            raise UnknownCallerError(msg)
        return self.who

    @property
    def token(self) -> str:
        """Token of their session, or ""."""
        return session_of(self.request)

    @property
    def source(self) -> str:
        """The address that they ask from."""
        return self.request.client.host if self.request.client else ""

    def field(self, name: str) -> str:
        """What they sent under a name, or ""."""
        return self.fields.get(name, "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """What the page says once something was done; `secret` is shown this once."""

    told: str
    secret: str = ""


#: Makes what a template is filled with.
Values: TypeAlias = Callable[[Asking], Mapping[str, Any]]
#: Does what a form is for, and leads on, or draws its page again.
Act: TypeAlias = Callable[[Asking], Response | Drawn | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class FormPage:
    """Page with forms: how it is drawn, and what each address of it does.

    `is_open` lets in who is not known; who is needs the `right`, if there is one. What
    `needs_passwords` is not there where a provider says who somebody is. `on_drawn` is
    told what goes to the browser.
    """

    path: str
    template: str
    values: Values
    acts: Mapping[str, Act]
    is_open: bool = False
    right: Right | None = None
    needs_passwords: frozenset[str] = frozenset()
    on_drawn: Callable[[Asking, Response], None] | None = None

    def routes(self, means: Means) -> list[Route]:
        """Its routes: one that draws it, and one for each of its forms."""
        shown = Route(self.path, partial(_show, self, means), methods=["GET"])
        gone = self.needs_passwords if means.provider else frozenset[str]()
        acted = [
            Route(path, partial(_act, self, act, means), methods=["POST"])
            for path, act in self.acts.items()
            if path not in gone
        ]
        return [shown, *acted]


def lead(path: str, **query: str) -> Response:
    """Answer that leads to another page, which is asked for anew."""
    place = f"{path}?{urlencode(query)}" if query else path
    return RedirectResponse(place, status_code=303, headers=dict(HEADERS))


def own_path(path: str) -> str:
    """A path of this server to go on to; what may be another server's is its root."""
    is_ours = path.startswith("/") and path.isprintable() and "\\" not in path
    return path if is_ours and not path.startswith("//") else "/"


async def _show(page: FormPage, means: Means, request: Request) -> Response:
    """Draw a page."""
    fields = {"next": request.query_params.get("next", "")}
    return await to_thread.run_sync(answer, page, None, means, request, fields)


async def _act(page: FormPage, act: Act, means: Means, request: Request) -> Response:
    """Do what a form asks for; what cannot be done is told on its page."""
    fields, picture = await read_form(request)
    sent = fields.pop("form_token", "")
    expected = form_token(form_secret(request.cookies))
    is_ours = bool(form_secret(request.cookies)) and compare_digest(
        sent.encode(), expected.encode()
    )
    doing = act if is_ours else _refuse
    return await to_thread.run_sync(
        answer, page, doing, means, request, fields, picture
    )


def answer(  # noqa: PLR0913, PLR0917 - called by position in a thread
    page: FormPage,
    act: Act | None,
    means: Means,
    request: Request,
    fields: Mapping[str, str],
    picture: bytes = b"",
) -> Response:
    """What a page answers to a browser's request, once an act of it is done.

    An error is told on it. `fields` and `picture` are what the browser sent.
    """
    try:
        who = _who(means.store, request)
        asking = Asking(
            means=means, request=request, who=who, fields=fields, picture=picture
        )
        if who is None and not page.is_open:
            return lead(LOGIN, next=page.path)
        try:
            if page.right is not None:
                expect(
                    means.store, asking.known, page.right, what=request.scope["path"]
                )
            done = act(asking) if act else None
            if isinstance(done, Response):
                return done
            return _drawn(page, asking, done=done)
        except NotAllowedError as error:
            return _told("This is not for you", error, _FORBIDDEN)
        except DatabaseUnavailableError:
            raise
        except CifakeError as error:
            return _drawn(page, asking, error)
    except DatabaseUnavailableError as error:
        return _told("Not now", error, _DOWN)


def _told(title: str, error: CifakeError, status: int) -> Response:
    """A page that says nothing but why there is none."""
    values = {"title": title, "fault": str(error)}
    text = frontend.render("account_told.html.jinja", values)
    return HTMLResponse(text, status_code=status, headers=dict(HEADERS))


def _drawn(
    page: FormPage,
    asking: Asking,
    error: CifakeError | None = None,
    *,
    done: Drawn | None = None,
) -> Response:
    """A page, with the sentence of what went wrong, or of what was done."""
    secret = form_secret(asking.request.cookies) or secrets.token_urlsafe()
    values = {
        "fault": str(error) if error else "",
        "form_token": form_token(secret),
        "provider": asking.means.provider,
        "is_mailed": asking.means.outbox is not None,
        **page.values(asking),
        **(asdict(done) if done else {}),
    }
    text = frontend.render(page.template, values)
    response = HTMLResponse(text, status_code=_status(error), headers=dict(HEADERS))
    if isinstance(error, TooEarlyError):
        response.headers["Retry-After"] = str(error.seconds)
    if not form_secret(asking.request.cookies):
        put_form_secret(response, secret, asking.request)
    if page.on_drawn is not None:
        page.on_drawn(asking, response)
    return response


def _status(error: CifakeError | None) -> int:
    """Status of a page that tells an error."""
    if error is None:
        return 200
    if isinstance(error, _StaleError | StaleAnswerError):
        return _FORBIDDEN
    if isinstance(error, UnknownCallerError):
        return _UNKNOWN
    return _EARLY if isinstance(error, TooEarlyError) else _BAD


def _who(store: Store, request: Request) -> Who | None:
    """Who asks, None if that is not known."""
    source = request.client.host if request.client else ""
    try:
        return who_has_session(store, session_of(request), source=source)
    except UnknownCallerError:
        return None


class _StaleError(CifakeError):
    """A form that is not from a page of ours, or too old."""


def _refuse(asking: Asking) -> None:
    """Refuse a form that no page of ours has sent."""
    del asking
    raise _StaleError(_STALE)
