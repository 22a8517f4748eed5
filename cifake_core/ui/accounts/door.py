"""What the server has besides the pages where there are accounts; else nothing."""

import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from cifake_core.accounts.letters.outbox import LINK
from cifake_core.accounts.links import Links
from cifake_core.accounts.records import on_this_machine
from cifake_core.accounts.settings import accounts_in_use, accounts_mode
from cifake_core.basics.places import ASSETS, user_data_folder
from cifake_core.ui import frontend
from cifake_core.ui.accounts import administration, by_provider, entering, own
from cifake_core.ui.accounts.forms import HEADERS, FormPage
from cifake_core.ui.accounts.gate import Gate
from cifake_core.ui.accounts.means import Means, means_in_use

_FRONTEND: Final = Path(frontend.__file__).parent
#: Files of the forms by their addresses.
_FILES: Final[Mapping[str, Path]] = {
    "/account/style.css": _FRONTEND / "account.css",
    "/account/link.js": _FRONTEND / "account_link.js",
    "/account/icon.png": ASSETS / "icon.png",
}
_CACHED: Final = {**HEADERS, "Cache-Control": "no-cache"}


def routes_and_gate() -> tuple[list[Route], list[Middleware]]:
    """Routes of accounts, and what stands before the pages; none without accounts.

    Raises:
        SettingError: As for `accounts_are_on`.
    """
    means = means_in_use(os.environ)
    if means is None:
        return [], []
    routes = [
        *(route for page in _entering(means) for route in page.routes(means)),
        *own.PAGE.routes(means),
        *administration.PAGE.routes(means),
        Route(own.PICTURE, partial(own.picture, means.store)),
        *(Route(path, partial(_file, file)) for path, file in _FILES.items()),
        Route("/account/{rest:path}", _nothing),
    ]
    has_provider = means.provider is not None
    return routes, [Middleware(Gate, store=means.store, has_provider=has_provider)]


def secrets_of_login() -> dict[str, Any]:
    """What Streamlit's login is set by; nothing where there is no provider.

    Raises:
        SettingError: As for `accounts_are_on`.
    """
    means = means_in_use(os.environ)
    if means is None or means.provider is None:
        return {}
    return by_provider.secrets(means.provider)


def _entering(means: Means) -> Sequence[FormPage]:
    """Pages of who is not known yet: by passwords and links, or by a provider."""
    return [by_provider.PAGE] if means.provider else entering.PAGES


def tell_first() -> None:
    """Tell who starts the server the link of the first administrator, if there is none.

    It goes to stderr, where the server says where it listens; it is good for one day.
    Where a provider says who somebody is, there is none.
    """
    store = accounts_in_use(user_data_folder(), os.environ)
    is_local = accounts_mode(os.environ) == "local"
    if store is None or not is_local or Links(store).is_begun():
        return
    token = Links(store).first(by=on_this_machine("server"))
    place = f"{st.get_option('browser.serverAddress')}:{st.get_option('server.port')}"
    sys.stderr.write(
        "Nobody administers the accounts yet. This link makes the administrator, once, "
        f"within a day: http://{place}{LINK}#{token}\n"
    )


def _file(path: Path, request: Request) -> Response:
    """A style, a script or the icon of the forms."""
    del request
    return FileResponse(path, headers=_CACHED)


def _nothing(request: Request) -> Response:
    """The answer where there is no page, instead of the app."""
    del request
    values = {"title": "There is no such page", "fault": ""}
    text = frontend.render("account_told.html.jinja", values)
    return HTMLResponse(text, status_code=404, headers=dict(HEADERS))
