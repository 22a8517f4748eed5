"""Members of a case: who sees it besides its owner, where there are accounts."""

import os
from typing import TYPE_CHECKING

import streamlit as st

from cifake_core.accounts.errors import AccountError
from cifake_core.accounts.settings import accounts_in_use
from cifake_core.basics.places import user_data_folder
from cifake_core.cases.records import Case
from cifake_core.ui.browse.history_address import PAGE
from cifake_core.ui.pages.history import acting
from cifake_core.ui.services import caller
from cifake_core.ui.services.history import history
from cifake_core.ui.widgets.texts import plain

if TYPE_CHECKING:
    from cifake_core.accounts.users import Users


def ask(case: Case) -> None:
    """Say who sees a case, and ask its owner who else shall."""
    users = _users()
    if users is None:
        return
    emails = {each.number: each.email for each in users.listing()}
    members = history().cases.members(case.id)
    is_own = caller.current().user == case.owner
    names = [emails[number] for number in members if number in emails]
    owner = emails.get(case.owner, "nobody")
    seen = f"Seen by {owner}" + "".join(f", {each}" for each in names)
    with st.popover(f"Members ({len(names) + 1})…", icon=":material/group:"):
        st.markdown(plain(seen))
        if not is_own:
            st.caption("Its owner chooses who sees it.")
            return
        key = f"member_{case.id}"
        st.text_input("E-mail of an analyst who shall see it", key=f"{PAGE}_{key}")
        acting.button(
            "Let them see it", "share", lambda: _share(case.id, acting.held(key))
        )
        if names:
            st.selectbox("Member", names, key=f"{PAGE}_un{key}")
            acting.button(
                "See it no more",
                "unshare",
                lambda: _share(case.id, acting.held(f"un{key}"), is_member=False),
            )


def _share(case: int, email: str, *, is_member: bool = True) -> None:
    """Let a user see a case, or no more."""
    users = _users()
    if users is None:
        return
    user = users.get(email)
    if is_member and user.role == "viewer":
        msg = (
            f"{user.email} is a viewer, who sees no cases. Ask for another role first."
        )
        raise AccountError(msg)
    history().cases.share(case, user.number, is_member=is_member)


def _users() -> "Users | None":
    """The users, None where there are no accounts."""
    store = accounts_in_use(user_data_folder(), os.environ)
    if store is None:
        return None
    from cifake_core.accounts.users import Users  # noqa: PLC0415 - imports slowly

    return Users(store)
