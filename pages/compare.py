"""Compare: two networks on the same pictures, and where one sees more."""

import streamlit as st

from cifake_core.ui.browse import gallery, opened_picture, view_controls
from cifake_core.ui.pages import compare
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards

st.title("Where do two networks differ?")
if len(bench().all_names()) < 2:
    guards.end("This takes two trained networks. README says how to train them.")

selection, other, faults = compare.current()
guards.tell(faults)
with guards.needed(otherwise=lambda: compare.ask_networks(selection, other)):
    a = bench().evaluation.scores(selection.network)
    b = bench().evaluation.scores(other)
    found = bench().evaluation.comparison(
        a.network, b.network, leak_free=selection.leak_free
    )
    positions = compare.positions(selection, a, b)
if opened_picture.show(compare.PAGE, a, positions, networks=(a.network, b.network)):
    st.stop()

compare.ask_networks(selection, other)
compare.show_difference(found)
st.caption("Click a square or a row, or draw around points, to see the pictures below.")
compare.show_charts(found, selection, a, b)

st.header(compare.title(selection, other), divider="gray")
view_controls.ask_filters(compare.PAGE, selection, compare.FILTERS)
gallery.show(compare.PAGE, a, positions, selection, other=b)
