"""Papers: what earlier systems claim, and what their networks come to here."""

import streamlit as st

from cifake_core.ui.pages.papers import claims, network
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards

st.title("How do earlier systems compare?")
st.markdown(
    "The paper behind CIFAKE and five student systems, side by side: what each says of "
    "itself, and what its network comes to when it is trained by one command on the "
    "same pictures."
)
name, faults = claims.opened()
guards.tell(faults)
entries = bench().papers.leaderboard()
claims.show_table(entries, name)
claims.ask_network(name, entries)
with st.container():  # a place of its own: the charts below are not drawn anew
    if name is not None:
        network.show(name, entries[name])

st.header("Accuracy against cost", divider="gray")
claims.show_cost(entries)
st.header("What differs, and why", divider="gray")
claims.show_differences()
st.header("How they learned", divider="gray")
claims.show_learning(entries)
st.header("Bird & Lotfi's 36 networks", divider="gray")
claims.show_search()
st.header("Claimed, not on CIFAKE", divider="gray")
claims.show_elsewhere()
