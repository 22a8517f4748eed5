"""Teach: a network learns a data set of one's own, is checked, used, or put back."""

import streamlit as st

from cifake_core.ui.browse import teach_address, views
from cifake_core.ui.browse.teach_address import PAGE, PARTS
from cifake_core.ui.pages.teach import acting, costs, labelling, lesson, versions
from cifake_core.ui.widgets import guards

st.title("Teach the networks something new")
part, faults = teach_address.current()
guards.tell(faults)
guards.need_networks()
acting.tell()

st.segmented_control(
    "Show",
    tuple(PARTS),
    required=True,
    format_func=PARTS.__getitem__,
    key=views.held(PAGE, "part", part),
    on_change=lambda: views.put(PAGE, part=st.session_state[f"{PAGE}_part"]),
)
with guards.told():
    if part == "versions":
        versions.show()
    elif part == "costs":
        costs.show()
    elif part == "label":
        labelling.show()
    else:
        lesson.show()
