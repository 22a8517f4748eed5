"""Corruption: what JPEG, noise, blur and resizing cost, and which pictures flip."""

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.ui.browse import gallery, opened_picture
from cifake_core.ui.pages import evaluation, robustness
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import texts

st.title("How much corruption do the networks bear?")
if not bench().all_names():
    st.info("There are no trained networks yet. README says how to train them.")
    st.stop()

view = robustness.current()
for sentence in view.faults:
    st.warning(texts.plain(sentence))
network = view.selection.network
try:
    clean = bench().evaluation.scores(network)
    after = bench().robustness.corrupted(network, view.corruption)
except CifakeError as error:
    robustness.show_networks(view)
    robustness.ask_point(view)
    st.error(str(error))
    st.stop()

positions = robustness.flipping(view, after)
position = opened_picture.position_of(robustness.PAGE, clean)
if position is not None:
    opened_picture.show(
        robustness.PAGE,
        clean,
        positions,
        position,
        networks=(network,),
        corruption=view.corruption,
    )
    st.stop()

robustness.show_networks(view)
st.header(robustness.title(view), divider="gray")
robustness.ask_point(view)
robustness.show_loss(view)
evaluation.ask_filters(robustness.PAGE, view.selection, robustness.FILTERS)
gallery.show(
    robustness.PAGE,
    clean,
    positions,
    view.selection,
    other=after,
    corruption=view.corruption,
)
