"""Compare: two networks on the same pictures, and where one sees more."""

from functools import partial

import streamlit as st

from cifake_core.ui.browse import chosen_pictures, gallery, opened_picture
from cifake_core.ui.pages import compare
from cifake_core.ui.pages.compare import PAGE
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards, scope_lines

st.title("Where do two networks differ?")
if len(bench().all_names()) < 2:
    guards.end("This takes two trained networks. README says how to train them.")

selection, other, faults = compare.current()
guards.tell(faults)
networks = (selection.network, other)
ask_networks = partial(compare.ask_networks, selection, other)
with guards.needed(otherwise=ask_networks):
    chosen = bench().on(selection.pictures)
    a, b = chosen_pictures.scores(PAGE, chosen, networks, otherwise=ask_networks)
    found = chosen.evaluation.comparison(*networks, leak_free=selection.leak_free)
    positions = compare.positions(selection, a, b)
if opened_picture.show(
    PAGE, a, positions, pictures=selection.pictures, networks=networks
):
    st.stop()

ask_networks()
chosen_pictures.describe(selection)
scope_lines.show_networks(networks)
compare.show_difference(found, chosen.evaluation)
st.caption("Click a square or a row, or draw around points, to see the pictures below.")
compare.show_charts(found, selection, a, b)

st.header(compare.title(selection, other), divider="gray")
chosen_pictures.ask_filters(PAGE, chosen, a, selection, compare.FILTERS)
gallery.show(PAGE, a, positions, selection, other=b)
