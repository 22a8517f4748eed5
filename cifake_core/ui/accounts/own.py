"""One's own account: sessions, password, picture, log-out, and the way to leave."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from cifake_core.accounts.access import who_has_session
from cifake_core.accounts.errors import AccountError, UnknownCallerError
from cifake_core.accounts.keys import Keys
from cifake_core.accounts.logins import Logins
from cifake_core.accounts.store import Store
from cifake_core.accounts.users import Users
from cifake_core.jobs.belongings import forget_belongings
from cifake_core.ui.accounts.cookies import drop_session, session_of
from cifake_core.ui.accounts.entering import new_password
from cifake_core.ui.accounts.forms import HEADERS, LOGIN, Asking, FormPage, lead
from cifake_core.ui.accounts.portraits import portrait

ACCOUNT: Final = "/account"
PICTURE: Final = f"{ACCOUNT}/picture.png"

#: How long ago a log-in may be that stands for a password.
_FRESH: Final = timedelta(minutes=10)
#: What was done, by the word for it in the address.
_DONE: Final[Mapping[str, str]] = {
    "picture": "Your picture is kept.",
    "no-picture": "Your picture is removed.",
    "session": "That session is ended.",
    "name": "Your name is changed.",
}


def _values(asking: Asking) -> Mapping[str, Any]:
    """What the account is drawn with."""
    users, email = Users(asking.store), asking.known.name
    done = asking.request.query_params.get("done", "")
    return {
        "title": "Your account",
        "user": users.get(email),
        "has_picture": users.picture(email) is not None,
        "sessions": Logins(asking.store).listing(email, token=asking.token),
        "keys": [key for key in Keys(asking.store).listing(email) if not key.revoked],
        "may_administer": asking.known.may("administer"),
        "told": _DONE.get(done, ""),
    }


def _log_out(asking: Asking) -> Response:
    """End the session that asks."""
    Logins(asking.store).log_out(asking.token, by=asking.known)
    return _left(asking)


def _log_out_everywhere(asking: Asking) -> Response:
    """End all sessions of who asks."""
    Logins(asking.store).end(asking.known.name, by=asking.known)
    return _left(asking)


def _end_session(asking: Asking) -> Response:
    """End another session of who asks."""
    number = asking.field("session")
    if not number.isdecimal() or len(number) > len(str(2**31 - 1)):
        msg = f"There is no session {number[:20]!r}. Open the page again."
        raise AccountError(msg)
    Logins(asking.store).end(asking.known.name, int(number), by=asking.known)
    return lead(ACCOUNT, done="session")


def _change_name(asking: Asking) -> Response:
    """Give who asks another name."""
    name = asking.field("name")
    Users(asking.store).set_name(asking.known.name, name, by=asking.known)
    return lead(ACCOUNT, done="name")


def _change_password(asking: Asking) -> Response:
    """Give who asks another password, and end all their sessions."""
    new = new_password(asking)
    users = Users(asking.store)
    users.change_password(asking.known.name, asking.field("old"), new, by=asking.known)
    return _left(asking)


def _put_picture(asking: Asking) -> Response:
    """Keep another picture of who asks, or none."""
    if asking.field("remove"):
        Users(asking.store).set_picture(asking.known.name, None, by=asking.known)
        return lead(ACCOUNT, done="no-picture")
    if not asking.picture:
        msg = "Choose a picture first: a PNG, JPEG or WebP of at most 10 MB."
        raise AccountError(msg)
    small = portrait(asking.picture)
    Users(asking.store).set_picture(asking.known.name, small, by=asking.known)
    return lead(ACCOUNT, done="picture")


def _leave(asking: Asking) -> Response:
    """Delete who asks, who has typed e-mail and password for it, or just logged in."""
    users, email = Users(asking.store), asking.known.name
    if asking.field("email").strip().lower() != email:
        msg = f"To delete your account type its e-mail, {email}, and your password."
        if asking.means.provider:
            msg = f"To delete your account type its e-mail, {email}."
        raise AccountError(msg)
    if asking.means.provider:
        _expect_fresh(asking)
    else:
        users.expect_password(email, asking.field("password"), source=asking.source)
    number = users.get(email).number
    users.remove(email, by=asking.known)
    forget_belongings(asking.store.user_data, number)
    return _left(asking)


def _expect_fresh(asking: Asking) -> None:
    """Let somebody go on who has logged in just now, in place of a password."""
    sessions = Logins(asking.store).listing(asking.known.name, token=asking.token)
    began = next(each.created for each in sessions if each.is_this)
    if asking.store.now() - began > _FRESH:
        msg = "You logged in a while ago. To delete your account log out and in again."
        raise AccountError(msg)


def _left(asking: Asking) -> Response:
    """Answer to somebody who is not known from now on."""
    has_left = {"left": "yes"} if asking.means.provider else {}
    response = lead(LOGIN, **has_left)
    drop_session(response)
    return response


def picture(store: Store, request: Request) -> Response:
    """The picture of who asks, as PNG; 404 without one."""
    try:
        who = who_has_session(store, session_of(request), source="")
        png = Users(store).picture(who.name)
    except UnknownCallerError:
        png = None
    if png is None:
        return Response(status_code=404, headers=dict(HEADERS))
    return Response(png, media_type="image/png", headers=dict(HEADERS))


PAGE: Final = FormPage(
    path=ACCOUNT,
    template="account_own.html.jinja",
    values=_values,
    acts={
        f"{ACCOUNT}/logout": _log_out,
        f"{ACCOUNT}/logout-everywhere": _log_out_everywhere,
        f"{ACCOUNT}/session": _end_session,
        f"{ACCOUNT}/name": _change_name,
        f"{ACCOUNT}/password": _change_password,
        f"{ACCOUNT}/picture": _put_picture,
        f"{ACCOUNT}/delete": _leave,
    },
    needs_passwords=frozenset({f"{ACCOUNT}/password"}),
)
