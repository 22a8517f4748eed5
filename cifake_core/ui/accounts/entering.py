"""Entering: log-in, registration, and what one-time links are for."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from cifake_core.accounts.errors import AccountError
from cifake_core.accounts.letters.outbox import LINK
from cifake_core.accounts.links import Links
from cifake_core.accounts.logins import Logins
from cifake_core.accounts.policies import Policies
from cifake_core.accounts.user_rows import read_email
from cifake_core.accounts.users import Users
from cifake_core.ui.accounts.cookies import put_session
from cifake_core.ui.accounts.forms import (
    LOGIN,
    Asking,
    Drawn,
    FormPage,
    lead,
    own_path,
)

FORGOTTEN: Final = "/account/forgotten"
REGISTER: Final = "/account/register"

_TITLES: Final[Mapping[str, str]] = {
    "first": "Begin as the administrator",
    "invitation": "Begin",
    "reset": "Choose another password",
}
#: Two typed passwords that differ, told before either is looked at.
_DIFFER: Final = "The two passwords differ. Type the new one twice."


def _login_values(asking: Asking) -> Mapping[str, Any]:
    """What the log-in is drawn with."""
    return {
        "title": "Log in",
        "email": asking.field("email"),
        "next": own_path(asking.field("next")),
        "is_open": Policies(asking.store).registration() == "open",
        "is_begun": Links(asking.store).is_begun(),
    }


def _log_in(asking: Asking) -> Response:
    """Begin a session; one that the browser had before ends."""
    logins = Logins(asking.store)
    email, password = asking.field("email"), asking.field("password")
    token = logins.log_in(email, password, source=asking.source)
    if asking.who is not None:
        logins.log_out(asking.token, by=asking.who)
    response = lead(own_path(asking.field("next")))
    put_session(response, token, asking.request)
    return response


def _register_values(asking: Asking) -> Mapping[str, Any]:
    """What registration is drawn with."""
    return {
        "title": "Register",
        "registration": Policies(asking.store).registration(),
        "name": asking.field("name"),
        "email": asking.field("email"),
    }


def _register(asking: Asking) -> Response:
    """Begin as a viewer."""
    password = new_password(asking)
    email, name = asking.field("email"), asking.field("name")
    Users(asking.store).register(email, password, name=name, source=asking.source)
    return _log_in(asking)


def _link_values(asking: Asking) -> Mapping[str, Any]:
    """What a link is drawn with: first its code is asked for, then the rest."""
    code = asking.field("code").strip()
    kind, email = "", ""
    if code:
        try:
            kind, email = Links(asking.store).kind(code)
        except AccountError:  # told by what was to be done
            code = ""
    return {
        "title": _TITLES.get(kind, "Use your link"),
        "code": code,
        "kind": kind,
        "email": email or asking.field("email"),
        "name": asking.field("name"),
    }


def _look_at_link(asking: Asking) -> None:
    """Draw what a link asks for, if it is there."""
    Links(asking.store).kind(asking.field("code").strip())


def _use_link(asking: Asking) -> Response:
    """Do what a link is for, and log in."""
    links, code = Links(asking.store), asking.field("code").strip()
    email = links.use(
        code,
        new_password(asking),
        name=asking.field("name"),
        email=asking.field("email"),
        source=asking.source,
    )
    password = asking.field("password")
    token = Logins(asking.store).log_in(email, password, source=asking.source)
    response = lead("/")
    put_session(response, token, asking.request)
    return response


def _forgotten_values(asking: Asking) -> Mapping[str, Any]:
    """What is drawn for who has forgotten a password."""
    return {
        "title": "Password forgotten",
        "email": asking.field("email"),
        "told": "",
    }


def _forgotten(asking: Asking) -> Drawn:
    """Have a link mailed to who has that e-mail, and answer all alike."""
    email = read_email(asking.field("email"))
    if asking.means.outbox is None:
        msg = "No letters are sent here. Ask an administrator for a link."
        raise AccountError(msg)
    asking.means.outbox.forgotten(email, source=asking.source)
    return Drawn(told=_ON_ITS_WAY)


def new_password(asking: Asking) -> str:
    """A new password, typed twice.

    Raises:
        AccountError: If the two differ.
    """
    if asking.field("password") != asking.field("again"):
        raise AccountError(_DIFFER)
    return asking.field("password")


#: What all are told, whoever has the e-mail.
_ON_ITS_WAY: Final = (
    "If somebody has an account with this e-mail, a letter with a link is on its way. "
    "Look among the unwanted letters, too; should none come within the hour, ask an "
    "administrator."
)
#: Pages of who is not known yet.
PAGES: Final = (
    FormPage(
        path=LOGIN,
        template="account_login.html.jinja",
        values=_login_values,
        acts={LOGIN: _log_in},
        is_open=True,
    ),
    FormPage(
        path=REGISTER,
        template="account_register.html.jinja",
        values=_register_values,
        acts={REGISTER: _register},
        is_open=True,
    ),
    FormPage(
        path=LINK,
        template="account_link.html.jinja",
        values=_link_values,
        acts={LINK: _look_at_link, f"{LINK}/use": _use_link},
        is_open=True,
    ),
    FormPage(
        path=FORGOTTEN,
        template="account_forgotten.html.jinja",
        values=_forgotten_values,
        acts={FORGOTTEN: _forgotten},
        is_open=True,
    ),
)
