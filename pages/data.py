"""Data: what the test set is like, and what of it helps a network without looking."""

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.ui.pages import data, data_samples
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards

st.title("What is the test set like?")
try:
    found = bench().dataset.facts()
except CifakeError as error:
    guards.end(str(error))

view = data_samples.current()
guards.tell(view.faults)
data.show_counts(found)

st.header("Samples", divider="gray")
data_samples.ask_samples(view)
data_samples.show_samples(found, view)

networks = data.measured()
st.header("Files that stand twice", divider="gray")
data.show_copies(found, networks)
st.header("Pictures that are almost grey", divider="gray")
data.show_greys(found, networks)
st.header("Coarse and fine patterns", divider="gray")
data.show_frequencies(found)
st.header("The mean picture of each kind", divider="gray")
data.show_means(found)
st.header("How far do simple figures get?", divider="gray")
data.show_cues(found)
