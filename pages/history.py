"""History: what was judged before, once it is switched on, and cases of it."""

import streamlit as st

from cifake_core.ui.browse import history_address
from cifake_core.ui.pages.history import (
    acting,
    case,
    case_list,
    exporting,
    filters,
    joining,
    listing,
    notes,
    record,
    switch,
)
from cifake_core.ui.services.history import history
from cifake_core.ui.widgets import guards

st.title("What was judged before?")
view, faults = history_address.current()
guards.tell(faults)
with guards.needed():
    switch.show(history().settings())
with guards.needed():
    acting.tell()
    if record.show(view):
        st.stop()
    case_list.ask_part(view)
    if view.part == "cases":
        if view.opened_case is None:
            case_list.show()
        else:
            case.show(view, view.opened_case)
        st.stop()
    if not history().has_records():
        listing.show_none()
        st.stop()
    counts = history().counts(view.wanted)
    filters.ask(view, counts)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        filters.ask_bin(view)
        joining.ask_together(view, counts)
        exporting.ask(view, counts)
        if view.wanted.in_bin:
            notes.ask_purge()
    listing.show(view, counts)
