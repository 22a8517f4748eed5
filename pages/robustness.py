"""Damage: what JPEG, noise, blur and resizing cost, and which pictures flip."""

import streamlit as st

from cifake_core.errors import CifakeError
from cifake_core.ui import (
    gallery,
    measures,
    opened,
    robustness,
    services,
    test_set,
    texts,
)

st.title("How much damage do the networks bear?")
if not services.all_networks():
    st.info("There are no trained networks yet. README says how to train them.")
    st.stop()

view = robustness.current()
for sentence in view.faults:
    st.warning(texts.plain(sentence))
network = view.selection.network
try:
    clean = services.test_scores(network)
    after = measures.damaged(network, view.damage)
except CifakeError as error:
    robustness.show_networks(view)
    robustness.ask_point(view)
    st.error(str(error))
    st.stop()

positions = robustness.flipping(view, after)
position = opened.position_of(robustness.PAGE, clean)
if position is not None:
    opened.show(
        robustness.PAGE,
        clean,
        positions,
        position,
        networks=(network,),
        damage=view.damage,
    )
    st.stop()

robustness.show_networks(view)
st.header(robustness.title(view), divider="gray")
robustness.ask_point(view)
robustness.show_loss(view)
test_set.ask_filters(robustness.PAGE, view.selection, robustness.FILTERS)
gallery.show(
    robustness.PAGE,
    clean,
    positions,
    view.selection,
    other=after,
    damage=view.damage,
)
