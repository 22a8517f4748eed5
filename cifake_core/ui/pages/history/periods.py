"""Periods: for how long pictures, the bin and jobs are kept, asked on *History*.

Where there are accounts an administrator chooses them on a page of their own.
"""

from dataclasses import replace
from typing import Final

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.basics.places import user_data_folder
from cifake_core.jobs.retention.settings import (
    Retention,
    read_retention,
    write_retention,
)
from cifake_core.ui.browse.history_address import PAGE
from cifake_core.ui.pages.history import acting
from cifake_core.ui.services import caller
from cifake_core.ui.widgets import guards
from cifake_core.ui.widgets.texts import plain

#: Days that are offered; None is until somebody deletes it.
_DAYS: Final[dict[int | None, str]] = {
    7: "7 days",
    30: "30 days",
    90: "90 days",
    365: "A year",
    None: "Until they are deleted",
}
#: What is asked for, by the field of `Retention`.
_ASKED: Final = {
    "pictures": "Keep their pictures for",
    "bin": "Keep what is in the bin for",
    "jobs": "Keep jobs of Batch for",
}
_FAILED: Final = f"{PAGE}_periods_failed"


def ask(key: str, label: str, days: int | None) -> int | None:
    """Box of days; `key` follows the name of the page, `days` are chosen now."""
    offered = _DAYS
    if days not in offered:  # chosen elsewhere
        offered = {days: f"{days:,} days"} | _DAYS
    choices = list(offered)
    chosen: int | None = st.selectbox(
        label,
        choices,
        index=choices.index(days),
        format_func=offered.__getitem__,
        key=f"{PAGE}_{key}",
        width=260,
    )
    return chosen


def show() -> None:
    """Ask for how long the rest is kept; where there are accounts, say who chooses."""
    failed = st.session_state.pop(_FAILED, None)
    if failed is not None:
        st.error(plain(failed))
    if caller.current().user is not None:
        st.caption("*About* says for how long it is kept; an administrator chooses.")
        return
    with (
        guards.told(),
        st.expander("How long the rest is kept", icon=":material/auto_delete:"),
    ):
        retention = read_retention(user_data_folder())
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            chosen = {
                name: ask(f"keep_{name}", label, getattr(retention, name))
                for name, label in _ASKED.items()
            }
            st.button(
                "Keep it so",
                key=f"{PAGE}_keep_so",
                disabled=replace(retention, **chosen) == retention,
                on_click=_keep,
                args=(retention,),
            )
        st.caption(
            "What is older goes when the app starts, and hourly while it runs; what is "
            "in a case stays. *About* says all of it."
        )


def _keep(retention: Retention) -> None:
    """Keep things from now on for the days that are asked for at the click."""
    days = {name: acting.held(f"keep_{name}") for name in _ASKED}
    try:
        by = caller.expect("administer", what="how long things are kept")
        write_retention(replace(retention, **days), user_data_folder(), by=by)
    except CifakeError as error:
        st.session_state[_FAILED] = str(error)
