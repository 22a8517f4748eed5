"""Page of what a role may not open: which role may, and whom to ask for it."""

import os

import streamlit as st

from cifake_core.accounts.roles import RIGHTS_OF, ROLES, Right
from cifake_core.accounts.settings import accounts_in_use
from cifake_core.basics.places import user_data_folder
from cifake_core.basics.text import enumerated
from cifake_core.ui.services import caller
from cifake_core.ui.widgets.texts import plain


def show(title: str, right: Right) -> None:
    """Say in place of a page that it needs another role.

    Args:
        title: of the page.
        right: that it needs.
    """
    roles = [f"{role}s" for role in ROLES if right in RIGHTS_OF[role]]
    st.title(f"{title} needs another role")
    st.info(
        f"*{title}* is for {enumerated(roles)}. You are logged in as "
        f"{plain(caller.current().name)}, who is none of them. {_whom_to_ask()}",
        icon=":material/lock:",
    )


def _whom_to_ask() -> str:
    """Sentence on who can give another role."""
    administrators = _administrators()
    if administrators:
        return f"Ask for another role: {plain(enumerated(administrators))}."
    return (
        "Nobody administers the accounts yet: whoever runs the server gives the first "
        "role, by `python -m cifake_core accounts role`."
    )


def _administrators() -> list[str]:
    """E-mails of those who can give another role."""
    store = accounts_in_use(user_data_folder(), os.environ)
    if store is None:
        return []
    from cifake_core.accounts.users import Users  # noqa: PLC0415 - imports slowly

    return [
        each.email
        for each in Users(store).listing()
        if each.is_active and "administer" in RIGHTS_OF[each.role]
    ]
