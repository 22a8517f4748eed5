"""Removal of a data set on the page: asked before, and taken back by one click."""

from typing import Final

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.ui.browse import views
from cifake_core.ui.pages.datasets.listing import PAGE
from cifake_core.ui.services import administered, caller

_REMOVED: Final = f"{PAGE}_removed"


def ask(name: str) -> None:
    """Ask whether a set is to be forgotten."""
    with st.popover("Forget this data set…", icon=":material/delete:"):
        st.markdown(
            f"**Forget {name}?** Its pictures stay where they are, and networks that "
            "have learnt from it stay as they are. Pages no longer offer it."
        )
        st.button(
            f"Forget {name}",
            type="primary",
            icon=":material/delete:",
            key=f"{PAGE}_remove",
            on_click=_remove,
            args=(name,),
        )


def show_undo() -> None:
    """Say which set was forgotten last in this visit, with the way back."""
    name = st.session_state.get(_REMOVED)
    if name is None:
        return
    row = st.container(horizontal=True, vertical_alignment="center")
    row.info(f"The data set {name} was forgotten; its pictures stay.")
    row.button(
        "Undo",
        icon=":material/undo:",
        key=f"{PAGE}_undo",
        on_click=_restore,
        args=(name,),
    )


def forget_undo(name: str) -> None:
    """Offer no way back to a set of which there is a new one."""
    if st.session_state.get(_REMOVED) == name:
        del st.session_state[_REMOVED]


def _remove(name: str) -> None:
    """Forget a set."""
    try:
        administered.datasets().remove(name, by=caller.current())
    except CifakeError as error:  # somebody else was faster
        st.error(str(error))
        return
    st.session_state[_REMOVED] = name
    views.put(PAGE, set=None)


def _restore(name: str) -> None:
    """Bring a set back."""
    st.session_state.pop(_REMOVED, None)
    try:
        administered.datasets().restore(name, by=caller.current())
    except CifakeError as error:
        st.error(str(error))
        return
    views.put(PAGE, set=name)
