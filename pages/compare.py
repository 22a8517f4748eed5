"""Compare: two networks on the same pictures, and where one sees more."""

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.ui.browse import gallery, opened_picture
from cifake_core.ui.pages import compare, evaluation
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import texts

st.title("Where do two networks differ?")
if len(bench().all_names()) < 2:
    st.info("This takes two trained networks. README says how to train them.")
    st.stop()

selection, other, faults = compare.current()
for sentence in faults:
    st.warning(texts.plain(sentence))
try:
    a = bench().evaluation.scores(selection.network)
    b = bench().evaluation.scores(other)
    found = bench().evaluation.comparison(
        a.network, b.network, leak_free=selection.leak_free
    )
    positions = compare.positions(selection, a, b)
except CifakeError as error:
    compare.ask_networks(selection, other)
    st.error(str(error))
    st.stop()

position = opened_picture.position_of(compare.PAGE, a)
if position is not None:
    networks = (a.network, b.network)
    opened_picture.show(compare.PAGE, a, positions, position, networks=networks)
    st.stop()

compare.ask_networks(selection, other)
compare.show_difference(found)
st.caption("Click a square or a row, or draw around points, to see the pictures below.")
compare.show_charts(found, selection, a, b)

st.header(compare.title(selection, other), divider="gray")
evaluation.ask_filters(compare.PAGE, selection, compare.FILTERS)
gallery.show(compare.PAGE, a, positions, selection, other=b)
