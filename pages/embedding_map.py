"""Embedding map: which pictures a network takes for alike, and the place of one."""

import streamlit as st

from cifake_core.ui.browse import gallery, map_address, opened_picture, view_controls
from cifake_core.ui.browse.map_address import PAGE
from cifake_core.ui.pages import embedding_map
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards, neighbours, picture_sources, scope_lines

st.title("Which pictures are alike to a network?")
if not map_address.networks():
    guards.end("There are no trained networks yet. README says how to train them.")

selection, faults = map_address.current()
guards.tell(faults)
network = selection.network
with guards.needed(otherwise=lambda: embedding_map.ask_view(selection)):
    found = bench().evaluation.embedding_map(network)
    scores = bench().evaluation.scores(network)
    positions = map_address.positions(found, scores, selection)
opened = opened_picture.position_of(PAGE, scores)
if opened is not None:
    opened_picture.show(PAGE, scores, positions, networks=(network,))
    name = f"test picture {opened}"
    picture = neighbours.placed(found, found.test[opened], name=name)
    neighbours.show(found, picture)
    st.header("Its place on the map", divider="gray")
    embedding_map.show_map(found, scores, selection, picture)
    st.stop()

embedding_map.ask_view(selection)
scope_lines.show_networks([network])
with st.expander("Give a picture, to see where it belongs"):
    picture_sources.ask_for_pictures()
with guards.needed():
    own = embedding_map.own_picture(found)
embedding_map.show_map(found, scores, selection, own)
if own is not None:
    neighbours.show(found, own)

st.header("The pictures", divider="gray")
view_controls.ask_filters(PAGE, selection, map_address.FILTERS)
gallery.show(PAGE, scores, positions, selection)
