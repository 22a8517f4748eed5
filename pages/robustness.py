"""Robustness: what JPEG, noise, blur and resizing cost, and which pictures flip."""

import streamlit as st

from cifake_core.ui.browse import gallery, opened_picture, view_controls
from cifake_core.ui.pages import robustness
from cifake_core.ui.pages.robustness import PAGE
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards

st.title("How much corruption do the networks bear?")
guards.need_networks()

view = robustness.current()
guards.tell(view.faults)
network, corruption = view.selection.network, view.corruption
with guards.needed(otherwise=lambda: robustness.ask_anew(view)):
    clean = bench().evaluation.scores(network)
    after = bench().robustness.corrupted(network, corruption)
    positions = robustness.flipping(view, after)
if opened_picture.show(
    PAGE, clean, positions, networks=(network,), corruption=corruption
):
    st.stop()

robustness.show_networks(view)
st.header(robustness.title(view), divider="gray")
robustness.ask_point(view)
robustness.show_loss(view)
view_controls.ask_filters(PAGE, view.selection, robustness.FILTERS)
gallery.show(PAGE, clean, positions, view.selection, other=after, corruption=corruption)
