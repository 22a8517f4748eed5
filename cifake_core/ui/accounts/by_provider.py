"""Log-in by a provider of OpenID Connect: Streamlit's own, and then a session of ours.

`st.login` is a command of a page, so that one page alone is open to who has not logged
in. What the provider has said is in a cookie of Streamlit's for thirty days, and in no
list: a stolen one would outlive the log-out. So an answer is used once and soon, for a
session as a password begins one.
"""

import os
from collections.abc import Mapping
from typing import Any, Final

import streamlit as st
from starlette.responses import Response

from cifake_core.accounts.errors import ProviderRefusedError, StaleAnswerError
from cifake_core.accounts.logins import Logins
from cifake_core.accounts.oidc.settings import WELL_KNOWN, OidcSettings
from cifake_core.accounts.oidc.subjects import Subjects, enter
from cifake_core.ui import frontend
from cifake_core.ui.accounts.cookies import (
    drop_place,
    form_secret,
    form_token,
    place_of,
    put_place,
    put_session,
)
from cifake_core.ui.accounts.forms import LOGIN, Asking, FormPage, lead, own_path
from cifake_core.ui.accounts.means import Means, means_in_use

#: Address of the page that is open.
LOG_IN_PAGE: Final = "/log-in"
#: Where Streamlit has the provider send a browser back to.
CALLBACK: Final = "/oauth2callback"
#: Where a browser goes to log out at the provider, too.
LEAVE: Final = "/auth/logout"
#: What says that a browser comes back from the provider, in the page's address.
BACK: Final = "back"

_ENTER: Final = "/account/oidc"
_ADMITTED: Final = "log_in_admitted"


def secrets(settings: OidcSettings) -> dict[str, Any]:
    """What Streamlit's login is set by, as in a file `secrets.toml`."""
    return {
        "auth": {
            "redirect_uri": settings.address + CALLBACK,
            "cookie_secret": settings.cookie_secret,
            "client_id": settings.client_id,
            "client_secret": settings.client_secret,
            "server_metadata_url": settings.issuer + WELL_KNOWN,
        }
    }


def draw() -> None:
    """Page on the way to the provider and back: it begins the log-in, or ends it."""
    secret, means = form_secret(st.context.cookies), means_in_use(os.environ)
    if means is None or means.provider is None or not secret:
        frontend.show("log_in_first.html.jinja", {})
        return
    try:
        token = _admitted(means, means.provider)
    except ProviderRefusedError as error:
        _ask_again(str(error), means.provider)
    except StaleAnswerError:
        if BACK in st.query_params:
            _ask_again(
                f"{means.provider.host} has not let you in just now.", means.provider
            )
        else:
            st.login()
    else:
        st.caption("You are let in…")
        _ENTRANCE(data={"token": token, "form_token": form_token(secret)})


def _admitted(means: Means, provider: OidcSettings) -> str:
    """Token for the session of whom the provider has named, the same for one window.

    Raises:
        ProviderRefusedError: If they are not let in here.
        StaleAnswerError: If the provider has named nobody, or not just now.
    """
    if _ADMITTED not in st.session_state:
        source = st.context.ip_address or ""
        admit = Subjects(means.store, provider).admit
        st.session_state[_ADMITTED] = admit(st.user.to_dict(), source=source)
    token: str = st.session_state[_ADMITTED]
    return token


def _ask_again(why: str, provider: OidcSettings) -> None:
    """Say why somebody is not let in, and offer to try it again."""
    frontend.show("primary_text.html.jinja", {})
    st.title("Log in")
    st.error(why)
    if st.button(f"Log in with {provider.host}", type="primary"):
        st.login()


def _values(asking: Asking) -> Mapping[str, Any]:
    """What the log-in is drawn with."""
    return {
        "title": "Log in",
        "way": LOG_IN_PAGE,
        "leave": LEAVE if asking.request.query_params.get("left") else "",
    }


def _remember(asking: Asking, response: Response) -> None:
    """Let a browser keep where it wanted to go, until it comes back."""
    put_place(response, own_path(asking.field("next")), asking.request)


def _enter(asking: Asking) -> Response:
    """Begin a session for who was admitted; one of before ends."""
    token = enter(asking.store, asking.field("token"), source=asking.source)
    if asking.who is not None:
        Logins(asking.store).log_out(asking.token, by=asking.who)
    response = lead(own_path(place_of(asking.request)))
    drop_place(response)
    put_session(response, token, asking.request)
    return response


#: Sends what the page has to the server, which alone can set the session's cookie.
_ENTRANCE: Final = frontend.component("entrance")

#: The log-in without passwords.
PAGE: Final = FormPage(
    path=LOGIN,
    template="account_login_provider.html.jinja",
    values=_values,
    acts={_ENTER: _enter},
    on_drawn=_remember,
    is_open=True,
)
