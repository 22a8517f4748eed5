"""Batch: many pictures judged behind the pages, and what came of them."""

import streamlit as st

from cifake_core.ui.browse import batch_address
from cifake_core.ui.pages.batch import asking, listing, progress, saying, scans
from cifake_core.ui.widgets import guards

st.title("Judge many pictures at once")
guards.need_networks()
saying.tell()
with guards.needed():
    opened, faults = batch_address.opened()
    found = listing.jobs()
guards.tell(faults)
listing.show_undo()
run = scans.opened()
if opened is None and run is None:
    st.markdown(
        "Give many pictures, a zip or a folder: they are judged in the background, and "
        "the results can be sorted, opened and taken along. The page may be left "
        "meanwhile; its address leads back to the job."
    )
    asking.ask()
else:
    with st.expander("Judge more pictures", icon=":material/add:"):
        asking.ask()
with guards.told():
    if opened is not None:
        progress.show(opened)
    elif run is not None:
        scans.show(run)
if found:
    st.header("Jobs", divider="gray")
    listing.show(found, opened)
    if opened is None:
        st.caption("A click on a row opens that job.")
