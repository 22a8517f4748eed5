"""Who looks at a page, and what they may: asked anew whenever it counts.

A page runs as long as its window is open, so that its cookie is looked up each time:
who has logged out meanwhile, or has another role, is told so by the next click.
"""

import os

import streamlit as st

from cifake_core.accounts.records import Who, on_this_machine
from cifake_core.accounts.roles import Right
from cifake_core.accounts.settings import SESSION_COOKIE, accounts_in_use
from cifake_core.basics.places import user_data_folder


def current() -> Who:
    """Who looks; where there are no accounts whoever runs the app, who may do all.

    Raises:
        UnknownCallerError: If nobody has logged in here, or not any more.
        SettingError: If it is not clear whether there are accounts.
    """
    store = accounts_in_use(user_data_folder(), os.environ)
    if store is None:
        return on_this_machine("page")
    from cifake_core.accounts.access import who_has_session  # noqa: PLC0415 - at need

    token = st.context.cookies.get(SESSION_COOKIE, "")
    return who_has_session(store, token, source=st.context.ip_address or "")


def may(right: Right) -> bool:
    """Whether who looks may; what they may not is not drawn."""
    return current().may(right)


def expect(right: Right, *, what: str) -> Who:
    """Who looks, if they may; a refusal is noted in the audit.

    Args:
        right: that it needs.
        what: they want, for the audit.

    Raises:
        NotAllowedError: If they may not.
        UnknownCallerError: As for `current`.
    """
    who = current()
    if not who.may(right):
        from cifake_core.accounts import access  # noqa: PLC0415 - at need

        store = accounts_in_use(user_data_folder(), os.environ)
        if store is not None:
            access.expect(store, who, right, what=what)
    return who
