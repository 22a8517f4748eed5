"""Robustness: what JPEG, noise, blur and resizing cost, and which pictures flip."""

from functools import partial

import streamlit as st

from cifake_core.ui.browse import (
    chosen_pictures,
    gallery,
    opened_picture,
    robustness_address,
)
from cifake_core.ui.browse.robustness_address import PAGE
from cifake_core.ui.pages import robustness
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards, scope_lines

st.title("How much corruption do the networks bear?")
guards.need_networks()

view = robustness_address.current()
guards.tell(view.faults)
selection, corruption = view.selection, view.corruption
network = selection.network
ask_anew = partial(robustness.ask_anew, view)
with guards.needed(otherwise=ask_anew):
    chosen = bench().on(selection.pictures)
    (clean,) = chosen_pictures.scores(
        PAGE, chosen, [network], otherwise=ask_anew, corrupted=True
    )
    after = chosen.robustness.corrupted(network, corruption)
    positions = robustness.flipping(view, after)
if opened_picture.show(
    PAGE,
    clean,
    positions,
    pictures=selection.pictures,
    networks=(network,),
    corruption=corruption,
):
    st.stop()

robustness.show_networks(view)
scope_lines.show_networks((network, *view.networks))
st.header(robustness.title(view), divider="gray")
robustness.ask_point(view)
robustness.show_loss(view)
chosen_pictures.ask_filters(PAGE, chosen, clean, selection, robustness.FILTERS)
gallery.show(PAGE, clean, positions, selection, other=after, corruption=corruption)
