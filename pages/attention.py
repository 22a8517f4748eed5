"""Attention: what a network looks at in general, and the pictures behind it."""

import streamlit as st

from cifake_core.ui.browse import attention_address, gallery, opened_picture
from cifake_core.ui.browse.attention_address import PAGE
from cifake_core.ui.pages.attention import channels, controls, errors, maps, pieces
from cifake_core.ui.widgets import guards

st.title("What does a network look at in general?")
guards.need_networks()

selection, faults = attention_address.current()
guards.tell(faults)
network = selection.network
with guards.needed(otherwise=lambda: controls.ask_view(selection)):
    study, scores = controls.found(selection)
    positions = attention_address.positions(study, scores, selection)
if opened_picture.show(PAGE, scores, positions, networks=(network,)):
    st.stop()

controls.ask_view(selection)
controls.describe(study)
controls.ask_group(selection)

st.header("Where the evidence lies", divider="gray")
maps.show(study, selection)
controls.say_scope(network)
st.header("Which channels count when", divider="gray")
channels.show(study, scores, selection)
label = attention_address.evidence()
st.header(f"Which colours and textures speak for {label}", divider="gray")
pieces.show(study, scores, selection)
st.header("Where maps and errors meet", divider="gray")
errors.show(study, scores, selection)

st.header("The pictures", divider="gray")
gallery.show(PAGE, scores, positions, selection)
