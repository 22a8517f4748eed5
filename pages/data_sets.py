"""Data sets: those of one's own, added, looked at and forgotten."""

import streamlit as st

from cifake_core.ui.pages.datasets import adding, card, listing, removal
from cifake_core.ui.services import administered
from cifake_core.ui.widgets import guards

st.title("Which data sets of your own are there?")
with guards.needed():
    cards = administered.datasets().listing()
opened, faults = listing.opened(cards)
guards.tell(faults)
removal.show_undo()
adding.work()
is_failed = adding.failed()
if cards:
    listing.show(cards, opened)
    with st.expander("Add a data set", icon=":material/add:", expanded=is_failed):
        adding.ask()
        adding.explain()
else:
    st.markdown(
        "None yet. Add pictures of a generator that the networks do not know, with "
        "photographs beside them: the networks can then be tested on them, and learn "
        "from them."
    )
    adding.ask()
    adding.explain()
if opened is not None:
    card.show(opened)
    removal.ask(opened.name)
elif cards:
    st.markdown("Click a row to open that data set.")
