"""Generators: who makes fakes, what is found of each, and what is different."""

import streamlit as st

from cifake_core.ui.browse import generators_address, views
from cifake_core.ui.browse.generators_address import PAGE, PARTS
from cifake_core.ui.pages.generators import difference, found, gallery, picture, study
from cifake_core.ui.widgets import guards

st.title("Who makes fakes, and which are found?")
view, faults = generators_address.current()
guards.tell(faults)
if picture.show(view):
    st.stop()

st.segmented_control(
    "Show",
    tuple(PARTS),
    required=True,
    format_func=PARTS.__getitem__,
    key=views.held(PAGE, "part", view.part),
    on_change=lambda: views.put(PAGE, part=st.session_state[f"{PAGE}_part"]),
)
with guards.told():
    if view.part == "found":
        found.show(view)
    elif view.part == "study":
        study.show(view)
    elif view.part == "difference":
        difference.show(view)
    else:
        gallery.show(view)
